"""Someone who creates groups up to the limit, has friends join, and dissolves them."""

import asyncio
from random import Random

from app.domain.events import EventType
from app.domain.limits import OWNED_GROUPS
from tools.storm.ledger import GroupState, Ledger, SeatState, key_of
from tools.storm.phone import Lost, Phone, Refused, Unreached
from tools.storm.scene import invite, join

_OWN = "{ me { groups(roles: [CREATOR], first: 100) { nodes { id name } } } }"
# What someone may be told who comes as the group is dissolved.
_TOO_LATE = {"INVITATION_NOT_FOUND", "INVITATION_WITHDRAWN", "INVITATION_EXPIRED", "NOT_FOUND"}


class Owner:
    """Creates and dissolves; the last place is fought for by two requests at once."""

    def __init__(self, owner: Phone, friends: list[Phone], chance: Random) -> None:
        self._owner, self._friends, self._chance = owner, friends, chance
        self._ledger: Ledger = owner.net.ledger
        self._owned: list[str] = []
        self._made = 0

    async def live(self, over: asyncio.Event) -> None:
        """Go on until the storm is over."""
        while not over.is_set():
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
        """Create a group of a name of its own: lost answers are found again by it."""
        self._made += 1
        name = f"O{self._owner.serial}-{self._made}"
        expected_full = len(self._owned) >= OWNED_GROUPS - 1
        group_id = await self._create_surely(name)
        if group_id is None:
            if not expected_full:
                self._ledger.wrong(f"{name} was refused to an owner of {len(self._owned)}")
            return
        key = key_of(group_id)
        self._ledger.groups[key] = GroupState(name, self._owner.number)
        self._ledger.note(EventType.GROUP_CREATED, key)
        self._owned.append(group_id)

    async def _create_surely(self, name: str) -> str | None:
        """Create, and after a lost answer look first whether it is there; None when refused."""
        wish = {"name": name, "type": "SCHOOL", "address": "广州", "consent": True}
        counts = self._ledger.counts["createGroup"]
        while True:
            try:
                payload = await self._owner.try_once("createGroup", "group { id }", **wish)
                counts["answered"] += 1
                group_id: str = payload["group"]["id"]
                return group_id
            except Refused as refusal:
                counts["refused"] += 1
                if str(refusal) != "GROUP_LIMIT_REACHED":
                    self._ledger.wrong(f"creating {name}: {refusal}")
                return None
            except Lost as error:
                counts["lost"] += not isinstance(error, Unreached)
            await asyncio.sleep(self._chance.uniform(1, 2))
            own = (await self._owner.read(_OWN))["me"]["groups"]["nodes"]
            found = [group["id"] for group in own if group["name"] == name]
            if found:
                counts["answered"] += 1
                return str(found[0])

    async def _dissolve(self, group_id: str) -> None:
        """Dissolve a group while friends join it."""
        token = await invite(self._owner, group_id)
        first, second = self._friends
        await self._befriend(first, token, group_id)
        check = await self._owner.face("DISSOLVE")
        wish = {"groupId": group_id, "verificationId": check, "riskAcknowledged": True}
        joining = asyncio.create_task(self._befriend(second, token, group_id))
        await asyncio.sleep(self._chance.uniform(0, 0.1))
        answer = await self._owner.change("dissolveGroup", "group { id }", **wish)
        await joining
        if answer.refused and not (answer.lost and answer.refused == "NOT_FOUND"):
            self._ledger.wrong(f"dissolving {group_id}: {answer.refused}")
        self._ledger.groups[key_of(group_id)].dissolved = True
        self._ledger.note(EventType.GROUP_DISSOLVED, key_of(group_id))

    async def _befriend(self, friend: Phone, token: str, group_id: str) -> None:
        seat = SeatState(key_of(group_id), friend.number)
        refused = await join(friend, token, seat)
        if refused and refused not in _TOO_LATE:
            self._ledger.wrong(f"join of {friend.number}: {refused}")
        self._ledger.seats.append(seat)

    def _doubt(self) -> None:
        for group in self._ledger.groups.values():
            group.doubtful |= group.creator == self._owner.number
