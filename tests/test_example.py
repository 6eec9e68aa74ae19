"""The examples of the README, run as a newcomer runs them."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import ROOT, environment, serving
from tests.support.servers import free_port

PEOPLE = 30
EXAMPLES = ("first_red_member.py", "managers_week.py", "watch_groups.py")


async def run(example: str, tmp_path: Path, *options: str) -> list[str]:
    """Run an example until it ends well; return what it printed."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, str(ROOT / "examples" / example), *options],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout.splitlines()


def csv_in(folder: Path) -> str:
    """The text of the only CSV file of a folder."""
    [report] = folder.glob("*.csv")
    return report.read_text("utf-8-sig")


async def test_the_first_example_shows_a_group_turn_red(tmp_path: Path) -> None:
    async with serving(tmp_path, rate_limits="1") as (_, world):
        options = ("--url", world.url, "--people", str(PEOPLE), "--at-once", "5", "--timeout", "50")
        said = await run("first_red_member.py", tmp_path, *options)
    assert f"joined    {PEOPLE} people" in said
    assert f"progress  DONE {PEOPLE + 1} of {PEOPLE + 1}" in said
    assert any(re.match(r"status    (GREEN|YELLOW) ", line) for line in said)
    red = [line for line in said if line.startswith("status    RED ")]
    assert len(red) == 1 and "CODE_RED" in red[0]


async def test_the_second_example_goes_through_a_managers_week(tmp_path: Path) -> None:
    async with serving(tmp_path, rate_limits="1") as (_, world):
        options = ("--url", world.url, "--out", str(tmp_path), "--timeout", "50")
        said = dict(
            line.split(maxsplit=1) for line in await run("managers_week.py", tmp_path, *options)
        )
    assert said["required"] == "24 hours: YELLOW {'TEST_EXPIRED': 1}"
    assert said["lapsed"].startswith("YELLOW {'TEST_EXPIRED': 2}")
    assert said["reminded"] == "2 of 2, 0 skipped"
    assert "'refreshDue': True" in said["away"] and "'refreshDue': False" in said["back"]
    assert csv_in(tmp_path).count("王老师") == 1


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_without_a_server_says_so_in_one_sentence(example: str) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, str(ROOT / "examples" / example), "--url", nobody, "--wait", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"failed: {nobody} doesn't answer: ")
    assert done.stderr.count("\n") == 1
