"""Every answer is counted by where it was asked for and by its status, and traced if that is on."""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.telemetry import metrics, traces
from app.telemetry.traces import Side
from app.web.request_headers import first_header

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
    """Counts answers; a WebSocket that is accepted isn't one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return

        route = _route(scope["path"])

        async def count(message: Message) -> None:
            if message["type"] in _HEADS:
                metrics.RESPONSES.add(route, str(message["status"]))
                if traces.is_on():
                    traces.note(**{"http.response.status_code": message["status"]})
            await send(message)

        # Of a WebSocket each operation is a trace of its own: the connection lasts for hours.
        if scope["type"] != "http" or not traces.is_on():
            await self._app(scope, receive, count)
            return
        attributes = {"http.request.method": scope["method"], "http.route": route}
        parent = first_header(scope, b"traceparent")
        with traces.span(f"{scope['method']} {route}", Side.SERVER, attributes, parent):
            await self._app(scope, receive, count)


def _route(path: str) -> str:
    return _ROUTES.get(path.split("/", 2)[1] if "/" in path else path, "other")
