"""Reading over HTTP: the server beside the floor, on PostgreSQL and on SQLite."""

from dataclasses import replace

from bench.compare import Floor, Variant, compare, same_answers, start_floor, statements_of
from bench.figures import FLOOR, HERE, Plan, Row
from bench.ground import Deployment, Ground, start_server
from bench.peers.starting import Peers, start_peers
from bench.queries import HEAVY, READS


async def on_postgres(ground: Ground, plan: Plan) -> list[Row]:
    """Return the rows of every read, with the statements that an answer takes."""
    deployment = ground.postgres
    floor = await start_floor(ground, deployment, "floor")
    await same_answers(floor, READS)
    peers = await start_peers(ground) if plan.peers else Peers([], {})
    rows: list[Row] = []
    for work in READS:
        variants = _variants(deployment, floor, work) + _of_peers(peers, work)
        compared = await compare(work, variants, ground, plan)
        statements = await statements_of_read(deployment, READS[work])
        rows += [
            replace(row, figures=row.figures | {"statements": statements})
            if row.variant == HERE
            else row
            for row in compared
        ]
    rows += await _asked_again(ground, plan, floor)
    for process in (floor.process, *(peer.process for peer in peers.running)):
        process.kill()
    rows += [Row(f"no {name}: {reason}", name, {}) for name, reason in peers.missing.items()]
    return rows


async def statements_of_read(deployment: Deployment, query: str) -> int:
    """Return how many statements one answer takes."""
    given = {"id": deployment.group("heavy")}
    return await statements_of(lambda: deployment.ask(query, **given), deployment.url)


def _variants(deployment: Deployment, floor: Floor, work: str) -> list[Variant]:
    asked = deployment.target(READS[work], id=deployment.group("heavy"))
    return [
        Variant(HERE, asked, deployment.servers[0]),
        Variant(FLOOR, floor.target(work), floor.process),
    ]


def _of_peers(peers: Peers, work: str) -> list[Variant]:
    return [
        Variant(peer.name, peer.targets[work], peer.process)
        for peer in peers.running
        if work in peer.targets
    ]


async def _asked_again(ground: Ground, plan: Plan, floor: Floor) -> list[Row]:
    """Return the rows of the heavy question, asked over and over of a server that keeps answers.

    All else is asked of servers that keep none.
    """
    deployment = ground.postgres
    server = await start_server(ground.stage, deployment, {"GROUPCODE_ANSWER_CACHE": "32"})
    asked = deployment.target(HEAVY, -1, id=deployment.group("heavy"))
    variants = [Variant(HERE, asked, server), Variant(FLOOR, floor.target("heavy"), floor.process)]
    rows = await compare("asked again", variants, ground, plan)
    deployment.servers.pop().kill()
    deployment.ports.pop()
    return rows


async def on_sqlite(ground: Ground, plan: Plan) -> list[Row]:
    """Return the rows of the heaviest read on SQLite."""
    deployment = await ground.lite()
    floor = await start_floor(ground, deployment, "floor-sqlite")
    await same_answers(floor, {"heavy": HEAVY})
    rows = await compare("heavy", _variants(deployment, floor, "heavy"), ground, plan)
    floor.process.kill()
    return [replace(row, work="heavy on SQLite") for row in rows]
