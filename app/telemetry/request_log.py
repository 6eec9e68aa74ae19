"""A line of the log for each operation, written without the detours of other lines.

It looks like the others: one JSON object with ``event``, ``level``, ``logger`` and ``timestamp``.
Lines are gathered for a moment and written together, off the way of what is answered; the process
writes what is left when it ends. Other lines may so stand before one that happened earlier.
"""

import asyncio
from asyncio import TimerHandle
from contextvars import ContextVar
from datetime import datetime
from typing import Final, TextIO, TypeAlias

import orjson

About: TypeAlias = dict[str, str | float | None]
_GATHER_SECONDS: Final = 0.1
_MOST_GATHERED: Final = 1_000  # lines

# The id of the request or connection under way, which stands in each line of the log.
REQUEST_ID: Final[ContextVar[str | None]] = ContextVar("request id", default=None)

_stream: TextIO | None = None
_gathered: list[tuple[datetime, str | None, About]] = []
_timer: TimerHandle | None = None


def use(stream: TextIO | None) -> None:
    """Write the lines to a stream from now on; None: write none."""
    global _stream  # noqa: PLW0603  # one process has one log
    write_gathered()
    _stream = stream


def is_on() -> bool:
    """Return whether lines are written."""
    return _stream is not None


def note(at: datetime, about: About) -> None:
    """Have a line tell what is known of an operation that ended at ``at``, within a moment."""
    global _timer  # noqa: PLW0603  # one process has one log
    if _stream is None:
        return
    _gathered.append((at, REQUEST_ID.get(), about))
    if len(_gathered) >= _MOST_GATHERED:
        write_gathered()
    elif _timer is None:
        _timer = asyncio.get_running_loop().call_later(_GATHER_SECONDS, write_gathered)


def write_gathered() -> None:
    """Write the lines that are gathered."""
    global _timer  # noqa: PLW0603  # one process has one log
    if _timer is not None:
        _timer.cancel()
        _timer = None
    if not _gathered or _stream is None:
        return
    lines = b"".join([_line(*one) for one in _gathered])
    _gathered.clear()
    try:
        _stream.write(lines.decode())
        _stream.flush()
    except (OSError, ValueError):
        return  # as of every line: what can't be written is lost


def _line(at: datetime, request_id: str | None, about: About) -> bytes:
    line = {
        "event": "operation",
        "level": "info",
        "logger": "app.requests",
        "timestamp": at,
        "request_id": request_id,
        **about,
    }
    return orjson.dumps(line, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
