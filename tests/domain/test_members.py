"""Who may be removed from a group, appointed and leave, and whose phone is shown (R7-R35)."""

from uuid import UUID

import pytest

from app.domain.members import (
    shown_phone,
    why_no_request,
    why_not_admin,
    why_not_appointed,
    why_not_completed,
    why_not_leaving,
    why_not_offered,
    why_not_released,
    why_not_removed,
)
from app.domain.refusals import RefusalCode
from app.domain.roles import Role

ONE, OTHER = UUID(int=1), UUID(int=2)
PHONE = "+8613800001234"


@pytest.mark.parametrize(
    ("role", "own", "why"),
    [
        (Role.MEMBER, False, None),
        (Role.ADMIN, False, "MEMBER_IS_ADMIN"),  # to be dismissed first
        (Role.CREATOR, False, "MEMBER_IS_CREATOR"),
        (Role.MEMBER, True, "MEMBER_IS_SELF"),
        (Role.ADMIN, True, "MEMBER_IS_SELF"),
        (Role.CREATOR, True, "MEMBER_IS_CREATOR"),
    ],
)
def test_only_a_plain_member_can_be_removed_and_only_by_others(
    role: Role, own: bool, why: str | None
) -> None:  # R16
    assert why_not_removed(role, own) == why


def test_only_who_has_an_account_can_become_an_admin() -> None:  # R7
    assert why_not_appointed(Role.MEMBER, has_account=True) is None
    assert why_not_appointed(Role.MEMBER, has_account=False) == "MEMBER_WITHOUT_ACCOUNT"
    assert why_not_appointed(Role.CREATOR, has_account=True) == "MEMBER_IS_CREATOR"


def test_only_an_admin_can_be_dismissed_or_be_offered_the_group() -> None:  # R7, R16
    assert why_not_admin(Role.ADMIN) is None
    assert why_not_offered(Role.ADMIN, has_account=True) is None
    assert why_not_offered(Role.ADMIN, has_account=False) is RefusalCode.MEMBER_WITHOUT_ACCOUNT
    for role in (Role.CREATOR, Role.MEMBER, None):
        assert why_not_admin(role) is RefusalCode.MEMBER_NOT_ADMIN
        assert why_not_offered(role, has_account=True) is RefusalCode.MEMBER_NOT_ADMIN


def test_everyone_may_leave_but_the_creator() -> None:  # R16, R32
    assert why_not_leaving(Role.MEMBER) is None
    assert why_not_leaving(Role.ADMIN) is None
    assert why_not_leaving(Role.CREATOR) is RefusalCode.CREATOR_CANNOT_LEAVE


def test_nobody_completes_a_leave_that_is_their_own_or_that_they_asked_for() -> None:  # R32
    assert why_not_completed(ONE, {OTHER}) is None
    assert why_not_completed(ONE, {ONE}) is RefusalCode.LEAVE_YOUR_OWN
    assert why_not_completed(ONE, {OTHER, ONE}) is RefusalCode.LEAVE_YOUR_OWN


def test_who_is_out_already_is_told_apart_from_who_never_asked() -> None:  # R33
    assert why_no_request(left=True) is RefusalCode.LEAVE_ALREADY_COMPLETE
    assert why_no_request(left=False) is RefusalCode.LEAVE_NOT_REQUESTED


def test_only_an_enrolled_member_has_guardians_to_end() -> None:  # R12
    assert why_not_released(ONE) is None
    assert why_not_released(None) is RefusalCode.MEMBER_WITHOUT_GUARDIAN


@pytest.mark.parametrize(
    ("own", "proved", "shown"),
    [
        (True, None, PHONE),
        (False, PHONE, PHONE),
        (True, "+8613900005678", PHONE),
        (False, "+8613900005678", "+86138****1234"),  # another guardian's
        (False, None, "+86138****1234"),
    ],
)
def test_a_phone_is_shown_to_whose_it_is_and_masked_to_others(  # R17
    own: bool, proved: str | None, shown: str
) -> None:
    assert shown_phone(PHONE, own=own, proved=proved) == shown
