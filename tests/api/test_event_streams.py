"""Server-sent events by graphql-sse's protocol: an operation a stream, or many by one."""

import asyncio
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from app.schema import build_schema
from app.web.connections import Connections
from app.web.sse import StreamEndpoint
from tests.support.event_streams import STREAM, Events, Shared, headers_of, reserved, streamed
from tests.support.groups import a_group
from tests.support.in_process import env_of
from tests.support.person import Person, Socket
from tests.support.waiting import eventually
from tests.support.world import World

EVENTS = """subscription($id: ID!, $after: Int) {
    groupEvents(groupId: $id, after: $after) { ... on GroupEvent { number } } }"""
STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour } }"
VERSION = "query($id: ID!) { group(id: $id) { version } }"
WHO = "{ me { phone } }"
SIGN_OUT = "mutation { signOut { errors { code } } }"


async def newest_of(creator: Person, group_id: str) -> int:
    number: int = (await creator.ask(VERSION, id=group_id))["group"]["version"]
    return number


async def happens(creator: Person, group_id: str) -> None:
    """Something that the log tells of."""
    await creator.change("createInvitation", "invitation { id }", groupId=group_id)


def numbers(*data: Any) -> list[int]:
    return [one["groupEvents"]["number"] for one in data]


def refusal(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert "data" not in body
    return answer.status_code, body["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_subscription_has_a_stream_of_its_own(world: World, method: str) -> None:
    creator, group_id, _ = await a_group(world)
    newest = await newest_of(creator, group_id)
    async with streamed(creator, EVENTS, method, id=group_id, after=newest - 1) as events:
        assert events.response.headers["content-type"].startswith("text/event-stream")
        assert events.response.headers["cache-control"] == "no-store"
        assert numbers(await events.next()) == [newest]
        await happens(creator, group_id)
        assert numbers(await events.next()) == [newest + 1]
    assert b"\r" not in events.bytes
    assert events.bytes.startswith(b"retry: ")


@pytest.mark.parametrize("query", [WHO, SIGN_OUT])
async def test_a_query_or_mutation_is_one_result_and_complete(world: World, query: str) -> None:
    person = await world.someone()
    async with streamed(person, query) as events:
        [(name, payload), end] = await events.rest()
    assert (name, end) == ("next", ("complete", None))
    assert payload["data"] and "errors" not in payload


@pytest.mark.parametrize(
    "query", ["{ nonsense }", "{", "", "query A { me { id } } query B { me { id } }"]
)
async def test_what_never_runs_is_told_by_the_stream_itself(world: World, query: str) -> None:
    async with streamed(await world.someone(), query) as events:
        [(name, payload), end] = await events.rest()
    assert (name, end) == ("next", ("complete", None))
    assert "data" not in payload
    assert payload["errors"][0]["extensions"]["code"] in {
        "BAD_USER_INPUT",
        "QUERY_MISSING",
        "OPERATION_UNNAMED",
    }


async def test_a_refused_subscription_says_so_and_is_complete(world: World) -> None:
    _, group_id, _ = await a_group(world)
    async with streamed(await world.real_person(), STATUS, id=group_id) as events:
        [(_, payload), end] = await events.rest()
    assert payload["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert end == ("complete", None)


async def test_a_subscription_ends_with_the_session(world: World) -> None:
    creator, group_id, [member] = await a_group(world)
    async with streamed(member, STATUS, id=group_id) as events:
        await events.next()
        await member.ask(SIGN_OUT)
        await happens(creator, group_id)
        [(_, payload), end] = await events.rest()
    assert payload["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert end == ("complete", None)


@pytest.mark.parametrize("query", [VERSION, STATUS])
async def test_variables_that_are_wrong_are_told_without_data(world: World, query: str) -> None:
    person = await world.someone()
    async with streamed(person, query, id=None) as events:
        alone = await events.rest()
    shared = await reserved(person)
    async with shared.opened() as events:
        begun = await shared.begin("a", query, id=None)
        got = await events.event() if begun.status_code == 202 else None
    told = got[1]["payload"] if got else begun.json()
    for payload in (alone[0][1], told):
        assert "data" not in payload
        assert payload["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_requests_that_are_none_are_refused_before_a_stream(world: World) -> None:
    person = await world.someone()
    url = f"{world.url}{STREAM}"

    async def answer(method: str, **sent: Any) -> httpx.Response:
        headers = headers_of(person, accept="text/event-stream") | sent.pop("headers", {})
        return await world.http.request(method, url, headers=headers, **sent)

    json_type = {"content-type": "application/json"}
    assert refusal(await answer("POST", content=b"{", headers=json_type)) == (400, "BODY_NOT_JSON")
    assert refusal(await answer("POST", json=[])) == (400, "BATCH_NOT_ALLOWED")
    plain = {"content-type": "text/plain"}
    assert refusal(await answer("POST", content=b"{}", headers=plain)) == (
        415,
        "UNSUPPORTED_MEDIA_TYPE",
    )
    only_json = {"accept": "application/json"}
    refused = await answer("POST", json={"query": WHO}, headers=only_json)
    assert refusal(refused) == (406, "NOT_ACCEPTABLE")
    patch = await answer("PATCH", json={"query": WHO})
    assert refusal(patch) == (405, "METHOD_NOT_ALLOWED")
    assert {"GET", "POST", "PUT", "DELETE"} <= set(patch.headers["allow"].split(", "))
    mutation = await answer("GET", params={"query": SIGN_OUT})
    assert refusal(mutation) == (405, "METHOD_NOT_ALLOWED")
    assert mutation.headers["allow"] == "POST"
    assert (await person.ask(WHO))["me"]["phone"] == person.phone  # nothing was done


async def test_a_quiet_stream_is_heard_of(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.event_streams.HEARTBEAT_SECONDS", 0.05)
    creator, group_id, _ = await a_group(world)
    newest = await newest_of(creator, group_id)
    async with streamed(creator, EVENTS, id=group_id, after=newest) as events:
        assert await events.block() == ["retry: 1000"]
        assert [await events.block() for _ in range(4)] == [[":"]] * 4


async def test_one_stream_carries_many_operations(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    newest = await newest_of(creator, group_id)
    shared = await reserved(creator)
    async with shared.opened() as events:
        asked = await shared.begin("a", EVENTS, id=group_id, after=newest - 1)
        assert asked.status_code == 202
        assert numbers(await events.next("a")) == [newest]
        assert (await shared.begin("b", WHO)).status_code == 202
        assert (await events.next("b"))["me"]["phone"] == creator.phone
        assert await events.event() == ("complete", {"id": "b"})
        await happens(creator, group_id)
        assert numbers(await events.next("a")) == [newest + 1]
        assert (await shared.stop("a")).status_code == 200
        await happens(creator, group_id)
        assert (await shared.begin("a", WHO)).status_code == 202  # its id is free again
        assert (await events.next("a"))["me"]
        assert await events.event() == ("complete", {"id": "a"})
    assert b"\r" not in events.bytes


async def test_what_begins_before_the_stream_opens_isnt_lost(world: World) -> None:
    person = await world.someone()
    shared = await reserved(person)
    for number in range(10):
        assert (await shared.begin(str(number), WHO)).status_code == 202
    async with shared.opened() as events:
        got = [await events.event() for _ in range(20)]
    assert {data["id"] for _, data in filter(None, got)} == set(map(str, range(10)))


async def test_what_never_runs_is_refused_where_it_was_asked(world: World) -> None:
    shared = await reserved(await world.someone())
    async with shared.opened() as events:
        for query in ("{ nonsense }", "{"):
            assert refusal(await shared.begin("a", query)) == (400, "BAD_USER_INPUT")
        missing = await shared.send("POST", json={"query": WHO})
        assert refusal(missing) == (400, "OPERATION_ID_MISSING")
        odd = await shared.send("POST", json={"query": WHO, "extensions": {"operationId": 5}})
        assert refusal(odd) == (400, "OPERATION_ID_MISSING")
        assert refusal(await shared.send("DELETE")) == (400, "OPERATION_ID_MISSING")
        assert (await shared.stop("unknown")).status_code == 200
        assert (await shared.begin("a", WHO)).status_code == 202
        assert (await events.next("a"))["me"]


async def test_a_subscription_refused_on_a_shared_stream_is_told_there_and_is_complete(
    world: World,
) -> None:
    _, group_id, _ = await a_group(world)
    shared = await reserved(await world.real_person())
    async with shared.opened() as events:
        assert (await shared.begin("a", STATUS, id=group_id)).status_code == 202
        got = await events.event()
        assert got is not None and (got[0], got[1]["id"]) == ("next", "a")
        assert got[1]["payload"]["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        assert await events.event() == ("complete", {"id": "a"})


async def test_the_methods_that_are_taken_can_be_asked_for(world: World) -> None:
    for path in ("/graphql", STREAM):
        answer = await world.http.options(f"{world.url}{path}")
        assert answer.status_code == 204
        assert "OPTIONS" in answer.headers["allow"].split(", ")


async def test_only_who_knows_the_token_and_only_once_opens_a_stream(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    shared, url = await reserved(creator), f"{world.url}{STREAM}"
    events_only = {"accept": "text/event-stream"}
    async with shared.opened():
        again = await world.http.get(url, params={"token": shared.token}, headers=events_only)
        assert refusal(again) == (409, "STREAM_OPEN")
        assert (await shared.begin("a", STATUS, id=group_id)).status_code == 202
        assert refusal(await shared.begin("a", STATUS, id=group_id)) == (409, "OPERATION_ID_TAKEN")
    for method, sent in (("POST", {"json": {"query": WHO}}), ("DELETE", {}), ("GET", {})):
        answer = await shared.send(method, token="made-up", **sent)
        assert refusal(answer) == (404, "STREAM_UNKNOWN")
    closed = await eventually(lambda: shared.begin("b", WHO), lambda got: got.status_code == 404)
    assert refusal(closed) == (404, "STREAM_UNKNOWN")


async def test_a_reservation_that_nobody_uses_is_dropped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.sse.RESERVED_SECONDS", 0.05)
    shared = await reserved(await world.someone())
    dropped = await eventually(lambda: shared.stop("a"), lambda got: got.status_code == 404)
    assert refusal(dropped) == (404, "STREAM_UNKNOWN")


async def test_an_operation_has_the_rights_of_whoever_asked(world: World) -> None:
    person = await world.someone()
    shared = await reserved(person)
    stranger = Shared(world.stranger(), shared.token)
    async with shared.opened() as events:
        await stranger.begin("a", WHO)
        got = await events.event()
    assert got is not None
    assert got[1]["payload"]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def begin_on_both(
    shared: Shared, events: Events, socket: Socket, times: int, asked: str, group_id: str
) -> None:
    """Begin so many subscriptions on a stream and a socket, and hear of each."""
    for number in range(times):
        assert (await shared.begin(str(number), asked, id=group_id)).status_code == 202
        await events.next(str(number))
        await socket.subscribe(asked, str(number), id=group_id)
        await socket.next(str(number))


async def test_an_operation_too_many_is_refused(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    shared = await reserved(creator)
    async with shared.opened() as events, creator.socket() as socket:
        await begin_on_both(shared, events, socket, 100, STATUS, group_id)
        assert refusal(await shared.begin("100", WHO))[1] == "TOO_MANY_OPERATIONS"
        await socket.subscribe(WHO, "100")
        assert await socket.error("100") == "TOO_MANY_OPERATIONS"


async def test_the_requests_of_one_connection_are_bounded_together(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    shared = await reserved(creator)
    long = f"{STATUS} #{'x' * 200_000}"
    async with shared.opened() as events, creator.socket() as socket:
        await begin_on_both(shared, events, socket, 5, long, group_id)
        assert refusal(await shared.begin("5", long, id=group_id))[1] == "TOO_MANY_OPERATIONS"
        await socket.subscribe(long, "5", id=group_id)
        assert await socket.error("5") == "TOO_MANY_OPERATIONS"
        await socket.send(type="complete", id="0")
        await socket.subscribe(long, "6", id=group_id)
        assert await socket.next("6")


@pytest.mark.parametrize("bound", ["_MOST_STREAMS", "_MOST_OF_AN_ADDRESS"])
async def test_streams_that_nobody_opens_are_bounded(
    bound: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"app.web.sse.{bound}", 0)
    answer = await world.http.put(f"{world.url}{STREAM}")
    assert refusal(answer) == (503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "30"


async def test_a_stream_that_ended_makes_room_for_another_of_its_address(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.sse._MOST_OF_AN_ADDRESS", 1)
    monkeypatch.setattr("app.web.sse.RESERVED_SECONDS", 0.5)
    transport = httpx.ASGITransport(StreamEndpoint(build_schema(), env_of(world), Connections()))
    async with httpx.AsyncClient(transport=transport, base_url=world.url) as http:
        assert (await http.put(STREAM)).status_code == 201
        assert refusal(await http.put(STREAM)) == (503, "UNAVAILABLE")
        await eventually(lambda: http.put(STREAM), lambda answer: answer.status_code == 201)


async def test_a_server_that_stops_takes_no_new_stream(world: World) -> None:
    connections = Connections()
    endpoint = StreamEndpoint(build_schema(), env_of(world), connections)
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url=world.url) as http:
        assert (await http.put(STREAM)).status_code == 201
        await connections.close()
        for answer in (await http.put(STREAM), await http.post(STREAM, json={"query": WHO})):
            assert refusal(answer) == (503, "UNAVAILABLE")
            assert answer.headers["retry-after"] == "1"


async def test_what_nobody_expected_shows_its_id_on_each_way(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a secret")

    person = await world.someone()
    shared = await reserved(person)
    monkeypatch.setattr("app.schema.pipeline.Pipeline.stream", fail)
    with capture_logs() as lines:
        async with (
            streamed(person, WHO) as alone,
            shared.opened() as events,
            person.socket() as socket,
        ):
            [(_, payload), end] = await alone.rest()
            assert end == ("complete", None)
            assert (await shared.begin("a", WHO)).status_code == 202
            carried = await events.event()
            assert carried is not None and await events.event() == ("complete", {"id": "a"})
            await socket.subscribe(WHO)
            answer = await socket.receive()
            assert answer["type"] == "error"
    told = [*payload["errors"], *carried[1]["payload"]["errors"], *answer["payload"]]
    assert {error["extensions"]["code"] for error in told} == {"INTERNAL"}
    assert "secret" not in str(told)
    logged = [line["error_id"] for line in lines if line["event"] == "unexpected error"]
    assert logged == [error["extensions"]["id"] for error in told]


async def listening(world: World) -> int:
    """How many wait for something in this process."""
    names = ("EventStream._run", "_Socket._run")
    return sum(task.get_coro().__qualname__ in names for task in asyncio.all_tasks())  # type: ignore[union-attr]


async def test_nothing_is_left_of_a_client_that_goes_away(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    before = await listening(world)
    for _ in range(5):
        shared = await reserved(creator)
        async with (
            streamed(creator, STATUS, id=group_id) as alone,
            shared.opened() as events,
            creator.socket() as socket,
        ):
            await shared.begin("a", STATUS, id=group_id)
            await socket.subscribe(STATUS, id=group_id)
            assert await alone.next() and await events.next("a") and await socket.next()
            assert await listening(world) == before + 3
    await eventually(lambda: listening(world), lambda count: count == before)
