"""GraphQL over server-sent events, on /graphql/stream.

They have a path of their own: some clients list their type in every Accept.
"""

from typing import ClassVar

from cross_web import HTTPException
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL

from app.domain.languages import read_language
from app.web.answers import refused
from app.web.endpoint import GraphQLView
from app.web.requests import BadRequest, bounded, read_request


class StreamEndpoint(GraphQLView):
    """Serves one subscription a request."""

    subscription_protocol: ClassVar[str] = GRAPHQL_SSE_PROTOCOL

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; one that can't be taken is answered with a coded error."""
        request = Request(scope, bounded(receive))
        language = read_language(request.headers.get("accept-language"))
        try:
            await read_request(request)
            response = await self.run(request)
        except BadRequest as error:
            response = refused(error, language)
        except HTTPException:
            response = refused(BadRequest("SUBSCRIPTION_NOT_HERE"), language)
        await response(scope, receive, send)
