"""The world that tests act in: real servers, on SQLite and on PostgreSQL alike."""

import asyncio
import gc
import itertools
import os
import pickle
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
import uvloop
from hypothesis import HealthCheck, settings

from app.collecting import collect_seldom
from tests.support.in_process import served
from tests.support.logs import logging_to
from tests.support.personal import demand_nothing_personal
from tests.support.prepared import Prepared, prepare
from tests.support.processes import ROOT
from tests.support.servers import PostgresServer
from tests.support.shown_writes import FORGOTTEN, watching
from tests.support.templates import DATABASE, SHARED, bring_up, have_database, made_once
from tests.support.world import World

# A machine that is busy elsewhere is no failing example.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# As the processes of the server do.
collect_seldom()
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

MIGRATED: Final = "template_migrated"
WATCHED: Final = "template_watched"
PEOPLED: Final = "template_peopled"
_numbers = itertools.count(1)

_WAITING: Final = ("processes", "bench", "tools", "")  # most of their time is spent waiting
_COMPUTING: Final = ("models", "services", "workers", "api")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files that wait among those that compute; the others, which are quick, come last.

    `make test` hands files out in this order, to more workers than there are cores: while one waits
    the others compute, and nothing that takes long begins at the end.
    """

    def of(*rooms: str) -> list[Path]:
        return [path for room in rooms for path in files if path.parent == ROOT / "tests" / room]

    files = list(dict.fromkeys(item.path for item in items))
    waiting, computing = of(*_WAITING), of(*_COMPUTING)
    places = dict.fromkeys(files, 1.0)
    places |= {path: number / len(computing) for number, path in enumerate(computing)}
    # A little sooner than the others, of which a few are left when these have begun.
    places |= {path: 0.8 * number / len(waiting) for number, path in enumerate(waiting)}
    items.sort(key=lambda item: places[item.path])


def pytest_collection(session: pytest.Session) -> None:
    """Let each worker load a share of the tests ahead of the others.

    In a fresh checkout, where none is compiled yet, each would compile all of them at the same time
    as the others; so they find most compiled already.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args != session.config.getini("testpaths"):
        return
    paths = sorted(ROOT.glob("tests/*/test_*.py"))
    share = paths[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]
    for parts in (path.relative_to(ROOT).with_suffix("").parts for path in share):
        if "clients" not in parts:
            import_module(".".join(parts))


def pytest_collection_finish() -> None:
    """Have the garbage collector pass over the tests, and all that was loaded: they stay."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def log_of_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What all servers of the suite log, in which nothing personal may stand."""
    path = tmp_path_factory.mktemp("logged") / "all.log"
    with logging_to(path):
        yield
    demand_nothing_personal(path)


@pytest.fixture(scope="session", autouse=True)
def shared_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Have the workers of the suite make once, between them, the databases that they copy."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ[SHARED] = str(tmp_path_factory.getbasetemp().parent)


@pytest.fixture(scope="session")
async def cluster() -> tuple[Path, Prepared]:
    """What a PostgreSQL server holds that has databases to be copied, and who came to the last.

    One is migrated; one watches what is written besides; to one of these people came.
    """
    with made_once("postgres") as folder:
        if not folder.exists():
            begun = folder.with_name(f"{os.getpid()}-postgres")
            begun.mkdir()
            with PostgresServer() as server:
                bring_up(server.create_database(MIGRATED))
                server.run(watching(), server.create_database(WATCHED, MIGRATED))
                prepared = await prepare(server.create_database(PEOPLED, WATCHED))
                server.leave(begun / "data")
            (begun / "people").write_bytes(pickle.dumps(prepared))
            begun.rename(folder)
        return folder / "data", pickle.loads((folder / "people").read_bytes())


@pytest.fixture(scope="session")
def postgres(cluster: tuple[Path, Prepared]) -> Iterator[PostgresServer]:
    """A PostgreSQL server of the suite's own, of which each of its workers has one."""
    with PostgresServer(cluster[0]) as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating takes longer than most tests."""
    return have_database(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_template(cluster: tuple[Path, Prepared]) -> str:
    """The name of a migrated database of that cluster, to be copied."""
    return MIGRATED


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
        yield _copy(request.getfixturevalue("sqlite_template"), tmp_path_factory)
    else:
        with _watched(request.getfixturevalue("postgres"), WATCHED) as url:
            yield url


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def unwatched_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated database of each kind, for who changes by hand what is shown."""
    if request.param == "sqlite":
        yield _copy(request.getfixturevalue("sqlite_template"), tmp_path_factory)
    else:
        with _database_on(request.getfixturevalue("postgres"), MIGRATED) as url:
            yield url


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def peopled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Prepared]]:
    """A database of each kind to which people came, and who they are."""
    if request.param == "sqlite":
        path, prepared = request.getfixturevalue("peopled_sqlite")
        yield _copy(path, tmp_path_factory), prepared
    else:
        template, prepared = request.getfixturevalue("peopled_postgres")
        with _watched(request.getfixturevalue("postgres"), template) as url:
            yield url, prepared


@pytest.fixture(scope="session")
async def peopled_sqlite(sqlite_template: Path) -> tuple[Path, Prepared]:
    """A copy of the migrated SQLite file to which people came, to be copied."""
    with made_once("peopled") as folder:
        if not folder.exists():
            begun = folder.with_name(f"{os.getpid()}-peopled")
            begun.mkdir()
            shutil.copyfile(sqlite_template, begun / DATABASE)
            prepared = await prepare(f"sqlite://{begun / DATABASE}")
            (begun / "people").write_bytes(pickle.dumps(prepared))
            begun.rename(folder)
        return folder / DATABASE, pickle.loads((folder / "people").read_bytes())


@pytest.fixture(scope="session")
def peopled_postgres(cluster: tuple[Path, Prepared]) -> tuple[str, Prepared]:
    """The name of a copy of the migrated database to which people came, to be copied."""
    return PEOPLED, cluster[1]


def _copy(path: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    copy = tmp_path_factory.mktemp("database") / "groupcode.sqlite3"
    shutil.copyfile(path, copy)
    return f"sqlite://{copy}"


@contextmanager
def _watched(server: PostgresServer, template: str) -> Iterator[str]:
    """A copy of a database, in which whatever is shown moved its data version in the end."""
    with _database_on(server, template) as url:
        yield url
        forgotten = server.run(FORGOTTEN, url)
    assert not forgotten, f"no data version moved at these writes:\n{forgotten}"


@contextmanager
def _database_on(server: PostgresServer, template: str) -> Iterator[str]:
    name = f"groupcode_{next(_numbers)}"
    yield server.create_database(name, template)
    server.drop_database(name)


@pytest.fixture(scope="module")
def world_url(peopled: tuple[str, Prepared]) -> str:
    """The database of ``world``."""
    return peopled[0]


@pytest.fixture(scope="module")
async def world(peopled: tuple[str, Prepared]) -> AsyncIterator[World]:
    """A server on a database of its own that does its background work in process."""
    database_url, prepared = peopled
    async with served(database_url=database_url) as world:
        prepared.come_to(world)
        yield world
