"""What a group may require of its people (R19)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.domain.groups import (
    CHOOSABLE_CODES,
    GroupOffer,
    NatValidity,
    Requirement,
    current_offer,
    requirement_codes,
)
from app.domain.health import HealthCode


@pytest.mark.parametrize(
    ("validity", "duration"),
    [
        (NatValidity.NONE, None),
        (NatValidity.H24, timedelta(days=1)),
        (NatValidity.H48, timedelta(days=2)),
        (NatValidity.H72, timedelta(days=3)),
        (NatValidity.D7, timedelta(days=7)),
    ],
)
def test_a_negative_test_holds_as_long_as_the_name_says(
    validity: NatValidity, duration: timedelta | None
) -> None:  # R19
    assert validity.duration == duration


def test_only_yellow_and_unknown_are_the_groups_choice() -> None:  # R19: red is always listed
    assert {HealthCode.YELLOW, HealthCode.UNKNOWN} == CHOOSABLE_CODES


@pytest.mark.parametrize("yellow", [True, False])
@pytest.mark.parametrize("unknown", [True, False])
def test_a_group_lists_the_codes_it_chose(yellow: bool, unknown: bool) -> None:  # R19
    codes = requirement_codes(yellow, unknown)
    assert (HealthCode.YELLOW in codes, HealthCode.UNKNOWN in codes) == (yellow, unknown)
    assert codes <= CHOOSABLE_CODES


def test_a_new_group_asks_for_no_test_and_lists_every_code() -> None:  # R19
    assert Requirement() == Requirement(NatValidity.NONE, requirement_codes(True, True))


def test_an_offer_may_be_accepted_until_its_time_is_over() -> None:  # R16
    member, until = UUID(int=1), datetime(2022, 9, 2, 8, 0, tzinfo=UTC)
    tick = timedelta(microseconds=1)
    assert current_offer(member, until, until - tick) == GroupOffer(member, until)
    assert current_offer(member, until, until) is None
    assert current_offer(None, None, until) is None
