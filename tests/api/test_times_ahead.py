"""Times from outside that lie ahead of ours: one reading of them, wherever they show (R20)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from app.domain.verifications import VerificationOutcome
from tests.support.clock import pass_time, today
from tests.support.in_process import env_of
from tests.support.members import Profile, group_of
from tests.support.person import Person
from tests.support.records import nat, shots
from tests.support.refreshes import leave_to_managers, refresh
from tests.support.reports import get, link
from tests.support.verifications import confirm
from tests.support.waiting import settled
from tests.support.world import World

SHOWN = """query($id: ID!) { group(id: $id) { colour
    statistics { byTest { window result count } byDoses { doses count } }
    members { nodes { person { name } healthCodeAt doses vaccinations { dose date }
        tests { result sampledAt testedAt } latestTest { result sampledAt testedAt } asOf
        anomaly { reasons nextChangeAt evidence { reason since asOf
            test { result testedAt sampledAt } } } } } } }"""
DOSED = """query($id: ID!, $doses: [Int!]) { group(id: $id) {
    members(where: {doses: $doses}) { nodes { person { name } } } } }"""
FORMER = """query($id: ID!) { group(id: $id) { formerMembers { nodes {
    latestTest { result testedAt } doses healthCode } } } }"""
CREATOR, MEMBER = "欧阳创", "甲"


async def a_group(world: World, validity: str, **record: Any) -> tuple[str, Person, Person]:
    """A group of a creator who is well and a member of whom the provider says this."""
    now = datetime.fromisoformat(await world.now())
    well = {"tests": [nat(now, 1)]}
    parts = (Profile(CREATOR, "", well), Profile(MEMBER, "", record))
    group_id, (creator, member) = await group_of(world, *parts)
    await leave_to_managers(group_id)
    await creator.change("setRequirement", "", groupId=group_id, natValidity=validity)
    await settled(world)
    return group_id, creator, member


async def look(creator: Person, group_id: str) -> dict[str, Any]:
    """What is shown of the member; nothing of it lies ahead."""
    group: dict[str, Any] = (await creator.ask(SHOWN, id=group_id))["group"]
    (shown,) = [one for one in group["members"]["nodes"] if one["person"]["name"] == MEMBER]
    now = datetime.fromisoformat(await creator.world.now())
    for at in times(shown):
        assert datetime.fromisoformat(at) <= now
    for dose in shown["vaccinations"]:
        assert date.fromisoformat(dose["date"]) <= await today(creator.world)
    return {"colour": group["colour"], "statistics": group["statistics"], **shown}


def times(value: Any) -> list[str]:
    """Every time in what is shown, but of what is to come."""
    if isinstance(value, list):
        return [at for one in value for at in times(one)]
    if not isinstance(value, dict):
        return []
    own = [at for key, at in value.items() if key.endswith("At") and key != "nextChangeAt" and at]
    return own + [at for one in value.values() for at in times(one)]


def reasons(shown: dict[str, Any]) -> list[str]:
    return shown["anomaly"]["reasons"] if shown["anomaly"] else []


async def again(creator: Person, group_id: str, **by: float) -> dict[str, Any]:
    """Let time pass, and refresh."""
    await pass_time(creator, **by)
    await refresh(creator, group_id)
    return await look(creator, group_id)


async def test_a_negative_dated_days_ahead_counts_from_its_time_on_and_not_before(
    world: World,
) -> None:  # R20, R22
    at = datetime.fromisoformat(await world.now()) + timedelta(days=3)
    group_id, creator, _ = await a_group(world, "H24", tests=[nat(at, 0)])
    shown = await look(creator, group_id)
    assert (reasons(shown), shown["tests"], shown["latestTest"]) == (["TEST_MISSING"], [], None)
    assert datetime.fromisoformat(shown["anomaly"]["nextChangeAt"]) == at
    for _ in range(3):
        assert reasons(await again(creator, group_id, hours=20)) == ["TEST_MISSING"]
    left = at - datetime.fromisoformat(await world.now())
    await pass_time(creator, seconds=left.total_seconds())
    shown = await look(creator, group_id)
    assert (reasons(shown), shown["latestTest"]["result"]) == ([], "NEGATIVE")
    await pass_time(creator, hours=24)
    assert reasons(await look(creator, group_id)) == ["TEST_EXPIRED"]


async def test_a_negative_ahead_hides_no_positive(world: World) -> None:  # R20
    now = datetime.fromisoformat(await world.now())
    tests = [nat(now, -14 * 24), nat(now, 2, "POSITIVE")]
    group_id, creator, _ = await a_group(world, "NONE", tests=tests)
    shown = await look(creator, group_id)
    assert (reasons(shown), shown["latestTest"]["result"]) == (["TEST_POSITIVE"], "POSITIVE")
    (evidence,) = shown["anomaly"]["evidence"]
    assert datetime.fromisoformat(evidence["since"]) == now - timedelta(hours=2)
    found = {(one["window"], one["result"]): one["count"] for one in shown["statistics"]["byTest"]}
    assert found["H24", "POSITIVE"] == 1
    await refresh(creator, group_id)
    report = (await get(world, await link(creator, group_id, await today(world)))).text
    (line,) = [line for line in report.splitlines() if MEMBER in line]
    assert "ositive" in line, line


async def test_a_positive_dated_ahead_stands_at_once_and_is_dated_once(world: World) -> None:
    now = datetime.fromisoformat(await world.now())  # R20
    tests = [nat(now, -14 * 24, "POSITIVE"), nat(now, 0)]
    group_id, creator, member = await a_group(world, "NONE", tests=tests)
    shown = await look(creator, group_id)
    assert reasons(shown) == ["TEST_POSITIVE"]
    dated = shown["latestTest"]["testedAt"]
    assert (await again(creator, group_id, hours=20))["latestTest"]["testedAt"] == dated
    cured = nat(datetime.fromisoformat(await world.now()), 1)
    await world.set_record(member.id_number, tests=[*tests, cured])
    assert reasons(await again(creator, group_id, hours=1)) == []


async def test_a_test_a_few_minutes_ahead_is_valid_from_its_first_fetch_and_no_longer(
    world: World,
) -> None:  # R20
    now = datetime.fromisoformat(await world.now())
    group_id, creator, _ = await a_group(world, "H24", tests=[nat(now + timedelta(minutes=9), 0)])
    shown = await look(creator, group_id)
    first = datetime.fromisoformat(shown["latestTest"]["testedAt"])
    assert now <= first < now + timedelta(minutes=9)
    shown = await again(creator, group_id, hours=1)
    assert datetime.fromisoformat(shown["latestTest"]["testedAt"]) == first
    left = first + timedelta(hours=24) - datetime.fromisoformat(await world.now())
    await pass_time(creator, seconds=left.total_seconds())
    assert reasons(await look(creator, group_id)) == ["TEST_EXPIRED"]


async def test_a_dose_dated_ahead_is_none(world: World) -> None:  # R20
    tomorrow = await today(world) + timedelta(days=1)
    doses = [*shots(1), {"dose": 2, "date": str(tomorrow)}, {"dose": 3, "date": "2099-01-01"}]
    group_id, creator, _ = await a_group(world, "NONE", vaccinations=doses)
    shown = await look(creator, group_id)
    assert (shown["doses"], [dose["dose"] for dose in shown["vaccinations"]]) == (1, [1])
    await pass_time(creator, hours=24)
    assert (await look(creator, group_id))["doses"] == 2
    found = (await creator.ask(DOSED, id=group_id, doses=[2]))["group"]["members"]["nodes"]
    assert [one["person"]["name"] for one in found] == [MEMBER]


async def test_a_code_dated_ahead_counts_and_its_time_does_not(world: World) -> None:  # R20
    at = datetime.fromisoformat(await world.now()) + timedelta(days=3)
    record = {"health_code": "RED", "health_code_at": at.isoformat()}
    group_id, creator, _ = await a_group(world, "NONE", **record)
    shown = await look(creator, group_id)
    assert (shown["colour"], reasons(shown)) == ("RED", ["CODE_RED"])
    dated = shown["healthCodeAt"]
    assert (await again(creator, group_id, hours=20))["healthCodeAt"] == dated


async def test_who_leaves_leaves_nothing_that_lies_ahead(world: World) -> None:  # R34
    now = datetime.fromisoformat(await world.now())
    record = {"tests": [nat(now, -48)], "vaccinations": [{"dose": 9, "date": "2099-01-01"}]}
    group_id, creator, _ = await a_group(world, "NONE", **record)
    nodes = (await creator.ask(MEMBERS, id=group_id))["group"]["members"]["nodes"]
    (member_id,) = [one["id"] for one in nodes if one["person"]["name"] == MEMBER]
    await creator.change("removeMember", "", memberId=member_id)
    ((former),) = (await creator.ask(FORMER, id=group_id))["group"]["formerMembers"]["nodes"]
    assert (former["latestTest"], former["doses"]) == (None, 0)


MEMBERS = "query($id: ID!) { group(id: $id) { members { nodes { id person { name } } } } }"


@pytest.mark.parametrize("minutes", [8 * 60, -11, None])
async def test_a_face_check_serves_for_ten_minutes_of_our_own_clock(
    world: World, minutes: int | None
) -> None:  # R11, R20
    identity = env_of(world).identity
    outcome = identity.outcome

    async def by_another_clock(provider_id: str) -> VerificationOutcome:
        found = await outcome(provider_id)
        assert found.passed_at is not None
        told = None if minutes is None else found.passed_at + timedelta(minutes=minutes)
        return replace(found, passed_at=told)

    with patch.object(identity, "outcome", by_another_clock):
        for waited, result in [(0, "DONE"), (9, "DONE"), (10, "VERIFICATION_EXPIRED")]:
            person = await world.someone()
            verification_id = await person.verify("IDENTIFY")
            await world.advance(minutes=waited)
            assert await confirm(person, verification_id) == result
