"""GraphQL over WebSocket: graphql-transport-ws."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import aclosing, suppress
from datetime import timedelta
from typing import Final, TypeGuard, cast

import orjson
import structlog
from graphql import GraphQLFormattedError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from starlette.websockets import WebSocketDisconnected as WebSocketClosed
from strawberry.asgi import ASGIWebSocketAdapter, GraphQL
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    ConnectionInitMessage,
    Message,
    SubscribeMessage,
)

from app.domain.languages import read_language
from app.resolvers.context import Context
from app.schema import GroupCodeSchema
from app.schema.asked import Asked
from app.schema.request_faults import ErrorJson, request_error
from app.services.kernel.addresses import network_of
from app.services.kernel.env import Env
from app.telemetry import metrics
from app.web.answers import never_ran
from app.web.carrying import demand_room, size_of
from app.web.connections import ANSWER_SECONDS, Connections
from app.web.contexts import make_context
from app.web.origins import refuse
from app.web.requests import BadRequest, bearer, read_parameters
from app.web.safety import unexpected_error
from app.web.socket_protocol import SEND

INIT_SECONDS: Final = 10.0  # for connection_init to come; then the connection is closed with 4408
_TRY_AGAIN_LATER: Final = 1013  # clients do, after a pause
_SERVICE_RESTART: Final = 1012  # clients connect again, and begin their subscriptions again
_CLOSE_SECONDS: Final = 1.0  # for a client that doesn't read
_GONE: Final = (WebSocketDisconnected, WebSocketClosed)  # that it closes, and that it had closed


_told = metrics.STREAM_MESSAGES.labels("websocket")


class _Socket(BaseGraphQLTransportWSHandler[Context, None]):
    """One connection: a wrong operation spoils no other, and a stopping server ends no work.

    Strawberry's own reads the messages and keeps the protocol. Here is how an operation runs.
    """

    view: "SocketEndpoint"
    schema: GroupCodeSchema

    async def handle(self) -> None:
        """Serve until either side closes."""
        self._subscriptions: set[Operation[Context, None]] = set()
        self._sizes: dict[Operation[Context, None], int] = {}  # of all that run, in bytes
        self._put = _put_of(cast(ASGIWebSocketAdapter, self.websocket).ws.scope)
        open_now = metrics.STREAMS_OPEN.labels("websocket").track_inprogress()
        address = network_of(self.context.address)
        with self.view.connections.holding(self, address), open_now:
            await super().handle()

    async def end(self) -> None:
        """Answer what is asked, cut subscriptions off, and close so that the client comes back."""
        for operation in self._subscriptions & set(self.operations.values()):
            await self.cleanup_operation(operation.id)
        if running := [one.task for one in self.operations.values() if one.task]:
            await asyncio.wait(running, timeout=ANSWER_SECONDS)
        with suppress(*_GONE, TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.websocket.close(_SERVICE_RESTART, "The server is restarting")

    async def handle_message(self, message: object) -> None:
        """Close with a reason where the base would break off."""
        if not _is_message(message):
            await self.handle_invalid_message("This is no message of graphql-transport-ws")
            return
        if message.get("payload", {}) is None:
            message = {**message, "payload": {}}
        await super().handle_message(cast(Message, message))

    async def handle_connection_init(self, message: ConnectionInitMessage) -> None:
        """Learn who connects; close where they hold too many connections already."""
        payload = message.get("payload", {})
        if not self.connection_init_received and isinstance(payload, dict):
            _read_params(self.context, payload)
            claims = self.context.env.tokens.read(self.context.token, self.context.env.clock.now())
            if claims is not None:
                if not self.view.connections.admits(claims.account_id):
                    await self.websocket.close(_TRY_AGAIN_LATER, "TOO_MANY_CONNECTIONS")
                    return
                self.view.connections.count(self, claims.account_id)
        await super().handle_connection_init(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begin an operation, or say why not."""
        operation_id = message["id"]
        if not self.connection_acknowledged:
            await self.websocket.close(4401, "Unauthorized")
        elif operation_id in self.operations:
            await self.websocket.close(4409, f"Subscriber for {operation_id} already exists")
        elif not self.view.connections.closing:  # else it is asked again on the next connection
            try:
                asked = read_parameters(message.get("payload", {}))
                size = size_of(operation_id, asked)
                demand_room((self._sizes.get(one, 0) for one in self.operations.values()), size)
                self._begin(operation_id, asked, size)
            except BadRequest as error:
                problem = request_error(error.reason, self.context.language, **error.params)
                await self._send_error(operation_id, problem)

    def _begin(self, operation_id: str, asked: Asked, size: int) -> None:
        operation = Operation(
            self, operation_id, asked.query or "", asked.variables, asked.operation_name
        )
        self.operations[operation_id] = operation
        self._sizes[operation] = size
        operation.task = asyncio.create_task(self._run(operation, asked))
        operation.task.add_done_callback(lambda _: self._sizes.pop(operation))

    async def _run(self, operation: Operation[Context, None], asked: Asked) -> None:
        """Run one operation; the lines that it logs name it, beside the connection's id."""
        try:
            with structlog.contextvars.bound_contextvars(operation_id=operation.id[:128]):
                await self._send_results(operation, asked)
        except _GONE:
            pass
        except Exception:
            problem = unexpected_error(self.context.language, "websocket")
            self.operations.pop(operation.id, None)
            with suppress(*_GONE):
                await self._send_error(operation.id, problem)
        finally:
            self._subscriptions.discard(operation)

    async def _send_results(self, operation: Operation[Context, None], asked: Asked) -> None:
        """Send results as they come, and that there are no more; who is cut off isn't told so."""

        def note(is_subscription: bool) -> None:
            if is_subscription:
                self._subscriptions.add(operation)

        head = b'{"id":%b,"type":"next","payload":' % orjson.dumps(operation.id)

        def tell(answer: bytes) -> bool:
            runs = self.operations.get(operation.id) is operation
            put = runs and self._put(b"%b%b}" % (head, answer))
            if put:
                _told.inc()
            return put

        context = self.context.alone(note)
        results = self.schema.pipeline.stream(asked, context)
        async with aclosing(results):
            async for result in results:
                if never_ran(result, live=operation in self._subscriptions):
                    await operation.send_initial_errors(result.errors or [])
                    return
                await operation.send_next(result)
                _told.inc()
                await context.following.follow(tell)
        await operation.send_operation_message({"id": operation.id, "type": "complete"})

    async def _send_error(self, operation_id: str, error: ErrorJson) -> None:
        payload = [cast(GraphQLFormattedError, error)]
        await self.send_message({"id": operation_id, "type": "error", "payload": payload})


