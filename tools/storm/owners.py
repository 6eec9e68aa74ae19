"""Someone who creates groups up to the limit, has friends join, and dissolves them."""

import asyncio
from random import Random

from app.domain.events import EventType
from app.domain.limits import OWNED_GROUPS
from tools.storm.client import Lost, StormClient
from tools.storm.recorder import GroupState, MembershipState, Recorder, key_of
from tools.storm.setup import invite, join

# What someone may be told who comes as the group is dissolved.
_TOO_LATE = {"INVITATION_NOT_FOUND", "INVITATION_WITHDRAWN", "INVITATION_EXPIRED", "NOT_FOUND"}


class OwnerScript:
    """Creates and dissolves groups; two requests at once compete for the last that is allowed."""

    def __init__(self, owner: StormClient, friends: list[StormClient], chance: Random) -> None:
        self._owner, self._friends, self._chance = owner, friends, chance
        self._recorder: Recorder = owner.recorder
        self._owned: list[str] = []
        self._made = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until told to stop, or until an answer is lost for good."""
        while not stop.is_set():
            try:
                if len(self._owned) < OWNED_GROUPS - 1:
                    await self._create()
                elif len(self._owned) < OWNED_GROUPS:
                    await asyncio.gather(self._create(), self._create())
                else:
                    await self._dissolve(self._owned.pop(self._chance.randrange(OWNED_GROUPS)))
            except Lost:
                self._doubt()
                return
            await asyncio.sleep(self._chance.uniform(0.2, 1))

    async def _create(self) -> None:
        """Create a group of a name of its own; however often it is sent, one comes to be."""
        self._made += 1
        name = f"O{self._owner.serial}-{self._made}"
        expected_full = len(self._owned) >= OWNED_GROUPS - 1
        given = {"name": name, "type": "SCHOOL", "address": "广州", "consent": True}
        outcome = await self._owner.try_change("createGroup", "group { id }", **given)
        if outcome.refused:
            if not expected_full or outcome.refused != "GROUP_LIMIT_REACHED":
                self._recorder.wrong(f"creating {name} of {len(self._owned)}: {outcome.refused}")
            return
        group_id = str(outcome.payload["group"]["id"])
        key = key_of(group_id)
        self._recorder.groups[key] = GroupState(name, self._owner.phone)
        self._recorder.note(EventType.GROUP_CREATED, key)
        self._owned.append(group_id)

    async def _dissolve(self, group_id: str) -> None:
        """Dissolve a group while friends join it."""
        token = await invite(self._owner, group_id)
        first, second = self._friends
        await self._join_friend(first, token, group_id)
        verification_id = await self._owner.verify("DISSOLVE")
        given = {"groupId": group_id, "verificationId": verification_id, "riskAcknowledged": True}
        joining = asyncio.create_task(self._join_friend(second, token, group_id))
        await asyncio.sleep(self._chance.uniform(0, 0.1))
        outcome = await self._owner.try_change("dissolveGroup", "group { id }", **given)
        await joining
        if outcome.refused:
            self._recorder.wrong(f"dissolving {group_id}: {outcome.refused}")
        self._recorder.groups[key_of(group_id)].dissolved = True
        self._recorder.note(EventType.GROUP_DISSOLVED, key_of(group_id))

    async def _join_friend(self, friend: StormClient, token: str, group_id: str) -> None:
        membership = MembershipState(key_of(group_id), friend.phone)
        refused = await join(friend, token, membership)
        if refused and refused not in _TOO_LATE:
            self._recorder.wrong(f"join of {friend.phone}: {refused}")
        self._recorder.memberships.append(membership)

    def _doubt(self) -> None:
        for group in self._recorder.groups.values():
            group.doubtful |= group.creator == self._owner.phone
