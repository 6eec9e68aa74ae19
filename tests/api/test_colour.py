"""The colour and its reasons: which there are against whom, and when they change (R18-R23)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.groups import a_group
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

STATUS = """query($id: ID!) { group(id: $id) { colour colourReasons { reason count }
    anomalies { nodes { reasons openedAt nextChangeAt member { person { name } } } } } }"""


async def status(creator: Person, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = (await creator.ask(STATUS, id=group_id))["group"]
    group["colourReasons"] = {one["reason"]: one["count"] for one in group["colourReasons"]}
    return group


async def refreshed(world: World, creator: Person, group_id: str) -> dict[str, Any]:
    """Refresh, a new run where the last is younger than half an hour; return the status."""
    run = "query($id: ID!) { group(id: $id) { refresh { run { id status } } } }"
    before = (await creator.ask(run, id=group_id))["group"]["refresh"]["run"]
    if before is not None:
        await world.advance(minutes=30)
        await creator.sign_in_again()
    await creator.change("refreshGroup", "run { id }", groupId=group_id)
    await eventually(
        lambda: creator.ask(run, id=group_id),
        lambda seen: seen["group"]["refresh"]["run"]["status"] == "DONE",
    )
    return await status(creator, group_id)


async def nat(world: World, result: str, hours_ago: float) -> dict[str, Any]:
    at = datetime.fromisoformat(await world.now()) - timedelta(hours=hours_ago)
    tested_at = None if result == "PENDING" else at.isoformat()
    return {
        "result": result,
        "sampled_at": (at - timedelta(hours=2)).isoformat(),
        "tested_at": tested_at,
        "institution": "疾控中心",
    }


NONE, H24 = "NONE", "H24"
CASES = [
    (NONE, "RED", [], "RED", ["CODE_RED"]),
    (NONE, "YELLOW", [], "YELLOW", ["CODE_YELLOW"]),
    (NONE, "UNKNOWN", [], "YELLOW", ["CODE_UNKNOWN"]),
    (NONE, "GREEN", [], "GREEN", []),
    (NONE, "GREEN", [("POSITIVE", 1)], "YELLOW", ["TEST_POSITIVE"]),
    (H24, "GREEN", [], "YELLOW", ["TEST_MISSING"]),
    (H24, "GREEN", [("PENDING", 1)], "YELLOW", ["TEST_MISSING"]),
    (H24, "GREEN", [("NEGATIVE", 25)], "YELLOW", ["TEST_EXPIRED"]),
    (H24, "GREEN", [("NEGATIVE", 23)], "GREEN", []),
    (H24, "GREEN", [("POSITIVE", 1), ("NEGATIVE", 2)], "YELLOW", ["TEST_POSITIVE"]),
    (H24, "GREEN", [("POSITIVE", 2), ("NEGATIVE", 1)], "GREEN", []),
    (H24, "GREEN", [("PENDING", 0.5), ("NEGATIVE", 1)], "GREEN", []),
    (H24, "RED", [("NEGATIVE", 25)], "RED", ["CODE_RED", "TEST_EXPIRED"]),
]


@pytest.mark.parametrize(("validity", "code", "tests", "colour", "reasons"), CASES)
async def test_each_reason_gives_its_colour(  # R20, R21
    world: World, validity: str, code: str, tests: Any, colour: str, reasons: list[str]
) -> None:
    creator, group_id, [member] = await a_group(world, natValidity=validity)
    results = [await nat(world, result, hours) for result, hours in tests]
    await world.set_record(member.id_number, health_code=code, tests=results)
    group = await refreshed(world, creator, group_id)
    assert (group["colour"], group["colourReasons"]) == (colour, dict.fromkeys(reasons, 1))
    listed = [node["reasons"] for node in group["anomalies"]["nodes"]]
    assert listed == ([reasons] if reasons else [])


async def test_a_code_that_is_not_listed_still_colours_the_group(world: World) -> None:  # R19
    creator, group_id, [member] = await a_group(world)
    await world.set_record(member.id_number, health_code="YELLOW")
    await refreshed(world, creator, group_id)
    await creator.change(
        "setRequirement",
        "group { id }",
        groupId=group_id,
        natValidity="NONE",
        anomalousCodes=["UNKNOWN"],
    )
    group = await status(creator, group_id)
    assert group["anomalies"]["nodes"] == []
    assert (group["colour"], group["colourReasons"]) == ("YELLOW", {"CODE_YELLOW": 1})


async def test_green_cannot_be_chosen_as_an_anomaly(world: World) -> None:  # R19
    creator, group_id, _ = await a_group(world, members=0)
    change = {"groupId": group_id, "natValidity": "NONE", "anomalousCodes": ["GREEN"]}
    assert await creator.refused("setRequirement", **change) == "HEALTH_CODE_NOT_CHOOSABLE"


async def test_a_requirement_is_judged_at_once(world: World) -> None:  # R7, R19
    creator, group_id, [member] = await a_group(world)
    await world.set_record(member.id_number, health_code="GREEN", tests=[])
    assert (await refreshed(world, creator, group_id))["colour"] == "GREEN"
    payload = await creator.change(
        "setRequirement",
        "group { colour requirement { natValidity } colourReasons { reason count } }",
        groupId=group_id,
        natValidity="D7",
    )
    assert payload["group"] == {
        "colour": "YELLOW",
        "requirement": {"natValidity": "D7"},
        "colourReasons": [{"reason": "TEST_MISSING", "count": 1}],
    }


async def test_a_test_lapses_between_two_refreshes(world: World) -> None:  # R22
    creator, group_id, [member] = await a_group(world, natValidity="H24")
    fresh = [await nat(world, "NEGATIVE", 0)]
    lapsing = [await nat(world, "NEGATIVE", 23.9)]
    await world.set_record(creator.id_number, tests=fresh)
    await world.set_record(member.id_number, tests=lapsing)
    assert (await refreshed(world, creator, group_id))["colour"] == "GREEN"
    await world.advance(minutes=6)
    group = await eventually(
        lambda: status(creator, group_id), lambda seen: seen["colour"] != "GREEN"
    )
    assert (group["colour"], group["colourReasons"]) == ("YELLOW", {"TEST_EXPIRED": 1})
    [anomaly] = group["anomalies"]["nodes"]
    assert anomaly["member"]["person"]["name"] == member.name


async def test_an_anomaly_stays_open_until_its_reasons_go(world: World) -> None:  # R23
    creator, group_id, [member] = await a_group(world)
    await world.set_record(member.id_number, health_code="YELLOW")
    [first] = (await refreshed(world, creator, group_id))["anomalies"]["nodes"]
    await world.set_record(member.id_number, health_code="RED")
    [second] = (await refreshed(world, creator, group_id))["anomalies"]["nodes"]
    assert second["reasons"] == ["CODE_RED"]
    assert second["openedAt"] == first["openedAt"]
    await world.set_record(member.id_number, health_code="GREEN")
    assert (await refreshed(world, creator, group_id))["anomalies"]["nodes"] == []
    await world.set_record(member.id_number, health_code="RED")
    [third] = (await refreshed(world, creator, group_id))["anomalies"]["nodes"]
    assert third["openedAt"] > first["openedAt"]


async def test_news_about_someone_judge_every_group_they_are_in(world: World) -> None:  # R20
    creator, group_id, [member] = await a_group(world)
    other = await world.real_person()
    other_id = await other.create_group()
    await member.join(await other.invite(other_id))
    await world.set_record(member.id_number, health_code="RED")
    await refreshed(world, creator, group_id)
    await other.sign_in_again()
    seen = await eventually(lambda: status(other, other_id), lambda seen: seen["colour"] == "RED")
    assert seen["colourReasons"] == {"CODE_RED": 1}
