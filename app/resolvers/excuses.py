"""A member's excuse from tests, as managers and the member see it (R20)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.resolvers.rows import Columns

EXCUSE_COLUMNS: Final[Columns] = {
    "excuse": {
        "excused_from": "excused_from",
        "excused_until": "excused_until",
        "excuse_reason": "excuse_reason",
    }
}


@dataclass(frozen=True, slots=True)
class ExcuseRow:
    """From when until when no test is asked of a member, and why."""

    since: datetime
    until: datetime
    reason: str


class Excused:
    """What a member's row has of their excuse."""

    excused_from: datetime | None
    excused_until: datetime | None
    excuse_reason: str | None

    @property
    def excuse(self) -> ExcuseRow | None:
        """The excuse that holds or is to come; None without one, and once consent is withdrawn."""
        since, until = self.excused_from, self.excused_until
        if since is None or until is None:
            return None
        return ExcuseRow(since, until, self.excuse_reason or "")
