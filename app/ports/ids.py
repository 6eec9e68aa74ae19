"""The ids of new rows: injected as time is, so that tests and simulations choose them."""

from typing import Protocol
from uuid import UUID, uuid4


class Ids(Protocol):
    """Where the ids of new rows come from."""

    def new(self) -> UUID:
        """Return an id that nothing has yet."""
        ...


class RandomIds:
    """Random ids, as the server uses them."""

    def new(self) -> UUID:
        """Return a random id (UUID version 4)."""
        return uuid4()
