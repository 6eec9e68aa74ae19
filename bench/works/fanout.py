"""One change of colour told to many subscribers, and what they cost while nothing happens."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench.compare import start_floor
from bench.figures import CPU_OF_FLOOR, FLOOR, HERE, OF_FLOOR, Plan, Row
from bench.ground import Ground, start_server
from bench.peers.starting import STRAWBERRY
from bench.queries import REQUIRE
from bench.sockets import Crowd, Place, gather
from bench.stage import StatementCount, cpu_seconds, memory_mib
from tests.support.processes import Process

# A server with subscribers, the port and the path.
Served = tuple[Process, int, str]
_SETTLE_SECONDS: Final = 0.3  # after the last message, until the CPU time is read


async def measure(ground: Ground, plan: Plan) -> list[Row]:
    """Return the rows of servers that do nothing else, and of what they do while idle."""
    starters: dict[str, Callable[[Ground], Awaitable[Served]]] = {HERE: _server, FLOOR: _floor}
    if plan.peers:
        starters[STRAWBERRY] = _strawberry
    rows: list[Row] = []
    for name, start in starters.items():
        rows += await _measure_one(ground, plan, name, await start(ground))
    return _with_ratios(rows)


async def _server(ground: Ground) -> Served:
    process = await start_server(ground.stage, ground.postgres)
    return process, ground.postgres.ports.pop(), "/graphql"


async def _floor(ground: Ground) -> Served:
    floor = await start_floor(ground, ground.postgres, "floor-of-subscribers")
    return floor.process, floor.port, "/ws"


async def _strawberry(ground: Ground) -> Served:
    given = (ground.postgres.url, ground.stage.redis.url)
    module = "bench.peers.strawberry_live"
    process, port = await ground.stage.start_served(module, *given, name=module)
    return process, port, "/graphql/"


async def _measure_one(ground: Ground, plan: Plan, name: str, served: Served) -> list[Row]:
    process, port, path = served
    deployment, number = ground.postgres, plan.subscribers
    await _require(ground, "NONE")
    tokens = [who.token for who in deployment.cast.watchers]
    before = memory_mib(process.pid)
    crowd = await gather(Place(port, path, deployment.group("watched")), tokens, number)
    each = (memory_mib(process.pid) - before) / number * 1024
    # What it costs a peer to wait isn't asked: it never looks again without a nudge.
    asked = plan.idle_seconds if name in (HERE, FLOOR) else 0
    idle = await _idle(ground, process, asked) if asked else {}
    told = [await _tell(ground, process, crowd, change) for change in range(plan.changes)]
    crowd.leave()
    process.kill()
    figures: dict[str, float | None] = {
        "subscribers": number,
        "messages a second": median(number / one.seconds for one in told),
        "last told ms": median(one.last_told * 1e3 for one in told),
        "CPU ms": median(one.cpu / number * 1e3 for one in told),
        "KiB each": each,
    }
    rows = [Row("fan-out", name, figures)]
    return [*rows, Row("idle", name, idle)] if idle else rows


@dataclass(frozen=True, slots=True)
class Told:
    """How one change went round; in seconds."""

    seconds: float  # from the first message to the last
    last_told: float  # from the answer to who made the change
    cpu: float


async def _tell(ground: Ground, process: Process, crowd: Crowd, change: int) -> Told:
    """Change the colour by another server; return once everyone was told, once."""
    number, before, cpu = len(crowd.members), len(crowd.heard), cpu_seconds(process.pid)
    await _require(ground, "NONE" if change % 2 else "H24")
    answered = time.perf_counter()
    await crowd.until(before + number)
    await asyncio.sleep(_SETTLE_SECONDS)
    heard = crowd.heard[before:]
    assert len(heard) == number, "somebody was told twice"
    return Told(
        seconds=max(heard[-1] - heard[0], 1e-4),
        last_told=heard[-1] - min(answered, heard[0]),
        cpu=cpu_seconds(process.pid) - cpu,
    )


async def _require(ground: Ground, validity: str) -> None:
    deployment = ground.postgres
    await deployment.change(REQUIRE, id=deployment.group("watched"), validity=validity)


async def _idle(ground: Ground, process: Process, seconds: float) -> dict[str, float | None]:
    """Return what a minute costs in which nothing happens."""
    cpu, began = cpu_seconds(process.pid), time.perf_counter()
    async with StatementCount(ground.postgres.url, without="due_work") as counted:
        await asyncio.sleep(seconds)
    minutes = (time.perf_counter() - began) / 60
    return {
        "statements a minute": counted.count / minutes,
        "CPU ms a minute": (cpu_seconds(process.pid) - cpu) * 1e3 / minutes,
    }


def _with_ratios(rows: list[Row]) -> list[Row]:
    told = [row for row in rows if row.work == "fan-out"]
    floor = next(row.figures for row in told if row.variant == FLOOR)
    for figures in (row.figures for row in told):
        figures[OF_FLOOR] = _ratio(figures, floor, "messages a second")
        figures[CPU_OF_FLOOR] = _ratio(floor, figures, "CPU ms")
    return rows


def _ratio(these: dict[str, float | None], those: dict[str, float | None], name: str) -> float:
    return (these[name] or 0.0) / (those[name] or 1.0)
