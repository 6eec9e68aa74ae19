"""A refresh as a careful hand writes it: each batch of people and each kind of row one statement.

``python -m bench.floor.refresh DATABASE_URL PROVIDER_PORT GROUP_ID ROUNDS`` prints, as JSON, what
each round took. It writes the rows that the server writes, under the same lock, judged by the
same pure function. It knows nothing of what lies ahead of its fetch: this provider tells none.
"""

import asyncio
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import orjson
import uvloop

from app.ports.cipher import Cipher
from bench.floor.columns import NUMBER
from bench.floor.judging import EVENTS, LOCK, due_later, judge, keep_report
from bench.floor.tables import Row
from bench.load import connect, content_of
from bench.people import SECRET

_BATCH: Final = 100
_AT_ONCE: Final = 4
_CIPHER: Final = Cipher(SECRET)
_START: Final = """INSERT INTO refresh_run (id, group_id, status, done, total, missing, started_at)
  VALUES ($1, $2, 'RUNNING', 0, 0, '[]', $3)"""
_STARTED: Final = """UPDATE groups SET version = version + 1, refresh_run_id = $2,
  refresh_started_at = $3, visited_on = $4 WHERE id = $1"""
_PEOPLE: Final = """SELECT m.person_id, p.id_number FROM membership m
  JOIN person p ON p.id = m.person_id WHERE m.group_id = $1 AND m.withheld_at IS NULL"""
_RECORDS: Final = """INSERT INTO health_record (id, person_id, health_code, health_code_at,
    newest_result, newest_result_at, newest_negative_at, doses, tests, vaccinations, as_of)
  SELECT gen_random_uuid(), new.person, new.code, new.code_at, new.result, new.result_at,
    new.negative_at, new.doses, new.tests, new.vaccinations, $10
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::timestamptz[],
    $6::timestamptz[], $7::int[], $8::bytea[], $9::bytea[])
    AS new(person, code, code_at, result, result_at, negative_at, doses, tests, vaccinations)
  ORDER BY new.person
  ON CONFLICT (person_id) DO UPDATE SET health_code = excluded.health_code,
    health_code_at = excluded.health_code_at, newest_result = excluded.newest_result,
    newest_result_at = excluded.newest_result_at, doses = excluded.doses,
    newest_negative_at = excluded.newest_negative_at, tests = excluded.tests,
    vaccinations = excluded.vaccinations, as_of = excluded.as_of
  WHERE health_record.as_of <= excluded.as_of"""
_END: Final = """UPDATE refresh_run SET status = 'DONE', done = $2, total = $2, ended_at = $3
  WHERE id = $1"""


async def refresh(pool: Any, provider: int, group_id: UUID) -> None:
    """Refresh a group, from the manager's request to the kept report."""
    run_id, started = uuid4(), datetime.now(UTC)
    async with pool.acquire() as connection, connection.transaction():
        group = await connection.fetchrow(LOCK, group_id)
        await connection.execute(_START, run_id, group_id, started)
        await connection.execute(_STARTED, group_id, run_id, started, started.date())
        number = group["version"] + 1
        event = [number], ["REFRESH_STARTED"], [run_id], ["{}"], started
        await connection.execute(EVENTS, group_id, *event)
    rows = await pool.fetch(_PEOPLE, group_id)
    people = {NUMBER(number): person_id for person_id, number in rows}
    numbers = sorted(people, key=lambda number: people[number])
    places = asyncio.Semaphore(_AT_ONCE)

    async def fetch(batch: list[str]) -> None:
        async with places:
            await _fetch_batch(pool, provider, people, batch)

    batches = [numbers[begin : begin + _BATCH] for begin in range(0, len(numbers), _BATCH)]
    await asyncio.gather(*map(fetch, batches))
    now = datetime.now(UTC)
    async with pool.acquire() as connection, connection.transaction():
        ended = ("REFRESH_ENDED", run_id, '{"status": "DONE"}')
        members = await judge(connection, group_id, now, ended)
        await connection.execute(_END, run_id, len(people), now)
        await keep_report(connection, group_id, now, members)
        await due_later(connection, group_id, now)


async def _fetch_batch(
    pool: Any, provider: int, people: Mapping[str, UUID], batch: list[str]
) -> None:
    asked_at = datetime.now(UTC)
    asked = [{"id_type": "RESIDENT_ID", "id_number": number} for number in batch]
    content = orjson.dumps({"people": asked})
    connection = await connect(provider)
    answer = await connection.ask(
        b"POST /records:query HTTP/1.1\r\nHost: provider\r\nContent-Length: %d\r\n\r\n%b"
        % (len(content), content)
    )
    connection.close()
    records = orjson.loads(content_of(answer))["records"]
    rows = [(people[record["id_number"]], *_columns(record)) for record in records]
    await pool.execute(_RECORDS, *map(list, zip(*rows, strict=True)), asked_at)


def _columns(record: Mapping[str, Any]) -> Row:
    """Return the columns of one record as the provider gave it."""
    read = datetime.fromisoformat
    tests, doses = record["tests"], record["vaccinations"]
    done = [
        (read(test["tested_at"]), test["result"] == "POSITIVE")
        for test in tests
        if test["tested_at"] and test["result"] != "PENDING"
    ]
    newest_at, positive = max(done, default=(None, False))
    result = "POSITIVE" if positive else "NEGATIVE"
    return (
        record["health_code"],
        read(record["health_code_at"]),
        result if done else None,
        newest_at,
        max((at for at, is_positive in done if not is_positive), default=None),
        max((dose["dose"] for dose in doses), default=0),
        _CIPHER.encrypt(orjson.dumps(tests), b"health_record.tests"),
        _CIPHER.encrypt(orjson.dumps(doses), b"health_record.vaccinations"),
    )


async def main(url: str, provider: str, group_id: str) -> None:
    """Refresh once for each line that is read, and print what it took in milliseconds."""
    async with asyncpg.create_pool(url, min_size=_AT_ONCE, max_size=_AT_ONCE) as pool:
        for _ in sys.stdin:
            cpu, began = time.process_time(), time.perf_counter()
            await refresh(pool, int(provider), UUID(group_id))
            wall = (time.perf_counter() - began) * 1e3
            took = {"cpu": (time.process_time() - cpu) * 1e3, "wall": wall}
            print(orjson.dumps(took).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
