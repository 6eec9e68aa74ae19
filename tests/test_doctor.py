"""Each thing that the doctor looks at is told apart when it is wrong."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from app import doctor
from app.config import Settings
from app.config.values import GatewaySettings
from app.models.processes import Process, ProcessKind
from app.ports.clock import SystemClock
from tests.support.in_process import SECRET
from tests.support.servers import free_port

NOW = datetime.now(UTC)
LONG_AGO = {"date": "Thu, 01 Sep 2022 00:00:00 GMT"}


@pytest.mark.parametrize(
    ("system", "answer", "said"),
    [
        ("health", httpx.Response(302), "is the path right?"),
        ("health", httpx.Response(404), "is the path right?"),
        ("identity", httpx.Response(404), None),
        ("family", httpx.Response(403), "the token is wrong"),
        ("sms", httpx.Response(429), "ask whoever runs it"),
        ("sms", httpx.Response(422, headers=LONG_AGO), "set both by NTP"),
        ("sms", httpx.Response(422, headers={"date": "yesterday"}), None),
    ],
)
def test_what_an_outside_system_answers(
    system: str, answer: httpx.Response, said: str | None
) -> None:
    problem = doctor._problem(system, answer)
    assert (problem is None) if said is None else (said in (problem or ""))


async def test_what_cannot_be_reached_is_named_by_its_setting() -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    gateway = await doctor._gateway("family", GatewaySettings(url=f"http://{nowhere}"))
    redis = await doctor._redis(f"redis://{nowhere}/0")
    assert gateway.wrong and gateway.said.startswith("GROUPCODE_FAMILY_URL: can't be reached")
    assert redis.wrong and redis.said.startswith("GROUPCODE_REDIS_URL: doesn't answer")


@pytest.mark.parametrize(
    ("apart", "wrong"), [(timedelta(seconds=4), False), (timedelta(hours=1), True)]
)
async def test_a_clock_that_is_not_the_databases(
    monkeypatch: pytest.MonkeyPatch, apart: timedelta, wrong: bool
) -> None:
    @asynccontextmanager
    async def opened(url: str, pool_size: int) -> AsyncIterator[None]:
        yield

    async def ready(settings: Settings) -> None:
        """Find nothing wrong."""

    async def there() -> datetime:
        return SystemClock().now() - apart

    monkeypatch.setattr(doctor, "database", opened)
    monkeypatch.setattr(doctor, "demand_ready", ready)
    monkeypatch.setattr(doctor, "database_now", there)
    settings = Settings(database_url="postgres://127.0.0.1/x", secret_key=SecretStr(SECRET))
    found = {one.about: one async for one in doctor._database(settings)}
    assert found["clock"].wrong == wrong
    assert not found["database"].wrong


async def test_a_worker_that_lives_and_does_not_look_for_work_is_ill(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    still = Process(
        id=uuid4(),
        kind=ProcessKind.WORKER,
        host=socket.gethostname(),
        pid=1,
        version="0",
        keys="",
        started_at=NOW,
        beat_at=NOW,
        ticked_at=NOW - timedelta(minutes=5),
    )

    async def found(now: datetime) -> list[Process]:
        return [still]

    monkeypatch.setattr(doctor, "alive", found)
    settings = Settings(database_url="sqlite://:memory:", secret_key=SecretStr(SECRET))
    assert await doctor.ill(settings) == [
        "the worker is alive, but has not looked for work for a minute"
    ]
