"""What our connections offer beside ASGI: a request that came whole, an answer written at once."""

import asyncio
from collections.abc import Iterable
from typing import Final, cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle
from uvicorn.server import ServerState

from app.web.gathering import Gathering
from app.web.headers import Header

_WIRE: Final = "app.web.wire"  # in a request's state


class Wire:
    """The connection of one request, for as long as that is answered.

    It relies on parts of uvicorn's cycle of request and response that aren't documented (0015).
    """

    __slots__ = ("_cycle", "_server_state", "_transport")

    def __init__(
        self,
        cycle: RequestResponseCycle,
        transport: asyncio.Transport,
        server_state: ServerState,
    ) -> None:
        self._cycle, self._transport, self._server_state = cycle, transport, server_state

    def offer(self) -> None:
        """Let whoever answers the request find this; what they write otherwise is gathered."""
        self._cycle.scope["state"][_WIRE] = self
        self._cycle.transport = cast(asyncio.Transport, Gathering(self._cycle))

    def let_go(self) -> None:
        """Forget the request, which is answered, and be forgotten by it.

        What knows one another is freed by the collector alone, long after; until then each request
        takes memory that no processor's cache has.
        """
        self._cycle.scope["state"].pop(_WIRE, None)
        self._cycle.transport = self._transport

    @property
    def has_arrived(self) -> bool:
        """Whether all of the body is here."""
        return not self._cycle.more_body

    def take_body(self) -> bytes:
        """Return the body, all of which is here."""
        return bytes(self._cycle.body)

    def answer(self, status: int, head: bytes, body: bytes) -> bool:
        """Write a whole answer, whose ``head`` says how long it is; to nobody who is gone.

        Return whether that was done: for a client that is slow to read, ASGI's way waits.
        """
        cycle = self._cycle
        if cycle.disconnected:
            return True
        if cycle.flow.write_paused:
            return False
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        first = lines_of(self._server_state.default_headers)
        end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        self._transport.write(b"".join((STATUS_LINE[status], first, head, end, body)))
        cycle.message_event.set()
        if not cycle.keep_alive:
            self._transport.close()
        cycle.on_response()
        return True


def lines_of(headers: Iterable[Header]) -> bytes:
    """Return headers as they are written."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def wire_of(scope: Scope) -> Wire | None:
    """Return what the connection of a request offers; None where it isn't one of ours."""
    return cast("Wire | None", scope.get("state", {}).get(_WIRE))
