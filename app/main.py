"""The wiring: settings to ports, ports to services, the schema to routes."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from app.config import Settings, SettingsError
from app.config.values import GatewaySettings
from app.logs import log_loop_error
from app.models.database import database, newest_moment, ping
from app.models.fields import use_cipher
from app.ports.budgets import LocalBudgets
from app.ports.bus import DUE, Bus, LocalBus
from app.ports.cipher import Cipher
from app.ports.clock import Clock, MovableClock, SystemClock
from app.ports.family import HttpFamilyRegistry
from app.ports.health import HttpHealthRecords
from app.ports.http import Gateway, gateway_client
from app.ports.identity import HttpIdentityVerification
from app.ports.ids import Ids, RandomIds
from app.ports.redis import RedisBus
from app.ports.shared_budgets import SharedBudgets
from app.ports.sms import HttpSmsGateway
from app.ports.tokens import Tokens
from app.sandbox.app import create_sandbox
from app.schema import GroupCodeSchema, build_schema
from app.schema.manifests import DocumentRules, ManifestError
from app.services.kernel.env import Env
from app.web.compression import Compression
from app.web.connections import Connections
from app.web.downloads import Downloads
from app.web.http import HttpEndpoint
from app.web.origins import Origins
from app.web.pages import GRAPHIQL, Pages
from app.web.request_ids import RequestIds
from app.web.safety import LastResort
from app.web.sockets import SocketEndpoint
from app.web.sse import StreamEndpoint
from app.web.unserved import unserved
from app.workers.runtime import background_work

log = structlog.get_logger(__name__)

_TIMEOUT_SECONDS = 10.0
_ATTEMPTS = 4
_READY_SECONDS = 2.0
# Seconds after which no other attempt is made: short where a person waits for the answer,
# or where the row of due work tries again by itself.
_PATIENCE = {"health": 15.0, "identity": 5.0, "family": 5.0, "sms": 5.0}


@dataclass(frozen=True, slots=True)
class Wiring:
    """One process of the server: its ports, and what must be opened and closed."""

    settings: Settings
    env: Env
    bus: LocalBus | RedisBus
    sandbox: Starlette | None
    clients: tuple[httpx.AsyncClient, ...]


def wire(
    settings: Settings, sandbox_clock: MovableClock | None = None, ids: Ids | None = None
) -> Wiring:
    """Choose the adapters that the settings ask for; with the sandbox, its clock is ours."""
    bus = LocalBus() if settings.embedded else RedisBus(settings.redis_url)
    clock: MovableClock | SystemClock = SystemClock()
    sandbox = None
    if settings.sandbox_in_process:
        clock = sandbox_clock or MovableClock()
        sandbox = create_sandbox(clock, f"{settings.url}/sandbox")
        if isinstance(bus, LocalBus):
            local = bus
            clock.on_move = lambda: local.nudge(DUE)
    clients = {
        system: _client(system, gateway, sandbox) for system, gateway in settings.gateways.items()
    }
    env = _env(settings, clock, ids or RandomIds(), bus, clients)
    return Wiring(settings, env, bus, sandbox, tuple(clients.values()))


def _client(system: str, gateway: GatewaySettings, sandbox: Starlette | None) -> httpx.AsyncClient:
    if sandbox is not None:
        return gateway_client(f"http://sandbox/{system}", app=sandbox)
    return gateway_client(gateway.url, gateway.token.get_secret_value())


def _env(
    settings: Settings, clock: Clock, ids: Ids, bus: Bus, clients: Mapping[str, httpx.AsyncClient]
) -> Env:
    gateways = {
        system: Gateway(system, client, _TIMEOUT_SECONDS, _ATTEMPTS, patience=_PATIENCE[system])
        for system, client in clients.items()
    }
    secret = settings.secret_key.get_secret_value()
    return Env(
        clock=clock,
        ids=ids,
        cipher=Cipher(secret),
        tokens=Tokens(secret),
        bus=bus,
        health=HttpHealthRecords(gateways["health"]),
        identity=HttpIdentityVerification(gateways["identity"]),
        family=HttpFamilyRegistry(gateways["family"]),
        sms=HttpSmsGateway(gateways["sms"]),
        timezone=settings.timezone,
        public_url=settings.url,
        rate_limits=settings.rate_limits,
        codes_per_address=settings.code_limit,
        code_countries=settings.sms_countries,
        points_per_person=settings.person_points,
        points_per_address=settings.address_points,
        budgets=LocalBudgets() if settings.embedded else SharedBudgets(settings.redis_url),
    )


@asynccontextmanager
async def running(wiring: Wiring, *, work: bool) -> AsyncIterator[None]:
    """Open everything that a process needs, with ``work`` its workers too; close it all."""
    settings = wiring.settings
    use_cipher(wiring.env.cipher)
    async with AsyncExitStack() as stack:
        for client in wiring.clients:
            await stack.enter_async_context(client)
        await stack.enter_async_context(
            database(settings.database_url, settings.database_pool_size)
        )
        await _never_go_back(wiring.env.clock)
        if isinstance(wiring.bus, RedisBus):
            await stack.enter_async_context(wiring.bus.running())
        if isinstance(wiring.env.budgets, SharedBudgets):
            await stack.enter_async_context(wiring.env.budgets.running())
        if work:
            await stack.enter_async_context(background_work(wiring.env))
        yield


async def _never_go_back(clock: Clock) -> None:
    """Take a moved clock up where it was when the process before it ended."""
    newest = await newest_moment()
    if isinstance(clock, MovableClock) and newest is not None:
        clock.advance(max(newest - clock.now(), timedelta()))


@dataclass(frozen=True, slots=True)
class Server:
    """The server as an ASGI application, and what whoever runs it needs beside it.

    ``env``: what its use cases are given. ``close_streams``: end the connections that stay open,
    so that their clients connect again.
    """

    app: Starlette
    env: Env
    close_streams: Callable[[], Awaitable[None]]


def create_server(
    settings: Settings, sandbox_clock: MovableClock | None = None, ids: Ids | None = None
) -> Server:
    """Return the server. Embedded, it does the background work as well."""
    wiring, connections = wire(settings, sandbox_clock, ids), Connections()

    async def close_streams() -> None:
        await connections.close()
        wiring.bus.close()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        try:
            async with running(wiring, work=settings.embedded):
                yield
        except Exception:
            # Told here: on the way out the frames become a text that holds the message, too.
            log.exception("the server could not start or end")
            raise

    # Answers to what nobody caught can be read by pages of other origins, too.
    origins = Middleware(Origins, settings.origins, local=not settings.production)
    app = Starlette(
        routes=_routes(wiring, connections),
        lifespan=lifespan,
        middleware=[
            Middleware(RequestIds),
            origins,
            Middleware(Compression),
            Middleware(LastResort),
        ],
        exception_handlers={HTTPException: unserved},
    )
    return Server(app, wiring.env, close_streams)


def _routes(wiring: Wiring, connections: Connections) -> list[BaseRoute]:
    settings = wiring.settings
    schema = _schema(settings)
    development, graphiql = not settings.production, settings.graphiql_on
    http = HttpEndpoint(schema, wiring.env, graphiql=graphiql, timed=development)
    pages = Pages(graphiql=graphiql, sandbox=wiring.sandbox is not None, development=development)
    routes: list[BaseRoute] = [
        Route("/", pages.home),
        Route("/join/{token}", pages.invited),
        Route("/graphql", http),
        WebSocketRoute("/graphql", SocketEndpoint(schema, wiring.env, connections)),
        Route("/graphql/stream", StreamEndpoint(schema, wiring.env, connections)),
        Route("/downloads/{token}", Downloads(wiring.env).serve),
        Route("/healthz", _healthy),
        Route("/readyz", _readiness(wiring)),
    ]
    if graphiql:
        routes.append(Mount("/graphiql", StaticFiles(directory=GRAPHIQL)))
    if wiring.sandbox is not None:
        routes.append(Mount("/sandbox", wiring.sandbox))
    return routes


def _schema(settings: Settings) -> GroupCodeSchema:
    try:
        return build_schema(
            DocumentRules(
                manifests=settings.documents,
                only=settings.documents_only,
                registering=not settings.production,
                introspection=settings.introspection_on,
                suggestions=settings.suggestions_on,
            )
        )
    except ManifestError as error:
        raise SettingsError(f"GROUPCODE_DOCUMENTS: {error}") from None


async def _healthy(request: Request) -> JSONResponse:
    """Return that the process lives; a failing one is to be restarted."""
    return JSONResponse({"status": "ok"})


def _readiness(wiring: Wiring) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Return the route that says whether the process can serve: if not, send it no requests."""

    async def ready(request: Request) -> JSONResponse:
        parts = {"database": ping()}
        if isinstance(wiring.bus, RedisBus):
            parts["redis"] = wiring.bus.ping()
        found = await asyncio.gather(*map(_succeeds, parts.values()))
        up = dict(zip(parts, found, strict=True))
        status = 200 if all(up.values()) else 503
        return JSONResponse({"ready": status == 200, **up}, status)

    return ready


async def _succeeds(ping: Awaitable[None]) -> bool:
    try:
        async with asyncio.timeout(_READY_SECONDS):
            await ping
    except Exception:
        return False
    return True


def build_sandbox(url: str) -> Starlette:
    """The sandbox as a server of its own, with a clock of its own; for pages of this machine."""
    sandbox = create_sandbox(MovableClock(), f"{url}/sandbox")
    return Starlette(
        routes=[Mount("/sandbox", sandbox)],
        middleware=[Middleware(Origins, (), local=True), Middleware(LastResort)],
    )


async def run_worker(settings: Settings) -> None:
    """Do the background work until told to stop; what is under way ends or comes due again."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_loop_error)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(wire(settings), work=True):
        await stop.wait()
