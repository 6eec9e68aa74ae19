"""WebSockets on one connection: messages sent by a call, and an end to what a client leaves open.

Nobody holds a connection by a handshake that can't be read or a message that never ends, nor has us
keep answers to pings that they don't read.
"""

import asyncio
from typing import Final, cast

from uvicorn._types import ASGISendEvent
from uvicorn.config import Config
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import InvalidState, SecurityError
from websockets.frames import CloseCode, Frame

from app.web.flow import Unread
from app.web.raw_answers import raw_refusal
from app.web.timers import Timers

SEND: Final = "groupcode.send"  # the extension of a connection's scope by which ``put`` is found
MESSAGE_SECONDS: Final = 30.0  # for all of a message to arrive, as for a body
MOST_FRAGMENTS: Final = 1_000  # of one message
_LONGEST_LINE: Final = 8 << 10  # bytes of a handshake's headers, each; websockets' own bound
_MOST_HEADERS: Final = 100
_LONGEST_REASON: Final = 123  # bytes
_ABORT_SECONDS: Final = 2.0  # after the close of a connection that doesn't answer pings


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol. It relies on parts that uvicorn doesn't document (0015).

    ASGI knows one way to send, which awaits, through every layer in between. A message that many
    are told is put by ``put``, a call, on each connection that isn't busy.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._unread = Unread(self.loop)
        self._timers = Timers(self.loop)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection."""
        super().connection_made(transport)
        self._unread.of(cast(asyncio.Transport, transport))

    def connection_lost(self, exc: Exception | None) -> None:
        """End it, and give back what it compresses by: 75 kB that a cycle would keep for long."""
        self._unread.ended()
        self._timers.cancel_all()
        super().connection_lost(exc)
        # In place: what waits for the next frame holds the list, too.
        self.conn.extensions.clear()

    def data_received(self, data: bytes) -> None:
        """Take what arrived; what is begun is to be whole within a while."""
        super().data_received(data)
        if self.close_sent:
            self._timers.cancel("message")
        elif self.conn.handshake_exc is not None:
            self._refuse_handshake(self.conn.handshake_exc)
        elif self.frames or self.conn.reader.buffer:
            if "message" not in self._timers:
                self._timers.later("message", MESSAGE_SECONDS, self._message_is_late)
        elif "message" in self._timers:
            self._timers.cancel("message")

    def handle_cont(self, event: Frame) -> None:
        """Take one more fragment of a message."""
        if self.close_sent:
            return
        super().handle_cont(event)
        if len(self.frames) > MOST_FRAGMENTS:
            self._fail(CloseCode.MESSAGE_TOO_BIG, "too many fragments")

    def pause_writing(self) -> None:
        """Wait for the client to read, but not for ever; they are not to ask for more meanwhile."""
        super().pause_writing()
        self._unread.began()
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Write on."""
        super().resume_writing()
        self._unread.ended()
        if not self.read_paused:
            self.transport.resume_reading()

    async def send(self, message: ASGISendEvent) -> None:
        """Send one; where the connection was ended for what the client did, it is gone.

        uvicorn would take that for a fault of ours.
        """
        await self.writable.wait()
        if self.close_sent and self.transport.is_closing():
            raise ClientDisconnected
        if message["type"] == "websocket.close":  # whose reason may quote what the client sent
            message = {**message, "reason": _cut(message.get("reason") or "")}
        await super().send(message)

    def keepalive_timeout(self) -> None:
        """Close a connection that doesn't answer; what it has yet to read would keep it open."""
        super().keepalive_timeout()
        self.loop.call_later(_ABORT_SECONDS, self.transport.abort)

    async def run_asgi(self) -> None:
        """Serve the connection."""
        extensions = cast("dict[str, object]", self.scope["extensions"])
        extensions[SEND] = self.put
        await super().run_asgi()

    def put(self, text: bytes) -> bool:
        """Send a message of text, in UTF-8; False where the client doesn't keep up or is gone."""
        if not self.writable.is_set() or self.close_sent or self.transport.is_closing():
            return False
        try:
            self.conn.send_text(text)
        except InvalidState:
            return False
        self.transport.write(b"".join(self.conn.data_to_send()))
        return True

    def _refuse_handshake(self, fault: Exception) -> None:
        """Say why a handshake can't be taken, which would else stay unanswered and open."""
        self.handshake_complete = self.close_sent = True
        reason = "HEADERS_TOO_LARGE" if isinstance(fault, SecurityError) else "HTTP_MALFORMED"
        bounds = {"most": _MOST_HEADERS, "bytes": _LONGEST_LINE}
        self.transport.write(raw_refusal(reason, None, **bounds))
        self.transport.close()

    def _message_is_late(self) -> None:
        self._timers.cancel("message")
        if self.read_paused or not self.writable.is_set():  # we didn't read it
            self._timers.later("message", MESSAGE_SECONDS, self._message_is_late)
        elif not self.close_sent:
            self._fail(CloseCode.POLICY_VIOLATION, "the message didn't arrive in time")

    def _fail(self, code: CloseCode, reason: str) -> None:
        self.conn.fail(code, reason)
        self.handle_parser_exception()


def _cut(reason: str) -> str:
    """Return as much of a reason as fits into a frame."""
    return reason.encode(errors="replace")[:_LONGEST_REASON].decode(errors="ignore")
