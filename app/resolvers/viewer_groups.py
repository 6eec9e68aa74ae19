"""All groups of the viewer in one live view: which changed, which came, which left."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.groups import GroupColour
from app.domain.roles import Right, Standing
from app.ports.bus import Listener, account_channel, group_channel, person_channel
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.groups import all_groups_of_viewer
from app.resolvers.ids import encode_id


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


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """What of a group's status the viewer may know (R17, R21)."""

    standing: Standing
    colour: GroupColour
    counts: Mapping[str, int] | None

    @classmethod
    def of(cls, row: GroupRow) -> "GroupStatus":
        """Return the status of a row; a plain member's is the colour only."""
        counts = row.reason_counts if row.rights.allows(Right.VIEW_MEMBERS) else None
        return cls(row.rights.standing, row.colour, counts)


_STATUS: Final = ("colour", "colourReasons")


async def viewer_groups_changed(info: Info) -> AsyncIterator[GroupChangeRow]:
    """Resolve ``viewerGroupsChanged``: every group now, then each that changes, comes or leaves.

    The session and all rights are read again at each nudge. Raise ``Unauthenticated`` once the
    session ended.
    """
    async with info.context.env.bus.listen() as listener:
        known: dict[UUID, GroupStatus] | None = None
        listening = True
        while listening:
            rows = await _read(info, listener)
            found = {group_id: GroupStatus.of(row) for group_id, row in rows.items()}
            for change in _beginning(rows) if known is None else _changes(known, found, rows):
                yield change
            known = found
            listening = await listener.nudged()


async def _read(info: Info, listener: Listener) -> dict[UUID, GroupRow]:
    """Read the viewer's groups, and listen to each of them from before it was read."""
    while True:
        info.context.renew()
        viewer = await info.context.viewer()
        rows = await all_groups_of_viewer(info, "group", always=_STATUS)
        channels = [account_channel(viewer.account_id), *map(group_channel, rows)]
        if viewer.person_id is not None:
            channels.append(person_channel(viewer.person_id))
        if not listener.tune(channels):
            return rows


def _beginning(rows: Mapping[UUID, GroupRow]) -> Iterator[GroupChangeRow]:
    for group_id, row in rows.items():
        yield _change(GroupChangeKind.CURRENT, group_id, row)
    yield GroupChangeRow(GroupChangeKind.SYNCED)


def _changes(
    known: Mapping[UUID, GroupStatus],
    found: Mapping[UUID, GroupStatus],
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
