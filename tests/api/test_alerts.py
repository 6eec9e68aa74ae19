"""Alerts: one SMS to each manager who wants it, of newly opened anomalies only (R28)."""

from datetime import datetime, timedelta

from tests.support.clock import SHANGHAI
from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.records import GREEN
from tests.support.sms import alerts_to, wait_for_alerts
from tests.support.waiting import eventually, settled
from tests.support.world import World

REASONS = "query($id: ID!) { group(id: $id) { colour colourReasons { reason count } } }"
RUN = "query($id: ID!) { group(id: $id) { refresh { run { status } } } }"
LOG = """query($id: ID!) { group(id: $id) { version messages(first: 100) { nodes {
    template recipient state } } } }"""


async def refresh(creator: Person, group_id: str) -> None:
    """Refresh by hand, and wait until the run has ended."""
    await creator.change("refreshGroup", "", groupId=group_id)
    await eventually(
        lambda: creator.ask(RUN, id=group_id),
        lambda seen: seen["group"]["refresh"]["run"]["status"] == "DONE",
    )


async def at_local_time(world: World, hour: int) -> None:
    """Move the clock forward to the next time it is this hour in the configured zone."""
    now = datetime.fromisoformat(await world.now()).astimezone(SHANGHAI)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    then += timedelta(days=1) if then <= now else timedelta()
    await world.advance(seconds=(then - now).total_seconds())


async def hours_ago(world: World, hours: float) -> str:
    now = datetime.fromisoformat(await world.now())
    return (now - timedelta(hours=hours)).isoformat()


async def give_test(world: World, person: Person, hours: float) -> None:
    """Give someone a green code and a negative test this many hours old."""
    test = {"result": "NEGATIVE", "tested_at": await hours_ago(world, hours)}
    await world.set_record(person.id_number, **GREEN, tests=[test])


async def nothing_more(creator: Person, group_id: str, world: World, seen: int) -> None:
    """Refresh once more, to give another alert every chance, and see that there was none."""
    await world.advance(minutes=31)
    await creator.renew()
    await refresh(creator, group_id)
    assert len(await alerts_to(creator)) == seen


async def test_what_a_refresh_found_is_one_sms_to_each_manager_with_numbers(world: World) -> None:
    creator, group_id, (admin, deaf, *people) = await a_group(world, 5, GREEN)
    for person in (admin, deaf):
        member_id = await member_id_of(person, group_id)
        await creator.change("appointAdmin", "", memberId=member_id)
    answer = await deaf.change("setAnomalyAlerts", "enabled", groupId=group_id, enabled=False)
    assert answer["enabled"] is False
    for person, code in zip(people, ("RED", "YELLOW", "YELLOW"), strict=True):
        await world.set_record(person.id_number, health_code=code)
    await refresh(creator, group_id)
    for manager in (creator, admin):
        [sms] = await wait_for_alerts(manager, 1)
        assert (sms["params"]["count"], sms["params"]["red"]) == ("3", "1")
        assert not any(person.name in sms["text"] for person in people)
    assert await alerts_to(deaf) == []
    for person in people:
        assert await alerts_to(person) == []
    await nothing_more(creator, group_id, world, seen=1)


