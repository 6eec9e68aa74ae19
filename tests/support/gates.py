"""The health records provider, which holds its answers back until a test has seen enough."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from app.domain.health import ProviderRecord
from app.domain.identity import Document
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

    async def held(people: Sequence[Document]) -> Mapping[Document, ProviderRecord]:
        await gate.wait()
        return await query(people)

    with patch.object(health, "query", held):
        try:
            yield gate
        finally:
            gate.open()
