"""Who asks: what each way to the schema hands to it beside the request."""

from starlette.requests import HTTPConnection

from app.domain.languages import read_language
from app.resolvers.context import Context
from app.services.kernel.env import Env
from app.web.requests import bearer


def make_context(env: Env, connection: HTTPConnection) -> Context:
    """Return who asks: the token is read for each operation, and so is its session."""
    headers, client = connection.headers, connection.scope.get("client")
    return Context(
        env=env,
        address=client[0] if client else "",
        language=read_language(headers.get("accept-language")),
        token=bearer(headers.get("authorization")),
        # That of a connection would stand for every operation on it.
        idempotency_key=headers.get("idempotency-key")
        if connection.scope["type"] == "http"
        else None,
    )
