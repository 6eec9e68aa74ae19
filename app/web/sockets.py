"""GraphQL over WebSocket: graphql-transport-ws."""

from typing import TypeGuard, cast

import structlog
from graphql import GraphQLError
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    Message as TransportMessage,
)
from strawberry.types.unset import UnsetType

from app.domain.languages import read_language
from app.resolvers.context import Context
from app.schema import carried_extensions
from app.web.endpoint import GraphQLView
from app.web.requests import bearer


class _PatientSocket(BaseGraphQLTransportWSHandler[Context, None]):
    """Answers what can't be parsed as an error of that operation; the others go on."""

    async def handle_message(self, message: object) -> None:
        """Close with a reason where the base would break off; answer a request that is none."""
        if not _is_message(message):
            await self.handle_invalid_message("This is no message of graphql-transport-ws")
            return
        payload = message.get("payload", {})
        if message.get("type") == "subscribe" and not _is_request(payload):
            message = {**message, "payload": {"query": None}}
        carried_extensions.set(_extensions_of(payload))
        await super().handle_message(cast(TransportMessage, message))

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        """Run one operation; the lines that it logs name it, beside the connection's id."""
        with structlog.contextvars.bound_contextvars(operation_id=operation.id[:128]):
            await super().run_operation(operation)

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


def _extensions_of(payload: object) -> dict[str, object] | None:
    found = payload.get("extensions") if isinstance(payload, dict) else None
    return found if isinstance(found, dict) else None


def _is_request(payload: object) -> bool:
    return (
        isinstance(payload, dict)
        and isinstance(payload.get("query", ""), str)
        and isinstance(payload.get("variables"), (dict, type(None)))
    )


class SocketEndpoint(GraphQLView):
    """Serves every operation of a client on one connection."""

    graphql_transport_ws_handler_class = _PatientSocket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection until it closes."""
        await self.run(WebSocket(scope, receive, send))

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """Take the token from connection_init, as browsers send no headers."""
        params = context.connection_params or {}
        given = params.get("authorization") or params.get("Authorization")
        if isinstance(given, str):
            context.token = bearer(given)
        language = params.get("acceptLanguage")
        if isinstance(language, str):
            context.language = read_language(language)
        return await super().on_ws_connect(context)
