"""Creating groups, and who may do what with them (R1, R5, R6, R7)."""

import asyncio
import base64
from collections import Counter
from operator import itemgetter
from typing import Any
from uuid import uuid4

import pytest

from app.resolvers.ids import encode_id
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

NEW = {"name": "第一小学", "type": "SCHOOL", "address": "广州", "consent": True}
GROUPS = "{ me { groups { nodes { id name address } } } }"
COLOUR = "query($id: ID!) { group(id: $id) { colour colourReasons { reason count } } }"
PAGE = """query($id: ID!) { group(id: $id) {
    name type address colour creator { name } viewerRole requirement { natValidity }
    viewerMembers { role phone person { name } } members { nodes { role } } memberCount
} }"""
STATE = "query($id: ID!) { group(id: $id) { requirement { natValidity } refresh { run { id } } } }"
NODE = "query($id: ID!) { node(id: $id) { id ... on Group { name } } }"
OWN = "query($id: ID!) { group(id: $id) { viewerMembers { id } } }"
shown = itemgetter(slice(20))


async def creation(person: Person, **fields: Any) -> str:
    """``DONE``, or the code of the refusal."""
    payload = await person.payload("createGroup", "__typename", **NEW | fields)
    return str(payload["errors"][0]["code"]) if payload["errors"] else "DONE"


async def groups_of(person: Person) -> list[dict[str, str]]:
    groups: list[dict[str, str]] = (await person.ask(GROUPS))["me"]["groups"]["nodes"]
    return groups


async def owner_of_five(world: World) -> Person:
    person = await world.real_person()
    await asyncio.gather(*(person.create_group() for _ in range(5)))
    return person


def another_phone(person: Person) -> str:
    return person.phone.replace("+86139", "+86138")


async def test_whoever_creates_a_group_is_one_of_its_people(world: World) -> None:  # R6
    person = await world.real_person()
    group_id = await person.create_group(natValidity="H48")
    assert (await person.ask(PAGE, id=group_id))["group"] == {
        "name": "第一小学",
        "type": "SCHOOL",
        "address": "广州",
        "colour": "GREEN",
        "creator": {"name": person.name},
        "viewerRole": "CREATOR",
        "requirement": {"natValidity": "H48"},
        "viewerMembers": [
            {"role": "CREATOR", "phone": person.phone, "person": {"name": person.name}}
        ],
        "members": {"nodes": [{"role": "CREATOR"}]},
        "memberCount": 1,
    }


async def test_the_creators_own_health_is_judged(world: World) -> None:  # R6
    person = await world.real_person()
    await world.set_record(person.id_number, health_code="RED")
    group_id = await person.create_group(natValidity="H24")

    async def verdict() -> Any:
        return (await person.ask(COLOUR, id=group_id))["group"]

    seen = await eventually(verdict, lambda found: found["colour"] != "GREEN")
    reasons = {reason["reason"]: reason["count"] for reason in seen["colourReasons"]}
    assert (seen["colour"], reasons) == ("RED", {"CODE_RED": 1, "TEST_MISSING": 1})


TYPES = "ENTERPRISE SCHOOL PUBLIC_INSTITUTION GOVERNMENT SOCIAL_ORGANISATION OTHER"


async def test_a_group_is_of_one_of_six_types(world: World) -> None:  # R5
    people = await asyncio.gather(*(world.real_person() for _ in range(6)))
    for person, kind in zip(people, TYPES.split(" "), strict=True):
        group_id = await person.create_group(type=kind)
        assert (await person.ask(PAGE, id=group_id))["group"]["type"] == kind
    assert await people[0].denied("createGroup", **NEW | {"type": "CLUB"}) == "BAD_USER_INPUT"
    assert len(await groups_of(people[0])) == 1


async def test_only_a_real_named_person_with_consent_creates(world: World) -> None:  # R6
    person = await world.someone()
    assert await creation(person) == "VERIFICATION_REQUIRED"
    await person.identify()
    assert await creation(person, consent=False) == "CONSENT_REQUIRED"
    assert await groups_of(person) == []
    assert await person.world.stranger().denied("createGroup", **NEW) == "UNAUTHENTICATED"


