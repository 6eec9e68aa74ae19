"""Which processes run: each writes time and again that it is alive, and what it knows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from tortoise import Model, fields

from app.models.fields import enum_field

BEAT_EVERY: Final = timedelta(seconds=10)
ALIVE_FOR: Final = timedelta(seconds=45)  # after the last beat
_FORGOTTEN_AFTER: Final = timedelta(hours=1)


class ProcessKind(StrEnum):
    """What a process does; an embedded server does the work, too."""

    SERVER = "SERVER"
    WORKER = "WORKER"


class Process(Model):
    """A process that runs, or ended without a word. Times are of the system, not of the sandbox."""

    id = fields.UUIDField(primary_key=True)
    kind = enum_field(ProcessKind, 8)
    host = fields.CharField(255)
    pid = fields.IntField()
    version = fields.CharField(40)
    keys = fields.CharField(255)  # the names of those it knows, the newest first
    started_at = fields.DatetimeField()
    beat_at = fields.DatetimeField()
    ticked_at = fields.DatetimeField(null=True)  # when it looked for work; None if it does none

    class Meta:
        table = "process"

    @property
    def key_names(self) -> Sequence[str]:
        """The names of the keys it knows; the first encrypts."""
        return self.keys.split(",")

    @property
    def tick_age(self) -> timedelta:
        """How long before its last beat it had looked for work."""
        return self.beat_at - self.ticked_at if self.ticked_at else timedelta()

    def __str__(self) -> str:
        return f"the {self.kind.lower()} on {self.host} (process {self.pid})"


async def alive(now: datetime) -> list[Process]:
    """Return the processes that were alive a moment ago."""
    lately = Process.filter(beat_at__gt=now - ALIVE_FOR, beat_at__lte=now + ALIVE_FOR)
    return await lately.order_by("started_at")  # none of a clock that was ahead


async def forget_dead(now: datetime) -> None:
    """Forget those that ended long ago without a word."""
    await Process.filter(beat_at__lt=now - _FORGOTTEN_AFTER).delete()
