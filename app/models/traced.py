"""Statements as parts of a trace: their text, which holds no value, and how long they took."""

from typing import Final

import asyncpg
from asyncpg.connection import LoggedQuery

from app.telemetry import traces

_LONGEST: Final = 2_000  # characters


async def trace_statements(connection: asyncpg.Connection) -> None:
    """Have what a new connection of the pool is asked become part of the trace that asks."""
    if traces.is_on():
        connection.add_query_logger(_note)


def _note(asked: LoggedQuery) -> None:
    text = " ".join(asked.query.split())
    about = {"db.system.name": "postgresql", "db.query.text": text[:_LONGEST]}
    traces.note_past(text.partition(" ")[0], asked.elapsed, about)
