"""The scene before the storm: people signed in, groups with managers, one group nearly full."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from app.domain.events import EventType
from app.domain.limits import GROUP_PEOPLE
from app.models.database import database
from app.models.fields import use_cipher
from app.ports.cipher import Cipher
from app.resolvers.ids import encode_id
from tests.support.groups import fill
from tools.storm.ledger import GroupState, SeatState, key_of
from tools.storm.phone import Net, Phone
from tools.storm.plan import Plan
from tools.storm.stage import SECRET, Stage

_YELLOW_EVERY = 3  # one in so many people has a yellow code


@dataclass
class Team:
    """A group that stands throughout, its managers and who comes and goes."""

    id: str
    name: str
    creator: Phone
    token: str
    admins: list[Phone] = field(default_factory=list)
    comers: list[Phone] = field(default_factory=list)
    full: bool = False

    @property
    def managers(self) -> list[Phone]:
        """Those who manage it throughout."""
        return [self.creator, *self.admins]


@dataclass
class Scene:
    """Everyone and everything that a storm begins with."""

    teams: list[Team]
    owners: list[tuple[Phone, list[Phone]]]  # with their friends, who join what they create


class _People:
    """Signs people in, a few at once."""

    def __init__(self, net: Net, plan: Plan) -> None:
        self._net, self._plan = net, plan
        self._serial = 0

    async def come(self, number: int) -> list[Phone]:
        """So many new people, signed in and real-named."""
        serials = range(self._serial + 1, self._serial + 1 + number)
        self._serial += number
        phones = [Phone(self._net, one, self._plan.chance("phone", one)) for one in serials]
        await asyncio.gather(*map(self._arrive, phones))
        return phones

    async def _arrive(self, phone: Phone) -> None:
        if phone.serial % _YELLOW_EVERY == 0:
            path = f"{self._net.sandbox}/records/RESIDENT_ID/{phone.id_number}"
            record = {"health_code": "YELLOW"}
            (await self._net.http.put(path, json=record)).raise_for_status()
        await phone.sign_in()
        check = await phone.face("IDENTIFY")
        await phone.must("confirmIdentity", "me { name }", verificationId=check)
        self._net.ledger.names[phone.number] = phone.name


async def set_scene(stage: Stage, net: Net, plan: Plan) -> Scene:
    """Lay everything down; nothing is killed yet."""
    people = _People(net, plan)
    teams = await asyncio.gather(
        *(_team(people, f"S{plan.seed}-{number}", plan.seats) for number in range(plan.groups))
    )
    full = await _team(people, f"S{plan.seed}-full", plan.contenders, full=True)
    await _fill(stage, full, GROUP_PEOPLE - 1 - plan.places)
    owners = await people.come(plan.owners)
    friends = await people.come(2 * plan.owners)
    pairs = zip(friends[::2], friends[1::2], strict=True)
    return Scene([*teams, full], [(one, list(two)) for one, two in zip(owners, pairs, strict=True)])


async def _team(people: _People, name: str, seats: int, *, full: bool = False) -> Team:
    creator, admin, *comers = await people.come(2 + seats)
    group_id, token = await found_group(creator, name)
    team = Team(group_id, name, creator, token, comers=comers, full=full)
    if full:
        comers.append(admin)
    else:
        seat = SeatState(key_of(group_id), admin.number)
        creator.net.ledger.seats.append(seat)
        await join(admin, team.token, seat)
        await appoint(creator, team.id, seat)
        team.admins.append(admin)
    return team


async def found_group(creator: Phone, name: str) -> tuple[str, str]:
    """Create a group and an invitation to it."""
    wish = {"name": name, "type": "SCHOOL", "address": "广州", "consent": True}
    group_id: str = (await creator.must("createGroup", "group { id }", **wish))["group"]["id"]
    ledger = creator.net.ledger
    ledger.groups[key_of(group_id)] = GroupState(name, creator.number)
    ledger.note(EventType.GROUP_CREATED, key_of(group_id))
    return group_id, await invite(creator, group_id)


async def invite(manager: Phone, group_id: str) -> str:
    """Make an invitation; answers its token."""
    fields = "invitation { id token }"
    made = (await manager.must("createInvitation", fields, groupId=group_id))["invitation"]
    key = key_of(made["id"])
    manager.net.ledger.note(EventType.INVITATION_CREATED, key_of(group_id), key)
    token: str = made["token"]
    return token


async def join(phone: Phone, token: str, seat: SeatState) -> str:
    """Join by an invitation; answers the code of a refusal, empty if done."""
    person = {"self": True, "remark": "新来", "verificationId": await phone.face("JOIN")}
    answer = await phone.change(
        "joinGroup", "members { id }", token=token, consent=True, people=[person]
    )
    joined = answer.payload.get("members")
    if joined:
        seat.member_id, seat.remark = key_of(joined[0]["id"]), "新来"
        phone.net.ledger.phones[seat.member_id] = phone.number
        phone.net.ledger.note(EventType.MEMBER_JOINED, seat.group_id, seat.member_id)
    elif answer.lost or not answer.refused:
        # The group may have been dissolved between the joining and the answer.
        phone.net.ledger.unseen_joins[seat.group_id] += 1
    return answer.refused


async def appoint(creator: Phone, group_id: str, seat: SeatState) -> str:
    """Make a member an admin; answers the code of a refusal, empty if done."""
    answer = await creator.change("appointAdmin", "member { id }", memberId=member_id_of(seat))
    if not answer.refused:
        seat.admin = True
        creator.net.ledger.note(EventType.ADMIN_APPOINTED, key_of(group_id), seat.member_id)
    return answer.refused


async def _fill(stage: Stage, team: Team, people: int) -> None:
    """Have the group hold that many people more, written straight to the rows."""
    use_cipher(Cipher(SECRET))
    async with database(stage.database_url):
        await fill(team.id, people)


def member_id_of(seat: SeatState) -> str:
    """The global id of the membership that a seat holds."""
    return encode_id("Member", UUID(seat.member_id))
