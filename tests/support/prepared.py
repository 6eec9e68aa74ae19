"""People who came before a test did: they signed in once, and are copied with their database.

Signing in and proving who one is would take a third of the suite's time. What both do is shown
where they are what is tested; everybody else only needs someone who has.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, cast

import httpx

from app.models.due import DueWork, WorkKind
from tests.support.in_process import env_of, served
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import FORMER, World

_REAL: Final = 16  # of the former
_GOOD_FOR: Final = timedelta(days=7)  # of a session's thirty days
_NOWHERE: Final = World("", "", cast(httpx.AsyncClient, None))


@dataclass(frozen=True)
class Prepared:
    """Who came, as of when; the real-named ones and those who only signed in."""

    at: datetime
    real: tuple[Person, ...]
    signed_in: tuple[Person, ...]

    def come_to(self, world: World) -> None:
        """Let them wait in a world whose database is a copy of that to which they came."""
        world.real_people = self._waiting(world, self.real)
        world.signed_in = self._waiting(world, self.signed_in)

    def _waiting(self, world: World, people: tuple[Person, ...]) -> Iterator[Person]:
        env = env_of(world)
        for person in people:
            now = env.clock.now()
            if now > self.at + _GOOD_FOR:
                return
            claims = env.tokens.read(person.token, self.at)
            assert claims is not None
            yield replace(person, server=world, token=env.tokens.issue(claims, now))


async def prepare(database_url: str) -> Prepared:
    """Have people come to a migrated database, and leave nothing to be done there."""
    async with served(database_url=database_url) as world:
        people = [world.stranger(serial=serial) for serial in range(1, FORMER + 1)]
        for person in people:  # one by one: each looks again and again for the SMS with their code
            await person.sign_in()
        for person in people[:_REAL]:
            await person.identify()
        left = DueWork.exclude(kind=WorkKind.ERASE_OLD)
        await eventually(left.count, lambda count: count == 0)
        now = env_of(world).clock.now()
    gone = [replace(person, server=_NOWHERE) for person in people]
    return Prepared(now, tuple(gone[:_REAL]), tuple(gone[_REAL:]))