def _put_of(scope: Scope) -> Callable[[bytes], bool]:
    """Return how a message is sent by a call; where the server has no way, none ever is."""
    put: Callable[[bytes], bool] = scope.get("extensions", {}).get(SEND, lambda message: False)
    return put


def _is_message(message: object) -> TypeGuard[dict[str, object]]:
    return (
        isinstance(message, dict)
        and isinstance(message.get("id", ""), str)
        and (message.get("type") != "subscribe" or isinstance(message.get("payload", {}), dict))
    )


class SocketEndpoint(GraphQL[Context, None]):
    """Serves every operation of a client on one connection."""

    graphql_transport_ws_handler_class = _Socket

    def __init__(self, schema: GroupCodeSchema, env: Env, connections: Connections) -> None:
        super().__init__(
            schema,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            allowed_origins=("*",),  # app/web/origins.py has looked before
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
        )
        self._env = env
        self.connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection until it closes."""
        socket = WebSocket(scope, receive, send)
        if self.connections.closing:
            await socket.close()
        elif not self.connections.admits(network_of(socket.client.host if socket.client else "")):
            await refuse(socket, "TOO_MANY_CONNECTIONS")
        else:
            await self.run(socket)

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """Return the context of a connection."""
        return make_context(self._env, request)

    def decode_json(self, data: str | bytes) -> object:
        """Read JSON; what isn't UTF-8 or nests without end is no JSON either."""
        return orjson.loads(data)

    def encode_json(self, data: object) -> str:
        """Write JSON as text: clients expect text frames."""
        return orjson.dumps(data).decode()


def _read_params(context: Context, params: Mapping[str, object]) -> None:
    """Take token and language from connection_init, as browsers send no headers."""
    given = params.get("authorization") or params.get("Authorization")
    if isinstance(given, str):
        context.token = bearer(given)
    language = params.get("acceptLanguage")
    if isinstance(language, str):
        context.language = read_language(language)
