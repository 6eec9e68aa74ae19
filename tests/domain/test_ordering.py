"""The order of members: severity, age, and who comes first among equals (R15)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.domain.health import HealthCode
from app.domain.ordering import Key, MemberOrderField, key_of

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
FIRST, SECOND = UUID(int=1), UUID(int=2)


def key(field: MemberOrderField, value: str, member_id: UUID = FIRST) -> Key:
    return key_of(field, lambda text: (text.casefold(),))(value), member_id


def sorted_values(field: MemberOrderField, *values: str) -> list[str]:
    return sorted(values, key=lambda value: key(field, value))


def test_codes_come_by_severity_and_none_counts_as_unknown() -> None:  # R15
    ordered = sorted_values(MemberOrderField.HEALTH_CODE, "RED", "", "YELLOW", "GREEN")
    assert ordered == ["GREEN", "", "YELLOW", "RED"]
    unknown = key(MemberOrderField.HEALTH_CODE, HealthCode.UNKNOWN)
    assert key(MemberOrderField.HEALTH_CODE, "") == unknown


def test_the_youngest_test_comes_first_and_no_test_last() -> None:  # R15
    old, young = ((NOW - timedelta(hours=hours)).isoformat() for hours in (90, 1))
    assert sorted_values(MemberOrderField.TEST_AGE, "", old, young) == [young, old, ""]


def test_names_and_remarks_go_by_the_key_of_texts() -> None:  # R15
    for field in (MemberOrderField.NAME, MemberOrderField.REMARK):
        assert sorted_values(field, "b", "C", "A") == ["A", "b", "C"]


def test_who_joined_first_comes_first() -> None:  # R15
    early, late = NOW.isoformat(), (NOW + timedelta(seconds=1)).isoformat()
    assert sorted_values(MemberOrderField.JOINED_AT, late, early) == [early, late]


@pytest.mark.parametrize("field", MemberOrderField)
def test_equals_come_in_the_order_of_their_ids(field: MemberOrderField) -> None:  # R15
    value = NOW.isoformat() if field.value in {"JOINED_AT", "TEST_AGE"} else "GREEN"
    assert key(field, value, FIRST) < key(field, value, SECOND)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (MemberOrderField.HEALTH_CODE, "PURPLE"),
        (MemberOrderField.TEST_AGE, "yesterday"),
        (MemberOrderField.JOINED_AT, ""),
    ],
)
def test_a_value_of_another_field_has_no_position(field: MemberOrderField, value: str) -> None:
    with pytest.raises(ValueError, match="."):  # R15
        key(field, value)
