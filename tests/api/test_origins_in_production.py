"""In production no page is let in for being of the same machine."""

import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from websockets.exceptions import InvalidStatus

from tests.support.in_process import served
from tests.support.origins import handshake, lets_in, preflight


async def test_in_production_a_page_of_this_machine_is_like_any_other(
    sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "groupcode.sqlite3"
    shutil.copyfile(sqlite_template, path)
    async with served(
        database_url=f"sqlite://{path}",
        environment="production",
        sandbox=False,
        public_url="https://groups.example",
    ) as world:
        with capture_logs():
            for origin in ("http://localhost", "http://localhost:5173", "http://[::1]:3000"):
                asked = await world.http.options(f"{world.url}/graphql", headers=preflight(origin))
                assert (asked.status_code, lets_in(asked)) == (400, None)
                with pytest.raises(InvalidStatus):
                    await handshake(world, origin)
        await handshake(world, "https://groups.example")
