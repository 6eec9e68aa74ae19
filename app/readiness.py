"""What balancers and supervisors are told: whether the process lives, and whether it can serve."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from app.models.database import ping
from app.ports.redis import RedisBus
from app.web.connections import Connections
from app.wiring import Wiring
from app.workers.timekeeping import Timekeeper

_READY_SECONDS: Final = 2.0


async def healthy(request: Request) -> JSONResponse:
    """Return that the process lives; a failing one is to be restarted."""
    return JSONResponse({"status": "ok"})


def readiness(
    wiring: Wiring, connections: Connections
) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Return the route that says whether the process can serve: if not, send it no requests.

    Without Redis it serves, degraded: were it taken out, so were all the others. One that stops
    isn't ready, though it still serves for a moment; nor is one whose clock is wrong.
    """

    async def ready(request: Request) -> JSONResponse:
        up = {"database": await _succeeds(ping())}
        if wiring.timekeeper is not None:
            up["clock"] = not up["database"] or await _is_right(wiring.timekeeper)
        if isinstance(wiring.bus, RedisBus):
            up["redis"] = wiring.bus.up
        needed = up["database"] and up.get("clock", True)
        degraded = ["redis"] if not up.get("redis", True) else []
        status = 200 if needed and not connections.leaving else 503
        found = {"ready": status == 200, "degraded": degraded, "stopping": connections.leaving}
        return JSONResponse({**found, **up}, status)

    return ready


async def _is_right(timekeeper: Timekeeper) -> bool:
    try:
        async with asyncio.timeout(_READY_SECONDS):
            return await timekeeper.right()
    except Exception:
        return True  # the database went away meanwhile: nobody can say


async def _succeeds(ping: Awaitable[None]) -> bool:
    try:
        async with asyncio.timeout(_READY_SECONDS):
            await ping
    except Exception:
        return False
    return True
