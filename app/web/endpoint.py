"""What the ways to the schema share: who asks, and how JSON is read and written."""

from typing import ClassVar

import orjson
from cross_web import HTTPException
from starlette.requests import Request
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
        """Return who asks: the token is read for each operation, and so is its session."""
        headers = request.headers
        return Context(
            env=self._env,
            address=request.client.host if request.client else "",
            language=read_language(headers.get("accept-language")),
            token=bearer(headers.get("authorization")),
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
