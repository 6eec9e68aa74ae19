"""What a server in this process logs."""

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from app.logs import configure_logs


@contextmanager
def logged(*, readable: bool = False) -> Iterator[io.StringIO]:
    """What the server logs meanwhile, configured as `groupcode serve` does it."""
    root, broker = logging.getLogger(), logging.getLogger("dramatiq.broker")
    before = (root.handlers, root.level, broker.level)
    root.handlers = []  # or configuring would close those of the suite
    written = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        configure_logs(readable=readable)
    try:
        yield written
    finally:
        root.handlers, root.level, broker.level = before
        structlog.reset_defaults()
