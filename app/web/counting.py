"""Every answer is counted by where it was asked for and by its status."""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.telemetry import metrics

# Paths hold tokens and ids: of each only what comes first is counted, and only if it is ours.
_ROUTES: Final[Mapping[str, str]] = {
    name: f"/{name}"
    for name in (
        "",
        "dashboard",
        "downloads",
        "graphiql",
        "graphql",
        "healthz",
        "join",
        "readyz",
        "sandbox",
    )
}
_HEADS: Final = ("http.response.start", "websocket.http.response.start")


class Counting:
    """Counts answers; a WebSocket that is accepted is none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        async def count(message: Message) -> None:
            if message["type"] in _HEADS:
                metrics.RESPONSES.labels(_route(scope["path"]), message["status"]).inc()
            await send(message)

        await self._app(scope, receive, count)


def _route(path: str) -> str:
    return _ROUTES.get(path.split("/", 2)[1] if "/" in path else path, "other")
