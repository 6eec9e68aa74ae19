"""Live views: told at once, told again when it changes, and no longer than the right lasts."""

from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from tests.support.groups import a_group
from tests.support.person import Person
from tests.support.world import World

STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour } }"
COUNTED = """subscription($id: ID!) { groupStatusChanged(groupId: $id) {
    colour colourReasons { reason count } } }"""
PROGRESS = "subscription($id: ID!) { refreshProgressed(groupId: $id) { status } }"
READY = "query($id: ID!) { group(id: $id) { members { nodes { asOf } } } }"


async def require_a_test(creator: Person, group_id: str, validity: str) -> None:
    await creator.change("setRequirement", "group { id }", groupId=group_id, natValidity=validity)


async def test_managers_hear_of_colour_and_counts(world: World) -> None:  # R21
    creator, group_id, [one, two] = await a_group(world, members=2)
    for person in (creator, one, two):
        await world.set_record(person.id_number, health_code="GREEN", tests=[])
    await world.set_record(one.id_number, health_code="YELLOW")
    async with creator.socket() as socket:
        await socket.subscribe(COUNTED, id=group_id)
        assert (await socket.next())["groupStatusChanged"]["colour"] == "GREEN"
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        counts = [{"reason": "CODE_YELLOW", "count": 1}]
        expected = {"colour": "YELLOW", "colourReasons": counts}
        assert (await socket.next())["groupStatusChanged"] == expected
        await require_a_test(creator, group_id, "D7")
        changed = (await socket.next())["groupStatusChanged"]
        assert (changed["colour"], len(changed["colourReasons"])) == ("YELLOW", 2)


async def test_a_plain_member_hears_of_the_colour_only(world: World) -> None:  # R17
    creator, group_id, [member] = await a_group(world)
    await world.set_record(creator.id_number, health_code="YELLOW", tests=[])
    async with member.socket() as socket, creator.socket() as managers:
        await socket.subscribe(STATUS, id=group_id)
        await managers.subscribe(COUNTED, id=group_id)
        assert (await socket.next())["groupStatusChanged"]["colour"] == "GREEN"
        await managers.next()
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        assert (await socket.next())["groupStatusChanged"]["colour"] == "YELLOW"
        await managers.next()
        await require_a_test(creator, group_id, "D7")  # changes the counts alone
        await managers.next()
        await world.set_record(creator.id_number, health_code="RED", tests=[])
        await world.advance(minutes=30)
        await creator.sign_in_again()
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        assert (await socket.next())["groupStatusChanged"]["colour"] == "RED"


async def test_counts_asked_for_by_a_plain_member_are_refused(world: World) -> None:  # R17
    _, group_id, [member] = await a_group(world)
    async with member.socket() as socket:
        await socket.subscribe(COUNTED, id=group_id)
        payload = (await socket.receive())["payload"]
    assert payload["data"]["groupStatusChanged"] == {"colour": "GREEN", "colourReasons": None}
    assert payload["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_who_has_no_right_is_refused_on_that_operation_alone(world: World) -> None:
    _, group_id, [member] = await a_group(world)
    outsider = await world.real_person()
    async with outsider.socket() as socket:
        await socket.subscribe(STATUS, id=group_id)
        assert await socket.error() == "NOT_FOUND"
    async with member.socket() as socket:
        await socket.subscribe(STATUS, "page", id=group_id)
        await socket.next("page")
        await socket.subscribe(PROGRESS, "run", id=group_id)
        assert await socket.error("run") == "FORBIDDEN"
        await socket.subscribe("{ me { realNamed } }", "query")
        assert (await socket.next("query"))["me"]["realNamed"]


@pytest.mark.parametrize("token", ["", "Bearer nonsense"])
async def test_without_a_good_token_every_operation_is_refused(world: World, token: str) -> None:
    _, group_id, _ = await a_group(world)
    async with world.stranger().socket(authorization=token) as socket:
        await socket.subscribe(STATUS, id=group_id)
        assert await socket.error() == "UNAUTHENTICATED"


async def test_a_subscription_ends_with_the_session(world: World) -> None:
    creator, group_id, [member] = await a_group(world)
    async with member.socket() as leaving, creator.socket() as staying:
        for socket in (leaving, staying):
            await socket.subscribe(STATUS, id=group_id)
            await socket.next()
        await member.ask("mutation { signOut { errors { code } } }")
        await require_a_test(creator, group_id, "H24")
        await creator.change("createInvitation", "invitation { id }", groupId=group_id)
        assert await leaving.error() == "UNAUTHENTICATED"
        assert (await leaving.receive())["type"] == "complete"
        await staying.subscribe("{ me { id } }", "2")
        answers = [await staying.receive() for _ in range(2)]
        assert "2" in {answer["id"] for answer in answers}


async def test_an_invalid_subscription_is_answered_not_dropped(world: World) -> None:
    person = await world.someone()
    async with person.socket() as socket:
        await socket.subscribe("subscription { nonsense }")
        assert await socket.error() == "BAD_USER_INPUT"
        await socket.subscribe("{ me { realNamed } }", "2")
        assert (await socket.next("2")) == {"me": {"realNamed": False}}


async def drain(connection: Any) -> None:
    while True:
        await connection.recv()


async def closed_with(connection: Any) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        await drain(connection)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def test_the_protocol_is_kept(world: World) -> None:
    address = world.url.replace("http", "ws", 1) + "/graphql"
    ours = [Subprotocol("graphql-transport-ws")]
    async with connect(address, subprotocols=ours) as connection:
        await connection.send('{"id": "1", "type": "subscribe", "payload": {"query": "{me{id}}"}}')
        assert await closed_with(connection) == 4401
    async with connect(address, subprotocols=ours) as connection:
        for _ in range(2):
            await connection.send('{"type": "connection_init"}')
        assert await closed_with(connection) == 4429
    async with connect(address, subprotocols=ours) as connection:
        await connection.send("no json")
        assert await closed_with(connection) == 4400
    async with connect(address, subprotocols=[Subprotocol("other")]) as connection:
        assert await closed_with(connection) == 4406


async def test_a_page_of_another_site_cannot_connect(world: World) -> None:
    address = world.url.replace("http", "ws", 1) + "/graphql"
    with pytest.raises(InvalidStatus):
        await connect(
            address,
            origin=Origin("https://elsewhere.example"),
            subprotocols=[Subprotocol("graphql-transport-ws")],
        )
