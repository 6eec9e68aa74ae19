"""A line of the log for each operation, written without the detours of other lines.

It looks like the others: one JSON object with ``event``, ``level``, ``logger`` and ``timestamp``.
"""

from datetime import datetime
from typing import TextIO

import orjson
import structlog

_stream: TextIO | None = None


def use(stream: TextIO | None) -> None:
    """Write the lines to a stream from now on; None: write none."""
    global _stream  # noqa: PLW0603  # one process has one log
    _stream = stream


def is_on() -> bool:
    """Return whether lines are written."""
    return _stream is not None


def write(at: datetime, **about: str | float | None) -> None:
    """Write what is known of an operation that ended at ``at``."""
    if _stream is None:
        return
    line = {
        "event": "operation",
        "level": "info",
        "logger": "app.requests",
        "timestamp": at,
        "request_id": structlog.contextvars.get_contextvars().get("request_id"),
        **about,
    }
    try:
        _stream.write(orjson.dumps(line, option=orjson.OPT_UTC_Z).decode() + "\n")
        _stream.flush()
    except (OSError, ValueError):
        return  # as of every line: one that can't be written is lost
