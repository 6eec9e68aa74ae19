"""A clock that jumps back by a day or a year: nothing floods, and all goes on when it is right."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.support.jumping_server import OFFSET
from tests.support.processes import Forked, answering, environment, groupcode
from tests.support.servers import free_port
from tests.support.survival import LONG
from tests.support.waiting import eventually
from tests.support.world import World

ME: Final = "{ me { id } }"
COLOUR: Final = "query($id: ID!) { group(id: $id) { colour } }"
DAY, YEAR = timedelta(days=1), timedelta(days=365)


class JumpingProcess(Forked):
    """A server whose clock may be moved."""

    module = "tests.support.jumping_server"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    assert groupcode(tmp_path, "migrate").returncode == 0
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = environment(port=str(port), demo="0", rate_limits="0")
    with JumpingProcess(tmp_path, env, "serve") as process:
        async with httpx.AsyncClient(timeout=30) as http:
            await answering(http, f"{url}/readyz", process)
            yield World(url, f"{url}/sandbox", http)


def count(folder: Path, statement: str) -> int:
    with closing(sqlite3.connect(folder / "groupcode.sqlite3")) as connection:
        return int(connection.execute(statement).fetchone()[0])


@pytest.mark.parametrize("jump", [YEAR, DAY] if LONG else [YEAR])
async def test_it_goes_on_after_a_clock_went_back(
    world: World, tmp_path: Path, jump: timedelta
) -> None:
    creator = await world.real_person()
    group_id = await creator.create_group()
    token = await creator.invite(group_id)
    runs = count(tmp_path, "SELECT count(*) FROM refresh_run")
    sms = count(tmp_path, "SELECT count(*) FROM sms")
    (tmp_path / OFFSET).write_text(str(-jump.total_seconds()))
    await asyncio.sleep(6)  # a sweep of the tick
    assert (await world.http.get(f"{world.url}/readyz")).status_code == 200
    assert count(tmp_path, "SELECT count(*) FROM refresh_run") - runs <= 1
    assert count(tmp_path, "SELECT count(*) FROM sms") - sms <= 2
    # A token is good for 15 minutes from when it says it was made; another is got for it.
    assert await creator.error_code(ME) == "UNAUTHENTICATED"

    (tmp_path / OFFSET).write_text("0")
    await eventually(lambda: creator.send(ME), lambda body: "errors" not in body)
    state = "query($token: String!) { invitation(token: $token) { state } }"
    assert (await creator.ask(state, token=token))["invitation"]["state"] == "OPEN"
    await world.set_record(creator.id_number, health_code="RED")
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await eventually(
        lambda: creator.ask(COLOUR, id=group_id),
        lambda data: data["group"]["colour"] == "RED",
        40,
    )
