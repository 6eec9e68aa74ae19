"""What a server in this process logs."""

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
import structlog

from app.logs import configure_logs
from app.telemetry import request_log

_CONFIGURED: Final = (None, "app", "dramatiq.broker", "uvicorn.error")


@contextmanager
def logged(*, readable: bool = False) -> Iterator[io.StringIO]:
    """What the server logs meanwhile, configured as `groupcode serve` does it."""
    before = structlog.get_config()
    root, *_ = loggers = [logging.getLogger(name) for name in _CONFIGURED]
    levels, handlers = [logger.level for logger in loggers], root.handlers
    root.handlers = []  # or configuring would close those of the suite
    written = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        configure_logs(readable=readable)
    try:
        yield written
    finally:
        root.handlers = handlers
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        structlog.configure(**before)
        request_log.use(None)


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Have all that servers in this process log go to a file, as in production."""
    with path.open("w") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", file)
        configure_logs(readable=False)
        patch.undo()
        yield
