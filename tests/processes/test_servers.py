"""The suite's own servers: they answer, keep to themselves and never outlive the suite."""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
import redis

from tests.support.servers import PostgresServer, RedisServer, ServerError, has_ended

LOOPBACK = "0100007F"  # 127.0.0.1 as /proc/net/tcp writes it

# Starts both servers, prints what there is to watch, and waits to be killed. It ignores what a
# shell makes its background jobs ignore, and servers would inherit that.
CHILD = """
import signal
import sys
from tests.support.servers import PostgresServer, RedisServer
for ignored in (signal.SIGINT, signal.SIGQUIT):
    signal.signal(ignored, signal.SIG_IGN)
with PostgresServer() as postgres, RedisServer() as redis:
    print(postgres.pid, redis.pid, postgres.folder, redis.folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this module's own."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    """A Redis server of this module's own."""
    with RedisServer() as server:
        yield server


def query(url: str, sql: str) -> object:
    """The answer of a database to a query for one value."""

    async def ask() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(ask())


def listeners(port: int) -> list[str]:
    """The addresses, as the kernel writes them, on which somebody listens on a port."""
    lines = [
        line.split()
        for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
        if table.exists()
        for line in table.read_text().splitlines()[1:]
    ]
    sockets = [local.split(":") for _, local, _, state, *_ in lines if state == "0A"]
    return [address for address, its_port in sockets if int(its_port, 16) == port]


def children(pid: int) -> list[int]:
    """The process ids of a process's children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether a condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return met


def test_postgres_answers_as_a_superuser_in_utf8(postgres: PostgresServer) -> None:
    assert query(postgres.url, "SELECT current_user::text") == "groupcode"
    assert query(postgres.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    assert query(postgres.url, "SHOW server_encoding") == "UTF8"
    assert query(postgres.url, "SHOW fsync") == "off"


def test_databases_come_and_go_and_can_be_copied(postgres: PostgresServer) -> None:
    first = postgres.create_database("first")
    query(first, "CREATE EXTENSION pg_trgm")
    query(first, "CREATE TABLE kept AS SELECT 7 AS value")
    copy = postgres.create_database("copy", template="first")
    assert query(copy, "SELECT value FROM kept") == 7
    assert query(copy, "SELECT cardinality(show_trgm('张三丰')) > 0")
    postgres.drop_database("first")
    postgres.drop_database("copy")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        query(copy, "SELECT 1")


def test_postgres_keeps_its_data_through_a_restart_and_a_crash(postgres: PostgresServer) -> None:
    url = postgres.create_database("lasting")
    query(url, "CREATE TABLE kept AS SELECT 7 AS value")
    postgres.restart()
    assert query(url, "SELECT value FROM kept") == 7
    workers = children(postgres.pid)
    postgres.kill()
    assert workers and all(map(has_ended, workers))
    postgres.restart()
    assert query(url, "SELECT count(*) FROM kept") == 1


def test_redis_answers_and_restarts_empty(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        for forget in (redis_server.flush, redis_server.restart):
            client.set("key", "value")
            assert client.get("key") == b"value"
            forget()
            assert client.get("key") is None
        client.set("key", "value")
        redis_server.kill()
        with pytest.raises(redis.ConnectionError):
            client.get("key")
        redis_server.restart()
        assert client.get("key") is None


def test_both_listen_on_loopback_only(postgres: PostgresServer, redis_server: RedisServer) -> None:
    assert listeners(postgres.port) == [LOOPBACK]
    assert listeners(redis_server.port) == [LOOPBACK]


def test_both_run_without_privileges(postgres: PostgresServer, redis_server: RedisServer) -> None:
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
    for server in (postgres, redis_server):
        lines = Path(f"/proc/{server.pid}/status").read_text().splitlines()
        status = dict(line.split(":\t", 1) for line in lines)
        assert status["Uid"].split() == [str(user)] * 4
        if os.geteuid() == 0:
            assert status["Groups"].split() == []
        assert server.folder.stat().st_uid == user


@pytest.mark.parametrize("kind", [PostgresServer, RedisServer])
def test_nothing_is_left_after_a_stop(kind: type[PostgresServer | RedisServer]) -> None:
    with kind() as server:
        pids = [server.pid, *children(server.pid)]
        assert server.folder.exists()
    assert all(map(has_ended, pids))
    assert not server.folder.exists()
    assert listeners(server.port) == []
    server.stop()  # a second time does no harm


@pytest.mark.parametrize("kind", [PostgresServer, RedisServer])
def test_a_server_that_cannot_start_says_why(kind: type[PostgresServer | RedisServer]) -> None:
    server = kind()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", server.port))
        with pytest.raises(ServerError, match="(?i)address already in use"):
            server.__enter__()
    assert not server.folder.exists()


def test_a_server_outlives_the_thread_that_started_it() -> None:
    server = RedisServer()
    thread = threading.Thread(target=server.__enter__)
    thread.start()
    thread.join()
    try:
        assert not eventually(lambda: has_ended(server.pid), seconds=0.2)
    finally:
        server.stop()


def test_servers_die_with_the_suite_even_when_it_is_killed() -> None:
    suite = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with suite:
        assert suite.stdout is not None
        postgres, redis_pid, *folders = suite.stdout.readline().split()
        servers = [int(postgres), int(redis_pid)]
        pids = [*servers, *children(int(postgres))]
        try:
            assert not any(map(has_ended, servers))
            suite.send_signal(signal.SIGKILL)
            assert eventually(lambda: all(map(has_ended, pids)))
        finally:
            suite.kill()
            for pid in pids:
                if not has_ended(pid):
                    os.kill(pid, signal.SIGKILL)
            for folder in folders:
                shutil.rmtree(folder)
