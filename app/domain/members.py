"""Members: who may be removed, appointed or leave, and how a membership ends (R3, R7, R12-R35)."""

from collections.abc import Container
from enum import StrEnum
from uuid import UUID

from app.domain.identity import mask_phone
from app.domain.refusals import RefusalCode
from app.domain.roles import Role


class DepartureCause(StrEnum):
    """How a former member came to be out (R16, R33)."""

    LEAVE_COMPLETED = "LEAVE_COMPLETED"
    LEAVE_EXPIRED = "LEAVE_EXPIRED"
    REMOVED = "REMOVED"


def why_not_removed(role: Role, own: bool) -> RefusalCode | None:
    """Return why someone can't be removed: creator, oneself, an admin before dismissal (R16)."""
    if role is Role.CREATOR:
        return RefusalCode.MEMBER_IS_CREATOR
    if own:
        return RefusalCode.MEMBER_IS_SELF
    return RefusalCode.MEMBER_IS_ADMIN if role is Role.ADMIN else None


def why_not_appointed(role: Role, has_account: bool) -> RefusalCode | None:
    """Return why someone can't become an admin: the creator, or who never signs in (R7)."""
    if role is Role.CREATOR:
        return RefusalCode.MEMBER_IS_CREATOR
    return None if has_account else RefusalCode.MEMBER_WITHOUT_ACCOUNT


def why_not_admin(role: Role | None) -> RefusalCode | None:
    """Return why someone can't be dismissed: only an admin can (R7, R16).

    ``role`` is None for who is no member any more.
    """
    return None if role is Role.ADMIN else RefusalCode.MEMBER_NOT_ADMIN


def why_not_offered(role: Role | None, has_account: bool) -> RefusalCode | None:
    """Return why someone can't be offered the group: no admin, or nobody who can accept it (R7).

    An admin has no account when somebody else took their phone (R6).
    """
    refusal = why_not_admin(role)
    if refusal is None and not has_account:
        return RefusalCode.MEMBER_WITHOUT_ACCOUNT
    return refusal


def why_not_leaving(role: Role) -> RefusalCode | None:
    """Return why someone can't ask to leave: the creator offers or dissolves the group (R16)."""
    return RefusalCode.CREATOR_CANNOT_LEAVE if role is Role.CREATOR else None


def why_not_completed(manager: UUID | None, concerned: Container[UUID]) -> RefusalCode | None:
    """Return why a manager can't complete a leave: nobody completes their own (R32).

    Theirs is the one that they asked for, or that is about them: ``concerned`` are both people.
    """
    return RefusalCode.LEAVE_YOUR_OWN if manager in concerned else None


def why_no_request(left: bool) -> RefusalCode:
    """Return why there is no leave request to complete: the member left, or never asked (R33)."""
    return RefusalCode.LEAVE_ALREADY_COMPLETE if left else RefusalCode.LEAVE_NOT_REQUESTED


def why_not_released(enrolled_by: UUID | None) -> RefusalCode | None:
    """Return why a member can't end their guardians' hold: nobody has one (R12)."""
    return RefusalCode.MEMBER_WITHOUT_GUARDIAN if enrolled_by is None else None


def shown_phone(phone: str, *, own: bool, proved: str | None) -> str:
    """Return a member's phone as it is shown to who isn't a manager: in full if it is theirs.

    It is theirs when they are the member and joined themselves (``own``), or as the guardian
    who ``proved`` it; a member may be reached by another guardian's, which is masked (R17).
    """
    return phone if own or phone == proved else mask_phone(phone)
