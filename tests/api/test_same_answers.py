"""Of whom the provider says what it said before, nothing is written but since when it holds."""

from datetime import datetime
from typing import Any

from app.models.health import HealthRecord
from tests.support.groups import a_group
from tests.support.person import Person
from tests.support.records import GREEN, nat, row_of
from tests.support.refreshes import refresh
from tests.support.waiting import settled
from tests.support.world import World

GROUP = """query($id: ID!) { group(id: $id) { version colour
  members { nodes { person { name } healthCode asOf tests { result } } } } }"""


async def seen(creator: Person, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = (await creator.ask(GROUP, id=group_id))["group"]
    [member] = [one for one in group["members"]["nodes"] if one["person"]["name"] == creator.name]
    return group | {"own": member}


async def later(world: World, creator: Person) -> None:
    await world.advance(minutes=31)
    await creator.renew()


async def test_the_same_answer_is_news_to_no_other_group(world: World) -> None:  # R20
    creator, first, _ = await a_group(world, 1, GREEN)
    other = await creator.create_group()
    await settled(world)
    before, stored = await seen(creator, other), await record_of(creator)
    await refresh(creator, first)
    await settled(world)
    after = await seen(creator, other)
    assert after["version"] == before["version"]
    assert after["own"]["asOf"] > before["own"]["asOf"]
    again = await record_of(creator)
    assert (again.tests, again.changed_at) == (stored.tests, stored.changed_at)
    await later(world, creator)
    await world.set_record(creator.id_number, health_code="RED")
    await refresh(creator, first)
    await settled(world)
    changed = await seen(creator, other)
    assert (changed["own"]["healthCode"], changed["colour"]) == ("RED", "RED")
    assert changed["version"] > after["version"]


async def record_of(person: Person) -> HealthRecord:
    row = await row_of(person)
    assert row is not None
    return await HealthRecord.get(person_id=row.id)


async def test_what_lies_ahead_is_read_anew_each_time(world: World) -> None:  # R20
    creator, group_id, _ = await a_group(world, 1, GREEN)
    now = datetime.fromisoformat(await world.now())
    await world.set_record(creator.id_number, health_code="GREEN", tests=[nat(now, -0.4)])
    await refresh(creator, group_id)
    await settled(world)
    assert (await seen(creator, group_id))["own"]["tests"] == []
    await later(world, creator)
    await refresh(creator, group_id)
    await settled(world)
    assert (await seen(creator, group_id))["own"]["tests"] == [{"result": "NEGATIVE"}]
