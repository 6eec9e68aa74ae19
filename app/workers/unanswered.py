"""Claims whose answer never came: they may have been made, or be on their way to the database."""

from collections.abc import Sequence
from datetime import datetime

from app.models.claiming import Capacity, hand_back


class Unanswered:
    """The claims of one tick that the database didn't answer.

    What a network held back may reach the database long after we gave up, and then work is claimed
    that nobody does. So for as long as such a claim would last, it is handed back at each look.
    """

    def __init__(self) -> None:
        self._ends: set[datetime] = set()

    def note(self, now: datetime, capacities: Sequence[Capacity]) -> None:
        """Note a claim that wasn't answered."""
        self._ends |= {now + one.lease for one in capacities}

    async def hand_back(self, now: datetime) -> None:
        """Have what these claims took come due at once."""
        self._ends = {end for end in self._ends if end > now}
        if self._ends:
            await hand_back(now, self._ends)
