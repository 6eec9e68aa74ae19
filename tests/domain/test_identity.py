"""How much of a number anyone gets to see."""

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identity import mask_id_number, mask_id_numbers, mask_name, mask_phone

MARK: Final = "*"
numbers = st.text(st.characters(exclude_characters=MARK), max_size=40)


def parts(number: str, masked: str) -> tuple[str, str]:
    """What a mask leaves at both ends; between them stand only asterisks."""
    match = re.fullmatch(r"([^*]*)(\**)([^*]*)", masked, re.DOTALL)
    assert match, masked
    start, _, end = match.groups()
    assert number.startswith(start) and number.endswith(end)
    return start, end


def test_a_resident_id_shows_its_first_and_last_four_characters() -> None:
    assert mask_id_number("440103199001011234") == "4401**********1234"
    assert mask_id_number("44010319900101123X") == "4401**********123X"


@pytest.mark.parametrize("number", ["H12345678", "E12345678", "12345678", "A1234", "K03(5)"])
def test_a_short_document_number_shows_half_of_itself_at_most(number: str) -> None:
    masked = mask_id_number(number)
    assert masked.count(MARK) >= len(number) / 2
    assert len(masked) == len(number)


@given(numbers)
def test_no_id_number_shows_more_than_four_and_four_characters_nor_the_whole(number: str) -> None:
    masked = mask_id_number(number)
    start, end = parts(number, masked)
    assert len(start) <= 4 and len(end) <= 4
    assert len(masked) == len(number)
    assert masked != number or not number


@given(st.lists(numbers) | st.lists(st.text("0123456789X", min_size=18, max_size=18)))
def test_many_id_numbers_are_masked_as_each(many: list[str]) -> None:
    assert list(mask_id_numbers(many)) == list(map(mask_id_number, many))


def test_a_mainland_phone_shows_its_prefix_and_last_four_digits() -> None:
    assert mask_phone("+8613812345678") == "+86138****5678"


@given(st.text("0123456789", max_size=15).map(lambda digits: f"+{digits}"))
def test_no_phone_shows_more_than_prefix_and_four_digits_nor_the_whole(phone: str) -> None:
    masked = mask_phone(phone)
    assert MARK in masked
    if masked != MARK * 4:
        start, end = parts(phone, masked)
        assert len(start) <= len("+86138") and len(end) <= 4


@given(
    st.sampled_from(["+852", "+853", "+886", "+65", "+1"]),
    st.from_regex(r"[2-9]\d{7,9}", fullmatch=True),
)
def test_a_phone_from_elsewhere_hides_four_digits_too(country: str, number: str) -> None:
    assert mask_phone(country + number).count(MARK) >= 4


@given(st.from_regex(r"\+861[3-9]\d{9}", fullmatch=True))
def test_a_mainland_phone_hides_its_four_middle_digits_and_keeps_its_length(phone: str) -> None:
    assert mask_phone(phone) == phone[:6] + MARK * 4 + phone[-4:]


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("", "****"),
        ("110", "****"),
        ("1234567", "****"),
        ("12345678", "****"),  # with four hidden and four shown, it would be half told
        ("123456789", "1****6789"),
        ("+85291234567", "+852****4567"),
        ("+12025550123", "+120****0123"),
        ("+4915112345678", "+49151****5678"),
        ("+491511234567890", "+49151******7890"),
    ],
)
def test_of_a_short_phone_less_is_shown_and_of_a_long_one_more_is_hidden(
    phone: str, masked: str
) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("", ""),
        ("7", "*"),
        ("123", "***"),
        ("1234", "1**4"),
        ("1234567", "1*****7"),
        ("12345678", "12****78"),
        ("H12345678", "H1*****78"),
        ("123456789012", "123******012"),
        ("1234567890123456", "1234********3456"),
        ("12345678901234567890", "1234************7890"),
    ],
)
def test_a_document_number_shows_a_quarter_at_each_end_and_four_at_most(
    number: str, masked: str
) -> None:
    assert mask_id_number(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张", "张"),
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳小明", "欧**"),
        ("Mary Ann Smith", "M**"),
        ("", ""),
    ],
)
def test_a_name_shows_its_first_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(min_size=1, max_size=60))
def test_of_no_name_is_more_than_the_first_character_shown_nor_how_long_it_is(name: str) -> None:
    masked = mask_name(name)
    assert masked[0] == name[0]
    assert set(masked[1:]) <= {MARK}
    assert len(masked) == min(len(name), 3)
