"""Reminders: whoever meets the condition, nobody twice within an hour (R29-R31)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.models.guardians import Guardianship
from app.resolvers.ids import decode_id
from tests.support.families import Household, a_household, enrol_child
from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.shown_writes import by_hand
from tests.support.sms import wait_for_sms
from tests.support.waiting import eventually, settled
from tests.support.world import World

AUDIENCE = """query($id: ID!, $c: ReminderCondition!) { group(id: $id) {
    reminderAudience(condition: $c) { count alreadyReminded } } }"""
GREEN = {"health_code": "GREEN"}
SENT = "sent skipped skippedBecause { reason count }"


async def mixed_group(world: World) -> tuple[Person, str, dict[str, Person]]:
    """A creator without tests, and members of several codes and ages of tests."""
    creator, group_id, people = await a_group(world, 5, GREEN)
    now = datetime.fromisoformat(await world.now())
    for person, code, hours in zip(
        people,
        ("RED", "YELLOW", "GREEN", "GREEN", "GREEN"),
        (1, 1, 30, 60, 24 * 8),
        strict=True,
    ):
        test = {"result": "NEGATIVE", "tested_at": (now - timedelta(hours=hours)).isoformat()}
        await world.set_record(person.id_number, health_code=code, tests=[test])
    await creator.change("refreshGroup", "", groupId=group_id)
    await eventually(
        lambda: creator.ask("query($id: ID!) { group(id: $id) { colour } }", id=group_id),
        lambda seen: seen["group"]["colour"] == "RED",
    )
    names = ("red", "yellow", "hours_30", "hours_60", "days_8")
    return creator, group_id, dict(zip(names, people, strict=True)) | {"creator": creator}


async def audience(person: Person, group_id: str, **condition: Any) -> tuple[int, int]:
    seen = (await person.ask(AUDIENCE, id=group_id, c=condition))["group"]["reminderAudience"]
    return seen["count"], seen["alreadyReminded"]


async def remind(person: Person, group_id: str, **condition: Any) -> dict[str, Any]:
    payload = await person.change(
        "sendHealthReminders", SENT, groupId=group_id, condition=condition
    )
    payload.pop("errors")
    return payload


async def reminded(world: World, people: dict[str, Person]) -> set[str]:
    return {
        name
        for name, person in people.items()
        if await world.messages(person.phone, "health_reminder")
    }


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        ({"anomalous": True}, {"red", "yellow"}),  # R29
        ({"noNegativeWithin": "H24"}, {"creator", "hours_30", "hours_60", "days_8"}),
        ({"noNegativeWithin": "H48"}, {"creator", "hours_60", "days_8"}),
        ({"noNegativeWithin": "H72"}, {"creator", "days_8"}),
        ({"noNegativeWithin": "D7"}, {"creator", "days_8"}),
        ({"healthCodes": ["YELLOW"]}, {"yellow"}),
        ({"healthCodes": ["RED"], "noNegativeWithin": "D7"}, {"red", "creator", "days_8"}),
    ],
)
async def test_the_people_shown_are_the_people_reminded(  # R29, R30
    world: World, condition: dict[str, Any], meant: set[str]
) -> None:
    creator, group_id, people = await mixed_group(world)
    assert await audience(creator, group_id, **condition) == (len(meant), 0)
    answer = await remind(creator, group_id, **condition)
    assert answer == {"sent": len(meant), "skipped": 0, "skippedBecause": []}
    assert await eventually(lambda: reminded(world, people), lambda seen: len(seen) == len(meant))
    assert await reminded(world, people) == meant


async def test_nobody_is_reminded_twice_within_an_hour(world: World) -> None:  # R31
    creator, group_id, people = await mixed_group(world)
    assert (await remind(creator, group_id, healthCodes=["RED"]))["sent"] == 1
    assert await audience(creator, group_id, anomalous=True) == (2, 1)
    again = await remind(creator, group_id, anomalous=True)
    because = [{"reason": "REMINDED_WITHIN_AN_HOUR", "count": 1}]
    assert again == {"sent": 1, "skipped": 1, "skippedBecause": because}
    await world.advance(minutes=59)
    await creator.renew()
    assert (await remind(creator, group_id, healthCodes=["RED"]))["skipped"] == 1
    await world.advance(minutes=1)
    assert (await remind(creator, group_id, healthCodes=["RED"]))["sent"] == 1
    told = await eventually(
        lambda: world.messages(people["red"].phone, "health_reminder"),
        lambda seen: len(seen) == 2,
    )
    assert "第一小学" in told[0]["text"] and people["red"].name not in told[0]["text"]


async def test_who_comes_back_within_the_hour_is_not_reminded_again(world: World) -> None:  # R31
    creator, group_id, people = await mixed_group(world)
    red = people["red"]
    assert (await remind(creator, group_id, healthCodes=["RED"]))["sent"] == 1
    await creator.change("removeMember", "", memberId=await member_id_of(red, group_id))
    await red.join(await creator.invite(group_id))
    await settled(world)
    again = await remind(creator, group_id, healthCodes=["RED"])
    assert (again["sent"], again["skipped"]) == (0, 1)


async def test_a_condition_must_name_somebody(world: World) -> None:  # R30
    creator, group_id, _ = await a_group(world, 0, GREEN)
    nobodies: list[dict[str, Any]] = [
        {},
        {"anomalous": False},
        {"healthCodes": []},
        {"noNegativeWithin": "NONE"},
    ]
    for nobody in nobodies:
        condition = {"groupId": group_id, "condition": nobody}
        assert await creator.refused("sendHealthReminders", **condition) == "CONDITION_REQUIRED"
        code = await creator.error_code(AUDIENCE, id=group_id, c=nobody)
        assert code == "BAD_USER_INPUT"
    assert await remind(creator, group_id, healthCodes=["RED"]) == {
        "sent": 0,
        "skipped": 0,
        "skippedBecause": [],
    }


async def test_the_managers_see_what_became_of_their_reminders(world: World) -> None:  # R39
    creator, group_id, people = await mixed_group(world)
    await creator.change(
        "appointAdmin", "", memberId=await member_id_of(people["days_8"], group_id)
    )
    await remind(people["days_8"], group_id, healthCodes=["RED"])
    mine = """query($id: ID!, $mine: Boolean!) { group(id: $id) {
        messages(causedByMe: $mine) { nodes { template recipient state } } } }"""

    async def shown(person: Person, only_mine: bool) -> list[dict[str, Any]]:
        data = await person.ask(mine, id=group_id, mine=only_mine)
        nodes: list[dict[str, Any]] = data["group"]["messages"]["nodes"]
        return [node for node in nodes if node["template"] == "HEALTH_REMINDER"]

    phone = people["red"].phone
    masked = f"{phone[:6]}****{phone[-4:]}"
    wanted = [{"template": "HEALTH_REMINDER", "recipient": masked, "state": "SENT"}]
    await eventually(lambda: shown(people["days_8"], True), lambda seen: seen == wanted)
    assert await shown(creator, True) == []
    assert await shown(creator, False) == wanted


async def turn_red(family: Household, *children: Person) -> None:
    for child in children:
        await family.creator.world.set_record(child.id_number, health_code="RED")
    await family.creator.change("refreshGroup", "", groupId=family.group_id)
    await eventually(
        lambda: audience(family.creator, family.group_id, healthCodes=["RED"]),
        lambda seen: seen == (len(children), 0),
    )


async def test_a_phone_gets_one_reminder_for_all_it_answers_for(world: World) -> None:  # R31
    family = await a_household(world)
    guardian, group_id = family.parent, family.group_id
    brother = world.stranger()
    await enrol_child(guardian, family.token, brother)
    await settled(world)
    await turn_red(family, family.child, brother)
    answer = await remind(family.creator, group_id, healthCodes=["RED"])
    assert answer == {"sent": 2, "skipped": 0, "skippedBecause": []}  # members, not SMS
    told = await wait_for_sms(guardian, "health_reminders")
    assert told["params"]["count"] == "2" and "第一小学" in told["text"]
    assert await world.messages(guardian.phone, "health_reminder") == []


async def test_two_guardians_with_one_phone_are_reminded_once(world: World) -> None:  # R31
    family = await a_household(world, parents=2)
    mother, father = family.parents
    async with by_hand(decode_id(family.group_id, "Group")):
        await Guardianship.filter(member_id=decode_id(family.member_id, "Member")).update(
            phone=mother.phone
        )
    await settled(world)
    await turn_red(family, family.child)
    assert (await remind(family.creator, family.group_id, healthCodes=["RED"]))["sent"] == 1
    await wait_for_sms(mother, "health_reminder")
    assert await world.messages(father.phone, "health_reminder") == []


async def test_members_chosen_one_by_one_are_reminded_under_the_same_rules(  # R30, R31
    world: World,
) -> None:
    creator, group_id, people = await mixed_group(world)
    chosen = {name: await member_id_of(people[name], group_id) for name in ("red", "hours_30")}
    _, other_group, (stranger,) = await a_group(world)
    outsider = await member_id_of(stranger, other_group)
    members = [*chosen.values(), outsider]
    assert await audience(creator, group_id, memberIds=members) == (2, 0)
    answer = await remind(creator, group_id, memberIds=members)
    because = [{"reason": "NOT_REMINDABLE", "count": 1}]
    assert answer == {"sent": 2, "skipped": 1, "skippedBecause": because}
    await eventually(lambda: reminded(world, people), lambda seen: seen == chosen.keys())
    assert await world.messages(stranger.phone, "health_reminder") == []
    both = await remind(creator, group_id, memberIds=members, healthCodes=["YELLOW"])
    assert (both["sent"], both["skipped"]) == (1, 3)
    too_many = {"memberIds": members * 200}
    refused = await creator.refused("sendHealthReminders", groupId=group_id, condition=too_many)
    assert refused == "TOO_MANY_ROWS"
