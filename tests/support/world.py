"""A running server and its sandbox, and people who come to it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from app.client import Server, resident_id
from tests.support.person import Person

FORMER: Final = 40  # people who came before a test did, to what all tests copy
_serials = itertools.count(FORMER + 1)


@dataclass
class World(Server):
    """A running server, its sandbox, and people who come to it, or came before."""

    real_people: Iterator[Person] = field(default_factory=lambda: iter(()))
    signed_in: Iterator[Person] = field(default_factory=lambda: iter(()))

    def stranger(self, language: str = "en", serial: int = 0) -> Person:
        """Return someone who is not signed in, and whom nobody met before."""
        serial = serial or next(_serials)
        return Person(self, f"+86139{serial:08}", f"张{serial}", resident_id(serial), language)

    async def someone(self) -> Person:
        """Return someone signed in, but not real-named."""
        person = next(self.signed_in, None)
        if person is None:
            person = self.stranger()
            await person.sign_in()
        return person

    async def real_person(self) -> Person:
        """Return someone signed in and real-named."""
        person = next(self.real_people, None)
        if person is None:
            person = await self.someone()
            await person.identify()
        return person
