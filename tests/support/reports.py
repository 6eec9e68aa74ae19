"""Reports of a day, and the links by which they are fetched (R37)."""

from datetime import date
from typing import Any

import httpx

from tests.support.clock import pass_until
from tests.support.members import Profile, group_of
from tests.support.person import Person
from tests.support.refreshes import leave_to_managers, refresh
from tests.support.world import World

OWN_DATA = "mutation { exportMyData { url expiresAt errors { code } } }"

CREATOR = "欧阳创"


async def a_report(world: World, *parts: Profile) -> tuple[str, list[Person]]:
    """A group that was refreshed at noon, and is refreshed only when the test says so."""
    group_id, people = await group_of(world, Profile(CREATOR), *parts)
    await leave_to_managers(group_id)
    await pass_until(12, *people)
    await refresh(people[0], group_id)
    return group_id, people


async def link(manager: Person, group_id: str, day: date, format: str = "CSV") -> dict[str, Any]:
    export = {"groupId": group_id, "date": day.isoformat(), "format": format}
    return await manager.change("exportReport", "url expiresAt", **export)


async def get(world: World, made: dict[str, Any], language: str = "en") -> httpx.Response:
    return await world.http.get(made["url"], headers={"accept-language": language})


async def works(world: World, made: dict[str, Any]) -> bool:
    """Whether a link works; one that doesn't says nothing but that."""
    answer = await get(world, made)
    if answer.status_code == 200:
        return True
    assert answer.status_code == 404
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "NOT_FOUND"} and set(answer.json()) == {"errors"}
    assert answer.headers["cache-control"] == "no-store"
    return False
