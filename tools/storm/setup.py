"""The setup before the storm: people signed in, groups with managers, one group nearly full."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from app.client import resident_id
from app.domain.events import EventType
from app.domain.limits import GROUP_PEOPLE
from app.domain.quotas import Quota
from app.models.database import database
from app.models.fields import use_cipher
from app.ports.cipher import Cipher
from app.resolvers.ids import encode_id
from tests.support.groups import FILLED_PHONE, fill
from tests.support.in_process import SECRET
from tools.storm.allowed import Allowed
from tools.storm.client import Network, StormClient
from tools.storm.deployment import Deployment
from tools.storm.plan import Plan
from tools.storm.recorder import GroupState, MembershipState, OrganisationState, key_of

SECTION = "一班"  # that each group has
FEWEST_ORGANISATIONS = 3  # so that there is a tree to move about
_YELLOW_EVERY = 3  # one in so many people has a yellow code


@dataclass
class TargetGroup:
    """A group that lasts throughout, its managers, and the people who join and leave it."""

    id: str
    name: str
    creator: StormClient
    token: str
    section_id: str
    admins: list[StormClient] = field(default_factory=list)
    members: list[StormClient] = field(default_factory=list)
    full: bool = False
    reminding: Allowed = field(default_factory=lambda: Allowed(Quota.REMINDERS))

    @property
    def managers(self) -> list[StormClient]:
        """Return who manages it throughout."""
        return [self.creator, *self.admins]


@dataclass
class Setup:
    """Everyone and everything that a storm begins with."""

    targets: list[TargetGroup]
    owners: list[tuple[StormClient, list[StormClient]]]  # with friends, who join their groups
    bureau: StormClient  # who owns the organisations
    top: OrganisationState  # the one that lasts throughout


class _People:
    """Signs people in, a few at once."""

    def __init__(self, network: Network, plan: Plan) -> None:
        self._network, self._plan = network, plan
        self._serial = 0

    async def sign_in(self, number: int) -> list[StormClient]:
        """Return so many new people, signed in and real-named."""
        serials = range(self._serial + 1, self._serial + 1 + number)
        self._serial += number
        clients = [self._client(serial) for serial in serials]
        await asyncio.gather(*map(self._sign_in, clients))
        return clients

    def _client(self, serial: int) -> StormClient:
        return StormClient(
            self._network,
            phone=f"+86139{serial:08}",
            name=f"张{serial}",
            id_number=resident_id(serial),
            serial=serial,
            chance=self._plan.chance("client", serial),
        )

    async def _sign_in(self, client: StormClient) -> None:
        if client.serial % _YELLOW_EVERY == 0:
            await self._network.set_record(client.id_number, health_code="YELLOW")
        await client.sign_in()
        verification_id = await client.verify("IDENTIFY")
        await client.must("confirmIdentity", "me { name }", verificationId=verification_id)
        client.recorder.names[client.phone] = client.name


async def set_up(deployment: Deployment, network: Network, plan: Plan) -> Setup:
    """Sign everyone in and create the groups; nothing is killed yet."""
    people = _People(network, plan)
    names = [f"S{plan.seed}-{number}" for number in range(plan.groups)]
    targets = await asyncio.gather(*(_target(people, name, plan.members) for name in names))
    full = await _target(people, f"S{plan.seed}-full", plan.contenders, full=True)
    await _fill(deployment, full, GROUP_PEOPLE - 1 - plan.free_places)
    *owners, bureau = await people.sign_in(plan.owners + 1)
    friends = await people.sign_in(2 * plan.owners)
    pairs = zip(friends[::2], friends[1::2], strict=True)
    tree = [f"S{plan.seed}-above-{number}" for number in range(FEWEST_ORGANISATIONS)]
    top, *_ = await asyncio.gather(*(create_organisation(bureau, name) for name in tree))
    return Setup(
        [*targets, full],
        [(one, list(two)) for one, two in zip(owners, pairs, strict=True)],
        bureau,
        top,
    )


async def _target(people: _People, name: str, number: int, *, full: bool = False) -> TargetGroup:
    creator, admin, *members = await people.sign_in(2 + number)
    group_id, token = await create_group(creator, name)
    section = await creator.must("createSection", "section { id }", groupId=group_id, name=SECTION)
    section_id = section["section"]["id"]
    target = TargetGroup(group_id, name, creator, token, section_id, members=members, full=full)
    if full:
        members.append(admin)
    else:
        membership = MembershipState(key_of(group_id), admin.phone)
        creator.recorder.memberships.append(membership)
        await join(admin, target.token, membership)
        await appoint(creator, target.id, membership)
        target.admins.append(admin)
    return target


async def create_group(creator: StormClient, name: str) -> tuple[str, str]:
    """Create a group and an invitation to it; return its id and the invitation's token."""
    given = {"name": name, "type": "SCHOOL", "address": "广州", "consent": True}
    group_id: str = (await creator.must("createGroup", "group { id }", **given))["group"]["id"]
    recorder = creator.recorder
    recorder.groups[key_of(group_id)] = GroupState(name, creator.phone)
    recorder.note(EventType.GROUP_CREATED, key_of(group_id))
    return group_id, await invite(creator, group_id)


