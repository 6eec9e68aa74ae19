"""Excused from tests: the group's colour and lists follow at both ends, and who sees it (R20)."""

from datetime import datetime, timedelta
from typing import Any

from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.reports import OWN_DATA, get
from tests.support.waiting import eventually, settled
from tests.support.world import World

PAGE = """query($id: ID!) { group(id: $id) { colour colourReasons { reason count }
    members { nodes { id excuse { from until reason } anomaly { reasons } } } } }"""
OWN = """query($id: ID!) { group(id: $id) {
    viewerMember { excuse { from until reason } anomaly { reasons } } } }"""


async def required(world: World, **record: Any) -> tuple[Person, str, Person, str]:
    """A group that asks for tests, whose one member beside the creator has none."""
    creator, group_id, (member,) = await a_group(world, record={"health_code": "GREEN", **record})
    tested = {"result": "NEGATIVE", "tested_at": await world.now()}
    await world.set_record(creator.id_number, health_code="GREEN", tests=[tested])
    await creator.change("setRequirement", "", groupId=group_id, natValidity="D7")
    await creator.change("refreshGroup", "", groupId=group_id)
    await eventually(
        lambda: reasons(creator, group_id), lambda found: found.get("TEST_MISSING") == 1
    )
    return creator, group_id, member, await member_id_of(member, group_id)


async def reasons(person: Person, group_id: str) -> dict[str, int]:
    group = (await person.ask(PAGE, id=group_id))["group"]
    return {one["reason"]: one["count"] for one in group["colourReasons"]}


async def excuse(person: Person, member_id: str, hours: float, start: float = 0) -> None:
    now = datetime.fromisoformat(await person.world.now())
    given = {"from": (now + timedelta(hours=start)).isoformat()} if start else {}
    until = (now + timedelta(hours=hours)).isoformat()
    await person.change(
        "excuseMember",
        "member { excuse { reason } }",
        memberId=member_id,
        until=until,
        reason="休假",
        **given,
    )


async def test_it_pauses_what_is_asked_until_its_time_is_over(world: World) -> None:
    creator, group_id, member, member_id = await required(world)
    await excuse(creator, member_id, hours=2)
    assert await reasons(creator, group_id) == {}
    assert (await creator.ask(PAGE, id=group_id))["group"]["colour"] == "GREEN"
    own = (await member.ask(OWN, id=group_id))["group"]["viewerMember"]
    assert (own["excuse"]["reason"], own["anomaly"]) == ("休假", None)
    await world.advance(hours=2)
    await creator.renew()
    await member.renew()
    await eventually(lambda: reasons(creator, group_id), lambda seen: seen == {"TEST_MISSING": 1})
    await eventually(
        lambda: member.ask(OWN, id=group_id),
        lambda seen: seen["group"]["viewerMember"]["excuse"] is None,
    )


async def test_one_that_is_to_come_begins_by_itself_and_ends_by_hand(world: World) -> None:
    creator, group_id, _, member_id = await required(world)
    await excuse(creator, member_id, start=1, hours=48)
    assert await reasons(creator, group_id) == {"TEST_MISSING": 1}
    await world.advance(hours=1)
    await creator.renew()
    await eventually(lambda: reasons(creator, group_id), lambda seen: seen == {})
    await creator.change("endExcuse", "member { excuse { reason } }", memberId=member_id)
    assert await reasons(creator, group_id) == {"TEST_MISSING": 1}
    await creator.change("endExcuse", "member { id }", memberId=member_id)  # harmless
    await settled(world)


async def test_a_red_code_counts_and_a_refusal_changes_nothing(world: World) -> None:
    creator, group_id, member, member_id = await required(world, health_code="RED")
    await excuse(creator, member_id, hours=2)
    assert await reasons(creator, group_id) == {"CODE_RED": 1}
    past = {"memberId": member_id, "until": "2000-01-01T00:00:00Z", "reason": "休假"}
    assert await creator.refused("excuseMember", **past) == "PERIOD_INVALID"
    nothing = {**past, "until": "2100-01-01T00:00:00Z", "reason": " "}
    assert await creator.refused("excuseMember", **nothing) == "REASON_INVALID"
    data = (await get(world, (await member.ask(OWN_DATA))["exportMyData"])).json()
    assert data["memberships"][0]["excuseReason"] == "休假"
    await member.change("withdrawConsent", "kept { what }", memberId=member_id)  # R42
    group = (await creator.ask(PAGE, id=group_id))["group"]
    assert [one["excuse"] for one in group["members"]["nodes"] if one["id"] == member_id] == [None]
    later = {**past, "until": nothing["until"]}
    assert await creator.refused("excuseMember", **later) in ("CONSENT_WITHDRAWN", "PERIOD_INVALID")
