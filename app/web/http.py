"""GraphQL over HTTP on /graphql: queries and mutations by POST, queries by GET, and GraphiQL.

It follows the draft of May 2025, which graphql-http's audit checks.
"""

from collections.abc import Mapping
from time import perf_counter
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.domain.languages import read_language
from app.schema import GroupCodeSchema
from app.schema.asked import BY_GET, BY_POST
from app.services.kernel.env import Env
from app.web.answers import answered, refused
from app.web.budgets import budget_headers
from app.web.contexts import make_context
from app.web.media_types import JSON, graphql_media_type, wants_page
from app.web.pages import graphiql_page
from app.web.requests import BadRequest, Incoming, read_request

_ALLOW: Final = {"Allow": "GET, HEAD, POST, OPTIONS"}


class HttpEndpoint:
    """Serves one operation a request."""

    def __init__(self, schema: GroupCodeSchema, env: Env, *, graphiql: bool, timed: bool) -> None:
        """``graphiql``: browsers are shown it; ``timed``: answers say what took how long."""
        self.schema = schema
        self._env = env
        self._graphiql = graphiql
        self._timed = timed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; one that can't be taken is answered with a coded error."""
        response = await self.respond(Incoming(scope, receive))
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """Return the answer to a request, whatever it is."""
        media_type = graphql_media_type(request.headers)
        try:
            if request.method == "OPTIONS":
                return Response(status_code=204, headers=_ALLOW)
            if request.method not in ("GET", "HEAD", "POST"):
                raise BadRequest("METHOD_NOT_ALLOWED", _ALLOW)
            if self._graphiql and _opens_page(request):
                return graphiql_page()
            if media_type is None:
                raise BadRequest("NOT_ACCEPTABLE")
            return await self._run(request, media_type)
        except BadRequest as error:
            language = read_language(request.headers.get("accept-language"))
            return refused(error, language, media_type or JSON)

    async def _run(self, request: Request, media_type: str) -> Response:
        started = perf_counter()
        asked = await read_request(request)
        context = make_context(self._env, request)
        context.timings = {} if self._timed else None
        by_post = request.method == "POST"
        types = BY_POST if by_post else BY_GET
        result = await self.schema.pipeline.execute(asked, context, types)
        known = request.headers.get("if-none-match", "")
        response = answered(
            result,
            media_type,
            cacheable=not by_post,
            etag=context.etag,
            known=known,
            more=budget_headers(context),
        )
        if context.timings is not None:
            context.timings["total"] = 1000 * (perf_counter() - started)
            response.headers.update(_server_timing(context.timings))
        return response


def _server_timing(timings: Mapping[str, float]) -> dict[str, str]:
    phases = [f"{phase};dur={spent:.2f}" for phase, spent in timings.items()]
    return {"Server-Timing": ", ".join(phases), "Timing-Allow-Origin": "*"}


def _opens_page(request: Request) -> bool:
    """Whether somebody opens the address in a browser, and asks for nothing by it."""
    return request.method != "POST" and not request.query_params and wants_page(request.headers)
