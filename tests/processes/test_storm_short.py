"""The storm in short: `make storm` is the long one."""

from pathlib import Path

import pytest

from tools.storm.__main__ import run
from tools.storm.plan import short


@pytest.mark.parametrize("embedded", [False, True], ids=["deployed", "embedded"])
async def test_everything_answered_stands_though_processes_were_killed(
    tmp_path: Path, embedded: bool
) -> None:
    assert await run(short(1, embedded=embedded), tmp_path)
