"""The storm in short: `make storm` is the long one."""

import subprocess
import sys

import pytest

from tests.support.processes import ROOT

LONG = 420  # seconds, on a machine with other work to do


@pytest.mark.parametrize("shape", [[], ["--embedded"]], ids=["deployed", "embedded"])
def test_everything_answered_stands_though_processes_were_killed(shape: list[str]) -> None:
    command = [sys.executable, "-m", "tools.storm", "--short", "--seed", "1", *shape]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LONG, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything held" in done.stdout
