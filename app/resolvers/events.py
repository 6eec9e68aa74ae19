"""The group's event log: replayed from a number on, then live, without a gap or a repeat."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from app.domain.events import EventType, Subject, subject_of
from app.domain.refusals import BadInput, NotFound
from app.domain.roles import Right, Role, rights_of
from app.domain.sections import EVERYONE, Charge
from app.models.events import GroupEvent
from app.models.members import Membership
from app.models.people import Person
from app.ports.bus import group_channel
from app.resolvers.charges import told_of
from app.resolvers.context import Info
from app.resolvers.ids import decode_id, encode_id
from app.resolvers.member_row import MemberRow
from app.resolvers.members import load_members
from app.resolvers.selection import selected_fields
from app.resolvers.watching import WatchedGroup
from app.services.kernel.outlasting import outlasting

_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event of the log."""

    number: int
    type: EventType
    at: datetime
    actor: str | None
    subject_id: str | None
    member: MemberRow | None


@dataclass(frozen=True, slots=True)
class LaggedRow:
    """Word that the events up to this number are missing."""

    number: int


async def group_events(
    info: Info, group_id: str, after: int | None, types: list[EventType] | None = None
) -> AsyncIterator[EventRow | LaggedRow]:
    """Resolve ``groupEvents``: every event numbered above ``after``, or from now on.

    With ``types``, those of these types alone; their numbers have gaps then.

    Where events were erased with age, ``Lagged`` says from which number on they are kept. An
    ``after`` beyond the newest event is refused: nobody was told of such a number. Who watched a
    group that is dissolved is told of that, too, before NOT_FOUND ends the stream (R8).
    """
    key = decode_id(group_id, "Group")
    async with info.context.env.bus.listen(group_channel(key)) as listener:
        watched = WatchedGroup(info, key)
        newest, charge = await _look(watched)
        position = newest if after is None else max(after, 0)
        if position > newest:
            raise BadInput("AFTER_BEYOND_NEWEST", newest=newest)
        while True:
            async for row in _between(info, _Log(key, charge, types), position, newest):
                yield row
            position = newest
            if not await listener.nudged():
                return
            try:
                newest, charge = await _look(watched)
            except NotFound:
                last, charge = await outlasting(partial(_last, info, key))
                async for row in _between(info, _Log(key, charge, types), position, last):
                    yield row
                raise


@dataclass(frozen=True, slots=True)
class _Log:
    """A group's log as somebody follows it: of members just those in their charge (R51)."""

    group_id: UUID
    charge: Charge
    types: list[EventType] | None


async def _look(watched: WatchedGroup) -> tuple[int, Charge]:
    """Return the number of the newest event, and who is in the viewer's charge.

    Raise a denial once the right is gone.
    """
    row = await outlasting(watched.look)
    row.rights.demand(Right.VIEW_CHARGE)
    return row.version, row.rights.charge


async def _last(info: Info, group_id: UUID) -> tuple[int, Charge]:
    """Return the last number of a group that was dissolved under its manager; 0 to others."""
    viewer = await info.context.viewer()
    managed = Membership.filter(
        group_id=group_id,
        person_id=viewer.person_id,
        role__in=(Role.CREATOR, Role.ADMIN),
        group__dissolved_at__not_isnull=True,
    )
    found = await managed.prefetch_related("group").first()
    if found is None:
        return 0, EVERYONE
    rights = rights_of(found.role, guards=False, bound_to=found.bound_to)
    return found.group.version, rights.charge


async def _between(
    info: Info, log: _Log, position: int, newest: int
) -> AsyncIterator[EventRow | LaggedRow]:
    """Yield the events above ``position`` up to ``newest``, read a few at a time."""
    while position < newest:
        read = partial(_some_between, info, log, position, newest)
        rows, position = await outlasting(read)
        for row in rows:
            yield row


async def _some_between(
    info: Info, log: _Log, position: int, newest: int
) -> tuple[list[EventRow | LaggedRow], int]:
    """Return the first events above ``position``, and up to which number that is."""
    types = log.types
    kept = GroupEvent.filter(group_id=log.group_id, seq__gt=position, seq__lte=newest)
    wanted = kept if types is None else kept.filter(type__in=types)
    events = await wanted.order_by("seq").limit(_AT_ONCE)
    # With types, what lies between may be kept: it is just not wanted.
    oldest = events[:1] if types is None else await kept.order_by("seq").limit(1).only("seq")
    first = oldest[0].seq if oldest else newest + 1
    lagged = [LaggedRow(first - 1)] if first > position + 1 else []
    told = await told_of(await info.context.viewer(), log.group_id, log.charge, events)
    names = await _names({event.actor_id for event in told if event.actor_id})
    members = await _members(info, told)
    rows = [_row(event, names, members) for event in told]
    return [*lagged, *rows], events[-1].seq if len(events) == _AT_ONCE else newest


async def _names(people: set[UUID]) -> dict[UUID, str]:
    if not people:
        return {}
    return dict(await Person.filter(id__in=people).values_list("id", "name"))


async def _members(info: Info, events: Sequence[GroupEvent]) -> dict[UUID, MemberRow]:
    """Read the members whom these events are about, where they are selected, together."""
    if "member" not in selected_fields(info):
        return {}
    subjects = {event.subject_id for event in events if subject_of(event.type) is Subject.MEMBER}
    ids = [subject_id for subject_id in subjects if subject_id is not None]
    return await load_members(info, ids, "member") if ids else {}


def _row(
    event: GroupEvent, names: Mapping[UUID, str], members: Mapping[UUID, MemberRow]
) -> EventRow:
    subject_id = event.subject_id
    return EventRow(
        number=event.seq,
        type=event.type,
        at=event.at,
        actor=names.get(event.actor_id) if event.actor_id else None,
        subject_id=encode_id(subject_of(event.type), subject_id) if subject_id else None,
        member=members.get(subject_id) if subject_id else None,
    )