async def test_an_anomaly_that_closed_and_opens_again_is_alerted_again(world: World) -> None:
    creator, group_id, (member,) = await a_group(world, 1, GREEN)
    for number, code in enumerate(("RED", "GREEN", "RED")):
        await world.set_record(member.id_number, health_code=code)
        await refresh(creator, group_id)
        await wait_for_alerts(creator, number // 2 + 1)
        await world.advance(minutes=31)
        await creator.renew()


async def test_the_first_fetch_after_joining_alerts(world: World) -> None:  # R14
    creator, group_id, _ = await a_group(world, 0, GREEN)
    newcomer = await world.someone()
    await world.set_record(newcomer.id_number, health_code="RED")
    await newcomer.join(await creator.invite(group_id))
    [sms] = await eventually(lambda: alerts_to(creator), bool)
    assert (sms["params"]["count"], sms["params"]["red"]) == ("1", "1")


async def test_an_anomaly_that_turns_red_or_positive_is_alerted_once_more(world: World) -> None:
    creator, group_id, (member,) = await a_group(world, 1, GREEN)
    nothing: list[dict[str, str]] = []
    turns = [("YELLOW", nothing), ("RED", nothing), ("RED", [{"result": "POSITIVE"}])]
    for alerts, (code, tests) in enumerate(turns, start=1):
        await world.set_record(member.id_number, health_code=code, tests=tests)
        await refresh(creator, group_id)
        await wait_for_alerts(creator, alerts)
        await nothing_more(creator, group_id, world, seen=alerts)
        await world.advance(minutes=31)
        await creator.renew()


async def test_what_opens_within_a_minute_is_one_sms(world: World) -> None:
    creator, group_id, _ = await a_group(world, 0, GREEN)
    token = await creator.invite(group_id)
    for _ in range(3):
        newcomer = await world.someone()
        await world.set_record(newcomer.id_number, health_code="YELLOW")
        await newcomer.join(token)
        await settled(world)
    assert await alerts_to(creator) == []
    await world.advance(minutes=1)
    [sms] = await wait_for_alerts(creator, 1)
    assert (sms["params"]["count"], sms["params"]["red"]) == ("3", "0")


async def test_code_red_takes_along_what_waits_for_the_minute(world: World) -> None:
    creator, group_id, _ = await a_group(world, 0, GREEN)
    token = await creator.invite(group_id)
    for code in ("YELLOW", "RED"):
        newcomer = await world.someone()
        await world.set_record(newcomer.id_number, health_code=code)
        await newcomer.join(token)
    [sms] = await wait_for_alerts(creator, 1)
    assert (sms["params"]["count"], sms["params"]["red"]) == ("2", "1")


async def test_news_about_someone_alert_in_every_group_they_are_in(world: World) -> None:
    creator, group_id, (member,) = await a_group(world, 1, GREEN)
    other, other_id, _ = await a_group(world, 0, GREEN)
    await member.join(await other.invite(other_id))
    await world.set_record(member.id_number, health_code="RED")
    await refresh(creator, group_id)
    for manager in (creator, other):
        await wait_for_alerts(manager, 1)


async def test_a_changed_requirement_alerts_nobody(world: World) -> None:
    creator, group_id, (member,) = await a_group(world, 1, GREEN)
    await creator.change("setRequirement", "", groupId=group_id, natValidity="H24")
    seen = (await creator.ask(REASONS, id=group_id))["group"]["colourReasons"]
    assert seen == [{"reason": "TEST_MISSING", "count": 2}]
    await world.set_record(member.id_number, health_code="YELLOW")
    await nothing_more(creator, group_id, world, seen=0)  # an anomaly is alerted once, or never


async def expired(creator: Person, group_id: str, people: int) -> None:
    """Wait until this many tests have lapsed by time alone."""
    await eventually(
        lambda: creator.ask(REASONS, id=group_id),
        lambda seen: {"reason": "TEST_EXPIRED", "count": people} in seen["group"]["colourReasons"],
    )


async def lapsing_group(world: World, *hours: float) -> tuple[Person, str, list[Person]]:
    """A group that asks for 24 hours, with members whose tests lapse in so many hours."""
    creator, group_id, people = await a_group(world, len(hours), GREEN)
    await give_test(world, creator, 0)
    for person, left in zip(people, hours, strict=True):
        await give_test(world, person, 24 - left)
    await refresh(creator, group_id)
    await creator.change("setRequirement", "", groupId=group_id, natValidity="H24")
    return creator, group_id, people


async def test_what_lapses_by_day_is_alerted_at_once_and_gathered_by_the_hour(
    world: World,
) -> None:
    await at_local_time(world, 12)
    creator, group_id, _ = await lapsing_group(world, 1, 1.2, 1.4)
    await world.advance(hours=1, seconds=1)
    await creator.renew()
    await expired(creator, group_id, 1)
    await eventually(lambda: alerts_to(creator), lambda seen: len(seen) == 1)
    await world.advance(minutes=25)
    await creator.renew()
    await expired(creator, group_id, 3)
    assert len(await alerts_to(creator)) == 1
    await world.advance(minutes=36)
    seen = await eventually(lambda: alerts_to(creator), lambda seen: len(seen) == 2)
    assert seen[-1]["params"]["count"] == "2"


async def test_what_lapses_at_night_waits_for_seven_in_the_morning(world: World) -> None:
    await at_local_time(world, 21)
    creator, group_id, _ = await lapsing_group(world, 1.5, 4)
    await world.advance(hours=5)  # two o'clock
    await creator.sign_in_again()
    await expired(creator, group_id, 2)
    await at_local_time(world, 7)
    [sms] = await eventually(lambda: alerts_to(creator), bool)
    assert sms["params"]["count"] == "2"
    assert datetime.fromisoformat(sms["at"]).astimezone(SHANGHAI).hour == 7


async def test_code_red_never_waits(world: World) -> None:
    await at_local_time(world, 22)
    creator, group_id, (lapsed, _) = await lapsing_group(world, 1, 30)
    await world.advance(hours=1, seconds=1)
    await creator.sign_in_again()
    await expired(creator, group_id, 1)
    assert await alerts_to(creator) == []
    await world.set_record(lapsed.id_number, health_code="RED")
    await world.advance(minutes=30)
    await creator.sign_in_again()
    await refresh(creator, group_id)
    [sms] = await eventually(lambda: alerts_to(creator), bool)
    assert (sms["params"]["count"], sms["params"]["red"]) == ("1", "1")


async def test_what_passed_before_it_was_alerted_is_not(world: World) -> None:
    await at_local_time(world, 22)
    creator, group_id, (lapsed,) = await lapsing_group(world, 1)
    await world.advance(hours=1, seconds=1)
    await creator.sign_in_again()
    await expired(creator, group_id, 1)
    await give_test(world, lapsed, 0)
    await give_test(world, creator, 0)
    await world.advance(minutes=30)
    await creator.sign_in_again()
    await refresh(creator, group_id)
    await at_local_time(world, 8)
    await creator.sign_in_again()
    shown = (await creator.ask(LOG, id=group_id))["group"]["messages"]["nodes"]
    assert all(sms["template"] != "ANOMALY_ALERT" for sms in shown)
