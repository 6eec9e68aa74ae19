"""What people read of themselves and their wards: consents, SMS, and all that is kept (R43)."""

from typing import Any

from tortoise import Tortoise, fields

from app.domain.terms import CURRENT
from app.services.accounts.own_data import EXPORTED, LEFT_OUT
from tests.support.clock import pass_time, today
from tests.support.families import (
    a_household,
    add_relative,
    come_of_age,
    enrol,
    members_listed,
)
from tests.support.groups import a_group
from tests.support.leaves import leave_request
from tests.support.members import Profile, member_id_of
from tests.support.organisations import an_organisation, appoint, code_of
from tests.support.person import Person
from tests.support.refreshes import refresh
from tests.support.reports import OWN_DATA, a_report, get, link, works
from tests.support.waiting import settled
from tests.support.world import World

CONSENT = "terms version groupName personName givenBy givenAt withdrawnAt"
CONSENTS = f"{{ me {{ consents {{ nodes {{ {CONSENT} }} }} }} }}"
OF_OWN = f"query($id: ID!) {{ group(id: $id) {{ viewerMembers {{ consents {{ {CONSENT} }} }} }} }}"
OF_ALL = (
    f"query($id: ID!) {{ group(id: $id) {{ members {{ nodes {{ consents {{ {CONSENT} }} }} }} }} }}"
)
OF_ONE = f"query($id: ID!) {{ node(id: $id) {{ ... on Member {{ consents {{ {CONSENT} }} }} }} }}"
MESSAGES = "{ me { messages { nodes { template recipient state groupName createdAt } } } }"


async def consents_of(person: Person) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = (await person.ask(CONSENTS))["me"]["consents"]["nodes"]
    return nodes


async def messages_to(person: Person) -> list[tuple[str, str | None]]:
    nodes = (await person.ask(MESSAGES))["me"]["messages"]["nodes"]
    return [(node["template"], node["groupName"]) for node in nodes]


async def own_data(person: Person) -> dict[str, Any]:
    answer = await get(person.world, (await person.ask(OWN_DATA))["exportMyData"])
    data: dict[str, Any] = answer.json()
    return data


async def test_each_consent_is_read_with_its_terms_by_who_it_is_about(world: World) -> None:  # R11
    creator, group_id, (member,) = await a_group(world)
    member.language = "zh"
    [consent] = await consents_of(member)
    assert consent["version"] == CURRENT.version and consent["terms"] == CURRENT.texts["zh"]
    assert consent["groupName"] == "第一小学" and consent["withdrawnAt"] is None
    assert consent["personName"] == consent["givenBy"] == member.name
    [own] = (await member.ask(OF_OWN, id=group_id))["group"]["viewerMembers"]
    assert own["consents"] == [consent]
    # Managers read nobody's but their own.
    assert [one["givenBy"] for one in await consents_of(creator)] == [creator.name]
    member_id = await member_id_of(member, group_id)
    assert await creator.error_code(OF_ONE, id=member_id) == "FORBIDDEN"
    listed = await creator.send(OF_ALL, id=group_id)
    nodes = listed["data"]["group"]["members"]["nodes"]
    assert [bool(node["consents"]) for node in nodes] == [True, False]


async def test_guardians_read_the_consents_for_their_wards(world: World) -> None:  # R12, R43
    household = await a_household(world, parents=2)
    mother, father = household.parents
    for guardian in (mother, father):
        given = {(one["personName"], one["givenBy"]) for one in await consents_of(guardian)}
        assert given == {(household.child.name, mother.name), (household.child.name, father.name)}
    await come_of_age(household.child)
    assert len(await consents_of(household.child)) == 2
    assert await consents_of(await world.real_person()) == []


async def test_each_reads_every_sms_to_their_phones(world: World) -> None:  # R43
    household = await a_household(world)
    guardian, creator = household.parent, household.creator
    await settled(world)  # who wasn't fetched yet isn't reminded (R14)
    await creator.change(
        "sendHealthReminders",
        "sent",
        groupId=household.group_id,
        condition={"noNegativeWithin": "H24", "healthCodes": ["UNKNOWN", "GREEN"]},
    )
    assert ("HEALTH_REMINDER", "第一小学") in await messages_to(guardian)
    assert ("VERIFICATION_CODE", None) in await messages_to(guardian)
    assert "HEALTH_REMINDER" not in [
        template for template, _ in await messages_to(await world.real_person())
    ]
    [own] = [
        one
        for one in (await guardian.ask(MESSAGES))["me"]["messages"]["nodes"]
        if one["template"] == "HEALTH_REMINDER"
    ]
    assert own["recipient"].endswith(guardian.phone[-4:]) and guardian.phone != own["recipient"]
    another = world.stranger()
    newcomer = await world.someone()
    proof = await newcomer.prove("JOIN", another.phone)
    joining = await newcomer.joining(await creator.invite(household.group_id), **proof)
    await newcomer.change("joinGroup", "", **joining)
    member_id = await member_id_of(newcomer, household.group_id)
    await settled(world)
    await creator.change(
        "sendHealthReminders",
        "sent",
        groupId=household.group_id,
        condition={"healthCodes": ["UNKNOWN", "GREEN", "YELLOW", "RED"]},
    )
    assert member_id and ("HEALTH_REMINDER", "第一小学") in await messages_to(newcomer)