UNREADABLE = ["", "   ", "\u3000\t", "\u200b\u200b", "a\nb", "a\x00b", "\x1b[31m", "x" * 10_000]


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: ascii(text[:9]))
async def test_a_name_or_address_that_none_can_read_is_refused(world: World, text: str) -> None:
    person = await world.real_person()  # R6
    for field in ("name", "address"):
        payload = await person.payload("createGroup", "group { id }", **NEW | {field: text})
        (error,) = payload["errors"]
        assert (error["code"], error["path"]) == (f"{field.upper()}_INVALID", [field])
    assert await groups_of(person) == []


async def test_a_name_has_60_characters_and_an_address_200_at_most(world: World) -> None:  # R6
    person = await world.real_person()
    assert await creation(person, name="校" * 61) == "NAME_INVALID"
    assert await creation(person, address="路" * 201) == "ADDRESS_INVALID"
    await person.create_group(name=f" {'校' * 60} ", address=f"\n{'😷' * 200}\n")
    (group,) = await groups_of(person)
    assert (group["name"], group["address"]) == ("校" * 60, "😷" * 200)


async def test_a_sixth_group_is_refused_with_whatever_phone(world: World) -> None:  # R1
    person = await owner_of_five(world)
    assert await creation(person) == "GROUP_LIMIT_REACHED"
    other = await world.someone()
    other.id_number, other.name = person.id_number, person.name
    await other.identify()
    assert await creation(other) == "GROUP_LIMIT_REACHED"
    assert len(await groups_of(person)) == len(await groups_of(other)) == 5


async def test_of_ten_groups_created_at_once_five_are(world: World) -> None:  # R1
    person = await world.real_person()
    outcomes = await asyncio.gather(*(creation(person) for _ in range(10)))
    assert Counter(outcomes) == {"DONE": 5, "GROUP_LIMIT_REACHED": 5}
    assert len(await groups_of(person)) == 5


async def test_another_phone_with_its_code_is_the_creators_in_the_group(world: World) -> None:  # R6
    person = await world.real_person()
    phone = another_phone(person)
    proof = await person.prove("CREATE_GROUP", phone)
    bare = phone.removeprefix("+86")
    group_id = await person.create_group(**proof | {"phone": bare})
    group = (await person.ask(PAGE, id=group_id))["group"]
    assert [member["phone"] for member in group["viewerMembers"]] == [phone]
    assert await creation(person, **proof) == "CODE_WRONG"
    assert len(await groups_of(person)) == 1


async def test_a_phone_without_its_code_leaves_nothing_half_done(world: World) -> None:  # R6, R40
    person = await world.real_person()
    phone = another_phone(person)
    assert await creation(person, phone=phone, code="123456") == "CODE_WRONG"
    to_join = await person.prove("JOIN", phone)
    await world.advance(minutes=1)
    proof = await person.prove("CREATE_GROUP", phone)
    wrong = f"{(int(proof['code']) + 1) % 1_000_000:06}"
    assert await creation(person, phone=phone) == "CODE_REQUIRED"
    assert await creation(person, **proof | {"phone": None}) == "PHONE_INVALID"
    assert await creation(person, **to_join) == "CODE_WRONG"
    assert await creation(person, **proof | {"code": wrong}) == "CODE_WRONG"
    assert await creation(person, **proof | {"phone": person.phone}) == "CODE_WRONG"
    assert await groups_of(person) == []
    outcomes = [await creation(person, **proof)]
    outcomes += [await creation(person) for _ in range(5)]
    assert outcomes == ["DONE"] * 5 + ["GROUP_LIMIT_REACHED"]


async def test_the_sessions_own_phone_needs_no_code_when_it_is_entered(world: World) -> None:  # R6
    person = await world.real_person()
    group_id = await person.create_group(phone=person.phone.removeprefix("+86"))
    group = (await person.ask(PAGE, id=group_id))["group"]
    assert [member["phone"] for member in group["viewerMembers"]] == [person.phone]


async def test_a_refused_creation_uses_no_code_up(world: World) -> None:  # R1, R40
    owner, other = await owner_of_five(world), await world.real_person()
    proof = await other.prove("CREATE_GROUP", another_phone(other))
    assert await creation(owner, **proof) == "GROUP_LIMIT_REACHED"
    assert await creation(other, **proof, name="") == "NAME_INVALID"
    assert await creation(other, **proof) == "DONE"


