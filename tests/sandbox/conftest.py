"""A sandbox of each test's own."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.sandbox import fresh_sandbox


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with fresh_sandbox() as client:
        yield client
