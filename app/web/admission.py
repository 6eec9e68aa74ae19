"""How many connections one process holds at once, whoever they are from.

Each address and account has its share (``connections.py``); many addresses together would still
use up the files that the system lets a process open, and then nothing works: no database, no log.
"""

import asyncio
import resource
from typing import Final

import structlog

from app.telemetry import metrics
from app.web.protocol import BoundedProtocol

log = structlog.get_logger(__name__)

MOST_CONNECTIONS: Final = 10_000
_OTHER_FILES: Final = 256  # the database's connections, Redis, outside systems, modules
_FEW: Final = 1_000
_ENOUGH: Final = MOST_CONNECTIONS + _OTHER_FILES


def admit_many() -> None:
    """Take as many connections as the system lets this process have files for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(_ENOUGH, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    AdmittingProtocol.most = most = most_connections()
    if most < _FEW:
        log.warning("few connections are taken: let us open more files (ulimit -n)", most=most)


def most_connections() -> int:
    """Return how many connections this process takes, by what it may open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return max(1, min(MOST_CONNECTIONS, soft - _OTHER_FILES))


class AdmittingProtocol(BoundedProtocol):
    """The protocol of one connection; one too many is closed without a word."""

    most = MOST_CONNECTIONS

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection, if there is room."""
        self._admitted = len(self.connections) < self.most
        if self._admitted:
            super().connection_made(transport)
            return
        metrics.CONNECTIONS_REFUSED.inc()
        transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self._admitted:
            super().connection_lost(exc)

    @property
    def is_expected(self) -> bool:
        """Whether more may be asked: its client wasn't told that it ends with an answer."""
        if self._over or self.transport.is_closing():
            return False
        return self.is_new or (self.cycle.response_complete and self.cycle.keep_alive)

    @property
    def is_new(self) -> bool:
        """Whether nothing was asked on it yet."""
        return self.cycle is None
