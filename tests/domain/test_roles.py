"""The table of rights, written out: every right, every standing (R7, R9, R15-R17, R51)."""

from uuid import UUID

import pytest

from app.domain.refusals import Forbidden, NotFound
from app.domain.roles import OUTSIDE, GroupRights, Right, Role, Standing, rights_of, standing_of

TABLE = """
                CREATOR  ADMIN  SECTION_ADMIN  MEMBER  GUARDIAN  OUTSIDER
VIEW_PAGE       yes      yes    yes            yes     yes       no
EDIT_GROUP      yes      no     no             no      no        no
ACCEPT_GROUP    no       yes    yes            no      no        no
INVITE          yes      yes    yes            no      no        no
VIEW_CHARGE     yes      yes    yes            no      no        no
MANAGE_CHARGE   yes      yes    yes            no      no        no
VIEW_MEMBERS    yes      yes    no             no      no        no
MANAGE_MEMBERS  yes      yes    no             no      no        no
REFRESH         yes      yes    yes            no      no        no
SWITCH_ALERTS   yes      yes    yes            no      no        no
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = {
    (Right(name), Standing(standing)): answer == "yes"
    for name, *answers in ROWS
    for standing, answer in zip(HEAD, answers, strict=True)
}


def test_the_table_says_something_of_every_right_and_standing() -> None:  # R17
    assert set(CELLS) == {(right, standing) for right in Right for standing in Standing}


@pytest.mark.parametrize(("right", "standing"), CELLS)
def test_each_standing_has_the_rights_of_the_table_and_no_other(
    right: Right, standing: Standing
) -> None:  # R17
    assert GroupRights(standing).allows(right) == CELLS[right, standing]


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("standing", Standing)
def test_a_policy_against_it_takes_inviting_from_admins_and_nothing_from_anyone_else(
    right: Right, standing: Standing
) -> None:  # R9
    allowed = GroupRights(standing, admins_may_invite=False).allows(right)
    admins = {Standing.ADMIN, Standing.SECTION_ADMIN}
    taken = right is Right.INVITE and standing in admins
    assert allowed == (CELLS[right, standing] and not taken)


def test_the_policy_gives_nobody_else_the_right_to_invite() -> None:  # R9
    for standing in Standing:
        invites = GroupRights(standing, admins_may_invite=True).allows(Right.INVITE)
        managers = {Standing.CREATOR, Standing.ADMIN, Standing.SECTION_ADMIN}
        assert invites == (standing in managers)


def test_who_has_nothing_to_do_with_a_group_may_nothing() -> None:  # R17
    assert not any(OUTSIDE.allows(right) for right in Right)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("guards", [True, False])
def test_ones_own_membership_decides_before_those_one_guards(role: Role, guards: bool) -> None:
    standing = standing_of(role, guards=guards)  # R17
    assert standing.role is role


def test_who_enrolled_a_member_is_a_guardian_and_has_no_role() -> None:  # R12, R17
    assert standing_of(None, guards=True) is Standing.GUARDIAN
    assert standing_of(None, guards=False) is Standing.OUTSIDER
    assert Standing.GUARDIAN.role is Standing.OUTSIDER.role is None


def test_an_outsider_does_not_learn_that_a_group_is_there() -> None:  # R17
    with pytest.raises(NotFound):
        OUTSIDE.demand(Right.VIEW_PAGE)
    with pytest.raises(Forbidden):
        GroupRights(Standing.MEMBER).demand(Right.VIEW_MEMBERS)
    GroupRights(Standing.ADMIN).demand(Right.VIEW_MEMBERS)


@pytest.mark.parametrize("role", Role)
def test_none_but_an_admin_is_bound_to_sections(role: Role) -> None:  # R51
    ours, theirs = UUID(int=1), UUID(int=2)
    rights = rights_of(role, guards=False, bound_to=[str(ours)])
    assert rights.standing.role is role
    assert rights.is_bound == (role is Role.ADMIN) == (rights.charge is not None)
    rights.demand_charge(ours)
    if rights.is_bound:
        for section_id in (theirs, None):
            with pytest.raises(Forbidden):
                rights.demand_charge(section_id)


def test_who_is_bound_to_no_section_that_is_left_is_in_charge_of_nobody() -> None:  # R51
    rights = rights_of(Role.ADMIN, guards=False, bound_to=[])
    assert rights.standing is Standing.SECTION_ADMIN and rights.charge == frozenset()
