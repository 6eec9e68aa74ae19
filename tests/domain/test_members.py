"""Who may be removed from a group, and why others may not (R16)."""

import pytest

from app.domain.members import why_not_removed
from app.domain.roles import Role


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
