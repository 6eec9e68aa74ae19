"""All groups of the viewer in one live view: which changed, which came, which left.

A change is whatever the viewer sees of a group. To managers that is any event of its log; to
others the group's page and their own members in it, so that nothing tells of anyone else (R17).
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from app.domain.roles import Right
from app.models.members import Membership
from app.ports.bus import Listener, account_channel, group_channel, person_channel
from app.resolvers.alike import Alike
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.ids import encode_id
from app.resolvers.rows import condition
from app.resolvers.watching import WatchedGroups
from app.services.kernel.outlasting import outlasting


class GroupChangeKind(StrEnum):
    """Why a viewer is told of one of their groups."""

    CURRENT = "CURRENT"
    SYNCED = "SYNCED"
    CHANGED = "CHANGED"
    CAME = "CAME"
    LEFT = "LEFT"


@dataclass(frozen=True, slots=True)
class GroupChangeRow:
    """One group that the viewer is told of; none in ``SYNCED``."""

    kind: GroupChangeKind
    group_id: str | None = None
    group: GroupRow | None = None

    @property
    def managed(self) -> GroupRow | None:
        """The same group, where the viewer manages it."""
        group = self.group
        return group if group and group.rights.allows(Right.VIEW_CHARGE) else None

    @property
    def alike(self) -> Alike | None:
        """What others have in common with it who are told the same of an equal row."""
        alike = self.group.alike if self.group else None
        return alike.within(self.kind) if alike else None


# What is compared with what was told before; nothing reads it.
Shown: TypeAlias = tuple[object, ...]
_Whose: TypeAlias = tuple[UUID, frozenset[UUID]]  # a viewer's own members, in some groups

_PAGE: Final = ("name", "type", "address", "colour", "creator", "requirement", "anomalyAlerts")
_RECORD: Final = "person__record__"
# What tells that one's own member changed; of their health, what is in the clear.
_OWN: Final = (
    "id",
    "role",
    "remark",
    "phone",
    "enrolled_by_id",
    "withheld_at",
    "excused_from",
    "excused_until",
    "section_id",
    "section__name",
    "person__name",
    "leave_request__id",
    "anomaly__id",
    "anomaly__reason_mask",
    "anomaly__next_change_at",
    f"{_RECORD}as_of",
    f"{_RECORD}newest_result_at",
    f"{_RECORD}newest_negative_at",
    f"{_RECORD}doses",
)


async def viewer_groups_changed(info: Info) -> AsyncIterator[GroupChangeRow]:
    """Resolve ``viewerGroupsChanged``: every group now, then each that changes, comes or leaves.

    The session and all rights are read again at each nudge. Raise ``Unauthenticated`` once the
    session ended.
    """
    watched = WatchedGroups(info, ("group", "managed"), _PAGE)
    async with info.context.env.bus.listen() as listener:
        known: dict[UUID, Shown] | None = None
        listening = True
        while listening:
            rows, found = await outlasting(partial(_look, info, watched, listener))
            for change in _beginning(rows) if known is None else _changes(known, found, rows):
                yield change
            known = found
            listening = await listener.nudged()


async def _look(
    info: Info, watched: WatchedGroups, listener: Listener
) -> tuple[Mapping[UUID, GroupRow], dict[UUID, Shown]]:
    rows = await _read(info, watched, listener)
    return rows, await _shown(info, rows)


async def _read(info: Info, watched: WatchedGroups, listener: Listener) -> dict[UUID, GroupRow]:
    """Read the viewer's groups, and listen to each of them from before it was read."""
    while True:
        rows = await watched.look()
        viewer = await info.context.viewer()
        channels = [account_channel(viewer.account_id), *map(group_channel, rows)]
        if viewer.person_id is not None:
            channels.append(person_channel(viewer.person_id))
        if not listener.tune(channels):
            return rows


async def _shown(info: Info, rows: Mapping[UUID, GroupRow]) -> dict[UUID, Shown]:
    """Return of each group what the viewer sees of it, to be compared later."""
    managed = {key for key, row in rows.items() if row.rights.allows(Right.VIEW_CHARGE)}
    own = await _own_members(info, rows.keys() - managed)
    return {
        key: (row.role, row.version, row.own_choices, row.rights.charge)
        if key in managed
        else _page(row, own[key])
        for key, row in rows.items()
    }


def _page(row: GroupRow, own: frozenset[Shown]) -> Shown:
    page = (row.name, row.type, row.address, row.colour, row.creator, row.requirement)
    return (row.viewer_role, *page, own)


async def _own_members(info: Info, group_ids: Collection[UUID]) -> Mapping[UUID, frozenset[Shown]]:
    """Return, of groups, the state of the viewer's own members, read for all who look together."""
    person_id = (await info.context.viewer()).person_id
    if not group_ids or person_id is None:
        return {}
    whose = (person_id, frozenset(group_ids))
    return await info.context.env.together.read("own members", _read_own, whose) or {}


async def _read_own(
    asked: Collection[_Whose],
) -> dict[_Whose, dict[UUID, frozenset[Shown]]]:
    people = {person_id for person_id, _ in asked}
    in_groups = Membership.filter(group_id__in=list(frozenset().union(*(own for _, own in asked))))
    states: defaultdict[tuple[UUID, UUID], set[Shown]] = defaultdict(set)
    for viewer in ("person_id", "guardianships__guardian_id"):
        members = in_groups.filter(condition(f"{viewer}__in", list(people)))
        for person_id, group_id, *state in await members.values_list(viewer, "group_id", *_OWN):
            states[person_id, group_id].add(tuple(state))
    return {
        (person_id, own): {group_id: frozenset(states[person_id, group_id]) for group_id in own}
        for person_id, own in asked
    }


def _beginning(rows: Mapping[UUID, GroupRow]) -> Iterator[GroupChangeRow]:
    for group_id, row in rows.items():
        yield _change(GroupChangeKind.CURRENT, group_id, row)
    yield GroupChangeRow(GroupChangeKind.SYNCED)


def _changes(
    known: Mapping[UUID, Shown],
    found: Mapping[UUID, Shown],
    rows: Mapping[UUID, GroupRow],
) -> Iterator[GroupChangeRow]:
    for group_id in known.keys() - found.keys():
        yield _change(GroupChangeKind.LEFT, group_id)
    for group_id, row in rows.items():
        if group_id not in known:
            yield _change(GroupChangeKind.CAME, group_id, row)
        elif known[group_id] != found[group_id]:
            yield _change(GroupChangeKind.CHANGED, group_id, row)


def _change(kind: GroupChangeKind, group_id: UUID, row: GroupRow | None = None) -> GroupChangeRow:
    return GroupChangeRow(kind, encode_id("Group", group_id), row)
