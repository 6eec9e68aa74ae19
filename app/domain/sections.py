"""Sections: the classes or departments of a group (R50), and who is in whose charge (R51)."""

from collections.abc import Collection, Iterable
from typing import Final, TypeAlias
from uuid import UUID

from app.domain.limits import GROUP_SECTIONS
from app.domain.refusals import RefusalCode
from app.domain.text import typed

# The members whom a manager sees and looks after: everyone, or those of these sections (R51).
Charge: TypeAlias = frozenset[UUID] | None
EVERYONE: Final[Charge] = None


def folded_section(name: str) -> str:
    """Return by what the names of a group's sections compare (R50).

    Width, case and spaces don't count, nor which dash it is; dashes and dots themselves do:
    class 1-12 is not class 11-2.
    """
    return typed(name).casefold()


def why_not_named(folded: str, others: Iterable[str]) -> RefusalCode | None:
    """Return why a section can't have a name beside those of the others; None when it can."""
    return RefusalCode.SECTION_NAME_TAKEN if folded in set(others) else None


def why_no_more(sections: int) -> RefusalCode | None:
    """Return why a group with so many sections gets no other; None when it may (R50)."""
    return RefusalCode.SECTION_LIMIT_REACHED if sections >= GROUP_SECTIONS else None


def is_in_charge(charge: Charge, section_id: UUID | None) -> bool:
    """Return whether a member of this section, or of none, is in somebody's charge (R51)."""
    return charge is None or section_id in charge


def why_not_joined(
    section_id: UUID | None, offered: Collection[UUID], *, required: bool
) -> RefusalCode | None:
    """Return why nobody joins with this choice among sections; None when they do (R50).

    Where one is ``required``, who chooses none comes into the only one that is offered.
    """
    if section_id is not None:
        return None if section_id in offered else RefusalCode.SECTION_NOT_FOUND
    return RefusalCode.SECTION_REQUIRED if required and len(offered) > 1 else None
