"""Shows how PostgreSQL finds what is due among a million scheduled refreshes (R24)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Final

import asyncpg

from app.models.claiming import claim_statement, next_statement
from app.models.migrating import migrate
from app.workers.kinds import KINDS
from tests.support.servers import PostgresServer

_GROUPS: Final = 1_000_000
_FILL: Final = """
    INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp)
    SELECT 'START_REFRESH:' || id, 'START_REFRESH', id,
           now() + (number % 21600) * interval '1 second', 0, id
    FROM (SELECT number, gen_random_uuid() AS id FROM generate_series(1, $1::int) number) made
"""


async def _show(url: str) -> None:
    await migrate(url)
    connection = await asyncpg.connect(url)
    print(f"writing {_GROUPS:,} groups' next refreshes…", flush=True)
    await connection.execute(_FILL, _GROUPS)
    await connection.execute("ANALYZE due_work")
    now = datetime.now(UTC) + timedelta(seconds=2)  # so that some are due
    rooms = [(kind.value, now + row.lease, row.threads) for kind, row in KINDS.items()]
    claim = claim_statement(len(rooms), postgres=True)
    await _explain(connection, "what is due and has a free thread", claim, now, *chain(*rooms))
    kinds = [kind.value for kind in KINDS]
    await _explain(connection, "the next due time", next_statement(len(kinds)), *kinds)
    await connection.close()


async def _explain(
    connection: asyncpg.Connection[asyncpg.Record], title: str, statement: str, *values: object
) -> None:
    print(f"\n{title}:")
    for row in await connection.fetch(f"EXPLAIN (ANALYZE) {statement}", *values):
        print(f"  {row[0]}")


if __name__ == "__main__":
    with PostgresServer() as server:
        asyncio.run(_show(server.create_database("plan")))
