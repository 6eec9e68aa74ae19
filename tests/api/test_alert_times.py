"""Alerts at a time of one's own: what can wait waits for it, red and positive don't (R28)."""

from typing import Any

from app.models.due import Claim, DueWork, WorkKind
from app.resolvers.ids import decode_id
from app.services.health.own_alerts import alert_at_time
from tests.support.clock import to_local
from tests.support.groups import a_group
from tests.support.in_process import env_of
from tests.support.members import appoint, member_id_of
from tests.support.person import Person
from tests.support.records import GREEN
from tests.support.refreshes import leave_to_managers, refresh
from tests.support.sections import assign, bind, create_section
from tests.support.sms import alerts_to, wait_for_alerts
from tests.support.waiting import settled
from tests.support.world import World

CHOSEN = "query($id: ID!) { group(id: $id) { anomalyAlerts anomalyAlertsTime } }"
WATCHED = """subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour
    anomalyAlerts anomalyAlertsTime dailyDigestTime } }"""


async def choose(manager: Person, group_id: str, at: str | None, *, enabled: bool = True) -> None:
    given = {"groupId": group_id, "enabled": enabled, "at": at}
    await manager.change("setAnomalyAlerts", "enabled group { anomalyAlertsTime }", **given)


async def turn(creator: Person, group_id: str, **codes: Person) -> None:
    """Have the provider say of people that they have these codes, and refresh."""
    for code, person in codes.items():
        await creator.world.set_record(person.id_number, health_code=code.split("_")[0])
    await creator.world.advance(minutes=31)
    await creator.renew()
    await refresh(creator, group_id)
    await settled(creator.world)


def numbers(sms: dict[str, Any]) -> tuple[str, str]:
    return sms["params"]["count"], sms["params"]["red"]


async def test_what_can_wait_comes_at_the_time_that_each_manager_chose(world: World) -> None:
    creator, group_id, (early, late, *people) = await a_group(world, 4, GREEN)
    await leave_to_managers(group_id)
    _, late_id = await appoint(creator, group_id, early, late)
    await to_local(world, creator, early, late, hour=10)
    assert await early.refused("setAnomalyAlerts", groupId=group_id, enabled=True, at="9") == (
        "TIME_INVALID"
    )
    await choose(early, group_id, "16:30")
    await choose(late, group_id, "18:00")
    shown = (await early.ask(CHOSEN, id=group_id))["group"]
    assert shown == {"anomalyAlerts": True, "anomalyAlertsTime": "16:30"}
    await turn(creator, group_id, YELLOW_1=people[0], YELLOW_2=people[1])
    [sms] = await wait_for_alerts(creator, 1)
    assert numbers(sms) == ("2", "0")
    assert await alerts_to(early) == []
    await to_local(world, creator, hour=16, minute=30)
    [sms] = await wait_for_alerts(early, 1)
    assert numbers(sms) == ("2", "0")
    await turn(creator, group_id, GREEN=people[0])
    await to_local(world, creator, hour=18)
    [sms] = await wait_for_alerts(late, 1)  # what closed before isn't told
    assert numbers(sms) == ("1", "0")
    await choose(creator, group_id, "19:00")  # they heard of all of it
    await creator.change("dismissAdmin", "", memberId=late_id)
    await turn(creator, group_id, YELLOW=people[0])
    for hour in (19, 18):
        await to_local(world, creator, hour=hour)
        await settled(world)
    assert [len(await alerts_to(one)) for one in (creator, early, late)] == [2, 2, 1]
    assert numbers((await alerts_to(creator))[1]) == ("1", "0")
    assert await DueWork.filter(kind=WorkKind.ALERT_AT_TIME).count() == 2


