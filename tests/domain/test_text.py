"""What of a text is refused, what is taken out of it, and by what two of them compare."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import TextFault, fault_of, folded, harmful, mended, shown, silent, typed

JOINED = [
    "می\u200cخواهم",  # Persian: two parts of one word
    "क्\u200dष",  # Devanagari: a half letter
    "മോഹന്\u200d",  # Malayalam: a final letter
    "ᠠ\u180bᠨ\u180eᠠ",  # Mongolian: variants and a separator
    "葛\U000e0100城",  # a variant of an ideograph
    "👨\u200d👩\u200d👧",
    "👁\ufe0f\u200d🗨\ufe0f",
    "🙂\u200d↔\ufe0f",
    "1\ufe0f\u20e3",
    "❤\ufe0f",
]
INVISIBLE = st.sampled_from(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2065"
    "\u2066\u2069\u206f\u3164\ufe0f\ufeff\uffa0\ufff9\U0001bca0\U0001d173\U000e0001\U000e0041\U000e0fff"
)
BLANK = st.sampled_from(" \t\u00a0\u2003\u202f\u2028\u3000\u2800\ufffc\U0001d159")
HARMFUL = (
    st.characters(categories=["Cc", "Cs", "Co"])
    | st.integers(0xFDD0, 0xFDEF).map(chr)
    | st.integers(0, 16).flatmap(
        lambda plane: st.sampled_from([chr(plane << 16 | 0xFFFE), chr(plane << 16 | 0xFFFF)])
    )
)
LETTERS = st.text("张三李四aZéł한アЖ7", min_size=1, max_size=8)


def with_between(text: str, marks: str) -> str:
    return marks + marks.join(text) + marks


@pytest.mark.parametrize(
    "name",
    [
        "\U0002ebf1",  # Unicode 15.1
        "\U00031351",  # Unicode 15
        "李\U000323b0",  # later than any table of ours
        "𠮷田",
        "Ｏ'Brien",
        "阿依古丽·买买提",
        "3",
        "😷",
        "\U0001fae8",  # an emoji of Unicode 15
        *JOINED,
    ],
)
def test_what_is_new_or_needed_stays(name: str) -> None:  # R6
    assert shown(name) == unicodedata.normalize("NFC", name)
    assert fault_of(shown(name), 60) is None


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("第一\u202e小学", "第一小学"),
        ("\u2066三班\u2069", "三班"),
        ("张\u200d三", "张三"),  # no script needs it there
        ("a\u200cb", "ab"),
        ("a\ufe0fb", "ab"),
        ("x\U000e0041\U000e0042", "x"),  # a text within a text
        ("葛\U000e0100\U000e0101城", "葛\U000e0100城"),
        ("👨\u200d\u200d👩", "👨\u200d👩"),
        ("👨\u200d", "👨"),
        ("\u200d张", "张"),
        ("한\u3164글", "한글"),
        ("a\u2028b", "a b"),
        ("\ufeff 张三 \u2800", "张三"),
    ],
)
def test_what_nobody_sees_is_taken_out(text: str, seen: str) -> None:
    assert shown(text) == seen


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u3164", "\u2800\u2800", "\u115f\u1160", "\u200b", "\u0301", "\ufffc", "\ufe0f"],
)
def test_what_shows_nothing_is_empty(text: str) -> None:
    assert shown(text) == ""
    assert fault_of(shown(text), 60) is TextFault.EMPTY
    assert fault_of(shown(text), 60, required=False) is None


@given(st.text(INVISIBLE | BLANK, max_size=12))
def test_nothing_but_the_invisible_is_empty(text: str) -> None:
    assert shown(text) == folded(text) == typed(text) == ""


@given(LETTERS, st.text(INVISIBLE, max_size=4))
def test_the_invisible_changes_no_letter(text: str, marks: str) -> None:
    assert folded(shown(with_between(text, marks))) == folded(text)
    assert shown(with_between(text, marks.replace("\ufe0f", ""))) == shown(text)


@given(st.text())
def test_what_is_shown_is_shown_the_same(text: str) -> None:
    assert shown(shown(text)) == shown(text)


@given(LETTERS, HARMFUL)
def test_what_is_harmful_is_refused_for_that(text: str, char: str) -> None:
    assert fault_of(shown(f"{text}{char}{text}"), 60) is TextFault.HARMFUL
    assert harmful(f"{text}{char}{text}") == f"U+{ord(char):04X}"
    assert mended(f"{text}{char}{text}") == shown(text + text)


@given(st.characters(exclude_categories=["Cc", "Cs", "Co"]))
def test_nothing_else_is_harmful(char: str) -> None:
    is_noncharacter = ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    assert (harmful(char) is not None) == is_noncharacter


def test_a_text_that_is_too_long_is_refused_for_that() -> None:
    assert fault_of("校" * 61, 60) is TextFault.TOO_LONG
    assert fault_of("校" * 60, 60) is None


@given(st.text())
def test_a_text_from_outside_can_be_stored_and_sent(text: str) -> None:
    assert harmful(mended(text)) is None
    mended(text).encode()


SPELLINGS = [
    ("阿依古丽·买买提", "阿依古丽•买买提", "阿依古丽‧买买提", "阿依古丽・买买提", "阿依古丽买买提"),
    ("O’Brien", "O'Brien", "o‘brien", "OʼBrien", "O´Brien", "Ｏ＇Ｂｒｉｅｎ", "OBrien"),
    ("Anne-Marie", "Anne–Marie", "ANNE‑MARIE", "anne marie", "Anne  Marie", "Anne−Marie"),
    ("马云", "⻢云"),
    ("馬雲", "⾺雲"),
    ("Straße", "STRASSE"),
    ("José", "Jose\u0301"),
    ("ﬁona", "Fiona"),
    ("张三", "张\u200b三", "张　三", "\u202a张三\u202c"),
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0])
def test_spellings_of_one_name_compare_equal(spellings: tuple[str, ...]) -> None:  # R6
    assert {folded(name) for name in spellings} == {folded(spellings[0])} != {""}


@pytest.mark.parametrize(
    ("one", "other"),
    [("张三", "章三"), ("José", "Jose"), ("张伟", "張偉"), ("Ann", "Anna"), ("李一", "李二")],
)
def test_other_names_stay_apart(one: str, other: str) -> None:  # R6
    assert folded(one) != folded(other)


@given(st.text(max_size=20).map(mended))
def test_folding_is_done_after_once(name: str) -> None:  # R6
    assert folded(folded(name)) == folded(name)
    assert folded(unicodedata.normalize("NFD", name)) == folded(name)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Co"]), max_size=20))
def test_a_name_compares_as_it_is_shown(name: str) -> None:  # R6
    seen = shown(name)
    assert not seen or folded(seen) == folded(name)


@pytest.mark.parametrize(
    ("char", "written"),
    [
        ("—", "-"),
        ("‐", "-"),
        ("－", "-"),
        ("·", "."),
        ("・", "."),
        ("’", "'"),
        ("ʼ", "'"),
        ("\u3000", " "),
        ("\u200b", ""),
        ("a", None),
        ("_", None),
        ("一", None),
    ],
)
def test_what_does_not_count_in_a_name_is_written_one_way(char: str, written: str | None) -> None:
    assert silent(char) == written


DIGITS = st.text("0123456789", min_size=1, max_size=20)
ZEROS = st.sampled_from("0０٠۰०๐𝟎𝟘")  # where other digits begin


@given(DIGITS, ZEROS, st.text(INVISIBLE | BLANK, max_size=3))
def test_digits_are_read_however_they_were_typed(digits: str, zero: str, marks: str) -> None:
    foreign = "".join(chr(ord(zero) + int(digit)) for digit in digits)
    assert typed(with_between(foreign, marks)) == digits


def test_dashes_and_letters_are_read_in_normal_width() -> None:
    assert typed("ＥＡ–12（3）") == "EA-12(3)"
