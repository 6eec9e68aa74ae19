"""The benchmark works, statements are few, and nothing reads a table whole; no time is held."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bench.chart import draw
from bench.compare import same_answers, start_floor
from bench.figures import FLOOR, HERE, SMOKE, verdicts
from bench.ground import Ground, set_ground
from bench.grown import create
from bench.queries import READS
from bench.stage import CountingPostgres, Stage
from bench.works import fanout, writes
from bench.works.growth import whole_reads
from bench.works.reads import statements_of_read
from tests.support.processes import Forked
from tests.support.servers import RedisServer

# So many statements at most, once a document was seen and the day's first look is noted.
MOST = {"heavy": 3, "small": 4, "page": 3, "counts": 3, "sort": 4, "search": 4}
MOST_OF_A_JOIN = 26
MOST_OF_A_REFRESH = 80


@pytest.fixture(scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    """The ground of the benchmark, with nobody in it but those who are asked about."""
    folder = tmp_path_factory.mktemp("bench")
    with CountingPostgres() as postgres, RedisServer() as redis:
        async with httpx.AsyncClient(timeout=30) as http:
            stage = Stage(folder, postgres, redis, http, groupcode=Forked)
            with stage.stack:
                await postgres.prepare()
                yield await set_ground(stage, SMOKE.other_groups)


async def test_the_floor_answers_as_the_server_does(ground: Ground) -> None:
    floor = await start_floor(ground, ground.postgres, "floor")
    await same_answers(floor, READS)
    floor.process.kill()


async def test_reads_take_few_statements(ground: Ground) -> None:
    for work, query in READS.items():
        assert await statements_of_read(ground.postgres, query) <= MOST[work], work


async def test_a_refresh_takes_few_statements_and_the_floor_does_it_too(ground: Ground) -> None:
    here, floor = await writes.refresh(ground, SMOKE)
    assert (here.variant, floor.variant) == (HERE, FLOOR)
    assert (here.figures["statements"] or 0) <= MOST_OF_A_REFRESH


async def test_a_join_takes_few_statements(ground: Ground) -> None:
    (row,) = await writes.joins(ground, SMOKE)
    assert (row.figures["statements"] or 0) <= MOST_OF_A_JOIN


async def test_every_subscriber_of_server_and_floor_is_told_of_each_change(ground: Ground) -> None:
    rows = await fanout.measure(ground, SMOKE)
    told = [row.variant for row in rows if row.work == "fan-out"]
    assert told == [HERE, FLOOR]
    assert "<svg" in draw(verdicts(rows))


async def test_nothing_reads_a_table_whole_that_grows(ground: Ground) -> None:
    grown = await create(ground.stage.postgres.create_database("grown"))
    await grown.grow(SMOKE.sizes[-1])
    found = await whole_reads(ground, grown)
    await grown.connection.close()
    assert not found, "\n".join(map(str, found))
