"""What an answer costs as everybody else's data grows, and whether anything reads a table whole."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

from app.domain.identity import IdType
from app.models.database import database
from app.models.news import schedule_judging_of_group, schedule_judging_of_people
from app.models.people import Person, erase_unneeded_people
from bench.figures import HERE, Plan, Row
from bench.ground import Deployment, Ground, settings, start_server
from bench.grown import GrowingDatabase, create
from bench.load import Cost, Target, ask, body, load
from bench.queries import HEAVY, INVITE, JOIN, READS, REFRESH, REQUIRE, VERIFY
from bench.stage import cpu_seconds
from tests.support.crowds import GROWING
from tests.support.plans import Reading, log_plans, log_size, logged_readings
from tests.support.servers import free_port

_TIMES: Final = 5
_EVER: Final = datetime.min.replace(tzinfo=UTC)
_MANY: Final = 1000  # rows: more than any group has, fewer than a table that grew
_LARGE: Final = 100  # copies, from which on the planner itself must not read a table whole
_FOLLOWING_SECONDS: Final = 4.0  # the refresh, the judgements it asks for, the erasing of the old
_LIFE: Final = {
    "anomalies": """query A($id: ID!) { group(id: $id) { anomalies(first: 50) { nodes {
      reasons evidence { reason since } member { person { name } } } } } }""",
    "filtered": """query F($id: ID!) { group(id: $id) {
      members(first: 50, where: {anomalous: true, healthCodes: [RED]}) { nodes { id } } } }""",
    "by test": """query T($id: ID!) { group(id: $id) {
      members(first: 50, orderBy: {field: TEST_AGE}) { nodes { id } } } }""",
    "logs": """query L($id: ID!) { group(id: $id) { messages(first: 50) { nodes { __typename } }
      formerMembers(first: 50) { nodes { id } } leaveRequests { nodes { reason } }
      invitations { nodes { id } } reports { date } refresh { run { status } } } }""",
    "previews": """query P($id: ID!) { group(id: $id) {
      requirementPreview(natValidity: H24) { count }
      reminderAudience(condition: {anomalous: true}) { count }
      activity { state } offer { until } } }""",
    "me": """query M { me { phone name relatives { id } accesses(first: 20) { nodes { lastAt } }
      groups { nodes { id viewerMembers { id } } } } }""",
}


async def measure(ground: Ground, plan: Plan) -> list[Row]:
    """Return the works at each size, and the whole reads at the last."""
    stage = ground.stage
    grown = await create(stage.postgres.create_database("grown"))
    rows: dict[str, dict[str, float | None]] = {}
    for copies in plan.sizes:
        await grown.grow(copies)
        deployment = await _serve(ground, grown)
        found = await _at_size(ground, deployment) | await _behind(grown)
        deployment.servers[0].kill()
        for work, milliseconds in found.items():
            rows.setdefault(work, {})[f"{copies:,},000 people, ms"] = milliseconds
    whole = await whole_reads(ground, grown)
    await grown.connection.close()
    for read in whole:
        told = f"{read.table}, {read.rows:,.0f} rows: {read.statement:.160}"
        print(f"reads a table whole: {told}", flush=True)
    found_rows = [Row(f"growth: {work}", HERE, figures) for work, figures in rows.items()]
    return [*found_rows, Row("growth", HERE, {"whole reads": len(whole)})]


async def _serve(ground: Ground, grown: GrowingDatabase) -> Deployment:
    """Start a server with the background work inside it."""
    own = settings(grown.url, ground.sandbox, ground.provider, port=free_port())
    deployment = Deployment(grown.url, grown.cast, own)
    await start_server(ground.stage, deployment)
    return deployment


async def _at_size(ground: Ground, deployment: Deployment) -> dict[str, float]:
    """Return the CPU time of server and database that each read takes, in milliseconds."""
    process = deployment.servers[0]

    def cost() -> Cost:
        return Cost(cpu_seconds(process.pid), ground.stage.postgres.cpu_seconds())

    found: dict[str, float] = {}
    asked = {f"heavy, group {name}": (HEAVY, name) for name in deployment.cast.groups}
    asked |= {work: (READS[work], "of 500") for work in ("small", "page", "counts")}
    for work, (query, group) in asked.items():
        target = deployment.target(query, id=deployment.group(group))
        for seconds in (0.2, 0.6):
            sample = await load([target], 1, seconds, cost)
        found[work] = sample.cpu + sample.database_cpu
    return found


async def _behind(grown: GrowingDatabase) -> dict[str, float]:
    """Return the time of what stands behind the API, in milliseconds: none of it may grow."""
    later = datetime.now(UTC) + timedelta(hours=1)
    manager, group_id = grown.cast.manager, grown.cast.groups["of 500"]

    async def erase() -> None:
        key = uuid4()
        await Person.create(
            id=key,
            identity_hash=key.hex * 2,
            id_type=IdType.PASSPORT,
            id_number="E1",
            name="王伟",
            created_at=later,
        )
        await erase_unneeded_people([key])

    works: Mapping[str, Callable[[], Awaitable[object]]] = {
        "news of a person": lambda: schedule_judging_of_people(later, [manager.person_id]),
        "news of a group of 500": lambda: schedule_judging_of_group(later, group_id, _EVER),
        "erasing a person": erase,
    }
    async with database(grown.url):
        return {work: await _timed(act) for work, act in works.items()}


async def _timed(act: Callable[[], Awaitable[object]]) -> float:
    """Return the shortest of several times: the machine may be busy elsewhere."""
    times = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        await act()
        times.append((time.perf_counter() - began) * 1e3)
    return min(times)


async def whole_reads(ground: Ground, grown: GrowingDatabase) -> list[Reading]:
    """Have a server do a bit of everything; return what read a table whole."""
    await log_plans(grown.url)
    if grown.copies < _LARGE:
        await _discourage_whole_reads(grown)
    begin = log_size(ground.stage.postgres)
    deployment = await _serve(ground, grown)
    given = {"id": deployment.group("of 500")}
    for query in (*READS.values(), *_LIFE.values()):
        await deployment.ask(query, **given)
    await deployment.change(REQUIRE, **given, validity="H24")
    # A group of 500 is full: the newcomer joins another.
    invited = await deployment.change(INVITE, id=deployment.group("of 10"))
    await _join(deployment, invited["invitation"]["token"])
    await deployment.change(REFRESH, **given)
    await asyncio.sleep(_FOLLOWING_SECONDS)
    await _behind(grown)
    deployment.servers[0].kill()
    found = {
        (one.table, one.statement): one
        for one in logged_readings(ground.stage.postgres, begin)
        if one.table in GROWING and one.rows >= _MANY
    }
    return sorted(found.values(), key=lambda one: (one.table, one.statement))


async def _discourage_whole_reads(grown: GrowingDatabase) -> None:
    """Leave whole reads only where no index leads to what is asked for.

    Of a table that is small yet the planner would rightly read all.
    """
    name = grown.url.rpartition("/")[2]
    for way in ("seqscan", "hashjoin", "mergejoin"):
        await grown.connection.execute(f'ALTER DATABASE "{name}" SET enable_{way} = off')


async def _join(deployment: Deployment, token: str) -> None:
    (who,) = deployment.cast.joiners

    async def change(query: str, /, **variables: str) -> dict[str, dict[str, str]]:
        target = Target(deployment.ports[0], "/graphql", body(query, **variables), who.token)
        (payload,) = (await ask(target)).values()
        assert not payload["errors"], payload
        return dict(payload)

    started = await change(VERIFY, name=who.name, number=who.id_number)
    await change(JOIN, token=token, verification=started["verification"]["id"])
