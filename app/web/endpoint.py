"""What the ways to the schema share: who asks, and how JSON is read and written."""

from typing import ClassVar

import orjson
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http.ides import GraphQL_IDE
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from app.domain.languages import read_language
from app.resolvers.context import Context
from app.schema import GroupCodeSchema
from app.services.kernel.env import Env
from app.web.requests import bearer


def make_context(env: Env, connection: HTTPConnection) -> Context:
    """Return who asks: the token is read for each operation, and so is its session."""
    headers = connection.headers
    return Context(
        env=env,
        address=connection.client.host if connection.client else "",
        language=read_language(headers.get("accept-language")),
        token=bearer(headers.get("authorization")),
        # That of a connection would stand for every operation on it.
        idempotency_key=headers.get("idempotency-key")
        if connection.scope["type"] == "http"
        else None,
    )


class GraphQLView(GraphQL[Context, None]):
    """Strawberry's view with our context and our JSON."""

    graphql_ide: GraphQL_IDE | None
    subscription_protocol: ClassVar[str] = GRAPHQL_TRANSPORT_WS_PROTOCOL

    def __init__(self, schema: GroupCodeSchema, env: Env) -> None:
        super().__init__(
            schema,
            allow_queries_via_get=False,
            subscription_protocols=(self.subscription_protocol,),
            allowed_origins=("*",),  # app/web/origins.py has looked before
        )
        self._env = env

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """Return the context of a request or connection."""
        return make_context(self._env, request)

    def decode_json(self, data: str | bytes) -> object:
        """Read JSON; what isn't UTF-8 or nests without end is no JSON either."""
        return orjson.loads(data)

    def encode_json(self, data: object) -> str:
        """Write JSON as text: WebSocket clients expect text frames."""
        return orjson.dumps(data).decode()
