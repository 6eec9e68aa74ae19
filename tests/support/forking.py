"""Processes begun by forking one that has loaded the code: loading it takes longer than most tests.

`python -m tests.support.forking` is that one. It lives as long as whoever asks it for processes;
these are children of the asker, not of it, so that they are waited for and killed as any other.
Some tests begin `groupcode` from nothing all the same: that a command finds what it imports is
seen only there.
"""

import ctypes
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).parent.parent.parent
LOADED: Final = (
    "app.cli",
    "app.serving",
    "app.working",
    "app.demo",
    "app.doctor",
    "app.models.backing_up",
    "app.models.fresh",
    "app.workers.command",
    "asyncpg.pgproto.pgproto",
    "tortoise.backends.asyncpg",
    "tortoise.backends.sqlite",
    "uvicorn.lifespan.on",
    "uvloop",
)
_LONGEST: Final = 1 << 17  # bytes of what is asked
_POLL_SECONDS: Final = 0.005
_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG
_TAKE_ORPHANS: Final = 36  # PR_SET_CHILD_SUBREAPER
_set_process = ctypes.CDLL(None).prctl


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a process is to be: `groupcode` with a command, or a module of ours, and where."""

    command: list[str]
    folder: str
    env: dict[str, str]
    module: str = ""


class Fork:
    """A process that was begun by a fork, with what tests use of ``subprocess.Popen``."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._looking = threading.Lock()

    def poll(self) -> int | None:
        """Return its exit code, if it has ended: of a signal, the number below zero."""
        with self._looking:
            if self.returncode is None:
                ended, status = os.waitpid(self.pid, os.WNOHANG)
                if ended:
                    self.returncode = os.waitstatus_to_exitcode(status)
            return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code. Raise ``TimeoutExpired`` where it goes on for so many seconds."""
        began = time.monotonic()
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() - began > timeout:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(_POLL_SECONDS)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without a word."""
        self.send_signal(signal.SIGKILL)


class _Mother:
    """The process that forks, as whoever asks sees it."""

    def __init__(self) -> None:
        # Who is begun by its fork, and left by it, becomes our child.
        _set_process(_TAKE_ORPHANS, ctypes.c_ulong(1))
        self._asking, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._running = subprocess.Popen(
                [sys.executable, "-m", "tests.support.forking"], cwd=ROOT, stdin=theirs.fileno()
            )
        self._one_at_a_time = threading.Lock()

    def begin(self, wanted: Wanted, out: IO[bytes], err: IO[bytes]) -> Fork:
        text = json.dumps(asdict(wanted)).encode()
        with self._one_at_a_time:
            socket.send_fds(self._asking, [text], [out.fileno(), err.fileno()])
            pid = self._asking.recv(_LONGEST)
        if not pid:
            raise RuntimeError("the process that forks has ended")
        return Fork(int(pid))


@cache
def _mother() -> _Mother:
    return _Mother()


def fork(wanted: Wanted, out: IO[bytes], err: IO[bytes]) -> Fork:
    """Begin a process; what it prints goes to these files."""
    return _mother().begin(wanted, out, err)


def _main() -> None:
    for name in LOADED:
        import_module(name)
    for path in sorted((ROOT / "app/models/migrations").glob("0*.py")):
        import_module(f"app.models.migrations.{path.stem}")
    gc.freeze()  # pages that the collector leaves alone stay shared
    asker, asking = os.getppid(), socket.socket(fileno=os.dup(0))
    while True:
        text, files, _, _ = socket.recv_fds(asking, _LONGEST, 2)
        if not text:
            return
        reading, writing = os.pipe()
        leaving = os.fork()
        if leaving == 0:
            if begun := os.fork():
                os.write(writing, str(begun).encode())
                os._exit(0)
            asking.close()
            os.close(reading)
            os.close(writing)
            _become(asker, Wanted(**json.loads(text)), files)
            return
        os.waitpid(leaving, 0)
        asking.send(os.read(reading, 32))
        for file in (reading, writing, *files):
            os.close(file)


def _become(asker: int, wanted: Wanted, files: list[int]) -> None:
    """Be what is wanted, until it ends."""
    while os.getppid() != asker:
        if os.getppid() == 1:  # whoever asked has died
            os._exit(1)
        time.sleep(0.001)
    _set_process(_DEATH_SIGNAL, ctypes.c_ulong(signal.SIGKILL))
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, file in enumerate((nothing, *files)):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(wanted.env)
    os.chdir(wanted.folder)
    sys.argv = ["groupcode", *wanted.command]
    if wanted.module:
        runpy.run_module(wanted.module, run_name="__main__", alter_sys=True)
    else:
        import_module("app.cli").main()


if __name__ == "__main__":
    _main()
