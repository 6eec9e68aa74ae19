"""Reminders and digests at a time of the day: once a day, made up for once after an outage."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.models.due import Claim, DueWork, WorkKind
from app.resolvers.ids import decode_id
from tests.support.clock import SHANGHAI, to_local
from tests.support.groups import a_group
from tests.support.members import appoint, member_id_of
from tests.support.person import Person
from tests.support.sms import wait_for_sms
from tests.support.waiting import eventually, settled
from tests.support.world import World

SCHEDULE = """query($id: ID!) { group(id: $id) { dailyDigestTime
    reminderSchedule { at weekdays anomalous noNegativeWithin healthCodes nextAt lastOn } } }"""
EVERY_DAY = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


async def schedule(person: Person, group_id: str, at: str, **condition: Any) -> dict[str, Any]:
    given = {"at": at, "weekdays": EVERY_DAY, **(condition or {"healthCodes": ["RED"]})}
    await person.change("setReminderSchedule", "", groupId=group_id, **given)
    return await shown(person, group_id)


async def shown(person: Person, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = (await person.ask(SCHEDULE, id=group_id))["group"]
    found: dict[str, Any] = group["reminderSchedule"]
    return found


async def reminded(world: World, person: Person, times: int) -> None:
    await eventually(
        lambda: world.messages(person.phone, "health_reminder"), lambda seen: len(seen) == times
    )


async def test_it_reminds_once_a_day_at_its_time_and_of_what_was_missed_once(
    world: World,
) -> None:  # R30, R31
    creator, group_id, (red,) = await a_group(world, record={"health_code": "RED"})
    await settled(world)
    await to_local(world, creator, hour=7)
    found = await schedule(creator, group_id, "08:00")
    next_at = datetime.fromisoformat(found["nextAt"]).astimezone(SHANGHAI)
    assert (next_at.hour, found["weekdays"], found["lastOn"]) == (8, EVERY_DAY, None)
    await to_local(world, creator, hour=8)
    await reminded(world, red, 1)
    assert (await shown(creator, group_id))["lastOn"] == next_at.date().isoformat()
    await schedule(creator, group_id, "10:00")  # a later time the same day: it had its turn
    await to_local(world, creator, hour=10)
    await settled(world)
    await world.advance(hours=3 * 24)  # nobody looked for days: one is made up for, not three
    await reminded(world, red, 2)
    await creator.sign_in_again()
    await creator.change("clearReminderSchedule", "", groupId=group_id)
    assert await shown(creator, group_id) is None
    await world.advance(hours=24)
    await settled(world)
    assert len(await world.messages(red.phone, "health_reminder")) == 2


async def test_one_row_of_work_does_it_and_twice_is_harmless(world: World) -> None:
    creator, group_id, _ = await a_group(world, members=0)
    await schedule(creator, group_id, "08:00")
    await schedule(creator, group_id, "09:00", anomalous=True)
    key = decode_id(group_id, "Group")
    [work] = await DueWork.filter(kind=WorkKind.REMIND_GROUP, subject_id=key)
    hour = work.due_at.astimezone(SHANGHAI).hour
    assert hour == 9
    claim = Claim(WorkKind.REMIND_GROUP, UUID(str(key)), work.stamp)
    assert claim.key == work.key
    refused = {"groupId": group_id, "at": "25:00", "weekdays": EVERY_DAY, "anomalous": True}
    assert await creator.refused("setReminderSchedule", **refused) == "TIME_INVALID"
    refused |= {"at": "08:00", "weekdays": []}
    assert await creator.refused("setReminderSchedule", **refused) == "TIME_INVALID"
    refused |= {"weekdays": EVERY_DAY, "anomalous": False}
    assert await creator.refused("setReminderSchedule", **refused) == "CONDITION_REQUIRED"


async def test_a_manager_who_wants_it_gets_a_digest_a_day(world: World) -> None:  # R28
    creator, group_id, (admin, red) = await a_group(world, 2, {"health_code": "RED"})
    await appoint(creator, group_id, admin)
    await settled(world)
    await creator.change("importRoster", "", groupId=group_id, rows=[{"name": "还没来"}])
    await to_local(world, creator, admin, hour=7)
    answer = await admin.change(
        "setDailyDigest", "group { dailyDigestTime }", groupId=group_id, at="08:00"
    )
    assert answer["group"] == {"dailyDigestTime": "08:00"}
    await to_local(world, creator, admin, hour=8)
    sms = await wait_for_sms(admin, "daily_digest")
    told = {name: sms["params"][name] for name in ("count", "red", "missing")}
    assert told == {"count": "3", "red": "3", "missing": "1"}
    assert red.name not in sms["text"]
    admin_id = await member_id_of(admin, group_id)
    await creator.change("dismissAdmin", "", memberId=admin_id)
    await world.advance(hours=24)
    await settled(world)
    assert len(await world.messages(admin.phone, "daily_digest")) == 1
    assert await world.messages(creator.phone, "daily_digest") == []
    assert not await DueWork.filter(kind=WorkKind.SEND_DIGEST).exists()
