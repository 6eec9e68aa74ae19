"""Who looked at whose details: what is noted of it, and what needs no new note."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.sections import EVERYONE, Charge


class AccessKind(StrEnum):
    """What a manager did with the details of a group's members."""

    VIEWED = "VIEWED"
    EXPORTED = "EXPORTED"


class AccessedPeople(StrEnum):
    """Whose details were read: of who was in the group then, or of who had left it (R34)."""

    MEMBERS = "MEMBERS"
    FORMER = "FORMER"


@dataclass(frozen=True, slots=True)
class Stay:
    """Someone's time in a group, and their name; ``left_at`` is None while it lasts.

    ``section_id`` is the section that they are in, or were in last; since ``section_at``, None
    where they were in no other (R50).
    """

    group_id: UUID
    joined_at: datetime
    left_at: datetime | None = None
    person_name: str = ""
    section_id: UUID | None = None
    section_at: datetime | None = None


_MOST_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Viewing:
    """Who reads whose details in which group: of everybody, or of those in their charge (R51)."""

    viewer_id: UUID | None
    group_id: UUID
    people: AccessedPeople = AccessedPeople.MEMBERS
    charge: Charge = EVERYONE


class Viewings:
    """The viewings that this process has noted.

    One that is repeated on the same day, with nothing new in the group's log, shows nothing
    that wasn't noted: a screen that polls costs no statement.
    """

    def __init__(self) -> None:
        self._noted: dict[Viewing, tuple[date, int]] = {}

    def shows_nothing_new(self, viewing: Viewing, day: date, version: int) -> bool:
        """Return whether such a viewing of the group at ``version`` is noted for the day."""
        return self._noted.get(viewing) == (day, version)

    def remember(self, viewing: Viewing, day: date, version: int) -> None:
        """Remember a viewing that was noted; beyond 10,000 all are forgotten, and noted anew."""
        if len(self._noted) >= _MOST_REMEMBERED:
            self._noted.clear()
        self._noted[viewing] = (day, version)
