"""How PostgreSQL finds what statements ask for: the plans that it logs, and whole reads in them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from tests.support.servers import PostgresServer

MANY: Final = 1000  # rows: more than any group has, fewer than a table that grew
_SETTINGS: Final = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_format": "json",
    "auto_explain.log_nested_statements": "on",
}
# With these a whole read is left only where no index leads to what is asked for. Of a table that is
# small yet, the planner would rightly read all.
_DISCOURAGED: Final = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
_ENTRY: Final = re.compile(r"(?m)^(?=\S.*?LOG:  duration: )")
_READS: Final = ("Seq Scan", "Index Scan", "Index Only Scan")
_LONGEST_STATEMENT: Final = 160


@dataclass(frozen=True, slots=True, order=True)
class WholeRead:
    """A statement that went through a table that grows."""

    table: str
    rows: int
    statement: str

    def __str__(self) -> str:
        return f"{self.table}, {self.rows:,} rows: {self.statement}"


@dataclass
class PlanLog:
    """The plans of one database's statements, since it was begun."""

    log: Path
    begin: int
    statements: int = 0

    @classmethod
    async def begun(cls, postgres: PostgresServer, url: str, *, small: bool) -> "PlanLog":
        """Have the plans of all statements logged that later connections run.

        In a ``small`` database whole reads are discouraged.
        """
        connection = await asyncpg.connect(url)
        name = url.rpartition("/")[2]
        for setting, value in (_SETTINGS | (_DISCOURAGED if small else {})).items():
            await connection.execute(f"ALTER DATABASE \"{name}\" SET {setting} = '{value}'")
        await connection.close()
        log = postgres.folder / "log"
        return cls(log, log.stat().st_size)

    def whole_reads(self) -> list[WholeRead]:
        """Return every statement that read many rows of a table without being led to them."""
        found: dict[tuple[str, str], WholeRead] = {}
        for plan in self._plans():
            self.statements += 1
            text = " ".join(plan["Query Text"].split())[:_LONGEST_STATEMENT]
            for node in _nodes(plan["Plan"]):
                read = _whole_read(node, text)
                if read is not None:
                    found[read.table, text] = read
        return sorted(found.values())

    def _plans(self) -> Iterator[dict[str, Any]]:
        with self.log.open("rb") as file:
            file.seek(self.begin)
            text = file.read().decode(errors="replace")
        for entry in _ENTRY.split(text):
            head, found, rest = entry.partition("{")
            if found and " plan:" in head:
                plan, _ = json.JSONDecoder().raw_decode(found + rest)
                yield plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _whole_read(node: dict[str, Any], statement: str) -> WholeRead | None:
    if node["Node Type"] not in _READS or "Index Cond" in node:
        return None
    passed = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    rows = int(passed * max(node.get("Actual Loops", 1), 1))
    return WholeRead(node["Relation Name"], rows, statement) if rows >= MANY else None
