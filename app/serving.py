"""Serving: an HTTP server that says where everything is, and that ends open streams first."""

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from urllib.parse import quote

import click
import structlog
import uvicorn

from app.collecting import spare_what_stays
from app.config import Settings
from app.logs import log_loop_error
from app.main import Server, create_server, serves_dashboard
from app.newcomers import Guide, lay_down_demo
from app.starting import about, alone
from app.web.admission import AdmittingProtocol, admit_many
from app.web.parting import PARTING
from app.web.requests import LARGEST_BODY
from app.web.socket_protocol import SocketProtocol
from app.wiring import observe

log = structlog.get_logger(__name__)

_GRACE_SECONDS = 10
_PRODUCTION_DRAIN = 5.0  # seconds, in which a balancer notices
_DRAIN = 0.25
_LOOK_SECONDS = 0.02
_KEPT_SECONDS = 1.0  # in which one more request of each connection is awaited, to tell of the end
_NEW_SECONDS = 4.0  # after them, the first of whoever connected last: not all send at once
_ANY_PHONE = "+8613900000001"


class PortTaken(Exception):
    """Nobody can listen there; the message is a sentence for whoever runs the server."""


def serve(settings: Settings) -> bool:
    """Serve until a signal ends it; return whether it could start at all.

    Raise ``PortTaken``, or ``SettingsError`` where another process serves the same SQLite file,
    before anything is opened or done.
    """
    listening = listen(settings.host, settings.port)
    settings = settings.model_copy(update={"port": listening.getsockname()[1]})
    observe(settings, "server")
    server = create_server(settings)
    config = uvicorn.Config(
        server.app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,  # paths of the sandbox hold ID numbers
        http=AdmittingProtocol,
        server_header=False,
        proxy_headers=False,  # ours is told whom to trust (app/web/forwarding.py)
        ws=SocketProtocol,
        ws_max_size=LARGEST_BODY,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises what it caught once more when all is closed: that is a good end.
        signal.signal(number, lambda *_: sys.exit(0))
    with alone(settings, "groupcode serve"):
        announcing = _AnnouncingServer(config, settings, server)
        announcing.run(sockets=[listening])
    return announcing.started


def listen(host: str, port: int) -> socket:
    """Return a socket that is bound, so that two servers never start on one port.

    Raise ``PortTaken``.
    """
    family = AF_INET6 if ":" in host else AF_INET
    listening = socket(family, SOCK_STREAM)
    listening.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(
            f"port {port} of {host} can't be used ({error.strerror or error}): choose"
            f" another by --port or GROUPCODE_PORT, say {port % 65535 + 1}."
        ) from None
    return listening


class _AnnouncingServer(uvicorn.Server):
    """uvicorn's server with a word once it listens, and an end to streams before it stops.

    It relies on what uvicorn doesn't document: ``startup``, ``shutdown``, ``started`` and
    ``servers``, those that listen. ``startup`` returns when it listens or, with ``started``
    still false, could not; ``shutdown`` waits for open connections, which subscriptions
    would keep open for ever.
    """

    def __init__(self, config: uvicorn.Config, settings: Settings, server: Server) -> None:
        super().__init__(config)
        admit_many()
        self._settings = settings
        self._server = server

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Start, then say so."""
        asyncio.get_running_loop().set_exception_handler(log_loop_error)
        await super().startup(sockets)
        if self.started:
            settings = self._settings
            guide = await lay_down_demo(settings, self._server) if settings.demo_on else None
            spare_what_stays()
            if self._settings.production:
                log.info("serving", url=self._settings.url, **about(self._settings))
            else:
                click.echo(welcome(self._settings, guide))

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Let go of everybody: first by answers that end their connections, then by ends.

        Whoever comes while balancers have yet to notice is served; then nobody listens any more.
        """
        self._server.leave()
        PARTING.add(self.config)
        for connection in self.server_state.connections:
            if isinstance(connection, AdmittingProtocol):
                connection.part()
        if self.server_state.connections or self._settings.production:
            await asyncio.sleep(_drain_seconds(self._settings))
        waiting = [one.dup() for one in sockets or ()]
        for listening in self.servers:
            listening.close()
        await self._take_in(waiting)
        await self._server.close_streams()
        await super().shutdown(sockets)

    async def _take_in(self, listening: list[socket]) -> None:
        """Serve those who connected before we stopped listening and are let in by nobody yet.

        The kernel would reset their connections, though they may have asked already. Of every
        connection whose client doesn't know that it ends, one more request is awaited.
        """
        loop = asyncio.get_running_loop()
        for come in [come for one in listening for come in _connected(one)]:
            protocol = partial(
                AdmittingProtocol,
                config=self.config,
                server_state=self.server_state,
                app_state=self.lifespan.state,
            )
            await loop.connect_accepted_socket(protocol, come)
        await asyncio.sleep(0)  # now they are among the connections
        await self._await_requests(_KEPT_SECONDS, lambda one: one.is_expected)
        await self._await_requests(_NEW_SECONDS, lambda one: one.is_expected and one.is_new)

    async def _await_requests(
        self, seconds: float, expected: Callable[[AdmittingProtocol], bool]
    ) -> None:
        """Wait until no connection is expected to ask any more, or the time is over."""
        for _ in range(int(seconds / _LOOK_SECONDS)):
            ours = (
                one for one in self.server_state.connections if isinstance(one, AdmittingProtocol)
            )
            if not any(map(expected, ours)):
                break
            await asyncio.sleep(_LOOK_SECONDS)


def _connected(listening: socket) -> list[socket]:
    """Return who connected to a socket already, as many as we may open, and end it."""
    listening.setblocking(False)
    come: list[socket] = []
    with listening, suppress(OSError):  # nobody is left, or no file
        while True:
            come.append(listening.accept()[0])
    return come


def _drain_seconds(settings: Settings) -> float:
    """Return for how long a server that was told to stop still takes requests."""
    by_default = _PRODUCTION_DRAIN if settings.production else _DRAIN
    return by_default if settings.drain_seconds is None else settings.drain_seconds


def welcome(settings: Settings, guide: Guide | None = None) -> str:
    """Return what a newcomer needs to know in the first five minutes."""
    url, sandbox = settings.url, f"{settings.sandbox_url or settings.url}/sandbox"
    phone = guide.phone if guide else _ANY_PHONE
    whose = guide.whose if guide else "or any mainland number"
    lines = [""]
    if serves_dashboard(settings):
        lines.append(f"  Dashboard         {url}/dashboard in a browser")
        if settings.sandbox_on:
            lines.append(f"                    Sign in as {phone}, {whose};")
            lines.append("                    the page shows the code.")
        lines.append("")
    lines.append(f"  Group Code serves {url}/graphql (POST, graphql-transport-ws)")
    if settings.graphiql_on:
        lines.append(f"  GraphiQL          {url}/graphql in a browser")
    if settings.sandbox_on:
        lines += [
            f"  Sandbox           {sandbox} answers for the outside systems;",
            "                    in a browser: the newest SMS, the clock, faults",
            "",
            f"  By the API: requestVerificationCode for {phone}, {whose}, read the code at",
            f"  {sandbox}/messages?phone={quote(phone)}, and signIn with code and challenge.",
        ]
    if guide:
        lines.append("  GROUPCODE_DEMO=0 leaves the demo group out of an empty database.")
    return "\n".join([*lines, "", _what_it_is(settings), "  Stop with Ctrl+C.", ""])


def _what_it_is(settings: Settings) -> str:
    what = about(settings)
    return f"  Version {what['version']}, {what['environment']}, on {what['database']}"