async def test_nobody_reads_what_came_while_the_phone_was_somebody_elses(
    world: World,
) -> None:  # R6
    creator, group_id, (member,) = await a_group(world)
    member_id = await member_id_of(member, group_id)
    await creator.change("removeMember", "", memberId=member_id)
    assert ("MEMBER_REMOVED", "第一小学") in await messages_to(member)
    successor = world.stranger()
    successor.phone = member.phone
    await world.advance(minutes=1)
    await successor.sign_in()
    await successor.identify()  # another face: the phone is theirs from now on
    assert await messages_to(successor) == []
    await world.advance(minutes=1)
    await successor.sign_in()
    assert await messages_to(successor) == [("VERIFICATION_CODE", None)]


async def of_organisations_and_rosters(person: Person, creator: Person, group_id: str) -> None:
    """Have somebody own an organisation with a code, oversee another, and stand on a roster."""
    await code_of(person, await an_organisation(person))
    await appoint(creator, await an_organisation(creator, "街道办"), person)
    rows = [{"name": person.name, "remark": "三年二班"}]
    await creator.change("importRoster", "", groupId=group_id, rows=rows)


async def test_the_whole_of_what_is_kept_is_exported(world: World) -> None:  # R43
    group_id, (creator, person) = await a_report(
        world, Profile("周全", "三年二班", {"tests": [{}]})
    )
    member_id = await member_id_of(person, group_id)
    await creator.change("appointAdmin", "", memberId=member_id)
    await refresh(creator, group_id)
    child = world.stranger()
    relative_id = await add_relative(person, child)
    [child_id] = await enrol(person, await person.invite(group_id), relative_id)
    await members_listed(creator, group_id)
    assert await works(world, await link(creator, group_id, await today(world)))
    await members_listed(person, group_id)
    own_id = await person.create_group(name="自建")
    await person.change("refreshGroup", "run { id }", groupId=own_id)
    other, other_id, _ = await a_group(world, members=0, name="旧团体", natValidity="H24")
    own_left = await person.join(await other.invite(other_id))
    [child_left] = await enrol(person, await other.invite(other_id), relative_id)
    for left in (own_left, child_left):
        await other.change("removeMember", "", memberId=left)
    await of_organisations_and_rosters(person, creator, group_id)
    await world.set_record(person.id_number, health_code="RED")
    asking = await leave_request(person, member_id, reason="毕业")
    await person.change("requestLeave", "member { id }", **asking)
    await pass_time(creator, person, other, hours=1)
    await refresh(creator, group_id)
    await person.sign_in_again()  # codes are kept for a day, which may have passed
    await settled(world)
    data = await own_data(person)
    for table, path in EXPORTED.items():
        part: Any = data
        for name in path.split("."):
            part = part[name]
        assert part, table
    for part in ("formerWards", "accessesMade", "phones"):
        assert data[part], part
    [anomalous] = [one for one in data["memberships"] if one["group"] == "第一小学"]
    assert anomalous["anomaly"] == ["CODE_RED"] and anomalous["leaveReason"] == "毕业"
    assert {(one["for"], one["givenBy"]) for one in data["consents"]} == {
        (person.name, person.name),
        (child.name, person.name),
    }
    assert {one["kind"] for one in data["accesses"]} == {"VIEWED", "EXPORTED"}
    assert "member_removed" in {one["template"] for one in data["account"]["messages"]}
    assert child_id and data["wards"][0]["name"] == child.name
    # A child who comes of age finds who acted for them.
    await come_of_age(child)
    assert [one["name"] for one in (await own_data(child))["guardians"]] == [person.name]


def test_every_table_that_knows_people_is_exported_or_says_why_not() -> None:  # R43
    known = EXPORTED.keys() | LEFT_OUT.keys()
    assert not EXPORTED.keys() & LEFT_OUT.keys()
    tables = {model._meta.db_table: model for model in Tortoise.apps["app"].values()}
    assert known <= tables.keys()
    for table in tables:
        assert table in known, f"{table}: is anybody in it? Say so in own_data.py"
    for table in LEFT_OUT:
        keys = [
            field.related_model._meta.db_table
            for field in tables[table]._meta.fields_map.values()
            if isinstance(field, fields.relational.ForeignKeyFieldInstance)
        ]
        assert not {"person", "membership"} & set(keys), table
