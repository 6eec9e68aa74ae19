"""The plans by which PostgreSQL carried statements out, read from its log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from tests.support.servers import PostgresServer

_SETTINGS: Final = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_format": "json",
    "auto_explain.log_nested_statements": "on",  # as of foreign keys
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a statement read of one table: how many rows it looked at, kept or not."""

    table: str
    rows: float
    statement: str


async def log_plans(url: str) -> None:
    """Have the plans of all that connect to a database from now on written to the log."""
    connection = await asyncpg.connect(url)
    name = await connection.fetchval("SELECT current_database()")
    for setting, value in _SETTINGS.items():
        await connection.execute(f"ALTER DATABASE \"{name}\" SET {setting} = '{value}'")
    await connection.close()


def log_size(postgres: PostgresServer) -> int:
    """Return how many bytes the log has by now."""
    return (postgres.folder / "log").stat().st_size


def logged_readings(postgres: PostgresServer, start: int) -> Iterator[Reading]:
    """Return what the statements read that were logged since the log was ``start`` bytes long."""
    decoder = json.JSONDecoder()
    logged = (postgres.folder / "log").read_bytes()[start:].decode(errors="replace")
    _, *entries = logged.split(" plan:\n")
    for entry in entries:
        plan, _ = decoder.raw_decode(entry.lstrip())
        statement = " ".join(plan["Query Text"].split())
        for node in _nodes(plan["Plan"]):
            if "Relation Name" in node and "Actual Rows" in node:
                yield Reading(node["Relation Name"], _looked_at(node), statement)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _looked_at(node: dict[str, Any]) -> float:
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    rows = node["Actual Rows"] + sum(node.get(what, 0) for what in removed)
    return float(rows * node["Actual Loops"])
