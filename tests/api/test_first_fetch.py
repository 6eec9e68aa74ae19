"""The first fetch after joining, with a provider that is away (R14)."""

from typing import Any

from app.models.health import HealthRecord
from app.services.health.fetching import fetch_people
from tests.support.gates import provider_held
from tests.support.groups import a_group
from tests.support.in_process import env_of
from tests.support.newcomers import awaited, claims_of, newcomers
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

SEEN = """query($id: ID!) { group(id: $id) { colour colourReasons { reason count }
    members { nodes { healthCode asOf person { name } } } } }"""
GREEN = {"health_code": "GREEN"}


async def seen_by(creator: Person, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = (await creator.ask(SEEN, id=group_id))["group"]
    return group


async def join_while_away(world: World, creator: Person, group_id: str) -> Person:
    newcomer = await world.someone()
    await world.set_record(newcomer.id_number, health_code="RED")
    await newcomer.join(await creator.invite(group_id))
    return newcomer


async def test_the_provider_is_asked_again_until_it_answers(world: World) -> None:  # R14
    creator, group_id, _ = await a_group(world, 0, GREEN)
    await world.faults(health={"status": 404})
    try:
        await join_while_away(world, creator, group_id)
        await world.advance(minutes=2)
        assert (await seen_by(creator, group_id))["colour"] == "GREEN"  # nobody is judged unseen
    finally:
        await world.faults()
    await world.advance(minutes=3)
    seen = await eventually(
        lambda: seen_by(creator, group_id), lambda seen: seen["colour"] == "RED"
    )
    assert all(member["asOf"] for member in seen["members"]["nodes"])


async def test_after_ten_minutes_whoever_has_no_data_is_judged_without(world: World) -> None:  # R14
    creator, group_id, _ = await a_group(world, 0, GREEN)
    await world.faults(health={"status": 404})
    try:
        await join_while_away(world, creator, group_id)
        await world.advance(minutes=9, seconds=50)
        assert (await seen_by(creator, group_id))["colour"] == "GREEN"
        await world.advance(seconds=11)
        await creator.renew()
        seen = await eventually(
            lambda: seen_by(creator, group_id), lambda seen: seen["colour"] == "YELLOW"
        )
    finally:
        await world.faults()
    assert seen["colourReasons"] == [{"reason": "CODE_UNKNOWN", "count": 1}]


async def test_a_crowd_is_asked_about_by_one_question(world: World) -> None:  # R14
    people = await newcomers(world, 5)
    with provider_held(world) as provider:
        provider.open()
        assert await fetch_people(env_of(world), claims_of(people)) == {}
    assert provider.queries == 1
    assert await HealthRecord.filter(person_id__in=people).count() == 5
    assert not await awaited(people)
