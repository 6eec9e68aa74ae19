"""The way of GraphQL's requests that don't come whole (``straight.py``), past all routes."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Direct:
    """Middleware, the innermost, that serves one path by itself.

    Starlette tries routes one after another, and puts around the one that it found what turns
    exceptions to answers: an endpoint that answers for all of its own needs neither.
    """

    def __init__(self, app: ASGIApp, path: str, endpoint: ASGIApp) -> None:
        """``endpoint``: of requests; connections of WebSockets are the routes'."""
        self._app = app
        self._path = path
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] == "http" and scope["path"] == self._path:
            await self._endpoint(scope, receive, send)
        else:
            await self._app(scope, receive, send)
