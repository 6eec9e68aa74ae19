"""Behind a proxy: only one that the settings trust says who somebody is, and how they came."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from app.web.forwarding import read_address
from tests.support.processes import serving
from tests.support.world import World

ASK = """mutation($phone: String!) {
    requestVerificationCode(input: {phone: $phone, purpose: SIGN_IN}) { errors { code } } }"""


@asynccontextmanager
async def behind(folder: Path, proxies: str) -> AsyncIterator[World]:
    """A real server that trusts these proxies and lets an address request two codes an hour."""
    settings = {"trusted_proxies": proxies, "rate_limits": "1", "codes_per_address": "2"}
    async with serving(folder, **settings) as (_, world):
        yield world


async def codes(world: World, *forwarded: str, number: int = 3) -> list[str]:
    """Request codes for so many phones; return what each was told."""
    told = []
    for _ in range(number):
        answer = await world.http.post(
            f"{world.url}/graphql",
            json={"query": ASK, "variables": {"phone": world.stranger().phone}},
            headers=[("x-forwarded-for", one) for one in forwarded],
        )
        body: dict[str, Any] = answer.json()
        top = [error["extensions"]["code"] for error in body.get("errors", ())]
        payload = (body.get("data") or {}).get("requestVerificationCode") or {"errors": []}
        told.append(next(iter([*top, *(one["code"] for one in payload["errors"])]), "SENT"))
    return told


ENOUGH = ["SENT", "SENT", "RATE_LIMITED"]


async def test_without_a_trusted_proxy_nobody_is_who_they_say(tmp_path: Path) -> None:
    async with behind(tmp_path, "") as world:
        assert await codes(world, "203.0.113.1") == ENOUGH
        assert await codes(world, "203.0.113.2", number=1) == ["RATE_LIMITED"]
        assert await codes(world, number=1) == ["RATE_LIMITED"]


async def test_of_those_before_a_trusted_proxy_the_rightmost_counts(tmp_path: Path) -> None:
    async with behind(tmp_path, "127.0.0.1, 10.0.0.0/8") as world:
        assert await codes(world, "203.0.113.1") == ENOUGH
        # What somebody wrote themselves stands further left, and may be anything.
        assert await codes(world, "198.51.100.9, 203.0.113.1", number=1) == ["RATE_LIMITED"]
        assert await codes(world, "198.51.100.9", "203.0.113.1", number=1) == ["RATE_LIMITED"]
        # Proxies that are trusted, too, are passed over.
        assert await codes(world, "203.0.113.1, 10.1.2.3", number=1) == ["RATE_LIMITED"]
        assert await codes(world, "203.0.113.2:4711, 10.1.2.3") == ENOUGH
        assert await codes(world, "[2001:db8::1]:4711") == ENOUGH
        assert await codes(world, "2001:db8::2", number=1) == ["RATE_LIMITED"]  # one household
        # What is no address ends the list at the proxy which wrote it down.
        assert await codes(world, "203.0.113.3, unknown, 10.9.9.9") == ENOUGH
        assert await codes(world, "10.9.9.9", number=1) == ["RATE_LIMITED"]


async def opens(world: World, origin: str, proto: str) -> bool:
    """Whether a page may open a WebSocket, by way of a proxy that says how the page came."""
    port = int(world.url.rsplit(":", 1)[1])
    try:
        async with connect(
            "ws://groups.example/graphql",
            sock=socket.create_connection(("127.0.0.1", port)),
            subprotocols=[Subprotocol("graphql-transport-ws")],
            origin=Origin(origin),
            additional_headers={"x-forwarded-proto": proto},
        ):
            return True
    except InvalidStatus as refused:
        return refused.response.status_code != 403


async def test_a_page_without_tls_is_not_ours_where_people_come_by_tls(tmp_path: Path) -> None:
    async with behind(tmp_path, "127.0.0.1") as world:
        assert await opens(world, "https://groups.example", "https")
        assert not await opens(world, "http://groups.example", "https")
        assert await opens(world, "http://groups.example", "http")
        assert not await opens(world, "https://other.example", "https")
    async with behind(tmp_path, "10.0.0.1") as world:  # the sender isn't trusted
        assert await opens(world, "http://groups.example", "https")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("203.0.113.1", "203.0.113.1"),
        (" 203.0.113.1:80", "203.0.113.1"),
        ("::ffff:203.0.113.1", "203.0.113.1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("unknown", "None"),
        ("_hidden", "None"),
        ("", "None"),
        ("[", "None"),
    ],
)
def test_an_address_is_read_as_proxies_write_it(written: str, read: str) -> None:
    assert str(read_address(written)) == read
