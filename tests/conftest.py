"""The world that tests act in: real servers, on SQLite and on PostgreSQL alike."""

import asyncio
import itertools
import logging
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import uvicorn
from hypothesis import HealthCheck, settings
from pydantic import SecretStr

from app.config import Settings
from app.domain.activity import ActivityState, next_scheduled_at
from app.domain.limits import ACTIVE_REFRESH_EVERY
from app.main import create_server
from app.models.migrating import migrate
from app.ports.clock import Clock, MovableClock
from app.services.kernel.env import Env
from tests.people import World
from tests.servers import PostgresServer

# A machine that is busy elsewhere is no failing example.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

_numbers = itertools.count(1)
_UNDISTURBED = ACTIVE_REFRESH_EVERY - timedelta(minutes=30)
SECRET = "a secret of the tests that is long enough"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of the suite's own."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "groupcode.sqlite3"
    _migrate(f"sqlite://{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """The name of a migrated PostgreSQL database, to be copied."""
    name = "template_groupcode"
    _migrate(postgres.create_database(name))
    return name


def _migrate(url: str) -> None:
    """Migrate on a thread's own loop: those of the tests go on as they are."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate(url)).result()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def empty_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite://{tmp_path_factory.mktemp('empty') / 'groupcode.sqlite3'}"
    else:
        with _database_on(request.getfixturevalue("postgres"), "template1") as url:
            yield url


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated database of each kind, without a row."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("database") / "groupcode.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite://{path}"
    else:
        template = request.getfixturevalue("postgres_template")
        with _database_on(request.getfixturevalue("postgres"), template) as url:
            yield url


@contextmanager
def _database_on(server: PostgresServer, template: str) -> Iterator[str]:
    name = f"groupcode_{next(_numbers)}"
    yield server.create_database(name, template)
    server.drop_database(name)


@pytest.fixture(scope="module")
async def world(database_url: str) -> AsyncIterator[World]:
    """A server on a database of its own that does its background work in process."""
    async with served(database_url=database_url) as world:
        yield world


@asynccontextmanager
async def served(**options: Any) -> AsyncIterator[World]:
    """Serve on a free port of the loopback until the context ends.

    One world at a time: a file whose tests serve their own doesn't use ``world`` before them.
    """
    assert not _environments, "another world is still served"
    # The protocol is named, or asyncio leaves Nagle's algorithm on: 40 ms a request.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    options = {"rate_limits": False, "secret_key": SecretStr(SECRET), "port": port} | options
    clock = MovableClock()
    built = create_server(Settings(**options), clock, _UndisturbedIds(clock))
    config = uvicorn.Config(
        built.app,
        log_config=None,
        access_log=False,
        ws="websockets-sansio",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        assert not serving.done(), "the server did not start"
        await asyncio.sleep(0.01)
    async with httpx.AsyncClient(timeout=30) as http:
        world = World(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/sandbox", http)
        _environments[world.url] = built.env
        try:
            yield world
        finally:
            built.close_streams()
            server.should_exit = True
            await serving
            del _environments[world.url]


class _UndisturbedIds:
    """Ids of groups that are refreshed by themselves in six hours, not amid a test (R24)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def new(self) -> UUID:
        now = self._clock.now()
        while True:
            key = uuid4()
            if next_scheduled_at(key, ActivityState.ACTIVE, now) - now > _UNDISTURBED:
                return key


_environments: dict[str, Env] = {}


def env_of(world: World) -> Env:
    """What the use cases of a served world are given, to call one as a worker would."""
    return _environments[world.url]


class Statements(logging.Handler):
    """The SQL statements of the process, transactions' brackets not counted."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note one statement."""
        self.seen.append(record.getMessage())

    def of(self, *tables: str) -> list[str]:
        """The statements that name any of these tables."""
        return [sql for sql in self.seen if any(table in sql for table in tables)]


@contextmanager
def counted_statements() -> Iterator[Statements]:
    """Collect the statements that the server runs meanwhile."""
    logger = logging.getLogger("tortoise.db_client")
    handler, level = Statements(), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


ROOT = Path(__file__).parent.parent
