"""What a search of names and remarks finds (R15)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from app.resolvers.search import Keyword

# Names as people have them are rare among random texts, so half of these are made of their parts.
familiar = st.text("张張三李安吕单曾乾·’-aZéłü０１２9 %_", max_size=12)
texts = familiar | st.text(max_size=20)


def matches(keyword: str, text: str, *, exact: bool) -> bool:
    return Keyword(keyword, exact=exact).finds(text)


def found(keyword: str, text: str) -> bool:
    return matches(keyword, text, exact=False)


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
    assert matches("Jose", "José", exact=True)  # folded as any search is


ALIKE = [
    ("O'Brien", "O’Brien", "OʼBrien", "o´brien", "OBrien", "O‘BRIEN"),
    ("Anne-Marie", "annemarie", "Anne Marie", "Anne–Marie", "ANNE‑MARIE"),
    ("Łukasz Ørsted", "lukasz orsted"),
    ("Đặng Æther", "dang aether"),
    ("Straße", "STRASSE"),
    ("Þór Ðuro ıŋ", "thor duro ing"),
    ("阿依古丽·买买提", "阿依古丽•买买提", "阿依古丽买买提", "阿依古麗．買買提"),
    ("张伟", "張偉", "張伟"),
    ("马云", "⻢云", "馬雲", "⾺雲"),
    ("乾峯", "干峰"),
    ("金山", "\uf90a山"),
    ("衛蘭", "衞兰", "卫蘭"),
    ("三年2班", "三年２班", "三年\u200b2班"),
]


@pytest.mark.parametrize("spellings", ALIKE, ids=lambda spellings: spellings[0])
@pytest.mark.parametrize("exact", [True, False])
def test_spellings_of_one_text_find_each_other(spellings: tuple[str, ...], exact: bool) -> None:
    for keyword in spellings:  # R15
        for text in spellings:
            assert matches(keyword, text, exact=exact), (keyword, text)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("zhang'san", "张三"),
        ("xi’an", "西安"),
        ("zhāng sān", "张三"),
        ("zhang-wei", "張偉"),
        ("qian", "乾"),  # as it is written
        ("gan", "乾"),  # as it is in simplified form
        ("zhu", "著"),
        ("geyi", "盖一"),  # as a surname
        ("moqi", "万俟"),
        ("ma", "⻢"),
        ("obr", "Siân O’Brien"),
    ],
)
def test_pinyin_is_found_however_the_text_is_written(keyword: str, text: str) -> None:  # R15
    assert found(keyword, text)


@pytest.mark.parametrize(("keyword", "text"), [("章伟", "張偉"), ("Lukas", "Łucas"), ("-", "张三")])
def test_folding_makes_no_other_name_alike(keyword: str, text: str) -> None:  # R15
    assert not found(keyword, text)


MARKS = st.sampled_from(" \u00a0\u3000.·•・-–—‑'’ʼ‘\u200b\u202e\u2066")


@given(st.data(), familiar, st.booleans())
def test_marks_between_letters_change_no_search(
    data: st.DataObject, text: str, exact: bool
) -> None:  # R15
    marked = "".join(char + data.draw(st.text(MARKS, max_size=2)) for char in text)
    spoken = any(char not in "·’- " for char in text)
    if spoken:
        assert matches(text, marked, exact=exact) and matches(marked, text, exact=exact)


@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), min_size=1, max_size=6))
def test_a_traditional_text_is_found_by_its_simplified_form(text: str) -> None:  # R15
    simple = OpenCC("t2s").convert(text)
    assert matches(simple, text, exact=True) and matches(text, simple, exact=True)


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


KEYWORDS = familiar | st.text("zhansliguceü -'·张三李吕单", max_size=8) | st.text(max_size=6)


@given(KEYWORDS, texts, st.booleans())
def test_texts_without_the_letters_of_a_keyword_are_not_found_by_looking_closer(
    keyword: str, text: str, exact: bool
) -> None:  # R15
    """Most are passed over for their letters alone: the long way finds the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Keyword, "_is_made_of", lambda *_: True)
        expected = matches(keyword, text, exact=exact)
    assert matches(keyword, text, exact=exact) == expected
