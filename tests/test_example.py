"""The example of the README, run as a newcomer runs it."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.test_command import environment, serving

PEOPLE = 30


async def test_the_example_shows_a_group_turn_red(tmp_path: Path) -> None:
    async with serving(tmp_path, rate_limits="1") as (_, world):
        example = [str(ROOT / "examples/first_red_member.py"), "--url", world.url]
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, *example, "--people", str(PEOPLE), "--timeout", "50"],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert f"joined    {PEOPLE} people" in said
    assert f"progress  DONE {PEOPLE + 1} of {PEOPLE + 1}" in said
    assert re.search(r"^status    (GREEN|YELLOW) ", done.stdout, re.MULTILINE)
    red = [line for line in said if line.startswith("status    RED ")]
    assert len(red) == 1 and "CODE_RED" in red[0]
