"""The table of rights in organisations, tried as everyone: each field and each operation (R46).

The expected answers are written out here by hand; what the schema has and this page has not makes
a test fail.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.client import mutation
from app.resolvers.ids import encode_id
from app.schema import build_schema
from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.organisations import (
    an_organisation,
    appoint,
    attach_group,
    attach_organisation,
    code_of,
    organisation_mutations,
    read_organisation,
)
from tests.support.person import Person
from tests.support.world import World

# Owner and overseer of a school, those of the bureau above it, and those of a group below it.
ROLES = (
    "owner",
    "overseer",
    "owner above",
    "overseer above",
    "owner below",
    "creator",
    "admin",
    "member",
    "outsider",
    "stranger",
)
OWN = ("owner", "overseer")
SEEING = (*OWN, "owner above", "overseer above")
OWNER = ("owner",)
SIGNED_IN = ROLES[:-1]

FIELDS = {
    "id": SEEING,
    "name": SEEING,
    "version": SEEING,
    "viewerRole": SEEING,
    "owner { name }": OWN,
    "overseers { id }": OWN,
    "offer { until }": OWN,
    "parent { name }": SEEING,
    "above { name }": SEEING,
    "children { nodes { id } }": SEEING,
    "groups { nodes { id } }": SEEING,
    "groupCount": SEEING,
    "colour": SEEING,
    "colourReasons { colour }": SEEING,
    "colourCounts { groups }": SEEING,
    "memberCount": SEEING,
    "statistics { suppressed }": SEEING,
    "trend { date }": SEEING,
}
GROUP_FIELDS = {
    "id": SEEING,
    "name": SEEING,
    "type": SEEING,
    "colour": SEEING,
    "turnedAt": SEEING,
    "activity": SEEING,
    "organisation { id }": SEEING,
    "memberCount": SEEING,
    "statistics { suppressed }": SEEING,
}
NO_CHECK = encode_id("IdentityVerification", UUID(int=1))

# Mutation -> (input, who is let in). Whoever is let in may still be refused in the payload.
MUTATIONS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "createOrganisation": ({"name": ""}, SIGNED_IN),
    "updateOrganisation": ({"organisationId": "{school}", "name": "第一小学"}, OWNER),
    "appointOverseer": ({"organisationId": "{school}", "phone": "no phone"}, OWNER),
    "acceptOversight": ({"organisationId": "{school}"}, SIGNED_IN),
    "offerOrganisation": ({"overseerId": "{asked}", "verificationId": NO_CHECK}, OWNER),
    "withdrawOrganisationOffer": ({"organisationId": "{school}"}, OWNER),
    "acceptOrganisation": (
        {"organisationId": "{school}", "verificationId": NO_CHECK},
        ("overseer",),
    ),
    "dissolveOrganisation": (
        {"organisationId": "{school}", "verificationId": NO_CHECK, "riskAcknowledged": False},
        OWNER,
    ),
    "createOrganisationCode": ({"organisationId": "{school}"}, OWNER),
    "attachGroup": ({"groupId": "{group}", "token": "none"}, ("creator",)),
    "detachGroup": ({"groupId": "{overseen}"}, OWNER),
    "attachOrganisation": ({"organisationId": "{school}", "token": "none"}, OWNER),
    "dismissOverseer": ({"overseerId": "{asked}"}, OWNER),
    "detachOrganisation": ({"organisationId": "{school}"}, ("owner", "owner above")),
}
FOLLOWING = "subscription($id: ID!) { organisationStatusChanged(organisationId: $id) { %s } }"


@dataclass
class Viewers:
    """Everyone around a school between a bureau and a group, and what can be named there."""

    people: dict[str, Person]
    ids: dict[str, str]


async def a_school(world: World) -> Viewers:
    owner, overseer, upper, above, lower, outsider = [await world.real_person() for _ in range(6)]
    creator, group, (admin, member) = await a_group(world, members=2)
    await creator.change("appointAdmin", "__typename", memberId=await member_id_of(admin, group))
    bureau, school = await an_organisation(upper), await an_organisation(owner, "第一小学")
    year = await an_organisation(lower, "一年级")
    await attach_organisation(owner, school, upper, bureau)
    await attach_organisation(lower, year, owner, school)
    await attach_group(creator, group, owner, school)
    await appoint(owner, school, overseer)
    await appoint(upper, bureau, above)
    asked = await owner.change(
        "appointOverseer", "overseer { id }", organisationId=school, phone=world.stranger().phone
    )
    seen = await read_organisation(owner, school, "groups { nodes { id } }")
    ids = {
        "school": school,
        "group": group,
        "asked": asked["overseer"]["id"],
        "overseen": seen["groups"]["nodes"][0]["id"],
        "token": await code_of(owner, school),
    }
    who = (owner, overseer, upper, above, lower, creator, admin, member, outsider)
    return Viewers(dict(zip(ROLES, (*who, world.stranger()), strict=True)), ids)


@pytest.fixture(scope="module")
async def viewers(world: World) -> Viewers:
    return await a_school(world)


async def outcome(person: Person, query: str, **variables: Any) -> str:
    body = await person.send(query, **variables)
    errors = body.get("errors") or []
    return errors[0]["extensions"]["code"] if errors else "OK"


def denied(role: str) -> str:
    """How someone without the right is answered: outsiders don't learn that it exists."""
    if role == "stranger":
        return "UNAUTHENTICATED"
    return "FORBIDDEN" if role in SEEING else "NOT_FOUND"


