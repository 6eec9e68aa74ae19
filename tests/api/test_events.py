"""The event log as managers follow it, and who looked at whom (R34)."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from app.domain.events import Event, EventType
from app.models.events import GroupEvent, append_events
from app.ports import bus
from app.resolvers.ids import decode_id
from tests.support.clock import move_to
from tests.support.groups import a_group, dissolve
from tests.support.leaves import leave
from tests.support.members import member_id_of
from tests.support.person import Socket
from tests.support.shown_writes import by_hand
from tests.support.waiting import eventually, settled
from tests.support.world import World

EVENTS = """subscription($id: ID!, $after: Int) { groupEvents(groupId: $id, after: $after) {
    ... on GroupEvent { number type actor subjectId } ... on Lagged { missing: number } } }"""
STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { name } }"
VERSION = "query($id: ID!) { group(id: $id) { version } }"
ACCESSES = "{ me { accesses { nodes { by groupName kind firstAt lastAt } } } }"
DETAILS = "query($id: ID!) { group(id: $id) { members { nodes { healthCode } } } }"


@pytest.fixture(scope="module", autouse=True)
async def noon(world: World) -> None:
    """Far from midnight: looks are noted once a day."""
    await move_to(world, hour=12)


async def replay(socket: Socket, operation: str, count: int) -> list[dict[str, Any]]:
    return [(await socket.next(operation))["groupEvents"] for _ in range(count)]


async def test_a_log_is_replayed_and_goes_on_without_gap_or_repeat(world: World) -> None:
    creator, group_id, (member,) = await a_group(world)
    await settled(world)
    version = (await creator.ask(VERSION, id=group_id))["group"]["version"]
    async with creator.socket() as socket:
        await socket.subscribe(EVENTS, id=group_id, after=0)
        seen = await replay(socket, "1", version)
        await creator.change("updateGroup", "", groupId=group_id, name="新名")
        seen += await replay(socket, "1", 1)
        await socket.subscribe(EVENTS, "2", id=group_id, after=version)
        [resumed] = await replay(socket, "2", 1)
    assert [event["number"] for event in seen] == list(range(1, version + 2))
    assert seen[0]["type"] == "GROUP_CREATED"
    assert seen[-1] == resumed
    assert (resumed["type"], resumed["actor"]) == ("GROUP_UPDATED", creator.name)
    joined = next(event for event in seen if event["type"] == "MEMBER_JOINED")
    assert joined["subjectId"] == await member_id_of(member, group_id)


async def test_an_event_whose_nudge_died_with_its_process_is_seen_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "LOOK_AGAIN_SECONDS", 0.2)
    creator, group_id, _ = await a_group(world)
    await settled(world)
    version = (await creator.ask(VERSION, id=group_id))["group"]["version"]
    async with creator.socket() as socket:
        await socket.subscribe(EVENTS, id=group_id, after=version - 1)
        await socket.next("1")
        key = decode_id(group_id, "Group")
        async with by_hand(key):  # and killed before it could tell anyone
            event = Event(EventType.GROUP_UPDATED)
            await append_events(key, [event], datetime.now(UTC), {}, uuid4)
        assert (await socket.next("1"))["groupEvents"]["number"] == version + 1


async def test_who_comes_too_late_is_told_what_is_missing(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    await settled(world)
    version = (await creator.ask(VERSION, id=group_id))["group"]["version"]
    key = decode_id(group_id, "Group")
    await GroupEvent.filter(group_id=key, seq__lt=version).delete()
    async with creator.socket() as socket:
        await socket.subscribe(EVENTS, id=group_id, after=0)
        lagged, kept = await replay(socket, "1", 2)
    assert lagged == {"missing": version - 1}
    assert kept["number"] == version


async def test_a_number_beyond_the_newest_event_is_refused(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    await settled(world)
    version = (await creator.ask(VERSION, id=group_id))["group"]["version"]
    async with creator.socket() as socket:
        await socket.subscribe(EVENTS, id=group_id, after=version + 1)
        assert await socket.error("1") == "BAD_USER_INPUT"
        assert await socket.receive() == {"id": "1", "type": "complete"}
        await socket.subscribe(EVENTS, "2", id=group_id, after=version)  # the newest is none
        await creator.change("updateGroup", "", groupId=group_id, name="新名")
        [event] = await replay(socket, "2", 1)
    assert event["number"] == version + 1


async def test_who_watches_a_group_is_told_of_its_dissolution_before_the_end(  # R8
    world: World,
) -> None:
    creator, group_id, (admin,) = await a_group(world)
    await creator.change("appointAdmin", "", memberId=await member_id_of(admin, group_id))
    await settled(world)
    version = (await creator.ask(VERSION, id=group_id))["group"]["version"]
    async with creator.socket() as by_creator, admin.socket() as by_admin:
        for socket in (by_creator, by_admin):
            await socket.subscribe(EVENTS, id=group_id, after=version - 1)
            await socket.next("1")
        await dissolve(creator, group_id)
        for socket in (by_creator, by_admin):
            [last] = await replay(socket, "1", 1)
            assert (last["number"], last["type"]) == (version + 1, "GROUP_DISSOLVED")
            assert await socket.error("1") == "NOT_FOUND"
    async with admin.socket() as late:
        await late.subscribe(EVENTS, id=group_id, after=version)
        assert await late.error("1") == "NOT_FOUND"


async def test_the_log_ends_with_the_right_to_read_it_and_the_page_goes_on(world: World) -> None:
    creator, group_id, (admin,) = await a_group(world)
    admin_id = await member_id_of(admin, group_id)
    await creator.change("appointAdmin", "", memberId=admin_id)
    await settled(world)
    version = (await creator.ask(VERSION, id=group_id))["group"]["version"]
    async with admin.socket() as socket:
        await socket.subscribe(EVENTS, id=group_id, after=version - 1)
        await socket.next("1")
        await creator.change("dismissAdmin", "", memberId=admin_id)
        ended = await socket.receive()
        assert ended["id"] == "1", ended
        assert ended["payload"]["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert await socket.receive() == {"id": "1", "type": "complete"}
        await socket.subscribe(STATUS, "2", id=group_id)
        assert (await socket.next("2"))["groupStatusChanged"] == {"name": "第一小学"}


async def test_a_member_reads_who_looked_at_their_details(world: World) -> None:
    creator, _, (member,) = await a_group(world)
    seen = (await member.ask(ACCESSES))["me"]["accesses"]["nodes"]
    assert [(access["by"], access["kind"]) for access in seen] == [(creator.name, "VIEWED")]
    assert (await creator.ask(ACCESSES))["me"]["accesses"]["nodes"] == []


async def test_polling_a_list_is_one_line_a_day_and_tells_the_last_time(world: World) -> None:
    creator, group_id, (member,) = await a_group(world)
    late = await world.someone()
    await late.join(await creator.invite(group_id))
    assert (await late.ask(ACCESSES))["me"]["accesses"]["nodes"] == []
    for _ in range(3):
        await creator.ask(DETAILS, id=group_id)
    [seen] = (await late.ask(ACCESSES))["me"]["accesses"]["nodes"]
    assert seen["by"] == creator.name
    [before] = (await member.ask(ACCESSES))["me"]["accesses"]["nodes"]
    assert before["firstAt"] < before["lastAt"]


async def test_nobody_is_told_of_looks_before_they_came_or_at_the_page(world: World) -> None:
    creator, group_id, (member,) = await a_group(world)
    await member.ask("query($id: ID!) { group(id: $id) { name colour } }", id=group_id)
    own = "query($id: ID!) { group(id: $id) { viewerMembers { healthCode } } }"
    await member.ask(own, id=group_id)
    assert (await creator.ask(ACCESSES))["me"]["accesses"]["nodes"] == []
    await eventually(lambda: creator.ask(DETAILS, id=group_id), lambda seen: bool(seen["group"]))


ABOUT = """subscription($id: ID!) { groupEvents(groupId: $id, after: 0) {
    ... on GroupEvent { type subjectId member { id person { name } } } } }"""


async def test_events_tell_which_member_they_are_about(world: World) -> None:
    creator, group_id, (member, leaver) = await a_group(world, members=2)
    leaver_id = await member_id_of(leaver, group_id)
    await leave(leaver, group_id, creator)
    await settled(world)
    version = (await creator.ask(VERSION, id=group_id))["group"]["version"]
    async with creator.socket() as socket:
        await socket.subscribe(ABOUT, id=group_id)
        seen = await replay(socket, "1", version)
        member_id = await member_id_of(member, group_id)
        await creator.change("updateMemberRemark", "", memberId=member_id, remark="新")
        seen += await replay(socket, "1", 1)
    known = {"id": member_id, "person": {"name": member.name}}
    assert seen[-1] == {"type": "REMARK_CHANGED", "subjectId": member_id, "member": known}
    told = {event["subjectId"]: event["member"] for event in seen}
    assert (told[member_id], told[leaver_id]) == (known, None)
    others = [event for event in seen if event["type"] == "INVITATION_CREATED"]
    assert others and all(event["member"] is None for event in others)
    nodes = (await member.ask(ACCESSES))["me"]["accesses"]["nodes"]
    assert [access["by"] for access in nodes] == [creator.name]  # who was shown is told of it


CHOSEN = """subscription($id: ID!, $after: Int, $types: [GroupEventType!]) {
    groupEvents(groupId: $id, after: $after, types: $types) {
        ... on GroupEvent { number type } ... on Lagged { missing: number } } }"""


async def test_types_choose_and_numbers_resume(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    chosen: dict[str, Any] = {"id": group_id, "types": ["MEMBER_JOINED", "GROUP_UPDATED"]}
    await settled(world)
    version = (await creator.ask(VERSION, id=group_id))["group"]["version"]
    async with creator.socket() as socket:
        await socket.subscribe(CHOSEN, after=0, **chosen)
        [joined] = await replay(socket, "1", 1)
        assert joined["type"] == "MEMBER_JOINED"
        await creator.change("createInvitation", "", groupId=group_id)  # isn't wanted
        await creator.change("updateGroup", "", groupId=group_id, name="新名")
        [updated] = await replay(socket, "1", 1)
        assert updated == {"number": version + 2, "type": "GROUP_UPDATED"}
        await socket.subscribe(CHOSEN, "2", after=joined["number"], **chosen)
        assert await replay(socket, "2", 1) == [updated]
        await socket.subscribe(CHOSEN, "3", id=group_id, after=version + 1, types=None)
        assert await replay(socket, "3", 1) == [updated]
        await socket.subscribe(CHOSEN, "4", id=group_id, types=["NO_SUCH_TYPE"])
        assert await socket.error("4") == "BAD_USER_INPUT"


async def test_with_types_too_what_is_missing_is_told_and_nothing_else(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    await settled(world)
    version = (await creator.ask(VERSION, id=group_id))["group"]["version"]
    key = decode_id(group_id, "Group")
    await GroupEvent.filter(group_id=key, seq__lt=version).delete()
    await creator.change("updateGroup", "", groupId=group_id, name="新名")
    chosen: dict[str, Any] = {"id": group_id, "types": ["GROUP_UPDATED"]}
    updated = {"number": version + 1, "type": "GROUP_UPDATED"}
    async with creator.socket() as socket:
        await socket.subscribe(CHOSEN, after=0, **chosen)
        assert await replay(socket, "1", 2) == [{"missing": version - 1}, updated]
        await socket.subscribe(CHOSEN, "2", after=version - 1, **chosen)
        assert await replay(socket, "2", 1) == [updated]


async def test_types_are_read_on_beyond_what_is_read_at_once(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    key = decode_id(group_id, "Group")
    updated = [Event(EventType.GROUP_UPDATED)] * 250
    among_others = [Event(EventType.REMARK_CHANGED)] * 250
    async with by_hand(key):
        for events in (updated, among_others, updated):
            await append_events(key, events, datetime.now(UTC), {}, uuid4)
    async with creator.socket() as socket:
        await socket.subscribe(CHOSEN, id=group_id, after=0, types=["GROUP_UPDATED"])
        seen = [event["number"] for event in await replay(socket, "1", 500)]
    assert seen == sorted(set(seen))
