"""What a server in this process logs."""

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
import structlog

from app.logs import configure_logs

_CONFIGURED: Final = (None, "app", "dramatiq.broker", "uvicorn.error")


@contextmanager
def logged(*, readable: bool = False) -> Iterator[io.StringIO]:
    """What the server logs meanwhile, configured as `groupcode serve` does it."""
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
        structlog.reset_defaults()
