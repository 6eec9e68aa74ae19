"""The order of names and remarks, Chinese by its pinyin (R15)."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.resolvers.pinyin import SortKey, name_key, remark_key
from app.resolvers.surnames import SURNAMES

Key = Callable[[str], SortKey]

familiar = st.text("张张三李安吕单曾解·’-aZéü０１２9 %_", max_size=12)
texts = familiar | st.text(max_size=20)
keys = pytest.mark.parametrize("key", [name_key, remark_key])


def listed(*names: str) -> list[str]:
    return sorted(names, key=name_key)


def remarks(*texts: str) -> list[str]:
    return sorted(texts, key=remark_key)


@pytest.mark.parametrize(
    "names",
    [
        ["安娜", "Bob", "陈一", "David", "李安", "Lily", "张三", "Zoe"],  # Latin among pinyin
        ["alice", "Bob", "carol", "Dave"],  # whatever the case
        ["Jose A", "José B", "Jose C"],  # whatever the accents
        ["李安", "梁一"],  # by syllables: li comes before liang
        ["路一", "吕一"],  # ü after u
        ["1班", "2班", "10班", "１１班"],  # digits are numbers, whatever their width
        ["三年2班", "三年10班"],
        ["2班", "03班", "4班"],
        ["#1", "1班", "A班"],  # symbols, digits, letters
        ["张安", "Zhang Ben", "张三"],  # a space doesn't keep a name from its place
        ["Zhang", "张安"],
        ["妈", "麻", "马", "骂"],  # tones decide between equals
        ["O’Brian", "OBrien", "O'Bryan"],  # marks don't count
        ["Anna", "anna"],  # and of what reads the same, always the same is first
    ],
)
def test_texts_stand_where_readers_look_for_them(names: list[str]) -> None:  # R15
    assert listed(*reversed(names)) == listed(*names) == names
    assert remarks(*reversed(names)) == remarks(*names) == names


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("曾一", "云一", "张一"),
        ("单一", "沙一", "沈一"),
        ("解一", "夏一", "徐一"),
        ("翟一", "云一", "张一"),
        ("區一", "那一", "潘一"),
    ],
)
def test_a_surname_stands_by_its_reading_as_a_surname(
    name: str, before: str, after: str
) -> None:  # R15
    assert listed(after, name, before) == [before, name, after]


def test_a_character_that_is_no_surname_there_keeps_its_usual_reading() -> None:  # R15
    assert listed("李易", "李曾", "李才") == ["李才", "李曾", "李易"]  # li ceng, not li zeng


# As 现代汉语词典 and 百家姓 read them, those that are read as anywhere else among them.
READ = """
    曾zeng 单shan 單shan 解xie 翟zhai 仇qiu 查zha 覃qin 朴piao 区ou 區ou 盖ge 蓋ge 缪miao 繆miao
    卜bu 薄bo 乐yue 樂yue 召shao 折she 繁po 祭zhai 种chong 都du 能nai 员yun 員yun 句gou 么yao
    洗xian 秘bi 佴nai 隗wei 阚kan 闞kan 钭tou 贲ben 角jue 还huan 沓ta 澹tan 炅gui 番pan 颉xie
    镡tan 耏er 任ren 华hua 華hua 葛ge 宁ning 甯ning 那na 燕yan 纪ji 紀ji 肖xiao 应ying 冼xian
    沈shen 盛sheng 褚chu 冯feng 尹yin 谌chen 郗xi 郄qie 佘she 厍she 仝tong 俞yu 余yu 尉wei 车che
    石shi 贾jia 谷gu 万wan 令ling 柏bai 臧zang 藏cang 莘shen 逄pang 瞿qu 晏yan 宓mi 邸di 牟mou
    费fei 於yu 于yu 干gan 乾qian 长zhang 重zhong 行xing 王wang 欧ou 歐ou 鍾zhong 鐘zhong 范fan
    后hou 万俟moqi 尉迟yuchi 尉遲yuchi 单于chanyu 單于chanyu 长孙zhangsun 長孫zhangsun
    澹台tantai 澹臺tantai 乐正yuezheng 樂正yuezheng 子车ziju 句龙goulong 宰父zaifu 令狐linghu
    夏侯xiahou 诸葛zhuge 鲜于xianyu 尔朱erzhu 拓跋tuoba 濮阳puyang 亓官qiguan 耶律yelv
    皇甫huangfu 谷梁guliang 哥舒geshu 贺若here 第五diwu 欧阳ouyang 司马sima 上官shangguan
    慕容murong 毌丘guanqiu
"""


@pytest.mark.parametrize("entry", READ.split())
def test_every_surname_is_read_as_one(entry: str) -> None:  # R15
    surname = entry.rstrip("abcdefghijklmnopqrstuvwxyz")
    syllables = [part[2] for part in name_key(f"{surname}一")[0]]
    assert "".join(syllables) == entry.removeprefix(surname) + "yi"


def test_the_table_of_surnames_is_whole() -> None:  # R15
    assert len(SURNAMES) > 170
    for surname, syllables in SURNAMES.items():
        assert len(surname) == len(syllables) <= 2
        assert all(syllable[-1] in "1234" and syllable[:-1].isalpha() for syllable in syllables)


@pytest.mark.parametrize(
    "ordered",
    [
        ["长沙组", "成都组", "重庆组", "郑州组"],
        ["長沙組", "成都組", "重慶組", "鄭州組"],
        ["查验组", "单元", "盖章处", "解放路", "区政府"],  # no surnames there
        ["仓库", "曾经", "车间"],
        ["3班 长沙", "3班 重庆", "3班 周口"],
    ],
)
def test_remarks_are_read_by_words(ordered: list[str]) -> None:  # R15
    assert remarks(*reversed(ordered)) == ordered


@pytest.mark.parametrize(
    "ordered",
    [
        ["王长江", "王超", "王重阳", "王中"],  # by words after the surname
        ["盖尔·加朵", "盖一", "葛优"],  # a name in parts begins with no surname
        ["单于晨", "陈一", "单一"],
        ["王超", "王一", "王朝阳"],  # 朝阳 after 王, no 王朝 before 阳
    ],
)
def test_given_names_are_read_by_words(ordered: list[str]) -> None:  # R15
    assert listed(*reversed(ordered)) == ordered


def test_a_character_too_new_to_have_a_reading_is_a_letter() -> None:  # R15
    assert listed("\U0002ebf1一", "1", "张三") == ["1", "张三", "\U0002ebf1一"]


@keys
@given(texts, texts)
def test_any_two_texts_have_one_order(key: Key, one: str, other: str) -> None:  # R15
    before, after = key(one) < key(other), key(other) < key(one)
    assert before + after == (one != other)


@keys
@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_are_ordered_as_numbers(key: Key, one: int, other: int) -> None:  # R15
    assert (key(f"三年{one}班") < key(f"三年{other}班")) == (one < other)


def test_an_order_of_numbers_too_long_to_compute_is_an_order() -> None:  # R15
    assert listed("9" * 5000, "1" + "0" * 5000, "2") == ["2", "9" * 5000, "1" + "0" * 5000]


@given(st.sampled_from(sorted(SURNAMES)), st.text("一安明国伟", min_size=1, max_size=2))
def test_a_surname_is_read_whatever_follows(surname: str, given_name: str) -> None:  # R15
    read = tuple(part[2] for part in name_key(surname + given_name)[0])
    longer = SURNAMES.get((surname + given_name)[:2], SURNAMES[surname])
    assert read[: len(longer)] == tuple(syllable[:-1] for syllable in longer)
