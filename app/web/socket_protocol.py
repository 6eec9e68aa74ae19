"""WebSockets on one connection: messages sent by a call, and an end to what nobody reads."""

import asyncio
from typing import Final, cast

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import InvalidState

from app.web.flow import Unread

SEND: Final = "groupcode.send"  # the extension of a connection's scope by which ``put`` is found
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

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a connection."""
        super().connection_made(transport)
        self._unread.of(cast(asyncio.Transport, transport))

    def connection_lost(self, exc: Exception | None) -> None:
        """End it, and give back what it compresses by: 75 kB that a cycle would keep for long."""
        self._unread.ended()
        super().connection_lost(exc)
        # In place: what waits for the next frame holds the list, too.
        self.conn.extensions.clear()

    def pause_writing(self) -> None:
        """Wait for the client to read, but not for ever."""
        super().pause_writing()
        self._unread.began()

    def resume_writing(self) -> None:
        """Write on."""
        super().resume_writing()
        self._unread.ended()

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
