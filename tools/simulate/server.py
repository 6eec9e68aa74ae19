"""The real server, in process, on a clock that stands still until it is moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import httpx
from pydantic import SecretStr

from app.client import Server
from app.config import Settings
from app.main import create_server
from app.models.claiming import Capacity, claim_due, next_due_at
from app.models.database import database
from app.models.due import WorkKind, schedule
from app.models.fields import use_cipher
from app.models.migrating import migrate
from app.ports.clock import MovableClock
from app.services.groups.erasure import EVERYTHING_OLD
from app.services.kernel.env import Env
from app.workers.kinds import KINDS

EVERYTHING = [Capacity(kind, 100) for kind in WorkKind]
GATHERED = [Capacity(kind, 100) for kind in (WorkKind.FETCH_PERSON, WorkKind.FETCH_FAMILY)]


class SimulatedServer(Server):
    """The server, its sandbox, and time."""

    def __init__(self, url: str, http: httpx.AsyncClient, env: Env, clock: MovableClock) -> None:
        super().__init__(url, f"{url}/sandbox", http)
        self.env, self.clock = env, clock
        self.work_done = 0

    async def pass_until(self, until: datetime) -> None:
        """Move the clock, stopping wherever work comes due, and do that work."""
        while (due_at := await next_due_at()) is not None and due_at <= until:
            self.clock.advance(max(due_at, self.clock.now()) - self.clock.now())
            await self.work_off()
        self.clock.advance(until - self.clock.now())

    async def work_off(self) -> None:
        """Do what is due now, as the tick and the actors would.

        Who joined is asked about at the end of their tenth of a second, here at once: the model
        knows no such moment.
        """
        soon = timedelta(milliseconds=100)
        while claims := [
            *await claim_due(self.clock.now(), EVERYTHING),
            *await claim_due(self.clock.now() + soon, GATHERED),
        ]:
            for claim in claims:
                await KINDS[claim.kind].do(self.env, claim)
                self.work_done += 1


class _SeededIds:
    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def new(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)


@asynccontextmanager
async def serving(folder: Path, now: datetime, seed: int) -> AsyncIterator[SimulatedServer]:
    """A server on an empty database in ``folder``, at ``now``.

    Ids follow from ``seed``, and so do the times at which they are refreshed.
    """
    url = f"sqlite://{folder / 'simulation.sqlite3'}"
    await migrate(url)
    clock = MovableClock(fixed_at=now)
    secret = SecretStr("the simulation's own secret, thirty two")
    settings = Settings(database_url=url, secret_key=secret, rate_limits=False, demo=False)
    server = create_server(settings, clock, _SeededIds(seed))
    use_cipher(server.env.cipher)
    transport = httpx.ASGITransport(app=server.app)
    async with (
        database(url),
        httpx.AsyncClient(transport=transport, timeout=60) as http,
    ):
        await schedule(WorkKind.ERASE_OLD, now, EVERYTHING_OLD)
        yield SimulatedServer("http://simulation", http, server.env, clock)
