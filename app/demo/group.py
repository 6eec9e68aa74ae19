"""The demo group: 60 people, yellow by every reason there is but a red code.

That is left to the newcomer, who makes somebody red and sees the group turn.

It is created through the API and the sandbox, as front ends would do it: there is no back
door to its data. Its creator's phone is known, so that a newcomer can look at it at once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import httpx
from starlette.applications import Starlette

from app.client import Client, Server, resident_id
from app.models.accounts import Account
from app.models.groups import Group

PEOPLE: Final = 60
CREATOR_PHONE: Final = "+8613800000001"
AHEAD: Final = timedelta(minutes=1)  # by how much laying it down moves the clock
_AT_ONCE: Final = 8
_SURNAMES: Final = "王李张刘陈杨黄赵吴周"
_GIVEN: Final = ("伟", "芳", "娜", "敏", "静", "磊", "洋", "艳")
_HOURS_FRESH: Final = 3
_HOURS_LAPSED: Final = 30

# Who is not simply green with a fresh negative test: number -> code, results and their age.
_NEGATIVE: Final = (("NEGATIVE", _HOURS_FRESH),)
_SPECIAL: Final[dict[int, tuple[str, tuple[tuple[str, int], ...]]]] = {
    3: ("YELLOW", (("POSITIVE", _HOURS_FRESH),)),
    7: ("YELLOW", _NEGATIVE),
    8: ("YELLOW", (("NEGATIVE", _HOURS_LAPSED),)),
    12: ("UNKNOWN", _NEGATIVE),
    21: ("GREEN", ()),
    22: ("GREEN", (("PENDING", _HOURS_FRESH),)),
    34: ("GREEN", (("NEGATIVE", _HOURS_LAPSED),)),
    45: ("GREEN", (("POSITIVE", _HOURS_FRESH), ("NEGATIVE", _HOURS_LAPSED))),
}


async def is_empty() -> bool:
    """Return whether the database holds nobody yet."""
    return not await Account.exists() and not await Group.exists()


async def is_laid_down() -> bool:
    """Return whether the demo group is there."""
    return await Group.filter(name=_GROUP["name"]).exists()


_GROUP: Final[dict[str, object]] = {
    "name": "示范小学",
    "type": "SCHOOL",
    "address": "广州市天河区体育西路 1 号",
    "consent": True,
    "natValidity": "H24",
}


async def lay_down(app: Starlette, url: str, progress: Callable[[int], None]) -> None:
    """Create the group, have everyone join, and refresh it; call ``progress`` at each person."""
    await put_records(app, url)
    async with serving(app, url) as server:
        creator = _person(server, 0)
        await creator.sign_in()
        await creator.identify()
        group_id = await creator.create_group(**_GROUP)
        progress(1)
        await _all_join(app, url, await creator.invite(group_id), progress)
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        # The creator's phone has had its code for this minute: let the newcomer ask at once.
        await server.advance(seconds=AHEAD.total_seconds())


async def put_records(app: Starlette, url: str) -> None:
    """Tell the sandbox of everyone's health, which it forgets with its process."""
    async with serving(app, url) as server:
        now = datetime.fromisoformat(await server.now())
        for number in range(PEOPLE):
            await server.set_record(resident_id(number), **_record(number, now))


@asynccontextmanager
async def serving(app: Starlette, url: str, number: int = 0) -> AsyncIterator[Server]:
    """The server in this process, reached without the network from an address a person."""
    transport = httpx.ASGITransport(app, client=(f"127.0.1.{number}", 0))
    async with httpx.AsyncClient(transport=transport, timeout=30) as http:
        yield Server(url, f"{url}/sandbox", http)


def _person(server: Server, number: int) -> Client:
    name = _SURNAMES[number % 10] + _GIVEN[number % 8] + _GIVEN[number // 8 % 8]
    return Client(server, f"+86138{number + 1:08}", name, resident_id(number))


async def _all_join(app: Starlette, url: str, token: str, progress: Callable[[int], None]) -> None:
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def join(number: int) -> None:
        async with at_once, serving(app, url, number) as server:
            person = _person(server, number)
            await person.sign_in()
            await person.join(token, f"{'一二三四五六'[number % 6]}年级 {number % 4 + 1} 班")
            progress(1)

    async with asyncio.TaskGroup() as tasks:
        for number in range(1, PEOPLE):
            tasks.create_task(join(number))


def _record(number: int, now: datetime) -> dict[str, object]:
    code, results = _SPECIAL.get(number, ("GREEN", _NEGATIVE))
    return {
        "health_code": code,
        "health_code_at": now.isoformat(),
        "tests": [_test(result, now - timedelta(hours=hours)) for result, hours in results],
        "vaccinations": [
            {"dose": dose, "date": f"2021-0{dose + 3}-15", "manufacturer": "国药集团"}
            for dose in range(1, number % 4 + 1)
        ],
    }


def _test(result: str, at: datetime) -> dict[str, object]:
    return {
        "result": result,
        "sampled_at": (at - timedelta(hours=6)).isoformat(),
        "tested_at": None if result == "PENDING" else at.isoformat(),
        "institution": "天河区疾控中心",
    }
