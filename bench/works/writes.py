"""What changes something: a refresh of 500 people, and people who join."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final, TypeVar

import asyncpg
import orjson

from bench.figures import CPU_OF_FLOOR, FLOOR, HERE, Plan, Row
from bench.ground import Ground
from bench.load import Target, ask, body, connect
from bench.people import Someone
from bench.queries import INVITE, JOIN, REFRESH, VERIFY
from bench.stage import OWN, StatementCount, cpu_seconds
from tests.support.processes import ROOT, environment

G = TypeVar("G")
T = TypeVar("T")

_PATIENCE: Final = 60.0
_FOLLOWING_SECONDS: Final = 1.5  # within which judgements and fetches follow
_AT_ONCE: Final = 16
_COUNTED_JOINS: Final = 5  # of those who join
_FETCHING: Final = f"SELECT {OWN} EXISTS (SELECT 1 FROM due_work WHERE kind LIKE 'FETCH_%')"
_RUNNING: Final = f"""SELECT {OWN} r.status IN ('QUEUED', 'RUNNING') FROM refresh_run r
  JOIN groups g ON g.refresh_run_id = r.id WHERE g.id = $1"""


async def refresh(ground: Ground, plan: Plan) -> list[Row]:
    """Refresh 500 people from a provider that answers at once, of whom every tenth changed."""
    connection = await asyncpg.connect(ground.postgres.url)
    await _refresh_once(ground, connection)  # everyone's record is another now
    await asyncio.sleep(_FOLLOWING_SECONDS)
    await _flip(ground)
    async with StatementCount(ground.postgres.url) as counted:
        await _refresh_once(ground, connection)
        await asyncio.sleep(_FOLLOWING_SECONDS)
    own, floors = [], []
    async with _floor(ground) as floor:
        for _ in range(plan.refreshes):
            await _flip(ground)
            cpu, began = _cpu(ground), time.perf_counter()
            await _refresh_once(ground, connection)
            wall = (time.perf_counter() - began) * 1e3
            await asyncio.sleep(_FOLLOWING_SECONDS)
            own.append({"cpu": (_cpu(ground) - cpu) * 1e3, "wall": wall})
            floors.append(await floor())
    await connection.close()
    of_floor = [there["cpu"] / here["cpu"] for here, there in zip(own, floors, strict=True)]
    here = _refreshed(HERE, own, of_floor)
    here.figures["statements"] = counted.count
    return [here, _refreshed(FLOOR, floors, [1.0])]


def _refreshed(variant: str, rounds: Sequence[dict[str, float]], of_floor: Sequence[float]) -> Row:
    figures: dict[str, float | None] = {
        "wall ms": median(one["wall"] for one in rounds),
        "CPU ms": median(one["cpu"] for one in rounds),
        CPU_OF_FLOOR: median(of_floor),
    }
    return Row("refresh", variant, figures)


def _cpu(ground: Ground) -> float:
    deployment = ground.postgres
    assert deployment.worker is not None
    return cpu_seconds(deployment.servers[0].pid, deployment.worker.pid)


async def _refresh_once(ground: Ground, connection: Any) -> None:
    """Refresh and wait for the end of the run; the half hour between two is done away with."""
    deployment = ground.postgres
    group_id = deployment.cast.groups["refreshed"]
    await connection.execute(
        f"UPDATE {OWN} groups SET refresh_started_at = NULL WHERE id = $1", group_id
    )
    await deployment.change(REFRESH, id=deployment.group("refreshed"))
    async with asyncio.timeout(_PATIENCE):
        while await connection.fetchval(_RUNNING, group_id):
            await asyncio.sleep(0.005)


async def _flip(ground: Ground) -> None:
    provider = await connect(ground.provider)
    await provider.ask(b"PUT /flip HTTP/1.1\r\nHost: provider\r\n\r\n")
    provider.close()


@asynccontextmanager
async def _floor(ground: Ground) -> AsyncIterator[Callable[[], Awaitable[dict[str, float]]]]:
    """Give what has the floor refresh the same people once; it did so once to warm up."""
    deployment = ground.postgres
    group_id = str(deployment.cast.groups["refreshed"])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.floor.refresh",
        *(deployment.url, str(ground.provider), group_id),
        cwd=ROOT,
        env=environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    asks, answers = process.stdin, process.stdout
    assert asks is not None
    assert answers is not None

    async def refreshed() -> dict[str, float]:
        asks.write(b"\n")
        took: dict[str, float] = orjson.loads(await answers.readline())
        return took

    await refreshed()
    yield refreshed
    asks.close()
    assert await process.wait() == 0, "the floor's refresh failed"


@dataclass(frozen=True, slots=True)
class _Joiner:
    """Somebody who may join: their token, and their verification."""

    token: str
    verification: str


async def joins(ground: Ground, plan: Plan) -> list[Row]:
    """Have people join one group by one invitation, sixteen at once, with all that follows."""
    deployment = ground.postgres
    invited = await deployment.change(INVITE, id=deployment.group("joined"))
    invitation = str(invited["invitation"]["token"])
    first = plan.clients  # by whom all is made that is made once, as on each connection
    people = deployment.cast.joiners[: first + plan.joins]
    joiners = await _at_once(people, lambda who: _verify(ground, who))

    async def join(joiner: _Joiner) -> None:
        given = {"token": invitation, "verification": joiner.verification}
        await _change(ground, joiner.token, JOIN, **given)

    await _at_once(joiners[:first], join)
    await _all_fetched(deployment.url)
    crowd, last = joiners[first:-_COUNTED_JOINS], joiners[-_COUNTED_JOINS:]
    cpu, began = _cpu(ground), time.perf_counter()
    await _at_once(crowd, join)
    took = time.perf_counter() - began
    await asyncio.sleep(_FOLLOWING_SECONDS)
    used = _cpu(ground) - cpu
    async with StatementCount(deployment.url) as counted:
        for joiner in last:
            await join(joiner)
            await asyncio.sleep(_FOLLOWING_SECONDS / 2)
    number = len(crowd)
    figures: dict[str, float | None] = {
        "a second": number / took,
        "CPU ms": used / number * 1e3,
        "statements": counted.count / len(last),
    }
    return [Row("join", HERE, figures)]


async def _all_fetched(url: str) -> None:
    """Wait until what follows from joins is done: the worker may still be starting."""
    connection = await asyncpg.connect(url)
    async with asyncio.timeout(_PATIENCE):
        while await connection.fetchval(_FETCHING):
            await asyncio.sleep(0.05)
    await connection.close()
    await asyncio.sleep(_FOLLOWING_SECONDS)


async def _verify(ground: Ground, who: Someone) -> _Joiner:
    token = who.token
    given = {"name": who.name, "number": who.id_number}
    payload = await _change(ground, token, VERIFY, **given)
    return _Joiner(token, str(payload["verification"]["id"]))


async def _change(ground: Ground, token: str, query: str, /, **variables: str) -> dict[str, Any]:
    port = ground.postgres.ports[0]
    target = Target(port, "/graphql", body(query, **variables), token)
    (payload,) = (await ask(target)).values()
    assert not payload["errors"], payload
    return dict(payload)


async def _at_once(given: Sequence[G], act: Callable[[G], Awaitable[T]]) -> list[T]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(value: G) -> T:
        async with places:
            return await act(value)

    return list(await asyncio.gather(*map(one, given)))
