"""GraphQL over server-sent events on /graphql/stream, by the protocol of graphql-sse.

They have a path of their own: some clients list their type in every Accept. Either each
operation has an answer of its own ("distinct connections"), or a client reserves one stream by
PUT and gets all its results by that ("single connection"): browsers open six connections to a
server of HTTP/1.1 at most. A stream lives in one process: where several serve, a balancer sends
a client to the same one.
"""

import asyncio
import secrets
from collections import Counter
from typing import Final
from uuid import UUID

from graphql import OperationType
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from app.domain.languages import read_language
from app.resolvers.context import Context
from app.schema import GroupCodeSchema
from app.schema.asked import ALL, Asked, Types
from app.services.kernel.addresses import network_of
from app.services.kernel.env import Env
from app.web.answers import answered, refused
from app.web.budgets import budget_headers
from app.web.carrying import demand_room, size_of
from app.web.connections import Connections
from app.web.contexts import make_context
from app.web.event_streams import (
    Announce,
    EventStream,
    EventStreamResponse,
    Results,
    StreamedOperation,
)
from app.web.media_types import GRAPHQL_RESPONSE, accepted, preferred
from app.web.requests import BadRequest, Incoming, read_request

RESERVED_SECONDS: Final = 30.0  # for a client to open the stream that it reserved
_SOON: Final = str(round(RESERVED_SECONDS))
_MOST_STREAMS: Final = 10_000  # shared ones, of all clients
_MOST_OF_AN_ADDRESS: Final = 1_000  # a school may be behind one
_EVENTS: Final = "text/event-stream"
_ALLOW: Final = {"Allow": "GET, POST, PUT, DELETE, OPTIONS"}
_BY_GET: Final = frozenset({OperationType.QUERY, OperationType.SUBSCRIPTION})


class StreamEndpoint:
    """Serves operations whose results are sent as events."""

    def __init__(self, schema: GroupCodeSchema, env: Env, connections: Connections) -> None:
        self._schema = schema
        self._env = env
        self._connections = connections
        self._reserved: dict[str, EventStream] = {}
        self._held: Counter[str] = Counter()  # streams by the address that reserved them

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; one that can't be taken is answered with a coded error."""
        request = Incoming(scope, receive)
        try:
            response = await self._respond(request)
        except BadRequest as error:
            language = read_language(request.headers.get("accept-language"))
            response = refused(error, language)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if self._connections.closing:
            raise BadRequest("STOPPING", {"Retry-After": "1"})
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_ALLOW)
        token = _token(request)
        if request.method == "PUT":
            return self._reserve(network_of(request.client.host if request.client else ""))
        if request.method == "DELETE":
            return await self._stop(self._stream(token), request)
        if request.method not in ("GET", "POST"):
            raise BadRequest("METHOD_NOT_ALLOWED", _ALLOW)
        if not token:
            return await self._answer(request)
        if _EVENTS in (accepted(request.headers) or "").lower():
            return self._open(token)
        return await self._accept(self._stream(token), request)

    async def _answer(self, request: Request) -> Response:
        """Answer one operation by a stream of its own, also when it is refused."""
        if preferred(accepted(request.headers), (_EVENTS,)) is None:
            raise BadRequest("STREAM_NOT_ACCEPTABLE")
        stream = EventStream(shared=False)
        asked, context = await read_request(request), make_context(self._env, request)
        owners: list[str | UUID] = [network_of(context.address)]
        if context.claims is not None:
            owners.append(context.claims.account_id)
        if not all(map(self._connections.admits, owners)):
            raise BadRequest("TOO_MANY_CONNECTIONS", {"Retry-After": _SOON})
        operation = self._begin(stream, "", asked, context, _types_of(request))
        refusal = await operation.settled
        if refusal is not None and request.method == "GET":
            # A mutation by GET is the request's fault, not its document's: no stream tells that.
            response = answered(refusal, GRAPHQL_RESPONSE, cacheable=False)
            if response.status_code == 405:
                return response
        events = EventStreamResponse(stream, self._connections, *owners)
        events.headers.update(budget_headers(context))
        return events

    def _begin(
        self,
        stream: EventStream,
        operation_id: str,
        asked: Asked,
        context: Context,
        types: Types,
    ) -> StreamedOperation:
        def begin(announce: Announce) -> Results:
            context.on_run = announce
            return self._schema.pipeline.stream(asked, context, types)

        return stream.begin(operation_id, begin, context)

    def _reserve(self, address: str) -> Response:
        """Reserve a stream for whoever knows its token."""
        if len(self._reserved) >= _MOST_STREAMS or self._held[address] >= _MOST_OF_AN_ADDRESS:
            raise BadRequest("TOO_MANY_STREAMS", {"Retry-After": _SOON})
        token = secrets.token_urlsafe(32)
        self._reserved[token] = stream = EventStream(shared=True)
        self._held[address] += 1
        stream.on_end = lambda: self._release(token, address)
        asyncio.get_running_loop().call_later(RESERVED_SECONDS, stream.expire)
        return PlainTextResponse(token, 201, headers={"Cache-Control": "no-store"})

    def _release(self, token: str, address: str) -> None:
        if self._reserved.pop(token, None):
            self._held[address] -= 1
            if not self._held[address]:
                del self._held[address]

    def _stream(self, token: str) -> EventStream:
        stream = self._reserved.get(token)
        if stream is None:
            raise BadRequest("STREAM_UNKNOWN")
        return stream

    def _open(self, token: str) -> Response:
        stream = self._stream(token)
        if stream.opened:
            raise BadRequest("STREAM_OPEN")
        return EventStreamResponse(stream, self._connections)

    async def _accept(self, stream: EventStream, request: Request) -> Response:
        """Run an operation whose results go to a shared stream; here is said that it runs."""
        asked = await read_request(request)
        operation_id = (asked.extensions or {}).get("operationId")
        if not isinstance(operation_id, str) or not operation_id:
            raise BadRequest("OPERATION_ID_MISSING")
        if operation_id in stream.operations:
            raise BadRequest("OPERATION_ID_TAKEN")
        size = size_of(operation_id, asked)
        demand_room((one.size for one in stream.operations.values()), size)
        context = make_context(self._env, request)
        types = _types_of(request)
        operation = self._begin(stream, operation_id, asked, context, types)
        operation.size = size
        refusal = await operation.settled
        if refusal is None:
            return Response(status_code=202, headers=budget_headers(context))
        response = answered(refusal, GRAPHQL_RESPONSE, cacheable=False)
        response.headers.update(budget_headers(context))
        return response

    async def _stop(self, stream: EventStream, request: Request) -> Response:
        operation_id = request.query_params.get("operationId")
        if not operation_id:
            raise BadRequest("OPERATION_ID_MISSING")
        await stream.stop(operation_id)
        return Response(status_code=200)


def _types_of(request: Request) -> Types:
    return _BY_GET if request.method == "GET" else ALL


def _token(request: Request) -> str:
    header = request.headers.get("x-graphql-event-stream-token")
    return header or request.query_params.get("token", "")
