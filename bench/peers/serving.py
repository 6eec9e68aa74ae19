"""Serving a peer that is written in Python, behind the HTTP server that ours has, too."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp


async def _ready(request: Request) -> Response:
    return Response(b"ready")


def serve(
    port: str, graphql: ASGIApp, opened: Callable[[], AbstractAsyncContextManager[None]]
) -> None:
    """Serve GraphQL at ``/graphql/`` until the process is ended, within ``opened``."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with opened():
            yield

    app = Starlette(
        routes=[Route("/readyz", _ready), Mount("/graphql", graphql)], lifespan=lifespan
    )
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(port),
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
    )
