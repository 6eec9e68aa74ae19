"""Logs that never hold personal data; in production every line is one JSON object.

There each operation that ended has a line, too (``telemetry/request_log.py``).

A line has ``event``, ``level``, ``logger`` and ``timestamp`` (UTC). Where something went wrong
it has ``exception`` too: each exception from the outermost to the first cause, with its type
and frames, those inside a group as well. An exception's message, a warning's text and the
values of variables are left out: they may quote what a user entered or a row holds.

Our own events (``app.…``, and whatever is logged by structlog) are written whole: they hold ids
and counts. Of what other libraries say through ``logging``:

- uvicorn's server is kept whole: it tells of its start, its address and its end.
- Others keep their text only where it is a literal in the file that logs it, without its
  arguments; else the text is left out. ``location`` says where to look it up.
"""

import asyncio
import linecache
import logging
import sys
import threading
import warnings
from functools import lru_cache
from types import CoroutineType
from typing import Final, TextIO

import stamina.instrumentation
import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.types import EventDict, Processor

from app.telemetry import request_log
from app.tracebacks import as_text, describe_exception

log = structlog.get_logger(__name__)

_LEFT_OUT: Final = "a text that may hold personal data was left out"
_UVICORN_SERVER: Final = "/uvicorn/server.py"
_UVICORN_LIFESPAN: Final = "/uvicorn/lifespan/on.py"
_CLIENTS_FAULTS: Final = (
    "ASGI callable returned without completing handshake.",
    "Invalid UTF-8 sequence received from client.",
)
_MESSAGES_OF_LOOPS: Final = frozenset(
    {
        "Future exception was never retrieved",
        "Task exception was never retrieved",
        "Task was destroyed but it is pending!",
    }
)


def configure_logs(*, readable: bool) -> None:
    """Log to standard error: lines for people, or JSON for machines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[*_OF_WHAT, _keep_safe_text],
            processors=[_describe, *_rendering(readable)],
            pass_foreign_args=True,
            use_get_message=False,
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("app").setLevel(logging.INFO)
    # What it says of a retry names neither the system nor why: what is given up is logged.
    stamina.instrumentation.set_on_retry_hooks(())
    structlog.configure(
        processors=[
            *_OF_WHAT,
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    request_log.use(None if readable else sys.stderr)
    uvicorn = logging.getLogger("uvicorn.error")
    uvicorn.addFilter(_is_no_clients_fault)
    if not readable:
        uvicorn.setLevel(logging.INFO)
        uvicorn.addFilter(_is_no_connection)


def _of_request(_: object, __: str, event: EventDict) -> EventDict:
    """Say of which request it is, if of one."""
    request_id = request_log.REQUEST_ID.get()
    return event if request_id is None else {**event, "request_id": request_id}


_OF_WHAT: Final[tuple[Processor, ...]] = (structlog.contextvars.merge_contextvars, _of_request)


def log_what_python_prints() -> None:
    """Log what nobody caught and what Python warns of, which it would print as text."""
    sys.excepthook = lambda _, error, __: log.critical("uncaught exception", exc_info=error)
    sys.unraisablehook = lambda seen: log.error("exception ignored", exc_info=seen.exc_value)
    threading.excepthook = _log_end_of_thread
    warnings.showwarning = _log_warning
    logging.raiseExceptions = False  # a line that can't be written is lost, not printed as text


def log_loop_error(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """Log what an event loop reports, as its exception handler (``set_exception_handler``)."""
    message, error = context.get("message"), context.get("exception")
    task = context.get("task") or context.get("future")
    coroutine = task.get_coro() if isinstance(task, asyncio.Task) else None
    log.error(
        message if message in _MESSAGES_OF_LOOPS else "error in the event loop",
        coroutine=coroutine.__qualname__ if isinstance(coroutine, CoroutineType) else None,
        exc_info=error if isinstance(error, BaseException) else None,
    )


def _rendering(readable: bool) -> list[Processor]:
    if readable:
        colors = sys.stderr.isatty()
        return [_exception_as_text, structlog.dev.ConsoleRenderer(colors=colors)]
    return [structlog.processors.JSONRenderer()]


def _describe(_: object, __: str, event: EventDict) -> EventDict:
    """Say who logged and when, and where an exception came from."""
    record: logging.LogRecord = event.pop("_record")
    del event["_from_structlog"]
    event.update(level=record.levelname.lower(), logger=record.name)
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = describe_exception(error)
    return _stamp(None, "", event)


_stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)


def _exception_as_text(_: object, __: str, event: EventDict) -> EventDict:
    if "exception" in event:
        event["exception"] = as_text(event["exception"])
    return event


def _keep_safe_text(_: object, __: str, event: EventDict) -> EventDict:
    """Of what others log, keep what can't hold personal data, and where it was logged."""
    record: logging.LogRecord = event["_record"]
    text, args = str(event["event"]).strip(), event.pop("positional_args")
    ours = record.name.split(".")[0] == "app"
    if ours or record.pathname.endswith(_UVICORN_SERVER):
        event["event"] = text % args if args else text
    elif not _is_literal(text, record.pathname):
        event["event"] = _LEFT_OUT
    if not ours:
        event["location"] = f"{record.pathname}:{record.lineno} {record.funcName}"
    event.pop("stack_info", None)
    return event


def _is_literal(text: str, path: str) -> bool:
    """Whether a text is a literal of a source file, but for a line's end, and so nobody's data."""
    source = _source(path)
    ends = ('"', "'", '\\n"', "\\n'")
    return any(f"{end[-1]}{text}{end}" in source for end in ends)


@lru_cache(maxsize=32)
def _source(path: str) -> str:
    return "".join(linecache.getlines(path))


def _is_no_clients_fault(record: logging.LogRecord) -> bool:
    """Leave out what a client did or was refused, which uvicorn takes for a fault of ours."""
    return record.msg not in _CLIENTS_FAULTS


def _is_no_connection(record: logging.LogRecord) -> bool:
    """Leave out that a socket was opened or closed, which uvicorn tells as it does its start."""
    return record.levelno >= logging.WARNING or record.pathname.endswith(
        (_UVICORN_SERVER, _UVICORN_LIFESPAN)
    )


def _log_end_of_thread(end: threading.ExceptHookArgs) -> None:
    if end.exc_type is not SystemExit:
        log.critical("uncaught exception of a thread", exc_info=end.exc_value)


def _log_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    structlog.get_logger("py.warnings").warning(category.__name__, location=f"{filename}:{lineno}")
