"""The server: the schema, pages and files to routes; and the sandbox as one of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from app.config import Settings, SettingsError
from app.ports.clock import MovableClock
from app.ports.ids import Ids
from app.readiness import healthy, readiness
from app.sandbox.app import create_sandbox
from app.schema import GroupCodeSchema, build_schema
from app.schema.manifests import DocumentRules, ManifestError
from app.services.kernel.env import Env
from app.web.compression import Compression
from app.web.connections import Connections
from app.web.counting import Counting
from app.web.dashboard_page import DashboardPage, documents, is_built
from app.web.direct import Direct
from app.web.downloads import Downloads
from app.web.forwarding import Forwarders, Forwarding
from app.web.headers import AlwaysHeaders
from app.web.http import HttpEndpoint
from app.web.origins import Origins, Readers
from app.web.pages import GRAPHIQL, Pages
from app.web.patience import Patience
from app.web.request_ids import RequestIds
from app.web.safety import LastResort
from app.web.sockets import SocketEndpoint
from app.web.sse import StreamEndpoint
from app.web.straight import Straight
from app.web.unserved import unserved
from app.wiring import Wiring, running, wire

log = structlog.get_logger(__name__)

_GRAPHQL = "/graphql"


@dataclass(frozen=True, slots=True)
class Server:
    """The server as an ASGI application, and what whoever runs it needs beside it.

    ``env``: what its use cases are given. ``close_streams``: end the connections that stay open,
    so that their clients connect again. ``leave``: say by ``/readyz`` that others are to serve.
    """

    app: Starlette
    env: Env
    leave: Callable[[], None]
    close_streams: Callable[[], Awaitable[None]]


class _Application(Starlette):
    """Starlette's application, which most requests pass by."""

    straight: Straight | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        wire = self.straight.wire(scope) if self.straight else None
        if self.straight is None or wire is None:
            await super().__call__(scope, receive, send)
        else:
            await self.straight.answer(wire, scope, receive, send)


def create_server(
    settings: Settings, sandbox_clock: MovableClock | None = None, ids: Ids | None = None
) -> Server:
    """Return the server. Embedded, it does the background work as well."""
    wiring = wire(settings, sandbox_clock, ids)
    per_address = settings.connections_per_address if settings.rate_limits else None
    connections = Connections(per_address, settings.connections_per_person)

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

    http = _http(wiring, _schema(settings))
    forwarders = Forwarders(settings.trusted_proxies)
    readers = Readers(settings.origins, local=not settings.production)
    app = _Application(
        routes=_routes(wiring, connections, http),
        lifespan=lifespan,
        middleware=_middleware(settings, http, forwarders),
        exception_handlers={HTTPException: unserved},
    )
    app.straight = Straight(_GRAPHQL, http, forwarders, readers)
    return Server(app, wiring.env, connections.leave, close_streams)


def _http(wiring: Wiring, schema: GroupCodeSchema) -> HttpEndpoint:
    settings = wiring.settings
    timed = not settings.production
    return HttpEndpoint(schema, wiring.env, graphiql=settings.graphiql_on, timed=timed)


def _middleware(settings: Settings, http: HttpEndpoint, forwarders: Forwarders) -> list[Middleware]:
    """Return what all others pass through, the outermost first."""
    return [
        Middleware(Forwarding, forwarders),
        Middleware(Counting),
        Middleware(AlwaysHeaders),
        Middleware(RequestIds),
        # Answers to what nobody caught can be read by pages of other origins, too.
        Middleware(Origins, settings.origins, local=not settings.production),
        Middleware(Compression),
        Middleware(LastResort),
        Middleware(Patience),
        Middleware(Direct, _GRAPHQL, http),
    ]


def _routes(wiring: Wiring, connections: Connections, http: HttpEndpoint) -> list[BaseRoute]:
    settings, schema = wiring.settings, http.schema
    development, graphiql = not settings.production, settings.graphiql_on
    dashboard = DashboardPage(settings.sandbox_page) if serves_dashboard(settings) else None
    pages = Pages(
        dashboard=dashboard is not None,
        graphiql=graphiql,
        sandbox=wiring.sandbox is not None,
        development=development,
    )
    routes: list[BaseRoute] = [
        Route(_GRAPHQL, http),  # for who adds a slash: all others pass routes by
        Route("/", pages.home),
        Route("/join/{token}", dashboard.invited if dashboard else pages.invited),
        WebSocketRoute(_GRAPHQL, SocketEndpoint(schema, wiring.env, connections)),
        Route("/graphql/stream", StreamEndpoint(schema, wiring.env, connections)),
        Route("/downloads/{token}", Downloads(wiring.env).serve),
        Route("/healthz", healthy),
        Route("/readyz", readiness(wiring, connections)),
    ]
    if dashboard:
        routes += dashboard.routes()
    if graphiql:
        routes.append(Mount("/graphiql", StaticFiles(directory=GRAPHIQL)))
    if wiring.sandbox is not None:
        routes.append(Mount("/sandbox", wiring.sandbox))
    return routes


def serves_dashboard(settings: Settings) -> bool:
    """Return whether the dashboard is served: a checkout in which it isn't built goes without.

    Raise ``SettingsError`` where it is asked for and isn't there.
    """
    if settings.dashboard and not is_built():
        raise SettingsError("GROUPCODE_DASHBOARD: it isn't built here: run `make dashboard`.")
    return settings.dashboard_on and is_built()


def _schema(settings: Settings) -> GroupCodeSchema:
    own = (documents(),) if serves_dashboard(settings) else ()
    try:
        return build_schema(
            DocumentRules(
                manifests=(*settings.documents, *own),
                only=settings.documents_only,
                registering=not settings.production,
                introspection=settings.introspection_on,
                suggestions=settings.suggestions_on,
            ),
            compiled=settings.fast_path,
            kept_bytes=settings.answer_cache * 2**20,
        )
    except ManifestError as error:
        raise SettingsError(f"GROUPCODE_DOCUMENTS: {error}") from None


def build_sandbox(url: str) -> Starlette:
    """The sandbox as a server of its own, with a clock of its own; for pages of this machine."""
    sandbox = create_sandbox(MovableClock(), f"{url}/sandbox")
    return Starlette(
        routes=[Mount("/sandbox", sandbox)],
        middleware=[
            Middleware(AlwaysHeaders),
            Middleware(Origins, (), local=True),
            Middleware(LastResort),
            Middleware(Patience),
        ],
    )
