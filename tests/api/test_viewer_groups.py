"""A dashboard of many groups: one subscription tells of all that are the viewer's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.ports import bus
from tests.support.families import add_relative, enrol
from tests.support.groups import a_group, accept_group, dissolve, offer_group
from tests.support.members import member_id_of
from tests.support.person import Person, Socket
from tests.support.world import World

CHANGES = """subscription { viewerGroupsChanged {
    kind groupId group { id name colour viewerRole } } }"""
COUNTED = """subscription { viewerGroupsChanged {
    kind group { colour colourReasons { reason count } } } }"""
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

    async def begin(self) -> list[str]:
        """Wait until every group was told; return their ids."""
        ids = []
        while (told := await self.next())["kind"] == "CURRENT":
            ids.append(told["groupId"])
        assert told == {"kind": "SYNCED", "groupId": None, "group": None}
        return ids


@asynccontextmanager
async def dashboard_of(person: Person) -> AsyncIterator[Dashboard]:
    async with person.socket() as socket:
        await socket.subscribe(CHANGES)
        yield Dashboard(socket)


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
            told = await dashboard.next()
            while told["groupId"] != first:  # the second holds the creator, too
                told = await dashboard.next()
            assert told == {"kind": "CHANGED", "groupId": first, "group": red}


async def test_groups_that_come_and_go_are_told_without_asking_again(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    person = await world.real_person()
    async with dashboard_of(person) as dashboard:
        assert await dashboard.begin() == []
        own = await person.create_group(name="自己的")
        assert (await dashboard.next())["groupId"] == own
        member_id = await person.join(await creator.invite(group_id))
        came = await dashboard.next()
        assert (came["kind"], came["groupId"]) == ("CAME", group_id)
        assert came["group"]["viewerRole"] == "MEMBER"
        await creator.change("appointAdmin", "", memberId=member_id)
        promoted = await dashboard.next()
        assert (promoted["kind"], promoted["group"]["viewerRole"]) == ("CHANGED", "ADMIN")
        await creator.change("dismissAdmin", "", memberId=member_id)
        assert (await dashboard.next())["group"]["viewerRole"] == "MEMBER"
        await creator.change("removeMember", "", memberId=member_id)
        left = {"kind": "LEFT", "groupId": group_id, "group": None}
        assert await dashboard.next() == left
        await creator.change("updateGroup", "", groupId=group_id, name="与他们无关")
        await person.join(await creator.invite(group_id))
        again = await dashboard.next()
        assert (again["kind"], again["group"]["name"]) == ("CAME", "与他们无关")
        await dissolve(creator, group_id)
        assert await dashboard.next() == left


async def test_a_group_that_came_by_a_transfer_changes_the_role(world: World) -> None:
    creator, group_id, (admin,) = await a_group(world)
    admin_id = await member_id_of(admin, group_id)
    await creator.change("appointAdmin", "", memberId=admin_id)
    async with dashboard_of(creator) as old, dashboard_of(admin) as new:
        assert await old.begin() == await new.begin() == [group_id]
        await offer_group(creator, admin_id)
        await accept_group(admin, group_id)
        assert (await old.next())["group"]["viewerRole"] == "ADMIN"
        assert (await new.next())["group"]["viewerRole"] == "CREATOR"


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


async def test_a_plain_member_hears_of_the_colour_only(world: World) -> None:  # R17
    creator, group_id, (member,) = await a_group(world)
    await world.set_record(creator.id_number, health_code="YELLOW", tests=[])
    async with dashboard_of(member) as dashboard, creator.socket() as managers:
        await dashboard.begin()
        await managers.subscribe(COUNTED)
        for _ in range(2):
            await managers.next()
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        assert (await dashboard.next())["group"]["colour"] == "YELLOW"
        await managers.next()
        await creator.change("setRequirement", "", groupId=group_id, natValidity="D7")
        counts = (await managers.next())["viewerGroupsChanged"]["group"]["colourReasons"]
        assert len(counts) == 2  # the counts alone changed
        await dissolve(creator, group_id)
        assert (await dashboard.next())["kind"] == "LEFT"


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
