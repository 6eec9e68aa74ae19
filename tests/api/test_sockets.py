"""One socket, many operations: each has the rights of its own moment, and none breaks others."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from app.client import mutation
from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.person import Socket
from tests.support.world import World

NODE = "query($id: ID!) { node(id: $id) { ... on Member { phone remark person { name } } } }"
WHO = "{ me { phone } }"
STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { id } }"
NAMED = "query($id: ID!) { node(id: $id) { id } }"


async def answer(socket: Socket, operation: str, query: str, **variables: Any) -> dict[str, Any]:
    """The data and errors of one query or mutation."""
    await socket.subscribe(query, operation, **variables)
    got, end = await socket.receive(), await socket.receive()
    assert (got["id"], end["type"], end["id"]) == (operation, "complete", operation)
    payload: dict[str, Any] = got["payload"]
    return payload


def refusal(payload: dict[str, Any]) -> str:
    code: str = payload["errors"][0]["extensions"]["code"]
    return code


async def test_a_dismissed_admin_reads_no_member_by_an_open_socket(world: World) -> None:  # R17
    creator, group_id, [admin, member] = await a_group(world, members=2)
    admin_id, member_id = await member_id_of(admin, group_id), await member_id_of(member, group_id)
    await creator.change("appointAdmin", "member { id }", memberId=admin_id)
    async with admin.socket() as socket:
        seen = await answer(socket, "1", NODE, id=member_id)
        assert seen["data"]["node"]["person"]["name"] == member.name
        await creator.change("dismissAdmin", "member { id }", memberId=admin_id)
        assert refusal(await answer(socket, "2", NODE, id=member_id)) == "NOT_FOUND"


async def test_signed_out_elsewhere_an_open_socket_reads_nothing(world: World) -> None:  # R40
    person = await world.someone()
    async with person.socket() as socket:
        assert (await answer(socket, "1", WHO))["data"]["me"]["phone"] == person.phone
        await person.ask("mutation { signOut { errors { code } } }")
        assert refusal(await answer(socket, "2", WHO)) == "UNAUTHENTICATED"


async def test_nothing_is_begun_on_a_socket_whose_token_is_over(world: World) -> None:  # R40
    person = await world.someone()
    async with person.socket() as socket:
        assert (await answer(socket, "1", WHO))["data"]["me"]["phone"] == person.phone
        await world.advance(minutes=16)
        assert refusal(await answer(socket, "2", WHO)) == "UNAUTHENTICATED"


async def test_signing_in_on_a_socket_signs_in_no_later_operation(world: World) -> None:  # R40
    person, nobody = world.stranger(), world.stranger()
    proof = await person.prove()
    async with nobody.socket() as socket:
        sign_in = mutation("signIn", "me { phone }")
        payload = await answer(socket, "1", sign_in, input=proof)
        assert payload["data"]["signIn"]["me"] == {"phone": person.phone}
        assert refusal(await answer(socket, "2", WHO)) == "UNAUTHENTICATED"


async def test_nothing_is_done_after_signing_out_in_the_same_request(world: World) -> None:  # R40
    person = await world.real_person()
    answered = await person.send(
        'mutation { signOut { errors { code } } createGroup(input: {name: "一", type: SCHOOL,'
        ' address: "广州", consent: true}) { group { id } errors { code } } }'
    )
    assert answered["data"]["createGroup"] is None
    assert refusal(answered) == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "message",
    [
        "[]",
        "5",
        "null",
        '"a"',
        '{"type": "subscribe", "id": "1", "payload": 5}',
        '{"type": "subscribe", "id": "1", "payload": null}',
        '{"type": "subscribe", "id": [], "payload": {"query": "{ me { id } }"}}',
        '{"type": "complete", "id": []}',
    ],
)
async def test_what_is_no_message_closes_the_socket_with_a_reason(
    world: World, message: str
) -> None:
    async with (await world.someone()).socket() as socket:
        await socket.connection.send(message)
        await socket.connection.wait_closed()
        assert socket.connection.close_code == 4400


async def test_variables_that_are_wrong_end_their_operation_alone(world: World) -> None:
    person = await world.someone()
    async with person.socket() as socket:
        for operation, query in (("1", NAMED), ("2", STATUS)):
            await socket.subscribe(query, operation, id=None)
            got = await socket.receive()
            assert (got["type"], got["id"]) == ("error", operation)
            assert got["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert (await answer(socket, "3", WHO))["data"]["me"]["phone"] == person.phone


@pytest.mark.parametrize(
    "payload",
    [
        {"query": 5},
        {"query": True},
        {"query": {"a": 1}},
        {"query": NAMED, "variables": 5},
        {"query": NAMED, "variables": [1]},
        {"query": NAMED, "variables": "x"},
        {"query": NAMED, "operationName": 5},
        {"query": NAMED, "extensions": "x"},
    ],
)
async def test_a_request_that_is_none_is_answered_and_the_others_go_on(
    world: World, payload: dict[str, Any]
) -> None:
    person = await world.someone()
    async with person.socket() as socket:
        await socket.send(id="1", type="subscribe", payload=payload)
        got = await socket.receive()
        assert (got["type"], got["id"]) == ("error", "1")
        assert got["payload"][0]["extensions"]["code"] == "PARAMETER_INVALID"
        assert (await answer(socket, "2", WHO))["data"]["me"]["phone"] == person.phone


async def test_a_client_that_goes_away_amid_its_operations_is_no_error(world: World) -> None:
    person = await world.someone()
    with capture_logs() as lines:
        for _ in range(3):
            async with person.socket() as socket:
                for number in range(100):
                    await socket.subscribe(WHO, str(number))
        await person.ask(WHO)
    assert [line for line in lines if line["log_level"] == "error"] == []
