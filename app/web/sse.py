"""GraphQL over server-sent events, on /graphql/stream.

They have a path of their own: some clients list their type in every Accept.
"""

from typing import ClassVar

from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL

from app.web.http import HttpEndpoint


class StreamEndpoint(HttpEndpoint):
    """Serves one subscription a request."""

    subscription_protocol: ClassVar[str] = GRAPHQL_SSE_PROTOCOL
