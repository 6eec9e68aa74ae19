"""Waiting until the work is drained: until nothing that is due is left undone."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from app.models.due import LEASE
from tools.storm.rows import Database
from tools.storm.subscribers import Subscriber

_PATIENCE_SECONDS: Final = 150.0
_DUE: Final = "SELECT kind, due_at, attempts, dead_at FROM due_work"
_NEWS: Final = timedelta(seconds=2)
_SMS: Final = "SELECT COUNT(*) AS count FROM sms WHERE state = 'QUEUED'"
_RUNS: Final = "SELECT COUNT(*) AS count FROM refresh_run WHERE status IN ('QUEUED', 'RUNNING')"
_VERSIONS: Final = "SELECT id, version FROM groups"
Say = Callable[[str], None]


async def drained(database: Database, say: Say) -> list[str]:
    """Wait until all work is done; return what was still undone when patience ended."""
    give_up_at = time.monotonic() + _PATIENCE_SECONDS
    told_at = 0.0
    while undone := await _undone(database):
        if time.monotonic() > give_up_at:
            return undone
        if time.monotonic() > told_at:
            told_at = time.monotonic() + 5
            say(f"waiting for {', '.join(undone)}")
        await asyncio.sleep(0.3)
    return []


async def _undone(database: Database) -> list[str]:
    now = datetime.now(UTC) + _NEWS  # judgements wait a moment for news that come together
    kinds: dict[str, int] = {}
    for row in await database.read(_DUE):
        claimed = row["attempts"] > 0 and row["due_at"] <= now + LEASE
        if row["dead_at"] is not None:  # killed processes cost attempts, but never all of them
            kinds[f"dead {row['kind']}"] = kinds.get(f"dead {row['kind']}", 0) + 1
        elif claimed or row["due_at"] <= now:
            kinds[row["kind"]] = kinds.get(row["kind"], 0) + 1
    for what, sql in (("queued SMS", _SMS), ("open refreshes", _RUNS)):
        if count := (await database.read(sql))[0]["count"]:
            kinds[what] = count
    return [f"{count} {kind}" for kind, count in sorted(kinds.items())]


async def caught_up(
    database: Database, subscribers: dict[str, list[Subscriber]], seconds: float
) -> list[str]:
    """Give subscribers that long to see the newest event; return those who didn't."""
    give_up_at = time.monotonic() + seconds
    while True:
        behind = await _behind(database, subscribers)
        if not behind or time.monotonic() > give_up_at:
            return behind
        await asyncio.sleep(0.2)


async def _behind(database: Database, subscribers: dict[str, list[Subscriber]]) -> list[str]:
    versions = {row["id"]: row["version"] for row in await database.read(_VERSIONS)}
    return [
        f"a subscriber of {group_id} saw {one.seen[-1:]} of {versions[group_id]}"
        for group_id, some in subscribers.items()
        for one in some
        if one.seen[-1:] != [versions[group_id]]
    ]
