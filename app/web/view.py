"""The GraphQL endpoint: POST and graphql-transport-ws on one path, GraphiQL for browsers.

Server-sent events have a path of their own: some clients list their type in every Accept.
"""

from pathlib import Path
from typing import Final, TypeGuard, cast

import orjson
from cross_web import HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http.ides import GraphQL_IDE
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    Message as TransportMessage,
)
from strawberry.types.unset import UnsetType

from app.domain.languages import read_language
from app.resolvers.context import Context
from app.schema import GroupCodeSchema
from app.schema.texts import TOP_LEVEL, text
from app.services.kernel.env import Env

GRAPHIQL: Final = Path(__file__).parent / "graphiql"
LARGEST_BODY: Final = 256 * 1024  # bytes; no request of ours comes near
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class _PatientSocket(BaseGraphQLTransportWSHandler[Context, None]):
    """Answers what can't be parsed as an error of that operation; the others go on."""

    async def handle_message(self, message: object) -> None:
        """Close with a reason where the base would break off; answer a request that is none."""
        if not _is_message(message):
            await self.handle_invalid_message("This is no message of graphql-transport-ws")
            return
        if message.get("type") == "subscribe" and not _is_request(message.get("payload", {})):
            message = {**message, "payload": {"query": None}}
        await super().handle_message(cast(TransportMessage, message))

    # Strawberry's own closes the connection, and with it every other operation.
    @staticmethod
    def _get_pre_execution_close_reason(error: GraphQLError) -> str | None:
        return None


def _is_message(message: object) -> TypeGuard[dict[str, object]]:
    return (
        isinstance(message, dict)
        and isinstance(message.get("id", ""), str)
        and (message.get("type") != "subscribe" or isinstance(message.get("payload", {}), dict))
    )


def _is_request(payload: object) -> bool:
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query", ""), str)
        and isinstance(payload.get("variables"), (dict, type(None)))
    )


class GraphQLEndpoint(GraphQL[Context, None]):
    """Strawberry's view with our context, our errors and our GraphiQL."""

    graphql_ide: GraphQL_IDE | None
    graphql_transport_ws_handler_class = _PatientSocket

    def __init__(
        self, schema: GroupCodeSchema, env: Env, protocol: str = GRAPHQL_TRANSPORT_WS_PROTOCOL
    ) -> None:
        super().__init__(schema, allow_queries_via_get=False, subscription_protocols=(protocol,))
        self._env = env

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection; a refused body is answered as coded JSON."""
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive, send))
            return
        request = Request(scope, _bounded(receive))
        try:
            response = await self.run(request)
        except HTTPException as error:
            response = _refused(request, error)
        await response(scope, receive, send)

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """Return who asks: the token is read for each operation, and so is its session."""
        headers = request.headers
        return Context(
            env=self._env,
            address=request.client.host if request.client else "",
            language=read_language(headers.get("accept-language")),
            token=_bearer(headers.get("authorization")),
        )

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Take the token from connection_init, as browsers send no headers."""
        params = context.connection_params or {}
        given = params.get("authorization") or params.get("Authorization")
        if isinstance(given, str):
            context.token = _bearer(given)
        language = params.get("acceptLanguage")
        if isinstance(language, str):
            context.language = read_language(language)
        return await super().on_ws_connect(context)

    async def render_graphql_ide(self, request: Request) -> Response:
        """Return our GraphiQL, shipped whole: it works without any network."""
        return FileResponse(
            GRAPHIQL / "index.html", headers={"Content-Security-Policy": _PAGE_POLICY}
        )

    def parse_json(self, data: str | bytes) -> dict[str, object] | list[object]:
        """Read a body: a JSON object, or a batch, which is refused later."""
        parsed = super().parse_json(data)
        if not isinstance(parsed, (dict, list)):
            raise HTTPException(400, "The body is no object")
        return parsed

    def decode_json(self, data: str | bytes) -> object:
        """Read JSON; what isn't UTF-8 or nests without end is no JSON either."""
        return orjson.loads(data)

    def encode_json(self, data: object) -> str:
        """Write JSON as text: WebSocket clients expect text frames."""
        return orjson.dumps(data).decode()


def _bearer(header: str | None) -> str:
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _bounded(receive: Receive) -> Receive:
    """Refuse a body that is too large while it arrives, declared length or not."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_BODY:
            raise HTTPException(413, "The body is too large")
        return message

    return bounded


def _refused(request: Request, error: HTTPException) -> Response:
    reasons = {413: "BODY_TOO_LARGE", 400: "BODY_NOT_A_REQUEST"}
    reason = reasons.get(error.status_code, "NOT_FOUND")
    if "JSON" in error.reason:
        reason = "BODY_NOT_JSON"
    elif error.reason.startswith("subscriptions"):
        reason = "BODY_A_SUBSCRIPTION"
    message = text(TOP_LEVEL[reason], read_language(request.headers.get("accept-language")))
    body = {"errors": [{"message": message, "extensions": {"code": "BAD_USER_INPUT"}}]}
    return Response(orjson.dumps(body), error.status_code, media_type="application/json")
