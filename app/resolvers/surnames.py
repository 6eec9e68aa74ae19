"""How Chinese surnames are read that are no usual reading of their characters (R15).

A surname that isn't here is read as its character is anywhere. Compared, surname by surname, with
two dictionaries that give surnames' readings; where a surname has two, the commoner one stands.
"""

from typing import Final

_SINGLE: Final = """
    么yao1 乐yue4 乜nie4 乾qian2 仇qiu2 任ren2 佴nai4 六lu4 冠guan4 匮kui4 区ou1 华hua4 单shan4
    卜bu3 句gou1 召shao4 员yun4 哈ha3 圈juan4 宁ning2 尨pang2 干gan1 应ying1 折she2 扁pian1 於yu1
    晟cheng2 曾zeng1 朴piao2 查zha1 氾fan2 沓ta4 泌bi4 洗xian3 济ji3 澹tan2 炅gui4 燕yan1 甯ning4
    番pan1 盖ge3 相xiang4 祭zhai4 种chong2 秘bi4 籛jian1 繁po2 纪ji3 缪miao4 翟zhai2 耏er2 肖xiao1
    能nai4 舍she4 菑zi1 葛ge3 蔚yu4 薄bo2 裨pi2 要yao1 覃qin2 角jue2 解xie4 观guan4 谯qiao2 贲ben1
    过guo1 还huan2 那na1 都du1 鄚mo4 钭tou3 铫yao2 镐hao4 镡tan2 阙que1 阚kan4 隗wei3 隽juan4
    颇po1 颉xie2
"""
_DOUBLE: Final = """
    万俟mo4qi2 上官shang4guan1 东方dong1fang1 东郭dong1guo1 东门dong1men2 乐正yue4zheng4
    亓官qi2guan1 仉督zhang3du1 仲孙zhong4sun1 令狐ling2hu2 伯赏bo2shang3 侯莫hou2mo4
    公冶gong1ye3 公孙gong1sun1 公羊gong1yang2 公良gong1liang2 公西gong1xi1 农臧nong2zang1
    况后kuang4hou4 北宫bei3gong1 华原hua4yuan2 单于chan2yu2 南宫nan2gong1 南荣nan2rong2
    南门nan2men2 叔孙shu1sun1 叱干chi4gan1 司寇si1kou4 司徒si1tu2 司空si1kong1 司马si1ma3
    叶赫ye4he4 呼延hu1yan2 哥舒ge1shu1 壤驷rang3si4 夏侯xia4hou2 太叔tai4shu1 夹谷jia2gu3
    完颜wan2yan2 宇文yu3wen2 宗政zong1zheng4 宰父zai3fu3 尉迟yu4chi2 尔朱er3zhu1 屈突qu1tu1
    岳帅yue4shuai4 左丘zuo3qiu1 巫马wu1ma3 慕容mu4rong2 拓跋tuo4ba2 拓拔tuo4ba2 斛律hu2lv4
    有琴you3qin2 梁丘liang2qiu1 毋丘wu2qiu1 毌丘guan4qiu1 海晏hai3yan4 淳于chun2yu2 漆雕qi1diao1
    澹台tan2tai2 濮阳pu2yang2 独孤du2gu1 申屠shen1tu2 申徒shen1tu2 百里bai3li3 皇甫huang2fu3
    第五di4wu3 端木duan1mu4 笪谯da2qiao2 第二di4er4 纳兰na4lan2 纳喇na4la3 缑亢gou1kang4
    羊舌yang2she2 耶律ye1lv4 西门xi1men2 诸葛zhu1ge3 谷梁gu3liang2 贺兰he4lan2 贺若he4re3
    赫连he4lian2 轩辕xuan1yuan2 达奚da2xi1 迦叶jia1she4 钟离zhong1li2 长孙zhang3sun1 闻人wen2ren2
    闾丘lv2qiu1 阳佟yang2tong2 阿史a1shi3 颛孙zhuan1sun1 鲜于xian1yu2 子车zi3ju1 句龙gou1long2
    欧阳ou1yang2 归海gui1hai3 微生wei1sheng1 墨哈mo4ha3 段干duan4gan1
"""


def _read(table: str, length: int) -> dict[str, tuple[str, ...]]:
    """Read a table of surnames of one length, each followed by its syllables with their tones."""
    readings = {}
    for entry in table.split():
        syllables = entry[length:]
        for tone in "1234":
            syllables = syllables.replace(tone, f"{tone} ")
        readings[entry[:length]] = tuple(syllables.split())
    return readings


SURNAMES: Final = _read(_SINGLE, 1) | _read(_DOUBLE, 2)


def surname_readings(name: str, simple: str) -> tuple[str, ...]:
    """Return the syllables of the surname that a name in Chinese begins with, tones included.

    None for a surname whose character is read as anywhere. Of two surnames the longer counts, and
    the name as written before its ``simple`` form: 乾 is none of the surname 干.
    """
    for surname in (name[:2], simple[:2], name[:1], simple[:1]):
        if surname in SURNAMES:
            return SURNAMES[surname]
    return ()
