"""How much of a number anyone gets to see."""

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identity import mask_id_number, mask_phone

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
