"""Variants under load in turn: several rounds, medians, and ratios within each round."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import median

from bench.figures import CPU_OF_FLOOR, FLOOR, OF_FLOOR, Plan, Row
from bench.ground import Deployment, Ground
from bench.load import Cost, Sample, Target, ask, body, load
from bench.stage import StatementCount, cpu_seconds
from tests.support.processes import Process

_WARMING: Sequence[int] = (1, 4)  # clients
_COUNTED: int = 5
_NAMES = {
    "a_second": "a second",
    "p50": "p50 ms",
    "p99": "p99 ms",
    "cpu": "CPU ms",
    "database_cpu": "database ms",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """Who answers: a target, and the process behind it."""

    name: str
    target: Target
    process: Process


async def compare(work: str, variants: Sequence[Variant], ground: Ground, plan: Plan) -> list[Row]:
    """Load the variants in turn; return a row of medians for each.

    A machine that is busy elsewhere disturbs all variants of a round alike, so a ratio is taken
    within each round, and its median is what counts.
    """

    async def loaded(variant: Variant, clients: int, seconds: float) -> Sample:
        def cost() -> Cost:
            server = cpu_seconds(variant.process.pid)
            return Cost(server, ground.stage.postgres.cpu_seconds())

        return await load([variant.target], clients, seconds, cost)

    for variant in variants:
        for clients in _WARMING:
            await loaded(variant, clients, plan.seconds / 2)
    samples: dict[str, list[Sample]] = {variant.name: [] for variant in variants}
    for _ in range(plan.rounds):
        for variant in variants:
            samples[variant.name].append(await loaded(variant, plan.clients, plan.seconds))
    return [Row(work, name, _figures(own, samples.get(FLOOR))) for name, own in samples.items()]


def _figures(own: list[Sample], floor: list[Sample] | None) -> dict[str, float | None]:
    found: dict[str, float | None] = {
        _NAMES[field.name]: median(getattr(sample, field.name) for sample in own)
        for field in fields(Sample)
    }
    if floor is not None:
        rounds = list(zip(own, floor, strict=True))
        found[OF_FLOOR] = median(one.a_second / other.a_second for one, other in rounds)
        found[CPU_OF_FLOOR] = median(other.cpu / max(one.cpu, 1e-9) for one, other in rounds)
    return found


@dataclass(frozen=True, slots=True)
class Floor:
    """The floor beside a deployment."""

    process: Process
    port: int
    deployment: Deployment

    def target(self, work: str) -> Target:
        """Return how it is asked one of the reads."""
        given = body("", id=self.deployment.group("heavy"))
        return Target(self.port, f"/{work}", given, self.deployment.cast.manager.token)


async def start_floor(ground: Ground, deployment: Deployment, name: str) -> Floor:
    """Start a floor beside a deployment."""
    redis_url = [ground.stage.redis.url] if deployment.worker else []
    process, port = await ground.stage.start_served(
        "bench.floor", deployment.url, *redis_url, name=name
    )
    return Floor(process, port, deployment)


async def same_answers(floor: Floor, reads: Mapping[str, str]) -> None:
    """Raise ``AssertionError`` unless the floor answers all reads as the server does."""
    for work, query in reads.items():
        deployment = floor.deployment
        expected = await deployment.ask(query, id=deployment.group("heavy"))
        found = await ask(floor.target(work))
        assert found == expected, f"the floor differs at {work}: {_difference(expected, found)}"


def _difference(expected: object, found: object, path: str = "") -> str:
    if isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        parts = [_difference(expected[key], found[key], f"{path}.{key}") for key in expected]
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = zip(expected, found, strict=True)
        parts = [_difference(*pair, f"{path}[{place}]") for place, pair in enumerate(pairs)]
    else:
        return "" if expected == found else f"{path}: {expected!r:.200} against {found!r:.200}"
    return next(filter(None, parts), "")


async def statements_of(act: Callable[[], Awaitable[object]], url: str) -> int:
    """Return how many statements it takes to do something, once it was done before."""
    await act()
    async with StatementCount(url) as counted:
        for _ in range(_COUNTED):
            await act()
    return counted.each_of(_COUNTED)
