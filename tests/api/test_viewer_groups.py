"""A dashboard of many groups: one subscription tells of all that are the viewer's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.ports import bus
from tests.support.families import add_relative, enrol
from tests.support.groups import a_group, accept_group, dissolve, offer_group
from tests.support.leaves import request_leave
from tests.support.members import member_id_of
from tests.support.person import Person, Socket
from tests.support.statements import counted_statements
from tests.support.waiting import settled
from tests.support.world import World

CHANGES = """subscription { viewerGroupsChanged {
    kind groupId group { id name colour viewerRole } } }"""
DETAILED = """subscription { viewerGroupsChanged { kind groupId group {
    id name colour version pendingLeaveCount anomalyAlerts activity { state }
    members { nodes { id healthCode remark phone person { name } } }
    invitations { nodes { id } } messages { nodes { state } } } } }"""
OWN = """subscription { viewerGroupsChanged { kind groupId group {
    id address colour viewerMembers { id remark healthCode person { name }
        leaveRequest { reason } anomaly { reasons } } } } }"""
MANAGED = """subscription { viewerGroupsChanged {
    groupId group { name } managed { memberCount } } }"""
ACTIVITY = "query($id: ID!) { group(id: $id) { activity { state } } }"
RED = {"health_code": "RED", "tests": []}


@pytest.fixture(autouse=True)
def only_nudges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is told here is told because of a nudge."""
    monkeypatch.setattr(bus, "LOOK_AGAIN_SECONDS", 3600.0)


class Dashboard:
    """One subscription to all groups of a viewer."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket

    async def next(self) -> dict[str, Any]:
        """Wait for what is told next."""
        told: dict[str, Any] = (await self.socket.next())["viewerGroupsChanged"]
        return told

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """Wait until a group is told that has these values; what is told before may be anything."""
        while True:
            told = await self.next()
            if wanted.items() <= {**told, **(told["group"] or {})}.items():
                return told

    async def until_group(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until a group is told of which this holds; return the group."""
        while True:
            group: dict[str, Any] | None = (await self.next())["group"]
            if group is not None and holds(group):
                return group

    async def silent(self, seconds: float = 0.5) -> None:
        """Nothing is told for a while."""
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(seconds):
                raise AssertionError(f"told {await self.next()}")

    async def begin(self) -> list[str]:
        """Wait until every group was told; return their ids."""
        ids = []
        while (told := await self.next())["kind"] == "CURRENT":
            ids.append(told["groupId"])
        assert told == {"kind": "SYNCED", "groupId": None, "group": None}
        return ids


@asynccontextmanager
async def dashboard_of(person: Person, query: str = CHANGES) -> AsyncIterator[Dashboard]:
    async with person.socket() as socket:
        await socket.subscribe(query)
        yield Dashboard(socket)


def nodes(group: dict[str, Any], connection: str = "members") -> list[dict[str, Any]]:
    """What a connection of a group shows."""
    shown: list[dict[str, Any]] = group[connection]["nodes"]
    return shown


def own(told: dict[str, Any]) -> dict[str, Any]:
    """The viewer's only member in the group that is told."""
    [member] = told["group"]["viewerMembers"]
    assert isinstance(member, dict)
    return member


async def turn_red(world: World, creator: Person, group_id: str) -> None:
    await world.set_record(creator.id_number, **RED)
    await creator.change("refreshGroup", "run { id }", groupId=group_id)


async def test_a_manager_of_several_groups_hears_of_each_by_one_operation(world: World) -> None:
    creator, first, (admin,) = await a_group(world)
    second = await creator.create_group(name="第二小学")
    await creator.change("appointAdmin", "", memberId=await member_id_of(admin, first))
    third = await admin.create_group(name="第三小学")
    async with dashboard_of(creator) as theirs, dashboard_of(admin) as admins:
        assert await theirs.begin() == [first, second]
        assert await admins.begin() == [first, third]
        await turn_red(world, creator, first)
        for dashboard, role in ((theirs, "CREATOR"), (admins, "ADMIN")):
            red = {"id": first, "name": "第一小学", "colour": "RED", "viewerRole": role}
            told = await dashboard.until(groupId=first, colour="RED")
            assert told == {"kind": "CHANGED", "groupId": first, "group": red}


