"""Who looked at whose details: what is noted of it, and what needs no new note."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID


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
    """Someone's time in a group, and their name; ``left_at`` is None while it lasts."""

    group_id: UUID
    joined_at: datetime
    left_at: datetime | None = None
    person_name: str = ""


_MOST_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Viewing:
    """Who reads whose details in which group."""

    viewer_id: UUID
    group_id: UUID
    people: AccessedPeople = AccessedPeople.MEMBERS


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