@pytest.mark.parametrize("role", ROLES)
async def test_each_field_is_read_by_whom_it_is_meant_for(viewers: Viewers, role: str) -> None:
    person, ids = viewers.people[role], viewers.ids
    ways = (
        ("query($id: ID!) { organisation(id: $id) { %s } }", ids["school"], FIELDS),
        ("query($id: ID!) { node(id: $id) { ... on Organisation { %s } } }", ids["school"], FIELDS),
        (
            "query($id: ID!) { node(id: $id) { ... on OverseenGroup { %s } } }",
            ids["overseen"],
            GROUP_FIELDS,
        ),
    )
    for query, key, fields in ways:
        found = {field: await outcome(person, query % field, id=key) for field in fields}
        assert found == {
            field: "OK" if role in who else denied(role) for field, who in fields.items()
        }
    node = "query($id: ID!) { node(id: $id) { ... on Overseer { name } } }"
    expected = "OK" if role in OWN else "UNAUTHENTICATED" if role == "stranger" else "NOT_FOUND"
    assert await outcome(person, node, id=ids["asked"]) == expected


@pytest.mark.parametrize("role", ROLES)
async def test_each_subscription_is_for_whom_it_is_meant(viewers: Viewers, role: str) -> None:
    person = viewers.people[role]
    async with person.socket(**({} if person.token else {"authorization": None})) as socket:
        await socket.subscribe(FOLLOWING % "organisation { name }", id=viewers.ids["school"])
        if role in SEEING:
            await socket.next()
        else:
            assert await socket.error() == denied(role)


async def test_each_operation_lets_in_whom_it_is_meant_for(viewers: Viewers) -> None:
    # Last who may detach what the others are denied by.
    last = ("owner above", "owner")
    for role in (*(role for role in ROLES if role not in last), *last):
        found = {name: await tried(viewers, role, name) for name in MUTATIONS}
        expected = {
            name: "OK" if role in who else refused(name, role)
            for name, (_, who) in MUTATIONS.items()
        }
        assert found == expected, role


def refused(name: str, role: str) -> str:
    """A group isn't there for organisations above it, and is for those in it."""
    if name == "attachGroup" and role != "stranger":
        return "FORBIDDEN" if role in ("admin", "member") else "NOT_FOUND"
    return denied(role)


async def tried(viewers: Viewers, role: str, name: str) -> str:
    values, _ = MUTATIONS[name]
    given = {
        key: value.format(**viewers.ids) if isinstance(value, str) else value
        for key, value in values.items()
    }
    return await outcome(viewers.people[role], mutation(name, ""), input=given)


def test_this_page_has_every_field_and_operation() -> None:  # R46
    types = build_schema()._schema.type_map
    for typename, fields in (("Organisation", FIELDS), ("OverseenGroup", GROUP_FIELDS)):
        names = set(types[typename].fields)  # type: ignore[attr-defined]
        assert {re.split(r"\W", field)[0] for field in fields} == names
    assert set(MUTATIONS) == organisation_mutations()


def test_nothing_leads_from_above_to_a_person() -> None:  # R46, R47
    """Whatever is selected below a group as it is seen from above, no type of people is reached."""
    types = build_schema()._schema.type_map
    reached, left = set[str](), ["OverseenGroup", "Organisation", "OrganisationStatusChange"]
    while left:
        name = left.pop()
        reached.add(name)
        for field in getattr(types[name], "fields", {}).values():
            inner = str(field.type).strip("[]!").replace("]!", "").rstrip("!]")
            if inner not in reached:
                left.append(inner)
    persons = {"Group", "Member", "Person", "Anomaly", "Message", "Me", "GroupEvent", "Statistics"}
    assert not reached & persons
