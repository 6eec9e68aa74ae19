"""What a browser sends for a page of another origin."""

from typing import Final

import httpx
from websockets.asyncio.client import connect
from websockets.typing import Origin, Subprotocol

from tests.support.world import World

ASKED: Final = "authorization,content-type,idempotency-key,x-request-id,apollographql-client-name"
_PROTOCOL: Final = Subprotocol("graphql-transport-ws")


def preflight(origin: str, method: str = "POST", headers: str = ASKED) -> dict[str, str]:
    """What a browser sends before a request that isn't simple."""
    return {
        "origin": origin,
        "access-control-request-method": method,
        "access-control-request-headers": headers,
    }


def lets_in(answer: httpx.Response) -> str | None:
    """Return the origin whose pages may read an answer."""
    assert "origin" in answer.headers.get("vary", "").lower()
    assert "access-control-allow-credentials" not in answer.headers
    allowed: str | None = answer.headers.get("access-control-allow-origin")
    return allowed


async def handshake(world: World, origin: str | None, **headers: str) -> None:
    """Open a WebSocket as a page of an origin would, and close it."""
    async with connect(
        world.url.replace("http", "ws", 1) + "/graphql",
        origin=None if origin is None else Origin(origin),
        subprotocols=[_PROTOCOL],
        additional_headers=headers,
    ) as connection:
        await connection.send('{"type": "connection_init"}')
        assert await connection.recv() == '{"type":"connection_ack"}'
