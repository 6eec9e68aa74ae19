"""Live views: woken by the bus, read from the database, the right checked at each event."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import partial

from app.domain.groups import GroupColour
from app.domain.roles import Right, Standing
from app.ports.bus import Listener, group_channel, progress_channel
from app.resolvers.context import Info
from app.resolvers.crowds import FollowedGroup, Follower
from app.resolvers.following import Take
from app.resolvers.group_row import GroupRow
from app.resolvers.ids import decode_id
from app.resolvers.refresh import RunRow, run_for_watchers
from app.resolvers.watching import WatchedGroup
from app.services.kernel.outlasting import outlasting


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """What of a group's status the viewer may know (R17, R21)."""

    standing: Standing
    colour: GroupColour
    counts: Mapping[str, int] | None

    @classmethod
    def of(cls, row: GroupRow) -> "GroupStatus":
        """Return the status of a row; a plain member's is the colour only."""
        counts = row.reason_counts if row.rights.allows(Right.VIEW_CHARGE) else None
        return cls(row.rights.standing, row.colour, counts)


class _StatusChanges:
    """The status of one group as one subscriber follows it."""

    def __init__(self, info: Info, watched: WatchedGroup, listener: Listener) -> None:
        assert info.context.claims is not None, "the right was checked"
        self._group = FollowedGroup(watched, GroupStatus.of, info.context.env)
        self._follower = Follower(info.context.claims.session_id)
        self._listener = listener

    def is_news(self, row: GroupRow) -> bool:
        """Return whether the status has changed; from now on the subscriber knows it."""
        known, self._follower.told = self._follower.told, GroupStatus.of(row)
        return self._follower.told != known

    async def follow(self, take: Take) -> None:
        """Hand over the group whenever its status changes."""
        await self._group.follow(self._follower, take, self._listener)


async def group_status_changed(info: Info, group_id: str) -> AsyncIterator[GroupRow]:
    """Resolve ``groupStatusChanged``: the group now, and whenever its status changes (R21).

    A plain member hears of the colour only: counts would tell of others (R17).
    """
    key = decode_id(group_id, "Group")
    async with info.context.env.bus.listen(group_channel(key)) as listener:
        watched = WatchedGroup(info, key, "colour", "colourReasons")
        changes = info.context.following.source = _StatusChanges(info, watched, listener)
        listening = True
        while listening:
            row = await outlasting(watched.look)
            if changes.is_news(row):
                yield row
            listening = await listener.nudged()


async def refresh_progressed(info: Info, group_id: str) -> AsyncIterator[RunRow]:
    """Resolve ``refreshProgressed``: the current run and each step of it and later ones (R26)."""
    key = decode_id(group_id, "Group")
    async with info.context.env.bus.listen(progress_channel(key)) as listener:
        watched = WatchedGroup(info, key, "refresh")
        last: RunRow | None = None
        listening = True
        while listening:
            row = await outlasting(partial(_current_run, info, watched))
            if row is not None and row != last:
                last = row
                yield row
            listening = await listener.nudged()


async def _current_run(info: Info, watched: WatchedGroup) -> RunRow | None:
    row = await watched.look()
    row.rights.demand(Right.VIEW_CHARGE)
    return await run_for_watchers(info, row.refresh_run_id) if row.refresh_run_id else None
