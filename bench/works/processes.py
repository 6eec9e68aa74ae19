"""Processes: two servers beside one, how long a start takes, how much memory they hold."""

import time
from statistics import median

from bench.figures import HERE, Plan, Row
from bench.ground import Deployment, Ground, start_server
from bench.load import Cost, load
from bench.queries import READS
from bench.stage import cpu_seconds, memory_mib


async def two_servers(ground: Ground, plan: Plan) -> list[Row]:
    """Load one server and two in turn, by as many clients."""
    deployment = ground.postgres
    await start_server(ground.stage, deployment)
    pids = [deployment.servers[place].pid for place in (0, -1)]

    def cost() -> Cost:
        return Cost(cpu_seconds(*pids), ground.stage.postgres.cpu_seconds())

    rows = []
    for work in ("heavy", "small"):
        rates: dict[int, list[float]] = {1: [], 2: []}
        given = {"id": deployment.group("heavy")}
        places = (0, len(deployment.ports) - 1)
        targets = [deployment.target(READS[work], place, **given) for place in places]
        for _ in range(plan.rounds):
            for number, found in rates.items():
                sample = await load(targets[:number], plan.clients, plan.seconds, cost)
                found.append(sample.a_second)
        pairs = zip(rates[1], rates[2], strict=True)
        figures: dict[str, float | None] = {
            "one, a second": median(rates[1]),
            "two, a second": median(rates[2]),
            "two of one": median(two / one for one, two in pairs),
        }
        rows.append(Row(f"two servers: {work}", HERE, figures))
    deployment.servers.pop().kill()
    deployment.ports.pop()
    return rows


async def start_up(ground: Ground, plan: Plan) -> list[Row]:
    """Start servers that do nothing; tell the seconds to their first answer, and their memory."""
    deployments = {"PostgreSQL": ground.postgres, "SQLite": await ground.lite()}
    return [
        Row("start-up", name, await _start(ground, deployment, plan.starts))
        for name, deployment in deployments.items()
    ]


async def _start(ground: Ground, deployment: Deployment, times: int) -> dict[str, float | None]:
    seconds, memory = [], []
    after = memory_mib(deployment.servers[0].pid)
    deployment.servers.pop().kill()  # one process serves a SQLite file
    deployment.ports.pop()
    for _ in range(times):
        began = time.perf_counter()
        process = await start_server(ground.stage, deployment)
        seconds.append(time.perf_counter() - began)
        memory.append(memory_mib(process.pid))
        deployment.servers.pop().kill()
        deployment.ports.pop()
    return {
        "seconds to the first answer": median(seconds),
        "MiB": median(memory),
        "MiB after all this work": after,
    }
