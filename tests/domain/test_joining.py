"""Whom one request to join may bring into a group (R11, R12)."""

from uuid import UUID

import pytest

from app.domain.joining import (
    names_one_person,
    people_path,
    why_not_chosen,
    why_not_enrolled,
    why_not_guarded,
)
from app.domain.limits import RELATIVES
from app.domain.refusals import RefusalCode

FAMILY = [UUID(int=number) for number in range(1, RELATIVES + 1)]


@pytest.mark.parametrize("chosen", [[None], FAMILY[:1], [None, *FAMILY], FAMILY[:3]])
def test_any_choice_among_self_and_relatives_may_join_together(  # R12
    chosen: list[UUID | None],
) -> None:
    assert why_not_chosen(chosen) is None


@pytest.mark.parametrize(
    "chosen",
    [
        [],
        [None, None],
        [FAMILY[0], None, FAMILY[0]],
        [None, *FAMILY, UUID(int=RELATIVES + 1)],
    ],
)
def test_nobody_joins_by_an_empty_list_twice_or_beside_more_than_a_family(  # R12
    chosen: list[UUID | None],
) -> None:
    assert why_not_chosen(chosen) is RefusalCode.PEOPLE_INVALID


def test_an_entry_names_the_viewer_or_a_relative_and_not_both() -> None:
    assert names_one_person(True, False)
    assert names_one_person(False, True)
    assert not names_one_person(True, True)
    assert not names_one_person(False, False)


def test_only_a_verified_relative_of_ones_own_list_may_be_enrolled() -> None:  # R12
    assert why_not_enrolled(listed=True, verified=True) is None
    assert why_not_enrolled(listed=True, verified=False) is RefusalCode.RELATIVE_NOT_VERIFIED
    assert why_not_enrolled(listed=False, verified=False) is RefusalCode.RELATIVE_NOT_FOUND


def test_nobody_becomes_guardian_of_someone_who_acts_for_themselves() -> None:  # R12
    assert why_not_guarded(None) is RefusalCode.RELATIVE_JOINED_THEMSELVES
    assert why_not_guarded(FAMILY[0]) is None


def test_a_field_of_a_joiner_is_found_by_its_index_in_the_request() -> None:
    assert people_path(3, "remark") == ("people", 3, "remark")
