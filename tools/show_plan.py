"""Shows how PostgreSQL finds what is due among a million scheduled refreshes (R24)."""

import asyncio
from typing import Final

import asyncpg

from app.models.migrating import migrate
from tests.support.servers import PostgresServer

_GROUPS: Final = 1_000_000
_FILL: Final = """
    INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp)
    SELECT 'START_REFRESH:' || id, 'START_REFRESH', id,
           now() + (number % 21600) * interval '1 second', 0, id
    FROM (SELECT number, gen_random_uuid() AS id FROM generate_series(1, $1::int) number) made
"""
_CLAIM: Final = """
    UPDATE due_work SET due_at = now() + interval '30 seconds', attempts = attempts + 1
    WHERE key IN (
        SELECT key FROM due_work WHERE due_at <= now() + interval '2 seconds'
        ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED
    )
    RETURNING kind, subject_id, stamp, attempts
"""
_NEXT: Final = "SELECT MIN(due_at) AS due_at FROM due_work"


async def _show(url: str) -> None:
    await migrate(url)
    connection = await asyncpg.connect(url)
    print(f"writing {_GROUPS:,} groups' next refreshes…", flush=True)
    await connection.execute(_FILL, _GROUPS)
    await connection.execute("ANALYZE due_work")
    for title, statement in (("a hundred that are due", _CLAIM), ("the next due time", _NEXT)):
        print(f"\n{title}:")
        for row in await connection.fetch(f"EXPLAIN (ANALYZE) {statement}"):
            print(f"  {row[0]}")
    await connection.close()


if __name__ == "__main__":
    with PostgresServer() as server:
        asyncio.run(_show(server.create_database("plan")))
