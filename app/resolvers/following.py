"""Events told by a call: nobody is woken to fetch what many are told alike.

A subscription is an iteration: whoever reads it asks for the next event, and waits. Where a
thousand wait for the same change that is a thousand awakenings, each through the same generators.
So the source of a subscription may offer to be followed: between two steps of the iteration it
hands over what comes by a call. Whatever can't be told so, be it an error, a connection that is
busy or an answer of one's own, ends the following, and is the iteration's next step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

Take: TypeAlias = Callable[[object], bool]  # takes a row; False: the iteration must tell it
Tell: TypeAlias = Callable[[bytes], bool]  # sends an answer as JSON; False: not at the moment


class Source(Protocol):
    """What finds the rows of a subscription's events."""

    async def follow(self, take: Take) -> None:
        """Hand over each row that comes, until one isn't taken or something else is to be told."""


@dataclass(eq=False, slots=True)
class Following:
    """The two who tell the events of one subscription by a call, as far as they came forward.

    ``bytes_of``: the answer to the event of a row, as JSON, where all are told the same to whom it
    is alike; else None.
    """

    source: Source | None = None
    bytes_of: Callable[[object], bytes | None] | None = None

    async def follow(self, tell: Tell) -> None:
        """Tell by calls for as long as that can be done; what comes next is the iteration's."""
        source, bytes_of = self.source, self.bytes_of
        if source is None or bytes_of is None:
            return

        def take(row: object) -> bool:
            try:
                answer = bytes_of(row)
            except Exception:  # whatever it was, the iteration meets it again
                return False
            return answer is not None and tell(answer)

        await source.follow(take)
