"""The health records provider, held back until a test has seen enough, or replaced by another."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from unittest.mock import patch

from starlette.types import ASGIApp

from app.domain.identity import Document
from app.ports.clients import app_client
from app.ports.health import HttpHealthRecords, ProviderAnswer
from app.ports.http import Gateway
from tests.support.in_process import env_of
from tests.support.waiting import PATIENCE
from tests.support.world import World


class Gate:
    """Where queries to the provider wait until it is opened, and are counted."""

    def __init__(self) -> None:
        self.queries = 0
        self._came = asyncio.Semaphore(0)
        self._opened = asyncio.Event()

    def open(self) -> None:
        """Let those who wait pass, and whoever comes later."""
        self._opened.set()

    async def query_came(self) -> None:
        """Wait until one query more has come."""
        await asyncio.wait_for(self._came.acquire(), PATIENCE)

    async def wait(self) -> None:
        """Come to the gate, and wait until it is open."""
        self.queries += 1
        self._came.release()
        await self._opened.wait()


@contextmanager
def provider_held(world: World) -> Iterator[Gate]:
    """Hold the provider of a served world; at the end it is open in any case."""
    health, gate = env_of(world).health, Gate()
    query = health.query

    async def held(people: Sequence[Document]) -> ProviderAnswer:
        await gate.wait()
        return await query(people)

    with patch.object(health, "query", held):
        try:
            yield gate
        finally:
            gate.open()


@asynccontextmanager
async def provider_replaced(world: World, app: ASGIApp) -> AsyncIterator[None]:
    """Have another system answer a served world's questions about health records."""
    async with app_client("http://provider.example", app) as client:
        other = HttpHealthRecords(Gateway("health", client, timeout=5, attempts=1))
        with patch.object(env_of(world).health, "query", other.query):
            yield