async def test_groups_that_come_and_go_are_told_without_asking_again(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    person = await world.real_person()
    async with dashboard_of(person) as dashboard:
        assert await dashboard.begin() == []
        own = await person.create_group(name="自己的")
        assert (await dashboard.next())["groupId"] == own
        member_id = await person.join(await creator.invite(group_id))
        came = await dashboard.until(groupId=group_id)
        assert (came["kind"], came["group"]["viewerRole"]) == ("CAME", "MEMBER")
        await creator.change("appointAdmin", "", memberId=member_id)
        promoted = await dashboard.until(groupId=group_id, viewerRole="ADMIN")
        assert promoted["kind"] == "CHANGED"
        await creator.change("dismissAdmin", "", memberId=member_id)
        assert (await dashboard.until(viewerRole="MEMBER"))["groupId"] == group_id
        await creator.change("removeMember", "", memberId=member_id)
        left = {"kind": "LEFT", "groupId": group_id, "group": None}
        assert await dashboard.until(**left) == left
        await creator.change("updateGroup", "", groupId=group_id, name="与他们无关")
        await person.join(await creator.invite(group_id))
        again = await dashboard.until(groupId=group_id)
        assert (again["kind"], again["group"]["name"]) == ("CAME", "与他们无关")
        await dissolve(creator, group_id)
        assert await dashboard.until(**left) == left


async def test_a_group_that_came_by_a_transfer_changes_the_role(world: World) -> None:
    creator, group_id, (admin,) = await a_group(world)
    admin_id = await member_id_of(admin, group_id)
    await creator.change("appointAdmin", "", memberId=admin_id)
    async with dashboard_of(creator) as old, dashboard_of(admin) as new:
        assert await old.begin() == await new.begin() == [group_id]
        await offer_group(creator, admin_id)
        await accept_group(admin, group_id)
        assert (await old.until(viewerRole="ADMIN"))["kind"] == "CHANGED"
        assert (await new.until(viewerRole="CREATOR"))["kind"] == "CHANGED"


async def test_a_guardian_hears_of_the_groups_of_those_they_enrolled(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    guardian = await world.real_person()
    relative = await add_relative(guardian, world.stranger())
    async with dashboard_of(guardian) as dashboard:
        assert await dashboard.begin() == []
        [ward] = await enrol(guardian, await creator.invite(group_id), relative)
        came = await dashboard.next()
        assert (came["kind"], came["group"]["viewerRole"]) == ("CAME", None)
        await creator.change("removeMember", "", memberId=ward)
        assert (await dashboard.next())["kind"] == "LEFT"


async def test_who_proves_who_they_are_finds_their_groups(world: World) -> None:
    _, group_id, (member,) = await a_group(world)
    device = await member.second_device()
    other = world.stranger()
    other.name, other.id_number = member.name, member.id_number
    await other.sign_in()
    async with dashboard_of(other) as dashboard, dashboard_of(device) as known:
        assert (await dashboard.begin(), await known.begin()) == ([], [group_id])
        await other.identify()
        came = await dashboard.next()
        assert (came["kind"], came["groupId"]) == ("CAME", group_id)


async def test_managers_hear_of_whatever_they_see_of_a_group(world: World) -> None:
    creator, group_id, (member,) = await a_group(world)
    member_id = await member_id_of(member, group_id)
    await settled(world)
    async with dashboard_of(creator, DETAILED) as dashboard:
        assert await dashboard.begin() == [group_id]
        await creator.change("updateMemberRemark", "", memberId=member_id, remark="三班")
        await dashboard.until_group(lambda group: "三班" in [one["remark"] for one in nodes(group)])
        await creator.invite(group_id)
        await dashboard.until_group(lambda group: len(nodes(group, "invitations")) == 2)
        await request_leave(member, group_id)
        await dashboard.until_group(lambda group: group["pendingLeaveCount"] == 1)
        await dashboard.until_group(lambda group: nodes(group, "messages") == [{"state": "SENT"}])
        await creator.change("setAnomalyAlerts", "", groupId=group_id, enabled=False)
        await dashboard.until_group(lambda group: group["anomalyAlerts"] is False)
        newcomer = await world.someone()
        await newcomer.join(await creator.invite(group_id))
        codes = ["GREEN"] * 3  # the first fetch changes no anomaly, and is seen all the same
        await dashboard.until_group(
            lambda group: [one["healthCode"] for one in nodes(group)] == codes
        )


async def test_managers_hear_of_names_and_phones_that_change_elsewhere(world: World) -> None:  # R6
    creator, _, (member,) = await a_group(world)
    await settled(world)
    async with dashboard_of(creator, DETAILED) as dashboard:
        await dashboard.begin()
        member.name = "张新名"
        await member.identify()
        await dashboard.until_group(
            lambda group: "张新名" in [one["person"]["name"] for one in nodes(group)]
        )
        other = await member.second_device()
        stranger = world.stranger()
        other.name, other.id_number = stranger.name, stranger.id_number
        await other.identify()  # another person takes the phone over
        await dashboard.until_group(lambda group: "" in [one["phone"] for one in nodes(group)])


async def test_a_visit_that_starts_nothing_is_told_too(world: World) -> None:  # R27
    creator, group_id, (admin,) = await a_group(world)
    await creator.change("appointAdmin", "", memberId=await member_id_of(admin, group_id))
    await world.advance(days=4)
    await creator.sign_in_again()
    await admin.sign_in_again()
    await settled(world)
    async with dashboard_of(admin, DETAILED) as dashboard:
        await dashboard.begin()
        before = (await creator.ask(ACTIVITY, id=group_id))["group"]
        assert before["activity"]["state"] == "INACTIVE"
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        await dashboard.until_group(lambda group: group["activity"]["state"] == "ACTIVE")


async def test_what_managers_alone_read_is_null_to_others_without_an_error(world: World) -> None:
    _, group_id, (person,) = await a_group(world)
    own = await person.create_group(name="自己的")
    async with dashboard_of(person, MANAGED) as dashboard:
        told = [await dashboard.next() for _ in range(3)]
    assert told[0] == {"groupId": group_id, "group": {"name": "第一小学"}, "managed": None}
    assert told[1] == {"groupId": own, "group": {"name": "自己的"}, "managed": {"memberCount": 1}}
    assert told[2] == {"groupId": None, "group": None, "managed": None}


async def test_members_hear_of_the_groups_page_and_their_own_and_of_nobody_else(  # R17
    world: World,
) -> None:
    creator, group_id, (member, other) = await a_group(world, members=2)
    other_id, member_id = [await member_id_of(one, group_id) for one in (other, member)]
    await settled(world)
    async with dashboard_of(member, OWN) as dashboard:
        assert await dashboard.begin() == [group_id]
        await creator.change("updateMemberRemark", "", memberId=other_id, remark="别人的")
        await creator.invite(group_id)
        await request_leave(other, group_id)
        await dashboard.silent()
        await creator.change("updateGroup", "", groupId=group_id, address="新址")
        assert (await dashboard.next())["group"]["address"] == "新址"
        await creator.change("updateMemberRemark", "", memberId=member_id, remark="自己的")
        assert own(await dashboard.next())["remark"] == "自己的"
        await request_leave(member, group_id)
        assert own(await dashboard.next())["leaveRequest"] is not None
        await world.set_record(member.id_number, **RED)
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        red = await dashboard.until_group(lambda group: group["colour"] == "RED")
        [mine] = red["viewerMembers"]
        assert (mine["healthCode"], mine["anomaly"]) == ("RED", {"reasons": ["CODE_RED"]})


async def test_who_is_watched_costs_no_statement_for_each_group_or_member(world: World) -> None:
    member = await world.real_person()
    seen = []
    for _ in range(2):
        for _ in range(2):
            creator, group_id, _ = await a_group(world)
            await member.join(await creator.invite(group_id))
        await settled(world)
        async with dashboard_of(member, CHANGES) as dashboard:
            await dashboard.begin()
            with counted_statements() as statements:
                await creator.change("updateGroup", "", groupId=group_id, name="新名")
                assert (await dashboard.next())["group"]["name"] == "新名"
        reads = ('"membership"', '"guardianship"')
        selects = [sql for sql in statements.seen if sql.startswith("SELECT")]
        seen.append(sum(any(table in sql for table in reads) for sql in selects))
    assert seen[0] == seen[1]


async def test_it_ends_with_the_session_and_is_for_the_signed_in(world: World) -> None:
    creator, group_id, (member,) = await a_group(world)
    async with dashboard_of(member) as dashboard:
        await dashboard.begin()
        await member.ask("mutation { signOut { errors { code } } }")
        await creator.change("updateGroup", "", groupId=group_id, name="新名")
        assert await dashboard.socket.error() == "UNAUTHENTICATED"
        assert (await dashboard.socket.receive())["type"] == "complete"
        await dashboard.socket.subscribe(CHANGES, "2")
        assert await dashboard.socket.error("2") == "UNAUTHENTICATED"
