"""Gateways to the sandbox in process, with waits too short to notice."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import httpx
import pytest
import stamina.instrumentation
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from app.ports.clients import app_client
from app.ports.clock import MovableClock
from app.ports.health import HttpHealthRecords
from app.ports.http import Gateway
from app.ports.identity import HttpIdentityVerification
from app.ports.sms import HttpSmsGateway
from app.sandbox.app import create_sandbox
from tests.support.gateways import BASE_URL, Connect


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Makes gateways to an app, with waits too short to notice."""
    async with AsyncExitStack() as clients:

        def make(app: ASGIApp, system: str, attempts: int = 3, **settings: float) -> Gateway:
            client = app_client(f"{BASE_URL}/{system}", app)
            clients.push_async_callback(client.aclose)
            quick = {"timeout": 5.0, "wait_initial": 0.001, "wait_max": 0.002, **settings}
            return Gateway(system, client, attempts=attempts, **quick)

        yield make


@pytest.fixture
def sandbox() -> Starlette:
    return Starlette(routes=[Mount("/sandbox", create_sandbox(MovableClock(), BASE_URL))])


@pytest.fixture
async def control(sandbox: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with app_client(BASE_URL, sandbox) as client:
        yield client


@pytest.fixture
def health(connect: Connect, sandbox: Starlette) -> HttpHealthRecords:
    return HttpHealthRecords(connect(sandbox, "health"))


@pytest.fixture
def identity(connect: Connect, sandbox: Starlette) -> HttpIdentityVerification:
    return HttpIdentityVerification(connect(sandbox, "identity"), plain_links=True)


@pytest.fixture
def sms(connect: Connect, sandbox: Starlette) -> HttpSmsGateway:
    return HttpSmsGateway(connect(sandbox, "sms"))


@pytest.fixture
def retries() -> Iterator[list[stamina.instrumentation.RetryDetails]]:
    """What is reported of each retry while a test runs."""
    seen: list[stamina.instrumentation.RetryDetails] = []

    def note(details: stamina.instrumentation.RetryDetails) -> None:
        seen.append(details)

    stamina.instrumentation.set_on_retry_hooks([note])
    yield seen
    stamina.instrumentation.set_on_retry_hooks(None)
