"""GraphQL over HTTP: POST on /graphql, and GraphiQL for browsers."""

from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.web.endpoint import GraphQLView
from app.web.pages import graphiql_page
from app.web.requests import bounded, refused


class HttpEndpoint(GraphQLView):
    """Serves one operation a request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a refused body is answered as coded JSON."""
        request = Request(scope, bounded(receive))
        try:
            response = await self.run(request)
        except HTTPException as error:
            response = refused(request, error)
        await response(scope, receive, send)

    async def render_graphql_ide(self, request: Request) -> Response:
        """Return our GraphiQL."""
        return graphiql_page()
