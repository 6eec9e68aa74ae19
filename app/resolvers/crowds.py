"""All who follow one group: looked for together, and told one after another by calls.

A nudge wakes one task for each crowd, not one for each subscriber. It reads the group, sessions and
rights of all by a few statements, makes one row for each way in which the group is seen, and hands
it to everybody who sees it so. Who can't be told by a call is left to their own iteration: whose
session or right has ended, whose answer isn't shared, whose connection is busy.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

import orjson

from app.domain.roles import Role
from app.models.columns import Values
from app.models.watchers import Seat, guarded_seats, own_seats
from app.ports.bus import Listener, group_channel
from app.ports.clock import Clock
from app.resolvers.alike import Alike
from app.resolvers.charges import count_anew
from app.resolvers.following import Take
from app.resolvers.group_row import OWN_CHOICES, GroupRow
from app.resolvers.watching import WatchedGroup, read_watched
from app.services.kernel.crowds import Crowd
from app.services.kernel.env import Env, Viewer
from app.services.kernel.together import MOST_AT_ONCE

_AT_ONCE: Final = 25  # who are told before others get their turn: a millisecond's work


@dataclass(eq=False, slots=True)
class _View:
    """A group as all see it who see the same, and what of that is news when it differs."""

    row: GroupRow
    news: object = None


_Views: TypeAlias = Mapping[UUID, _View]  # by session


@dataclass(eq=False, slots=True)
class Follower:
    """One subscriber of a group, and the news that they were ``told`` last.

    ``take`` tells them by a call, until that is ``over``.
    """

    session_id: UUID
    told: object = None
    take: Take | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def see(self, view: _View | None) -> None:
        """Take what a look found; None: it isn't theirs to see any more, or couldn't be read."""
        if self.take is None:
            return
        if view is not None:
            if view.news == self.told:
                return
            if self.take(view.row):
                self.told = view.news
                return
        self.take = None
        self.over.set()


@dataclass(eq=False, slots=True)
class _Look:
    """Who looks at a group."""

    group_id: UUID
    sessions: list[UUID]


class FollowedGroup:
    """A group with the columns that some followers select."""

    def __init__(self, watched: WatchedGroup, news: Callable[[GroupRow], object], env: Env) -> None:
        """``news``: what of a row is told when it differs."""
        self._group_id = watched.group_id
        self._env = env
        self._read = partial(_read, watched.columns, news, env.clock)
        self._name = ("followed groups", news, *watched.columns)

    async def follow(self, follower: Follower, take: Take, listener: Listener) -> None:
        """Tell a follower by calls until that is over; then their ``listener`` hears a nudge."""
        follower.take = take
        follower.over.clear()
        crowds, channel = self._env.crowds, group_channel(self._group_id)
        async with crowds.joined((self._group_id, *self._name), follower, self._serve):
            if listener.take():  # since their iteration looked
                await self._look([follower])
            listener.tune(())
            try:
                await follower.over.wait()
            finally:
                listener.tune((channel,))
                follower.take = None
        listener.nudge()

    async def _serve(self, crowd: Crowd[Follower]) -> None:
        """Look for a crowd after every nudge, for ever."""
        try:
            async with self._env.bus.listen(group_channel(self._group_id)) as listener:
                crowd.served.set()
                while await listener.nudged():
                    members = list(crowd.members)
                    for begin in range(0, len(members), MOST_AT_ONCE):
                        await self._look(members[begin : begin + MOST_AT_ONCE])
        finally:
            crowd.served.set()
            for follower in crowd.members:
                follower.see(None)

    async def _look(self, followers: list[Follower]) -> None:
        look = _Look(self._group_id, [one.session_id for one in followers])
        together = self._env.together
        try:
            views = await together.read(self._name, self._read, look, len(followers)) or {}
        except Exception:  # each iteration looks for itself, and says what is wrong
            views = {}
        for place, follower in enumerate(followers):
            if place and place % _AT_ONCE == 0:
                await asyncio.sleep(0)
            follower.see(views.get(follower.session_id))


async def _read(
    columns: Mapping[str, str],
    news: Callable[[GroupRow], object],
    clock: Clock,
    looks: Collection[_Look],
) -> dict[_Look, _Views]:
    """Read groups, then who sees them: a right is never older than what is shown under it."""
    groups = await read_watched({look.group_id for look in looks}, columns)
    sessions = [session_id for look in looks for session_id in look.sessions]
    seen = _Seen(groups)
    seen.through(await own_seats(sessions, groups))
    others = [
        session_id
        for look in looks
        for session_id in look.sessions
        if look.group_id in groups and session_id not in seen.views[look.group_id]
    ]
    if others:
        seen.through(await guarded_seats(others, groups))
    await seen.finish(news, clock)
    return {look: seen.views[look.group_id] for look in looks}


class _Seen:
    """Who sees which group, and how."""

    def __init__(self, groups: Mapping[UUID, Values]) -> None:
        self._groups = groups
        self._made: dict[object, _View] = {}
        self.views: defaultdict[UUID, dict[UUID, _View]] = defaultdict(dict)  # by group

    def through(self, seats: Iterable[Seat]) -> None:
        """Note who sees a group through a seat; whose seats show the same have one view.

        Whoever has a seat of their own sees the group through that, whoever else they guard.
        """
        for session_id, account_id, viewer_id, group_id, person_id, role, bound, *chosen in seats:
            own = person_id == viewer_id
            views = self.views[group_id]
            if not own and session_id in views and views[session_id].row.viewer_role:
                continue
            view = self._made.get(key := (group_id, own, role, bound, *chosen))
            if view is None:
                seat = {"person_id": person_id, "role": Role(role)}
                seat |= zip(OWN_CHOICES, (bool(chosen[0]), *chosen[1:]), strict=True)
                seat["bound_to"] = bound and orjson.loads(bound)
                viewer = Viewer(account_id, session_id, viewer_id)
                row = GroupRow(self._groups[group_id] | seat, viewer)
                row.alike = Alike()
                view = self._made[key] = _View(row)
            views[session_id] = view

    async def finish(self, news: Callable[[GroupRow], object], clock: Clock) -> None:
        """Complete what section admins see (R51), and say what of each view is news."""
        await count_anew((view.row for view in self._made.values()), clock)
        for view in self._made.values():
            view.news = news(view.row)
