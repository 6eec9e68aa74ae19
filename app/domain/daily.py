"""What is done at a time of the day, in the configured zone: when next, and whose turn it is."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.limits import CAUGHT_UP_FOR
from app.domain.refusals import Refusal, RefusalCode

_A_DAY: Final = timedelta(days=1)
_WRITTEN: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


EVERY_DAY: Final = tuple(Weekday)


def read_minute(text: str, *path: str) -> int:
    """Return the minute of the day that a time such as ``08:30`` is; refuse any other text."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise Refusal(RefusalCode.TIME_INVALID, *path)
    return int(found[1]) * 60 + int(found[2])


def write_minute(minute: int) -> str:
    """Return a minute of the day as ``read_minute`` reads it."""
    return f"{minute // 60:02}:{minute % 60:02}"


@dataclass(frozen=True, slots=True)
class DailyTime:
    """A minute of the day on some days of the week, by the clocks of a zone.

    Where clocks are put forward over it, it is as much later; where they are put back, the first.
    """

    minute: int
    weekdays: Collection[Weekday]
    zone: ZoneInfo

    def next_after(self, after: datetime) -> datetime:
        """Return the first of its moments after another."""
        day = after.astimezone(self.zone).date() - _A_DAY
        while True:
            at = self._on(day)
            if at is not None and at > after:
                return at
            day += _A_DAY

    def turn_of(self, now: datetime, last_on: date | None) -> date | None:
        """Return the day whose turn it is now; None where it is none's.

        It comes once a day: ``last_on`` is the last that had its turn. One that was missed is made
        up for on the same day, within four hours: later it would only surprise.
        """
        today = now.astimezone(self.zone).date()
        at = self._on(today)
        if at is None or not at <= now < at + CAUGHT_UP_FOR:
            return None
        return None if last_on is not None and last_on >= today else today

    def settled_on(self, now: datetime, last_on: date | None) -> date | None:
        """Return the last day that had its turn, once this time is chosen ``now``.

        What is past of today isn't made up for.
        """
        today = now.astimezone(self.zone).date()
        at = self._on(today)
        return today if at is not None and at <= now else last_on

    def _on(self, day: date) -> datetime | None:
        if EVERY_DAY[day.weekday()] not in self.weekdays:
            return None
        local = datetime.combine(day, time(*divmod(self.minute, 60)), self.zone)
        return local.astimezone(UTC)
