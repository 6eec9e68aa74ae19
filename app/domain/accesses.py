"""Who looked at whose details: what is noted of it, and what needs no new note."""

from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID


class AccessKind(StrEnum):
    """What a manager did with the details of a group's members."""

    VIEWED = "VIEWED"
    EXPORTED = "EXPORTED"


_MOST_REMEMBERED: Final = 10_000


class Viewings:
    """The viewings that this process has noted, by viewer and group.

    One that is repeated on the same day, with nothing new in the group's log, shows nothing
    that wasn't noted: a screen that polls costs no statement.
    """

    def __init__(self) -> None:
        self._noted: dict[tuple[UUID, UUID], tuple[date, int]] = {}

    def shows_nothing_new(self, viewer_id: UUID, group_id: UUID, day: date, version: int) -> bool:
        """Return whether the viewer's viewing of the group at ``version`` is noted for the day."""
        return self._noted.get((viewer_id, group_id)) == (day, version)

    def remember(self, viewer_id: UUID, group_id: UUID, day: date, version: int) -> None:
        """Remember a viewing that was noted; beyond 10,000 all are forgotten, and noted anew."""
        if len(self._noted) >= _MOST_REMEMBERED:
            self._noted.clear()
        self._noted[viewer_id, group_id] = (day, version)
