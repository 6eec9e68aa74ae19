"""The way of most requests: whole from the connection, and their answer whole back to it.

Each layer that other requests pass puts a coroutine around the next, and a function around each
message of the answer. What came whole, and is answered whole, takes none of that: what the layers
do is done here by their own functions, one after another.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from app.telemetry import metrics, traces
from app.telemetry.request_log import REQUEST_ID
from app.web.answers import WholeAnswer
from app.web.compression import Compression, is_small, left, may_leave
from app.web.forwarding import Forwarders
from app.web.headers import Header, completed
from app.web.origins import Readers
from app.web.request_ids import HEADER, id_of
from app.web.requests import Incoming
from app.web.safety import answer_to
from app.web.wire import Wire, lines_of, wire_of

_KEPT: Final = 100  # origins: pages are of one of a few
_LONGEST_KEPT: Final = 200  # characters


class Endpoint(Protocol):
    """What answers requests whole."""

    async def respond(self, request: Request) -> Response:
        """Return the answer to a request."""


class Straight:
    """Answers what is posted to one path, where request and answer are whole."""

    def __init__(
        self, path: str, endpoint: Endpoint, forwarders: Forwarders, readers: Readers
    ) -> None:
        self._path = path
        self._endpoint = endpoint
        self._forwarders = forwarders
        self._readers = readers

    def wire(self, scope: Scope) -> Wire | None:
        """Return the connection of a request that can be answered so; None for any other."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != self._path:
            return None
        wire = wire_of(scope)
        # What is traced is so within a span, which is a layer's.
        return wire if wire is not None and wire.has_arrived and not traces.is_on() else None

    async def answer(self, wire: Wire, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope = self._forwarders.as_sent(scope)
        request = Incoming(scope, receive, wire.take_body())
        request_id = id_of(request.first(HEADER))
        before = REQUEST_ID.set(request_id)
        try:
            response = await self._endpoint.respond(request)
        except Exception as error:
            response = answer_to(error, scope)
        finally:
            REQUEST_ID.reset(before)
        status = response.status_code
        metrics.RESPONSES.add(self._path, str(status))

        origin = request.first(b"origin")
        own_id = (HEADER, request_id.encode())
        if status == 200 and isinstance(response, WholeAnswer) and may_leave(request, response):
            alike = _lines(self._readers, response.alike, origin, small=is_small(response))
            if wire.answer(status, alike + lines_of([*response.own, own_id]), response.content):
                return

        def finish(headers: Iterable[Header]) -> list[Header]:
            return self._readers.told([*completed(headers, status), own_id], origin)

        await _send(response, scope, receive, send, finish)


def _lines(
    readers: Readers, alike: tuple[Header, ...], origin: str | None, *, small: bool
) -> bytes:
    """Return what answers that leave as they are say alike, to readers of an origin."""
    short = origin is None or len(origin) <= _LONGEST_KEPT
    written = _written if short else _written.__wrapped__
    return written(readers, alike, origin, small)


@lru_cache(_KEPT)
def _written(readers: Readers, alike: tuple[Header, ...], origin: str | None, small: bool) -> bytes:
    return lines_of(readers.told(completed(left(alike, small=small), 200), origin))


async def _send(
    response: Response,
    scope: Scope,
    receive: Receive,
    send: Send,
    finish: Callable[[Iterable[Header]], list[Header]],
) -> None:
    """Send an answer by ASGI's messages, compressed where it is worth it."""

    async def send_finished(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = finish(message["headers"])
        await send(message)

    await Compression(response)(scope, receive, send_finished)
