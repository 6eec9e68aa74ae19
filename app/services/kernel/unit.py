"""The unit of work: one transaction a use case, and what is announced after it.

Events, SMS and due work are rows of the transaction; the nudges that make them felt at
once go out after the commit. A process that dies between the two loses no work: the sweep
finds the rows.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from app.domain.events import Event
from app.models import due
from app.models.data_versions import move_versions
from app.models.database import transaction
from app.models.due import Claim, WorkKind
from app.models.events import append_events
from app.models.inserting import NewRows
from app.ports.bus import DUE, group_channel, publish_later
from app.services.kernel.env import Env

T = TypeVar("T")

_GATHERED_MS: Final = 100
_SOON: Final = timedelta(seconds=10)  # what is due later, the tick's sweep sees in time


class Unit:
    """One open transaction and what it will announce."""

    def __init__(self, env: Env) -> None:
        self.now = env.clock.now()
        self.today = env.day_of(self.now)
        self.timezone = env.timezone
        self.result: object = None
        self._ids = env.ids
        self._cipher = env.cipher
        self._channels: set[str] = set()
        self._due_at: datetime | None = None
        self._due: dict[tuple[WorkKind, UUID], datetime] = {}
        self._logged: set[UUID] = set()
        self._groups: set[UUID] = set()
        self._of_health: set[UUID] = set()
        self._of_name: set[UUID] = set()

    def new_id(self) -> UUID:
        """Return the id of a row to be written."""
        return self._ids.new()

    def lookups(self, kind: str, value: str) -> list[str]:
        """Return the keyed hashes by which a value may be found, the one it is written by first."""
        return self._cipher.lookups(kind, value)

    def content_hash(self, content: bytes) -> str:
        """Return the keyed hash by which the same content is known again."""
        return self._cipher.content_hash(content)

    async def log(self, group_id: UUID, *events: Event, **changes: object) -> int:
        """Append events to a group's log, with ``changes`` to its row; return its version."""
        return await self.log_with(group_id, events, changes)

    async def log_with(
        self,
        group_id: UUID,
        events: Sequence[Event],
        changes: Mapping[str, object],
        along: Sequence[NewRows] = (),
    ) -> int:
        """Do the same; rows of other tables go ``along`` by the same statement."""
        self.note_logged(group_id)
        return await append_events(group_id, events, self.now, changes, self.new_id, along)

    def note_logged(self, group_id: UUID) -> None:
        """Note that events of a group are logged, as by a statement of the caller's own."""
        self._channels.add(group_channel(group_id))
        self._logged.add(group_id)

    def schedule(self, kind: WorkKind, *subject_ids: UUID, at: datetime | None = None) -> None:
        """Have work done on each subject at ``at``, by default now.

        All that a use case schedules is written by one statement at its end.
        """
        due_at = at or self.now
        if subject_ids and due_at <= self.now + _SOON:
            self.announce_due(due_at)
        for subject_id in subject_ids:
            key = (kind, subject_id)
            self._due[key] = min(due_at, self._due.get(key, due_at))

    def gather(self, kind: WorkKind, *subject_ids: UUID) -> None:
        """Have work done with what others schedule within the same tenth of a second.

        It is due at its end. So what a crowd has done is claimed by one look, and done together.
        """
        into = timedelta(microseconds=self.now.microsecond % (_GATHERED_MS * 1000))
        at = self.now - into + timedelta(milliseconds=_GATHERED_MS)
        self.schedule(kind, *subject_ids, at=at)

    async def forget(self, kind: WorkKind, subject_id: UUID, done: Claim | None = None) -> None:
        """Forget work that is about to be done by whoever holds the subject's row.

        ``done``: claimed work that is finished by the same statement.
        """
        self._due.pop((kind, subject_id), None)
        await due.forget(kind, subject_id, done)

    def take_scheduled(self) -> Sequence[Mapping[str, object]]:
        """Return the rows of what was scheduled, for whoever writes them by a statement of theirs.

        That must be the transaction's last one to lock rows.
        """
        times, self._due = self._due, {}
        return due.rows_due(times, self.now)

    async def write_due(self) -> None:
        """Write what was scheduled; rows of due work are the last that a use case locks."""
        times, self._due = self._due, {}
        await due.schedule_all(times, self.now)

    def returns(self, result: T) -> T:
        """Return what the use case returns, kept in the transaction for a repeat of the request.

        Without it a use case returns nothing that isn't known beforehand.
        """
        self.result = result
        return result

    def changes(self, *group_ids: UUID) -> None:
        """Note that something is written that answers about these groups show.

        An event says so by itself. Whoever writes without one calls this method or one of the next
        two: answers that are kept stand until then (``models/data_versions.py``).
        """
        self._groups.update(group_ids)

    def changes_health(self, *person_ids: UUID) -> None:
        """Note that the records of these people change, which each of their groups shows (R20)."""
        self._of_health.update(person_ids)

    def changes_name(self, person_id: UUID) -> None:
        """Note that a person's name or number changes, wherever answers show it (R6)."""
        self._of_name.add(person_id)

    async def move_versions(self) -> None:
        """Move the versions of the groups that were changed, as the transaction's last act."""
        groups = self._groups - self._logged
        if groups or self._of_health or self._of_name:
            await move_versions(self.new_id(), groups, self._of_health, self._of_name)

    def announce(self, channel: str) -> None:
        """Nudge a channel after the commit."""
        self._channels.add(channel)

    def announce_due(self, due_at: datetime) -> None:
        """Nudge the ticks when work is due, after the commit: a look ahead of it is in vain."""
        self._due_at = min(due_at, self._due_at or due_at)

    async def publish(self, env: Env) -> None:
        """Send the nudges; the transaction is committed."""
        for channel in sorted(self._channels):
            await env.bus.publish(channel)
        if self._due_at is not None:
            seconds = (self._due_at - env.clock.now()).total_seconds()
            if seconds > 0:
                publish_later(env.bus, DUE, seconds)
            else:
                await env.bus.publish(DUE)


@asynccontextmanager
async def unit_of_work(
    env: Env, group_id: UUID | None = None, *, on_the_way: bool = False
) -> AsyncIterator[Unit]:
    """Open the transaction of a use case; it commits at the end or leaves nothing.

    With ``group_id``, writers of that group take turns before they take a connection, so
    that a storm on one group leaves connections to the others. It concludes the step that the
    use case is, unless it is ``on_the_way`` to the transaction that does.
    """
    step = None if on_the_way else env.step
    async with AsyncExitStack() as stack:
        if group_id is not None:
            await stack.enter_async_context(env.turns.of(group_id))
        async with transaction():
            unit = Unit(env)
            yield unit
            await unit.write_due()
            if step is not None:
                await step.conclude(unit.result, unit.now)
            await unit.move_versions()
    if step is not None:
        step.committed(unit.result)
    await unit.publish(env)
