"""Set up the environment: ``python3 tools/set_up.py FOLDER LOCK``, with the system's Python.

It makes the virtual environment FOLDER unless it is there, installs what LOCK pins and the
project itself, and shows how far it is. Of several at once one works and the others wait for it.
Only the standard library is at hand.
"""

import fcntl
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OLDEST = (3, 11)
PIP = ("-m", "pip", "install", "--disable-pip-version-check", "--no-deps")


def main(folder: Path, lock: Path) -> None:
    """Install what a lock file pins. Exit with a sentence where that fails."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    folder.mkdir(exist_ok=True)
    with _alone(folder / ".setting-up"):
        ready = folder / f".ready-{lock.stem}"
        if ready.exists() and ready.stat().st_mtime > _newest(lock, Path("pyproject.toml")):
            return
        if not (folder / "bin" / "pip").exists():
            print(f"Making {folder}", flush=True)
            venv.create(folder, with_pip=True, symlinks=True)
        python = str(folder / "bin" / "python")
        _install(python, lock)
        _run(python, *PIP, "--quiet", "--no-build-isolation", "--editable", ".")
        ready.touch()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however that ends."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another setup is under way: waiting for it", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _newest(*paths: Path) -> float:
    return max(path.stat().st_mtime for path in paths)


def _install(python: str, lock: Path) -> None:
    """Install from a lock file, counting the packages as pip takes them up."""
    names = re.findall(r"^([\w.-]+)==", lock.read_text(), re.MULTILINE)
    # Bytecode is written when a module is first used: most of them never are.
    command = [python, *PIP, "--no-compile", "--require-hashes", "-r", str(lock)]
    said = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        done = 0
        for line in pip.stdout:
            said.append(line)
            if found := re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line):
                done += 1
                _show(f"Fetching {done} of {len(names)}: {found[1]}")
            elif line.startswith("Installing collected packages"):
                _show(f"Installing {line.count(',') + 1} packages")
    if pip.returncode:
        sys.exit(f"\n{''.join(said[-20:])}\n{lock} could not be installed.")
    _show(f"Installed {len(names)} packages of {lock}")
    print(flush=True)


def _show(text: str) -> None:
    """Show a line in place of the one before; where nobody watches, only the last one counts."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    elif not text.startswith("Fetching"):
        print(text, flush=True)


def _run(*command: str) -> None:
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