async def test_red_takes_along_what_is_held_back_and_at_once_again_brings_it(world: World) -> None:
    creator, group_id, people = await a_group(world, 4, GREEN)
    await leave_to_managers(group_id)
    await to_local(world, creator, hour=10)
    await choose(creator, group_id, "20:00")
    await turn(creator, group_id, YELLOW=people[0])
    assert await alerts_to(creator) == []
    await turn(creator, group_id, RED=people[1])
    [sms] = await wait_for_alerts(creator, 1)
    assert numbers(sms) == ("2", "1")
    await turn(creator, group_id, RED=people[0])  # one that they know of turns red
    assert numbers((await wait_for_alerts(creator, 2))[1]) == ("1", "1")
    await turn(creator, group_id, YELLOW=people[2])
    await choose(creator, group_id, "21:00")  # another time holds back what the earlier did
    assert len(await alerts_to(creator)) == 2
    await choose(creator, group_id, None)
    assert numbers((await wait_for_alerts(creator, 3))[2]) == ("1", "0")
    await choose(creator, group_id, "21:00")
    await turn(creator, group_id, YELLOW=people[3])
    await choose(creator, group_id, "21:00", enabled=False)
    await choose(creator, group_id, "21:30")  # they didn't want to hear of that
    for hour, minute in ((20, 0), (21, 0), (21, 30)):
        await to_local(world, creator, hour=hour, minute=minute)
        await settled(world)
    assert len(await alerts_to(creator)) == 3


async def test_a_bound_admin_is_alerted_at_their_time_of_their_charge_alone(
    world: World,
) -> None:  # R51
    creator, group_id, (bound, ours, other, theirs) = await a_group(world, 4, GREEN)
    await leave_to_managers(group_id)
    section = await create_section(creator, group_id, "一班")
    await assign(creator, group_id, section, *[await member_id_of(ours, group_id)])
    await assign(creator, group_id, section, *[await member_id_of(other, group_id)])
    own_id = await bind(creator, group_id, bound, section)
    await to_local(world, creator, bound, hour=10)
    await choose(bound, group_id, "12:00")
    await turn(creator, group_id, YELLOW=ours, RED=theirs)
    [sms] = await wait_for_alerts(creator, 1)
    assert numbers(sms) == ("2", "1")
    assert await alerts_to(bound) == []  # the red one isn't in their charge
    await to_local(world, creator, bound, hour=12)
    [sms] = await wait_for_alerts(bound, 1)
    assert numbers(sms) == ("1", "0")
    await turn(creator, group_id, RED=other)
    assert numbers((await wait_for_alerts(bound, 2))[1]) == ("1", "1")
    key = decode_id(own_id, "Member")
    [work] = await DueWork.filter(kind=WorkKind.ALERT_AT_TIME, subject_id=key)
    claim = Claim(work.kind, work.subject_id, work.stamp)
    await turn(creator, group_id, YELLOW=bound)
    section = await create_section(creator, group_id, "二班")
    await assign(creator, group_id, section, own_id)
    await creator.change("updateAdminSections", "", memberId=own_id, sections=[section])
    for _ in range(2):  # a claim that lapsed and is worked on again
        await alert_at_time(env_of(world), claim)
        await settled(world)
    assert numbers((await wait_for_alerts(bound, 3))[2]) == ("1", "0")
    await bound.sign_in_again()
    await choose(bound, group_id, "13:00")
    await turn(creator, group_id, GREEN=bound)
    await turn(creator, group_id, YELLOW=bound)
    await alert_at_time(env_of(world), claim)  # one from before another time was chosen
    await settled(world)
    assert len(await alerts_to(bound)) == 3


async def test_who_watches_a_group_sees_their_own_choices(world: World) -> None:
    creator, group_id, (admin,) = await a_group(world, 1, GREEN)
    await appoint(creator, group_id, admin)
    async with creator.socket() as own, admin.socket() as others:
        for socket in (own, others):
            await socket.subscribe(WATCHED, id=group_id)
            await socket.next()
        await choose(admin, group_id, "12:00")
        await admin.change("setDailyDigest", "", groupId=group_id, at="08:00")
        await choose(creator, group_id, "07:30")
        await world.set_record(admin.id_number, health_code="RED")
        await refresh(creator, group_id)
        seen = [await last(socket) for socket in (own, others)]
    times = [(one["anomalyAlertsTime"], one["dailyDigestTime"]) for one in seen]
    assert times == [("07:30", None), ("12:00", "08:00")]


async def last(socket: Any) -> dict[str, Any]:
    """What a subscriber is told once the group is red."""
    while True:
        answer = await socket.next()
        group: dict[str, Any] = answer["groupStatusChanged"]
        if group["colour"] == "RED":
            return group