async def create_organisation(owner: StormClient, name: str) -> OrganisationState:
    """Create an organisation and a code that attaches to it."""
    made = await owner.must("createOrganisation", "organisation { id }", name=name)
    organisation = OrganisationState(made["organisation"]["id"], name)
    owner.recorder.organisations[key_of(organisation.id)] = organisation
    given = {"organisationId": organisation.id}
    code = await owner.must("createOrganisationCode", "code { token }", **given)
    organisation.token = code["code"]["token"]
    return organisation


async def invite(manager: StormClient, group_id: str) -> str:
    """Create an invitation; return its token."""
    fields = "invitation { id token }"
    made = (await manager.must("createInvitation", fields, groupId=group_id))["invitation"]
    key = key_of(made["id"])
    manager.recorder.note(EventType.INVITATION_CREATED, key_of(group_id), key)
    token: str = made["token"]
    return token


async def join(client: StormClient, token: str, membership: MembershipState) -> str:
    """Join by an invitation; return the code of a refusal, empty if done."""
    person = {"self": True, "remark": "新来", "verificationId": await client.verify("JOIN")}
    outcome = await client.try_change(
        "joinGroup", "members { id }", token=token, consent=True, people=[person]
    )
    joined, recorder = outcome.payload.get("members"), client.recorder
    if joined:
        membership.member_id, membership.remark = key_of(joined[0]["id"]), "新来"
        recorder.phones[membership.member_id] = membership.reached_at = client.phone
        recorder.note(EventType.MEMBER_JOINED, membership.group_id, membership.member_id)
    elif not outcome.refused:
        # The group may have been dissolved between the joining and the answer.
        recorder.unseen_joins[membership.group_id] += 1
    return outcome.refused


async def appoint(creator: StormClient, group_id: str, membership: MembershipState) -> str:
    """Make a member an admin; return the code of a refusal, empty if done."""
    member_id = member_id_of(membership)
    outcome = await creator.try_change("appointAdmin", "member { id }", memberId=member_id)
    if not outcome.refused:
        membership.admin = True
        creator.recorder.note(EventType.ADMIN_APPOINTED, key_of(group_id), membership.member_id)
    return outcome.refused


async def _fill(deployment: Deployment, target: TargetGroup, people: int) -> None:
    """Have the group hold that many people more, written straight to the rows."""
    use_cipher(Cipher(SECRET))
    async with database(deployment.database_url):
        await fill(target.id, people)
    target.creator.recorder.groups[key_of(target.id)].others.add(FILLED_PHONE)


def member_id_of(membership: MembershipState) -> str:
    """Return a membership's global id."""
    return encode_id("Member", UUID(membership.member_id))
