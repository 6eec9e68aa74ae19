"""What an endpoint of the floor is given, and how what it returns is written."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.floor.checks import Refused
from bench.floor.tables import Tables

Answer: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """A request, and the tables to answer it from."""

    request: Request
    tables: Tables


Endpoint: TypeAlias = Callable[[Question], Awaitable[Answer]]


def route(endpoint: Endpoint, tables: Tables) -> Route:
    """Return the route of an endpoint, which is named like it."""

    async def respond(request: Request) -> Response:
        try:
            data = await endpoint(Question(request, tables))
        except Refused:
            return Response(b'{"errors":[]}', 401)
        return Response(orjson.dumps({"data": data}), media_type="application/json")

    return Route(f"/{endpoint.__name__}", respond, methods=["POST"])
