"""How much the operations under way on one connection may be: each holds its request until it ends.

A hundred of them, each with a text as long as a body may be, would be 25 MB of one connection.
"""

from collections.abc import Iterable
from typing import Final

import orjson

from app.schema.asked import Asked
from app.web.connections import MOST_OPERATIONS
from app.web.requests import BadRequest

MOST_BYTES: Final = 1 << 20  # of all of them; a usual one has some hundreds


def size_of(operation_id: str, asked: Asked) -> int:
    """Return about how many bytes a request holds."""
    given = (one for one in (asked.variables, asked.extensions) if one)
    return len(operation_id) + len(asked.query or "") + sum(len(orjson.dumps(one)) for one in given)


def demand_room(carried: Iterable[int], more: int) -> None:
    """Raise ``BadRequest`` where an operation of ``more`` bytes is one too many beside others."""
    sizes = list(carried)
    if len(sizes) >= MOST_OPERATIONS or sum(sizes) + more > MOST_BYTES:
        raise BadRequest("TOO_MANY_OPERATIONS", most=MOST_OPERATIONS)
