"""Event streams: results sent while an answer stays open, as server-sent events.

One stream carries one operation or, once reserved by a token, several by their ids. Written here
and not taken from a library: events of GraphQL are one line of JSON each, and when a stream ends
is ours to say (docs/decisions/0022-streams.md).
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import orjson
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send
from strawberry.types import ExecutionResult

from app.resolvers.context import Context
from app.resolvers.following import Following
from app.telemetry import metrics
from app.web.answers import never_ran, payload_of
from app.web.connections import ANSWER_SECONDS, Connections
from app.web.safety import unexpected_error

HEARTBEAT_SECONDS: Final = 12.0
_BUFFERED: Final = 16  # events; a client that reads slowly slows its operations down
_PAUSE_SECONDS: Final = 0.25  # so that a client has read the last event when its stream ends
_HEARTBEAT: Final = b":\n\n"
_FIRST: Final = b"retry: 1000\n\n:\n\n"  # milliseconds; some browsers wait for a first event
_HEADERS: Final = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # or nginx would hold events back
}

Announce = Callable[[bool], None]  # that an operation runs, and whether it is a subscription
Results = AsyncGenerator[ExecutionResult, None]
Begin = Callable[[Announce], Results]


_told = metrics.STREAM_MESSAGES.labels("sse")


@dataclass(eq=False, slots=True)
class StreamedOperation:
    """One operation of a stream.

    ``settled``: whether it runs (None) or was refused before that (its errors), as soon as that
    is known. ``size``: the bytes of its request, on a stream that carries several.
    """

    id: str
    settled: asyncio.Future[ExecutionResult | None]
    is_subscription: bool = False
    size: int = 0
    task: asyncio.Task[None] | None = field(default=None)

    def settle(self, refusal: ExecutionResult | None) -> None:
        """Tell what became of it; only the first word counts."""
        if not self.settled.done():
            self.settled.set_result(refusal)


class EventStream:
    """One open answer and the operations whose results it carries."""

    def __init__(self, *, shared: bool) -> None:
        """``shared``: several operations, told apart by their ids; else it ends with its one."""
        self._shared = shared
        self._events: asyncio.Queue[bytes | None] = asyncio.Queue(_BUFFERED)
        self.operations: dict[str, StreamedOperation] = {}
        self.opened = False
        self.on_end: Callable[[], object] = lambda: None

    def expire(self) -> None:
        """End it, if nobody opened it."""
        if not self.opened:
            self.finish()

    def finish(self) -> None:
        """Cut off what runs: nobody reads it any more."""
        self.on_end()
        for operation in self.operations.values():
            if operation.task:
                operation.task.cancel()

    def begin(self, operation_id: str, begin: Begin, context: Context) -> StreamedOperation:
        """Run an operation in its own context; its results go to the stream."""
        operation = StreamedOperation(operation_id, asyncio.get_running_loop().create_future())
        self.operations[operation_id] = operation
        operation.task = asyncio.create_task(self._run(operation, begin, context))
        return operation

    async def _run(self, operation: StreamedOperation, begin: Begin, context: Context) -> None:
        try:
            await self._send_results(operation, begin, context.following)
        except Exception:
            payload = {"errors": [unexpected_error(context.language, "sse")]}
            operation.settle(None)
            await self._events.put(self._event("next", operation.id, orjson.dumps(payload)))
            await self._events.put(self._event("complete", operation.id))
        finally:
            operation.settle(None)
            if self.operations.get(operation.id) is operation:
                del self.operations[operation.id]
        if not self._shared:
            await self._events.put(None)

    async def _send_results(
        self, operation: StreamedOperation, begin: Begin, following: Following
    ) -> None:
        def note(is_subscription: bool) -> None:
            operation.is_subscription = is_subscription
            operation.settle(None)

        def tell(answer: bytes) -> bool:
            runs = self.operations.get(operation.id) is operation
            if runs and not self._events.full():
                self._events.put_nowait(self._event("next", operation.id, answer))
                _told.inc()
                return True
            return False

        results = begin(note)
        async with aclosing(results):
            async for result in results:
                refused = never_ran(result, live=operation.is_subscription)
                refusal = result if refused else None
                operation.settle(refusal)
                if refusal and self._shared and operation.settled.result() is refusal:
                    return  # answered where it was asked
                payload = orjson.dumps(payload_of(result, ran=not refused))
                await self._events.put(self._event("next", operation.id, payload))
                _told.inc()
                await following.follow(tell)
        await self._events.put(self._event("complete", operation.id))

    def _event(self, name: str, operation_id: str, payload: bytes = b"") -> bytes:
        """Return an event with a payload of JSON; its lines end in LF: some split on that alone."""
        if self._shared:
            also = b',"payload":%b' % payload if payload else b""
            payload = b'{"id":%b%b}' % (orjson.dumps(operation_id), also)
        data = b" " + payload if payload else b""
        return b"event: %b\ndata:%b\n\n" % (name.encode(), data)

    async def stop(self, operation_id: str) -> None:
        """Stop an operation, if it runs."""
        operation = self.operations.pop(operation_id, None)
        if operation and operation.task:
            operation.task.cancel()
            await asyncio.wait([operation.task])

    async def end(self) -> None:
        """Answer what is asked and cut subscriptions off, then end without ``complete``."""
        for operation in list(self.operations.values()):
            if operation.is_subscription:
                await self.stop(operation.id)
        if running := [one.task for one in self.operations.values() if one.task]:
            await asyncio.wait(running, timeout=ANSWER_SECONDS)
        await asyncio.sleep(_PAUSE_SECONDS)
        await self._events.put(None)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield events, and something now and then when there is none, until the stream ends."""
        yield _FIRST
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    event = await self._events.get()
            except TimeoutError:
                event = _HEARTBEAT
            if event is None:
                return
            yield event


class EventStreamResponse(StreamingResponse):
    """Serves a stream until it ends or its client goes away; its operations end with it."""

    def __init__(self, stream: EventStream, connections: Connections, *owners: str | UUID) -> None:
        """``owners``: the address, and the account where one is known, that holds it open."""
        stream.opened = True
        super().__init__(stream.chunks(), headers=_HEADERS)
        self._stream = stream
        self._connections, self._owners = connections, owners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve it."""
        try:
            open_now = metrics.STREAMS_OPEN.labels("sse").track_inprogress()
            with self._connections.holding(self._stream, *self._owners), open_now:
                await super().__call__(scope, receive, send)
        finally:
            self._stream.finish()