async def test_the_right_code_is_no_wrong_try(world: World) -> None:  # R40
    owner, other = await owner_of_five(world), await world.real_person()
    proof = await other.prove("CREATE_GROUP", another_phone(other))
    outcomes = [await creation(owner, **proof) for _ in range(5)]
    assert outcomes == ["GROUP_LIMIT_REACHED"] * 5
    assert await creation(other, **proof) == "DONE"


WRONG_LENGTHS = ["", "110", "12345", "1391234567", "139123456789", "1" * 10_000]
NO_MOBILES = ["23912345678", "139ABCDEFGH", "abc", "+8613912345678;ext=5", "+999123456789"]
NO_PHONES = [*WRONG_LENGTHS, *NO_MOBILES, "13912345678" + " " * 40 + "9"]


@pytest.mark.parametrize("phone", NO_PHONES, ids=shown)
async def test_what_is_no_phone_is_refused(world: World, phone: str) -> None:  # R6, R40
    person = await world.real_person()
    request = {"phone": phone, "purpose": "CREATE_GROUP"}
    assert await person.refused("requestVerificationCode", **request) == "PHONE_INVALID"
    guess = {"phone": phone, "code": "123456", "challenge": "none"}
    assert await person.refused("signIn", **guess) == "PHONE_INVALID"
    assert await creation(person, phone=phone, code="123456") == "PHONE_INVALID"


@pytest.mark.parametrize("operation", ["setRequirement", "refreshGroup"])
async def test_only_managers_change_a_group(world: World, operation: str) -> None:  # R7
    creator, member = await world.real_person(), await world.someone()
    group_id = await creator.create_group()
    await member.join(await creator.invite(group_id))
    given = {"groupId": group_id}
    if operation == "setRequirement":
        given["natValidity"] = "H24"
    people = (world.stranger(), await world.real_person(), member)
    denials = [await person.denied(operation, **given) for person in people]
    assert denials == ["UNAUTHENTICATED", "NOT_FOUND", "FORBIDDEN"]
    group = (await creator.ask(STATE, id=group_id))["group"]
    assert group == {"requirement": {"natValidity": "NONE"}, "refresh": {"run": None}}
    await creator.change(operation, "__typename", **given)
    assert (await creator.ask(STATE, id=group_id))["group"] != group


async def test_to_outsiders_a_group_is_not_there(world: World) -> None:  # R17
    creator, outsider = await world.real_person(), await world.real_person()
    group_id = await creator.create_group()
    made_up = base64.urlsafe_b64encode(f"Group:{uuid4().hex}".encode()).decode().rstrip("=")
    for given in (PAGE, NODE):
        answers = [await outsider.send(given, id=id) for id in (group_id, made_up)]
        assert answers[0] == answers[1]
        assert await outsider.error_code(given, id=group_id) == "NOT_FOUND"
        assert await world.stranger().error_code(given, id=group_id) == "UNAUTHENTICATED"
        assert await creator.error_code(given, id="garbage") == "BAD_USER_INPUT"
    member_id = (await creator.ask(OWN, id=group_id))["group"]["viewerMembers"][0]["id"]
    assert await creator.error_code(PAGE, id=member_id) == "BAD_USER_INPUT"


async def test_to_whom_nobody_knows_a_group_is_nobodys_whatever_its_id(world: World) -> None:
    """Session and group are read by one statement; that the session ended is told all the same."""
    creator = await world.real_person()  # R7, R40
    group_id = await creator.create_group()
    elsewhere, no_group = await creator.second_device(), encode_id("Group", uuid4())
    await creator.ask("mutation { signOut { errors { code } } }")
    for asked in (group_id, "?", no_group):
        assert await creator.error_code(COLOUR, id=asked) == "UNAUTHENTICATED"
        assert await world.stranger().error_code(COLOUR, id=asked) == "UNAUTHENTICATED"
    assert await elsewhere.error_code(COLOUR, id="?") == "BAD_USER_INPUT"
    assert await elsewhere.error_code(COLOUR, id=no_group) == "NOT_FOUND"
    assert (await elsewhere.ask(COLOUR, id=group_id))["group"]["colour"]
    outsider = await world.real_person()
    assert await outsider.error_code(COLOUR, id=group_id) == "NOT_FOUND"
