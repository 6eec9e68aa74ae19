"""Serve the floor: ``python -m bench.floor PORT DATABASE_URL [REDIS_URL]``."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from bench.floor.groups import counts, page, small
from bench.floor.live import Live
from bench.floor.members import heavy, search, sort
from bench.floor.serving import route
from bench.floor.tables import tables_of


async def _ready(request: Request) -> Response:
    return Response(b"ready")


def create_app(url: str, redis_url: str) -> Starlette:
    """Return the floor over a database; with Redis it also tells of changes."""
    tables = tables_of(url)
    live = Live(tables, redis_url)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await tables.open()
        waiting = [live.hear(), live.look_again()] if redis_url else []
        tasks = [asyncio.create_task(one) for one in waiting]
        gc.collect()
        gc.freeze()  # what is there now stays: the collector needn't look at it again
        yield
        for task in tasks:
            task.cancel()

    endpoints = (heavy, small, page, counts, sort, search)
    routes = [route(endpoint, tables) for endpoint in endpoints]
    others = [Route("/readyz", _ready), WebSocketRoute("/ws", live.watch)]
    return Starlette(routes=[*routes, *others], lifespan=lifespan)


def main(port: str, url: str, redis_url: str = "") -> None:
    """Serve until the process is ended, with the server's settings of uvicorn."""
    uvicorn.run(
        create_app(url, redis_url),
        host="127.0.0.1",
        port=int(port),
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
