"""The order of names, and what a search of them finds (R15)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.resolvers.pinyin import matches, sort_key

# Names as people have them are rare among random texts, so half of these are made of their parts.
familiar = st.text("张三李安吕单曾解买·aZéü０1２9 %_-", max_size=12)
texts = familiar | st.text(max_size=20)


def found(keyword: str, text: str) -> bool:
    return matches(keyword, text, exact=False)


def listed(*names: str) -> list[str]:
    return sorted(names, key=sort_key)


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
        ["Anna", "anna"],  # and of what reads the same, always the same is first
    ],
)
def test_names_stand_where_readers_look_for_them(names: list[str]) -> None:  # R15
    assert listed(*reversed(names)) == listed(*names) == names


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


@given(texts, texts)
def test_any_two_texts_have_one_order(one: str, other: str) -> None:  # R15
    before, after = sort_key(one) < sort_key(other), sort_key(other) < sort_key(one)
    assert before + after == (one != other)


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_are_ordered_as_numbers(one: int, other: int) -> None:  # R15
    assert (sort_key(f"三年{one}班") < sort_key(f"三年{other}班")) == (one < other)


def test_an_order_of_numbers_too_long_to_compute_is_an_order() -> None:  # R15
    assert listed("9" * 5000, "1" + "0" * 5000, "2") == ["2", "9" * 5000, "1" + "0" * 5000]


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("张", "张三"),
        ("zhangsan", "张三"),
        ("zhangs", "张三"),
        ("ngsa", "张三"),
        ("ZHANG San", "张三"),
        ("ｚｈａｎｇ", "张三"),
        ("zs", "张三"),
        ("张san", "张三"),
        ("zhang三", "张三"),
        ("adong", "A栋张三"),
        ("adzs", "A栋张三"),
        ("3bzs", "3班 张三"),
        ("johns", "John Smith"),
        ("jose", "José"),
        ("aygl", "阿依古丽·买买提"),
        ("gulimaimaiti", "阿依古丽·买买提"),
        ("  zs  ", "张三"),
    ],
)
def test_a_search_finds_text_pinyin_and_initials(keyword: str, text: str) -> None:  # R15
    assert found(keyword, text)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("zhangsi", "张三"),
        ("sz", "张三"),
        ("zsan", "张三"),
        ("san zhang", "张三"),
        ("zhangsan1", "张三"),
        ("zhang1", "张三"),  # toneless
        ("三张", "张三"),
        ("zhangsan", "张李三"),
        ("章", "张三"),  # the same reading, another name
        ("zz", "张三"),
        ("·", "张三"),
        ("a", ""),
    ],
)
def test_a_search_finds_nothing_else(keyword: str, text: str) -> None:  # R15
    assert not found(keyword, text)


@pytest.mark.parametrize(
    ("name", "keywords"),
    [
        ("单田芳", ["shantianfang", "dantianfang", "stf", "dtf"]),
        ("曾国藩", ["zengguofan", "cengguofan", "zgf", "cgf"]),
        ("解长曾", ["xiechangzeng", "jiezhangceng", "xzz", "jcc"]),
        ("吕不韦", ["lvbuwei", "lubuwei", "lübuwei", "lbw"]),
        ("李吕", ["lilv", "lilu"]),
    ],
)
def test_a_name_is_found_under_each_of_its_readings(name: str, keywords: list[str]) -> None:  # R15
    assert all(found(keyword, name) for keyword in keywords)


def test_every_character_takes_one_reading_at_a_time() -> None:  # R15
    assert not found("shandan", "单")
    assert not found("zengceng", "曾国藩")
    assert found("shandan", "单单")


@pytest.mark.parametrize("wildcard", ["%", "_", "*", "?", ".", "张%", "张_", "z%", "[张]", "\\"])
def test_no_character_is_a_wildcard(wildcard: str) -> None:  # R15
    assert not found(wildcard, "张三")
    assert found(wildcard, f"x{wildcard}y")


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("keyword", ["", "  ", "\u3000"])
def test_an_empty_keyword_finds_everyone(keyword: str, exact: bool) -> None:  # R15
    assert matches(keyword, "张三", exact=exact)
    assert matches(keyword, "", exact=exact)


def test_an_exact_search_wants_the_whole_text() -> None:  # R15
    for keyword in (" 张三 ", "张三"):
        assert matches(keyword, "张三", exact=True)
    assert matches("ａNNA", "Anna", exact=True)
    for keyword in ("张", "zhangsan", "zs", "张三三", "张%", "章三"):
        assert not matches(keyword, "张三", exact=True)
    assert not matches("Jose", "José", exact=True)


@given(texts)
def test_every_text_finds_itself(text: str) -> None:  # R15
    assert matches(text, text, exact=True)
    assert matches(f" {text.upper()}\t", text.upper(), exact=True)
    assert matches(text, unicodedata.normalize("NFKC", text), exact=True)


@given(st.data(), texts)
def test_every_part_of_a_text_finds_it(data: st.DataObject, text: str) -> None:  # R15
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert found(text[start:end], text)


@given(st.data(), st.lists(st.sampled_from(["单dan", "单shan", "吕lv", "吕lu", "三san", "AA"])))
def test_every_part_of_a_spelling_finds_its_text(
    data: st.DataObject, spelled: list[str]
) -> None:  # R15
    text, spelling = "".join(s[0] for s in spelled), "".join(s[1:] for s in spelled)
    start = data.draw(st.integers(0, len(spelling)))
    end = data.draw(st.integers(start, len(spelling)))
    assert found(spelling[start:end], text)
    assert found("".join(s[1] for s in spelled), text)


def test_a_text_of_many_readings_costs_no_more_than_its_length() -> None:  # R15
    many = "单" * 60  # 3^60 readings
    assert found("shandanchan" * 20, many)
    assert not found("shandanchan" * 20 + "x", many)
