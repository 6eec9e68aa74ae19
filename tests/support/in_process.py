"""A server in this process, on a clock that tests move."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import randrange
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import uvicorn
from httpx_aiohttp import HttpxAiohttpClient
from pydantic import SecretStr

from app.config import Settings
from app.domain.limits import ACTIVE_REFRESH_EVERY
from app.main import create_server
from app.ports.clock import Clock, MovableClock
from app.services.kernel.env import Env
from app.web.admission import AdmittingProtocol
from app.web.socket_protocol import SocketProtocol
from tests.support.world import World

SECRET: Final = "a secret of the tests that is long enough"
_EVERY: Final = int(ACTIVE_REFRESH_EVERY.total_seconds())
_JUST: Final = 30 * 60  # seconds
_environments: dict[str, Env] = {}


@asynccontextmanager
async def served(**options: Any) -> AsyncIterator[World]:
    """Serve on a free port of the loopback until the context ends.

    One world at a time: a file whose tests serve their own doesn't use ``world`` before them.
    """
    assert not _environments, "another world is still served"
    # The protocol is named, or asyncio leaves Nagle's algorithm on: 40 ms a request.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    usual: dict[str, Any] = {
        "rate_limits": False,
        "dashboard": False,
        "secret_key": SecretStr(SECRET),
    }
    options = usual | {"port": port} | options
    clock = MovableClock()
    built = create_server(Settings(**options), clock, _UndisturbedIds(clock))
    config = uvicorn.Config(
        built.app,
        http=AdmittingProtocol,
        server_header=False,
        log_config=None,
        access_log=False,
        ws=SocketProtocol,
        timeout_graceful_shutdown=5,
        # Longer than the client's: both are on one loop, which may stand still for seconds.
        timeout_keep_alive=60,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        assert not serving.done(), "the server did not start"
        await asyncio.sleep(0.01)
    # Its transport takes half of what httpx's own does, which was a sixth of a test. It knows no
    # certificates: reading them takes longer than making the server.
    async with HttpxAiohttpClient(timeout=30, verify=False) as http:
        http._cookies = _NoCookies()
        world = World(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/sandbox", http)
        _environments[world.url] = built.env
        try:
            yield world
        finally:
            await built.close_streams()
            server.should_exit = True
            await serving
            del _environments[world.url]


class _NoCookies(httpx.Cookies):
    """Cookies that are never looked for, as the server sets none: that was a sixth of a request."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keep none."""

    def set_cookie_header(self, request: httpx.Request) -> None:
        """Send none."""


class _UndisturbedIds:
    """Ids of groups that are refreshed by themselves in six hours, not amid a test (R24)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def new(self) -> UUID:
        # By a random id that is moved to where its last time has just been: to draw until one is
        # right took a dozen, for each row that is made.
        drawn, now = uuid4().int, int(self._clock.now().timestamp())
        since_its_last = (now - drawn) % _EVERY
        return UUID(int=drawn + since_its_last - randrange(_JUST))


def env_of(world: World) -> Env:
    """What the use cases of a served world are given, to call one as a worker would."""
    return _environments[world.url]


def is_in_process(world: World) -> bool:
    """Return whether a world's server, and so its database, is this process's."""
    return world.url in _environments
