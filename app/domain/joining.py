"""Joining by an invitation: whom one request may bring into a group (R11, R12)."""

from collections.abc import Sequence
from uuid import UUID

from app.domain.limits import RELATIVES
from app.domain.refusals import RefusalCode


def people_path(index: int, field: str) -> tuple[str, int, str]:
    """Return the path of a field of the person at ``index`` of a request to join."""
    return ("people", index, field)


def names_one_person(themself: bool, relative: bool) -> bool:
    """Return whether an entry names one person: the viewer themself, or a relative."""
    return themself != relative


def why_not_chosen(chosen: Sequence[UUID | None]) -> RefusalCode | None:
    """Return why these people can't join together; None when they can.

    They are relatives by their ids, and None for the viewer: somebody, nobody twice, and no
    more than the viewer and a full family list (R12).
    """
    if not chosen or len(set(chosen)) < len(chosen) or len(chosen) > 1 + RELATIVES:
        return RefusalCode.PEOPLE_INVALID
    return None


def why_not_enrolled(listed: bool, verified: bool) -> RefusalCode | None:
    """Return why someone can't be enrolled as a relative; None when they can.

    Only who is on the viewer's family list, and verified, can (R12).
    """
    if not listed:
        return RefusalCode.RELATIVE_NOT_FOUND
    return None if verified else RefusalCode.RELATIVE_NOT_VERIFIED


def why_not_guarded(enrolled_by: UUID | None) -> RefusalCode | None:
    """Return why an existing member gets no guardian; None when they may have one more.

    Nobody becomes the guardian of someone who acts for themselves (R12).
    """
    return RefusalCode.RELATIVE_JOINED_THEMSELVES if enrolled_by is None else None
