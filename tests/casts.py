"""Groups of people of whom names, remarks and health are chosen: what managers oversee."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from tortoise.expressions import Q

from app.models.due import LEASE, DueWork, WorkKind
from app.resolvers.ids import decode_id
from tests.crowds import SHANGHAI, renew
from tests.people import Person, World, eventually

RUN = "query($id: ID!) { group(id: $id) { refresh { run { id status } } } }"
ENDED = ("DONE", "PARTLY_DONE", "FAILED")


class Part(NamedTuple):
    """A member to be: a name, a remark (not the creator's), and what the provider says.

    It knows nothing of them if ``record`` is None.
    """

    name: str
    remark: str = ""
    record: Mapping[str, Any] | None = MappingProxyType({})


async def cast(world: World, *parts: Part, **fields: Any) -> tuple[str, list[Person]]:
    """A group and everyone in it, in this order, the creator first; all their data came."""
    creator = await world.someone()
    creator.name = parts[0].name
    await creator.identify()
    await _say(creator, parts[0])
    group_id = await creator.create_group(**fields)
    return group_id, [creator, *await enrol(creator, group_id, *parts[1:])]


async def enrol(creator: Person, group_id: str, *parts: Part) -> list[Person]:
    """Have more people join, in this order, until their data came and was judged."""
    world, token = creator.world, await creator.invite(group_id)
    people = await asyncio.gather(*(world.someone() for _ in parts))
    for person, part in zip(people, parts, strict=True):
        person.name = part.name
        await _say(person, part)
        joining = await person.joining(token)
        joining["people"][0]["remark"] = part.remark
        await person.change("joinGroup", "members { id }", **joining)
    await settled(world)
    return people


async def _say(person: Person, part: Part) -> None:
    if part.record is None:
        await person.world.forget_record(person.id_number)
    else:
        await person.world.set_record(person.id_number, **part.record)


async def settled(world: World) -> None:
    """Wait until nothing is left to fetch, to judge or to alert of now.

    What is claimed while we wait is due half a minute later; a scheduled refresh that came due
    counts, too.
    """
    now = datetime.fromisoformat(await world.now())
    running = Q(kind__in=(WorkKind.FETCH_PERSON, WorkKind.REFRESH_GROUP))
    alerting = Q(kind=WorkKind.ALERT_MANAGERS, due_at__lte=now + 2 * LEASE)
    judging = Q(kind=WorkKind.JUDGE_GROUP, due_at__lte=now + 2 * LEASE)
    starting = Q(kind=WorkKind.START_REFRESH, due_at__lte=now)
    left = DueWork.filter(running | judging | alerting | starting)
    await eventually(left.count, lambda count: count == 0)


async def refresh(manager: Person, group_id: str) -> str:
    """Refresh, and wait for the end of the run that was answered; answer how it ended."""
    payload = await manager.change("refreshGroup", "run { id }", groupId=group_id)
    data = await eventually(
        lambda: manager.ask(RUN, id=group_id),
        lambda seen: seen["group"]["refresh"]["run"]["status"] in ENDED,
    )
    run = data["group"]["refresh"]["run"]
    assert run["id"] == payload["run"]["id"]
    await settled(manager.world)
    return str(run["status"])


async def pass_time(*people: Person, **by: float) -> None:
    """Move time forward; these people's sessions go on, and what came due is done."""
    world = people[0].world
    await world.advance(**by)
    for person in people:
        await renew(person)
    await settled(world)


async def leave_to_managers(group_id: str) -> None:
    """Have nothing refresh a group by itself: what is reported of a day is then up to the test."""
    scheduled = DueWork.filter(kind=WorkKind.START_REFRESH, subject_id=decode_id(group_id, "Group"))
    assert await scheduled.delete() == 1


async def pass_until(hour: int, *people: Person) -> None:
    """Move time to the next full hour of this number in Shanghai."""
    now = datetime.fromisoformat(await people[0].world.now()).astimezone(SHANGHAI)
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    await pass_time(*people, seconds=(at - now) % timedelta(days=1) / timedelta(seconds=1))


async def today(world: World) -> date:
    """The day in Shanghai."""
    return datetime.fromisoformat(await world.now()).astimezone(SHANGHAI).date()
