"""HTTP on one connection, with an end to all that a client can fill or hold open.

uvicorn reads heads of any length, queues requests without end, waits for ever for a head, and
keeps for ever what nobody reads. Here each has a bound: what is refused is told why, in JSON, and
its connection is closed. Bodies have theirs where they are read (``requests``, ``patience``).
"""

import asyncio
from typing import Final, cast

from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from app.web.flow import Flow, Unread
from app.web.parting import PARTING
from app.web.raw_answers import raw_refusal
from app.web.soundness import is_sound
from app.web.timers import Timers
from app.web.wire import Wire

MOST_HEADERS: Final = 100
LONGEST_HEAD: Final = 64 << 10  # bytes of a request's URL and headers
HEAD_SECONDS: Final = 10.0  # for a head to arrive; on a new connection, for it to begin, too
LINGER_SECONDS: Final = 2.0  # in which who was refused can read why, though they still send
_MOST_LOOSE: Final = 1 << 20  # bytes that the parser takes, of which no header or body comes
# Bytes that are parsed at once: of a crowd of requests few are begun before there is a stop.
_PIECE: Final = 4096

_BOUNDS: Final = {"most": MOST_HEADERS, "bytes": LONGEST_HEAD, "seconds": int(HEAD_SECONDS)}


class _OutOfBounds(Exception):
    """The parser is to stop: the connection has said why."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, bounded. It relies on parts that uvicorn doesn't document (0015)."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._waiting = b""  # read, and not parsed yet
        self._over = False  # nothing more is parsed
        self._in_message = False  # a head has arrived, and not all of its body
        self._heads = 0  # that have arrived
        self._headers = self._head_bytes = self._loose = 0
        self._reason = "HTTP_MALFORMED"
        self._last_word = ""  # the reason to refuse what follows, when all before is answered
        self._running: RequestResponseCycle | None = None
        self._timers = Timers(self.loop)
        self._unread = Unread(self.loop)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection, on which a head is to arrive soon."""
        tcp = cast(asyncio.Transport, transport)  # uvloop's is one without saying so
        super().connection_made(tcp)
        self.flow = self._reading = Flow(tcp)
        self._unread.of(tcp)
        self._timers.later("head", HEAD_SECONDS, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._forget()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to the protocol of WebSocket, which has bounds of its own."""
        self._over = True
        self._forget()
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        """Parse what arrived; what can't be begun yet waits, and nothing more is read meanwhile."""
        if self._over:
            return
        heads = None if self._in_message else self._heads
        if len(data) <= _PIECE and not self._waiting:
            self._parse(data)
        else:
            self._waiting += data
            self._parse_on()
        if self._heads == heads and not self._over and "head" not in self._timers:
            self._timers.later("head", HEAD_SECONDS, self._head_is_late)  # most heads come whole

    def on_message_begin(self) -> None:
        """Begin to read a head."""
        super().on_message_begin()
        self._headers = self._head_bytes = self._loose = 0

    def on_url(self, url: bytes) -> None:
        """Take a piece of the URL."""
        self._count(len(url), headers=0)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, or one that follows a body."""
        self._count(len(name) + len(value) + 4, headers=1)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer, or queue, a request whose head has arrived."""
        if not is_sound(self.parser.get_http_version(), self.headers):
            raise _OutOfBounds
        self._timers.cancel("head")
        self._heads += 1
        self._in_message = True
        super().on_headers_complete()
        self.part()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._loose -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that all of a request has arrived."""
        self._in_message = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with what waits; a request that is still on its way is let go."""
        self._wire.let_go()
        super().on_response_complete()
        if self.transport.is_closing():
            self._timers.later("end", LINGER_SECONDS, self.transport.abort)
        elif self._is_answering:
            self._parse_on()
        elif self._last_word:
            self._say(self._last_word)
        elif self._in_message or self._over:
            self._end_soon()
        else:
            self._parse_on()

    def send_400_response(self, msg: str) -> None:
        """Refuse what can't be parsed, or is out of bounds."""
        self._refuse(self._reason)

    def pause_writing(self) -> None:
        """Wait for the client to read, but not for ever."""
        super().pause_writing()
        self._unread.began()

    def resume_writing(self) -> None:
        """Write on."""
        super().resume_writing()
        self._unread.ended()

    def part(self) -> None:
        """Have the connection end with the next answer that begins, if the server stops."""
        if self.config in PARTING and (cycle := self.cycle) and not cycle.response_started:
            cycle.keep_alive = False

    def shutdown(self) -> None:
        """End the connection when whoever was let in, or is coming in, is answered."""
        if not (self._waiting or ("head" in self._timers and self._head_bytes)):
            super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that isn't used, read or not."""
        super().timeout_keep_alive_handler()
        self._timers.later("end", LINGER_SECONDS, self.transport.abort)

    def _unsupported_upgrade_warning(self) -> None:
        """Answer as if no other protocol had been asked for; what follows can't be parsed."""
        self._over = True
        self.cycle.keep_alive = False

    def _parse_on(self) -> None:
        while self._waiting and not self.pipeline and not self._over:
            piece, self._waiting = self._waiting[:_PIECE], self._waiting[_PIECE:]
            self._parse(piece)
        self._reading.held = bool(self._waiting)
        if self._reading.held:
            self._reading.pause_reading()

    def _parse(self, data: bytes) -> None:
        self._loose += len(data)
        super().data_received(data)
        if self._loose > _MOST_LOOSE and not self._over:
            self._refuse("HTTP_MALFORMED" if self._in_message else "HEADERS_TOO_LARGE")

    def _count(self, size: int, *, headers: int) -> None:
        self._loose -= size
        self._headers += headers
        self._head_bytes += size
        if self._headers > MOST_HEADERS or self._head_bytes > LONGEST_HEAD:
            self._reason = "HEADERS_TOO_LARGE"
            raise _OutOfBounds

    def _head_is_late(self) -> None:
        self._timers.cancel("head")
        if self.scope is None:
            self.transport.close()  # nobody has said a word, and nobody is told one
        else:
            self._refuse("HEADERS_TOO_SLOW")

    def _refuse(self, reason: str) -> None:
        """Say why, once whoever came before on this connection is answered; then close it."""
        self._over, self._waiting = True, b""
        if self._in_message and self.pipeline:
            self.pipeline.popleft()  # its body will never be whole
        elif self._in_message and self._is_answering and self.cycle.response_started:
            self.transport.close()
            return
        elif self._in_message:
            self._say(reason)
            return
        if self._is_answering:
            self._last_word = reason
        else:
            self._say(reason)

    @property
    def _is_answering(self) -> bool:
        return self._running is not None and not self._running.response_complete

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        self._wire = Wire(cycle, self.transport, self.server_state)
        self._wire.offer()
        super()._start_asgi_task(cycle, app)

    def _say(self, reason: str) -> None:
        if self._running is not None:  # it waits for a body that will never be whole
            self._running.disconnected = True
            self._running.message_event.set()
        self.transport.write(raw_refusal(reason, self.headers, **_BOUNDS))
        self._end_soon()

    def _end_soon(self) -> None:
        """Read and drop what still comes for a moment: closed at once, our answer could be lost."""
        self._over, self._waiting = True, b""
        self._unset_keepalive_if_required()
        self._reading.held = False
        self._reading.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._timers.later("end", LINGER_SECONDS, self.transport.abort)

    def _forget(self) -> None:
        self._timers.cancel_all()
        self._unread.ended()
