"""Quotas: how often something may be done in a window of time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from tortoise import Model, fields

from app.models.statements import fetch


class Quota(Model):
    """How often something was done in the current window: one row a subject."""

    key = fields.CharField(64, primary_key=True)
    window = fields.CharField(32)
    used = fields.IntField()
    last_at = fields.DatetimeField()

    class Meta:
        table = "quota"
        indexes = (("last_at",),)


_ANY_TIME: Final = datetime.max.replace(tzinfo=UTC)
# What happens to a row that is there: counted on in its window, or anew in another.
COUNTING: Final = """
    ON CONFLICT (key) DO UPDATE SET
        used = CASE WHEN quota."window" = excluded."window" THEN quota.used + 1 ELSE 1 END,
        "window" = excluded."window",
        last_at = excluded.last_at
    WHERE quota.last_at <= $4
      AND (quota."window" <> excluded."window" OR quota.used < $5)
    RETURNING used"""


@dataclass(frozen=True, slots=True)
class Use:
    """One use of what is counted under a key, ``limit`` times in a window, so long after another.

    Without a gap, uses that were timed a moment earlier than they arrive, as from another process,
    count too.
    """

    key: str
    window: str
    limit: int
    now: datetime
    gap: timedelta | None = None

    def params(self) -> tuple[object, ...]:
        """Return the first parameters of whatever statement counts it."""
        before = self.now - self.gap if self.gap is not None else _ANY_TIME
        return self.key, self.window, self.now, before, self.limit


async def take_quota(use: Use) -> bool:
    """Count one use; False when its limit or gap forbids it.

    One conditional statement, so the limit holds under concurrency.
    """
    inserting = 'INSERT INTO quota (key, "window", used, last_at) VALUES ($1, $2, 1, $3)'
    return bool(await fetch(inserting + COUNTING, *use.params()))


async def last_use(key: str) -> datetime | None:
    """Return when ``key`` was last counted; None if it never was."""
    row = await Quota.get_or_none(key=key)
    return row.last_at if row else None
