"""A request's id: in its answer, in every line of its log, and in what an INTERNAL error shows."""

import json
import re
from typing import Any, Final, NoReturn

import pytest
import structlog
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from app.client import mutation
from app.ports.tokens import Tokens
from app.services.health import refresh
from tests.support.logs import logged
from tests.support.world import World

OURS: Final = re.compile(r"[0-9a-f]{32}")
SANE: Final = ["req-1", "a" * 128, "4bf92f3577b34da6a3ce929d0e0e4736", "1-67891233:x.y_z"]
INSANE: Final = ["", "a b", "a" * 129, 'x"y', "x{y}", "id;rm", "\xe9"]


def lines(written: str) -> list[dict[str, Any]]:
    """Return what was logged, line by line."""
    return [json.loads(line) for line in written.splitlines()]


@pytest.mark.parametrize("path", ["/graphql?query={__typename}", "/healthz", "/nothing", "/"])
async def test_each_answer_has_an_id_of_its_own(world: World, path: str) -> None:
    first, second = [await world.http.get(world.url + path) for _ in range(2)]
    ids = [answer.headers["x-request-id"] for answer in (first, second)]
    assert all(OURS.fullmatch(one) for one in ids)
    assert ids[0] != ids[1]


async def test_an_id_that_was_given_is_taken_if_it_is_sane(world: World) -> None:
    for given in SANE:
        answer = await world.http.get(f"{world.url}/healthz", headers={"x-request-id": given})
        assert answer.headers["x-request-id"] == given
    for given in INSANE:
        headers = [(b"x-request-id", given.encode("latin-1"))]
        answer = await world.http.get(f"{world.url}/healthz", headers=headers)
        assert OURS.fullmatch(answer.headers["x-request-id"])


async def test_an_internal_error_shows_the_id_that_its_log_has(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator = await world.real_person()
    group_id = await creator.create_group()

    async def fall_over(*_: object) -> NoReturn:
        structlog.get_logger("app.tests").info("on the way")
        raise RuntimeError

    monkeypatch.setattr(refresh, "refresh_group", fall_over)
    query = mutation("refreshGroup", "__typename")
    headers = {"authorization": f"Bearer {creator.token}", "x-request-id": "from-the-proxy:7"}
    with logged() as log:
        answer = await world.http.post(
            f"{world.url}/graphql",
            json={"query": query, "variables": {"input": {"groupId": group_id}}},
            headers=headers,
        )
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL", "id": "from-the-proxy:7"}
    assert answer.headers["x-request-id"] == "from-the-proxy:7"
    told = [line for line in lines(log.getvalue()) if line.get("request_id")]
    assert {line["request_id"] for line in told} == {"from-the-proxy:7"}
    assert {"on the way", "unexpected error"} <= {line["event"] for line in told}


async def test_an_error_outside_graphql_shows_it_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(*_: object) -> NoReturn:
        raise RuntimeError

    monkeypatch.setattr(Tokens, "read", fall_over)
    with logged():
        answer = await world.http.post(
            f"{world.url}/graphql",
            json={"query": "{ __typename }"},
            headers={"authorization": "Bearer x", "origin": "http://localhost:3000"},
        )
    assert answer.status_code == 500
    shown = answer.json()["errors"][0]["extensions"]["id"]
    assert shown == answer.headers["x-request-id"]
    # A page of another origin may read both.
    assert answer.headers["access-control-allow-origin"]
    assert "x-request-id" in answer.headers["access-control-expose-headers"].lower()


async def test_a_connection_has_one_id_and_its_operations_their_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator = await world.real_person()
    group_id = await creator.create_group()

    async def fall_over(*_: object) -> NoReturn:
        raise RuntimeError

    monkeypatch.setattr(refresh, "refresh_group", fall_over)
    query = mutation("refreshGroup", "__typename")
    address, protocol = world.url.replace("http", "ws", 1), Subprotocol("graphql-transport-ws")
    with logged() as log:
        async with connect(f"{address}/graphql", subprotocols=[protocol]) as socket:
            assert socket.response
            connection_id = socket.response.headers["x-request-id"]
            hello = {"authorization": f"Bearer {creator.token}"}
            await socket.send(json.dumps({"type": "connection_init", "payload": hello}))
            await socket.recv()
            for name in ("first", "second"):
                payload = {"query": query, "variables": {"input": {"groupId": group_id}}}
                message = {"id": name, "type": "subscribe", "payload": payload}
                await socket.send(json.dumps(message))
                (error,) = json.loads(await socket.recv())["payload"]["errors"]
                assert error["extensions"]["id"] == connection_id
                await socket.recv()
    told = [line for line in lines(log.getvalue()) if line["event"] == "unexpected error"]
    assert {line["request_id"] for line in told} == {connection_id}
    assert [line["operation_id"] for line in told] == ["first", "second"]
