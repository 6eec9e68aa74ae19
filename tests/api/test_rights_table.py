"""The table of rights, tried as everyone: each operation and each way to a group's data.

The expected answers are written out here by hand; what the schema has and this page has
not makes a test fail.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.client import mutation
from app.resolvers.ids import encode_id
from app.schema import build_schema
from tests.support.families import add_relative, enrol
from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.organisations import organisation_mutations
from tests.support.person import Person
from tests.support.sections import assign, bind, create_section
from tests.support.world import World

ROLES = ("creator", "admin", "bound", "member", "guardian", "outsider", "stranger")
EVERYONE = ("creator", "admin", "bound", "member", "guardian")
MANAGERS = ("creator", "admin", "bound")  # the last is bound to sections (R51)
WHOLE = ("creator", "admin")
CREATOR = ("creator",)
SIGNED_IN = ROLES[:-1]
NOBODY: tuple[str, ...] = ()

# Group's fields -> who reads them. (R17: all but the page is the managers'.)
FIELDS = {
    "id": EVERYONE,
    "name": EVERYONE,
    "type": EVERYONE,
    "address": EVERYONE,
    "colour": EVERYONE,
    "creator { name }": EVERYONE,
    "organisation { name }": EVERYONE,
    "organisations { name }": EVERYONE,
    "viewerRole": EVERYONE,
    "viewerMember { id }": EVERYONE,
    "viewerMembers { id }": EVERYONE,
    "requirement { natValidity }": EVERYONE,
    "colourReasons { count }": MANAGERS,
    "memberCount": MANAGERS,
    "memberLimit": MANAGERS,
    "membersCount": MANAGERS,
    "version": MANAGERS,
    "pendingLeaveCount": MANAGERS,
    "rosterCount": WHOLE,
    "notJoinedCount": WHOLE,
    "notJoined { nodes { name } }": MANAGERS,
    "reminderSchedule { at }": WHOLE,
    "dailyDigestTime": MANAGERS,
    "offer { until }": MANAGERS,
    "refresh { nextAllowedAt }": MANAGERS,
    "activity { state }": MANAGERS,
    "anomalyAlerts": MANAGERS,
    "anomalyAlertsTime": MANAGERS,
    "requirementPreview(natValidity: H24) { count }": CREATOR,
    "reminderAudience(condition: {anomalous: true}) { count }": MANAGERS,
    "statistics { total }": MANAGERS,
    "statisticsBySection { statistics { total } }": MANAGERS,
    "sections { name memberCount }": MANAGERS,
    "reports { date }": MANAGERS,
    "statisticsTrend { date }": WHOLE,
    "invitationPolicy { open }": MANAGERS,
    "members { nodes { id } }": MANAGERS,
    "anomalies { nodes { reasons } }": MANAGERS,
    "leaveRequests { nodes { reason } }": MANAGERS,
    "formerMembers { nodes { id } }": MANAGERS,
    "messages { nodes { state } }": MANAGERS,
    "invitations { nodes { id } }": MANAGERS,
}
NO_CHECK = encode_id("IdentityVerification", UUID(int=1))
NO_MEMBER = encode_id("Member", UUID(int=1))

# Mutation -> (input, who is let in). Inputs name things of the group as {group}, {member}…;
# whoever is let in may still be refused by a coded error in the payload.
MUTATIONS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "requestVerificationCode": ({"phone": "no phone", "purpose": "SIGN_IN"}, ROLES),
    "signIn": ({"phone": "no phone", "code": "1", "challenge": "none"}, ROLES),
    "refreshSession": ({"refreshToken": "none"}, ROLES),
    "startIdentityVerification": (
        {"purpose": "LEAVE", "name": "张三", "idType": "PASSPORT", "idNumber": "x"},
        SIGNED_IN,
    ),
    "confirmIdentity": ({"verificationId": NO_CHECK}, SIGNED_IN),
    "addRelative": (
        {
            "name": "张三",
            "idType": "PASSPORT",
            "idNumber": "E1234567",
            "relation": "CHILD",
            "verificationId": NO_CHECK,
        },
        SIGNED_IN,
    ),
    "verifyRelative": ({"relativeId": "{relative}", "verificationId": NO_CHECK}, SIGNED_IN),
    "syncRelatives": ({}, SIGNED_IN),
    "removeRelative": ({"relativeId": "{relative}"}, SIGNED_IN),
    "createGroup": (
        {"name": "", "type": "SCHOOL", "address": "x", "consent": True},
        SIGNED_IN,
    ),
    "joinGroup": ({"token": "none", "consent": True, "people": [{"self": True}]}, SIGNED_IN),
    "updateGroup": ({"groupId": "{group}", "name": "第二小学"}, CREATOR),
    "setRequirement": ({"groupId": "{group}", "natValidity": "NONE"}, CREATOR),
    "setInvitationPolicy": ({"groupId": "{group}", "open": True}, CREATOR),
    "offerGroup": ({"memberId": "{member}", "verificationId": NO_CHECK}, CREATOR),
    "withdrawGroupOffer": ({"groupId": "{group}"}, CREATOR),
    "acceptGroup": ({"groupId": "{group}", "verificationId": NO_CHECK}, ("admin", "bound")),
    "dissolveGroup": (
        {"groupId": "{group}", "verificationId": NO_CHECK, "riskAcknowledged": False},
        CREATOR,
    ),
    "appointAdmin": ({"memberId": "{creator_member}"}, CREATOR),
    "dismissAdmin": ({"memberId": "{member}"}, CREATOR),
    "createInvitation": ({"groupId": "{group}"}, MANAGERS),
    "withdrawInvitation": ({"invitationId": "{withdrawable}"}, WHOLE),
    "createSection": ({"groupId": "{group}", "name": ""}, WHOLE),
    "updateSection": ({"sectionId": "{section}", "name": ""}, WHOLE),
    "removeSection": ({"sectionId": "{removable}"}, WHOLE),
    "assignSection": ({"groupId": "{group}", "memberIds": []}, MANAGERS),
    "updateAdminSections": ({"memberId": "{member}"}, CREATOR),
    "updateMemberRemark": ({"memberId": "{member}", "remark": "新备注"}, MANAGERS),
    "updateMemberRemarks": (
        {"groupId": "{group}", "rows": [{"memberId": NO_MEMBER, "remark": "新备注"}]},
        MANAGERS,
    ),
    "importRoster": ({"groupId": "{group}", "rows": [{"name": "张三"}]}, WHOLE),
    "clearRoster": ({"groupId": "{group}"}, WHOLE),
    "excuseMember": (
        {"memberId": "{member}", "until": "2000-01-01T00:00:00Z", "reason": "休假"},
        MANAGERS,
    ),
    "endExcuse": ({"memberId": "{member}"}, MANAGERS),
    "setReminderSchedule": (
        {"groupId": "{group}", "at": "08:30", "weekdays": [], "anomalous": True},
        WHOLE,
    ),
    "clearReminderSchedule": ({"groupId": "{group}"}, WHOLE),
    "setDailyDigest": ({"groupId": "{group}"}, MANAGERS),
    "removeMember": ({"memberId": "{creator_member}"}, WHOLE),
    "completeLeave": ({"memberId": "{member}"}, MANAGERS),
    "refreshGroup": ({"groupId": "{group}"}, MANAGERS),
    "setAnomalyAlerts": ({"groupId": "{group}", "enabled": True}, MANAGERS),
    "sendHealthReminders": ({"groupId": "{group}", "condition": {}}, MANAGERS),
    "exportReport": (
        {"groupId": "{group}", "date": "2000-01-01", "format": "CSV"},
        MANAGERS,
    ),
    "exportMyData": ({}, SIGNED_IN),
    "requestLeave": (
        {"memberId": "{member}", "reason": "转学", "verificationId": NO_CHECK},
        ("member",),
    ),
    "cancelLeave": ({"memberId": "{member}"}, ("member",)),
    "updateMemberPhone": ({"memberId": "{member}", "phone": "no phone"}, ("member",)),
    "withdrawConsent": ({"memberId": "{member}"}, ("member",)),
    "endGuardianship": ({"memberId": "{member}"}, ("member",)),
}
FOR_THE_CHILD = ("requestLeave", "cancelLeave", "updateMemberPhone", "withdrawConsent")
LAST = ("signOut", "closeAccount")  # end the session: tried by their own tests

SUBSCRIPTIONS = {
    "groupStatusChanged(groupId: $id) { colour }": EVERYONE,
    "refreshProgressed(groupId: $id) { done }": MANAGERS,
    "groupEvents(groupId: $id) { __typename }": MANAGERS,
    "viewerGroupsChanged { kind }": SIGNED_IN,
}
# Tried by tests/api/test_organisation_rights.py.
OF_ORGANISATIONS = {
    "organisationStatusChanged",
}


@dataclass
class Viewers:
    """A group with someone of every role, and what can be named in it."""

    people: dict[str, Person]
    ids: dict[str, str]


@pytest.fixture(scope="module")
async def viewers(world: World) -> Viewers:
    creator, group_id, (admin, bound, member) = await a_group(world, members=3)
    guardian, outsider = await world.real_person(), await world.real_person()
    await outsider.create_group()
    await creator.change("appointAdmin", "__typename", memberId=await member_id_of(admin, group_id))
    section = await create_section(creator, group_id, "一班")
    await bind(creator, group_id, bound, section)
    await assign(creator, group_id, section, await member_id_of(member, group_id))
    relative = await add_relative(guardian, world.stranger())
    [child] = await enrol(guardian, await creator.invite(group_id), relative)
    made = [
        await creator.change("createInvitation", "invitation { id }", groupId=group_id)
        for _ in range(2)
    ]
    people = dict(
        zip(
            ROLES,
            (creator, admin, bound, member, guardian, outsider, world.stranger()),
            strict=True,
        )
    )
    ids = {
        "group": group_id,
        "member": await member_id_of(member, group_id),
        "creator_member": await member_id_of(creator, group_id),
        "child": child,
        "section": section,
        "relative": relative,
        "invitation": made[0]["invitation"]["id"],
        "withdrawable": made[1]["invitation"]["id"],
    }
    return Viewers(people, ids)


def denied(role: str) -> str:
    """How someone without the right is answered: outsiders don't learn that it exists."""
    return {"stranger": "UNAUTHENTICATED", "outsider": "NOT_FOUND"}.get(role, "FORBIDDEN")


async def outcome(person: Person, query: str, **variables: Any) -> str:
    body = await person.send(query, **variables)
    errors = body.get("errors") or []
    return errors[0]["extensions"]["code"] if errors else "OK"


@pytest.mark.parametrize("role", ROLES)
async def test_each_field_of_a_group_is_read_by_whom_it_is_meant_for(
    viewers: Viewers, role: str
) -> None:
    person = viewers.people[role]
    found = {
        field: await outcome(
            person, f"query($id: ID!) {{ group(id: $id) {{ {field} }} }}", id=viewers.ids["group"]
        )
        for field in FIELDS
    }
    expected = {field: "OK" if role in who else denied(role) for field, who in FIELDS.items()}
    assert found == expected


@pytest.mark.parametrize("role", ROLES)
async def test_fields_are_refused_alike_by_way_of_node(viewers: Viewers, role: str) -> None:
    person = viewers.people[role]
    query = "query($id: ID!) { node(id: $id) { ... on Group { %s } } }"
    found = {
        field: await outcome(person, query % field, id=viewers.ids["group"]) for field in FIELDS
    }
    expected = {field: "OK" if role in who else denied(role) for field, who in FIELDS.items()}
    assert found == expected


@pytest.mark.parametrize("role", [*EVERYONE])
async def test_fields_are_refused_alike_by_way_of_ones_own_groups(
    viewers: Viewers, role: str
) -> None:
    person = viewers.people[role]
    found = {
        field: await outcome(person, f"{{ me {{ groups {{ nodes {{ {field} }} }} }} }}")
        for field in FIELDS
    }
    expected = {field: "OK" if role in who else denied(role) for field, who in FIELDS.items()}
    assert found == expected


@pytest.mark.parametrize("role", ROLES)
async def test_each_operation_lets_in_whom_it_is_meant_for(viewers: Viewers, role: str) -> None:
    person = viewers.people[role]
    creator, group_id = viewers.people["creator"], viewers.ids["group"]
    ids = viewers.ids | {"removable": await create_section(creator, group_id, role)}
    found = {name: await tried(person, name, ids) for name in MUTATIONS}
    expected = {
        name: "OK" if role in who else refused(name, role) for name, (_, who) in MUTATIONS.items()
    }
    assert found == expected


def refused(name: str, role: str) -> str:
    if name == "withdrawInvitation" and role == "stranger":
        return "UNAUTHENTICATED"
    return denied(role)


async def tried(person: Person, name: str, ids: dict[str, str]) -> str:
    values, _ = MUTATIONS[name]
    given = {
        key: value.format(**ids) if isinstance(value, str) else value
        for key, value in values.items()
    }
    if not given:
        return await outcome(person, f"mutation {{ {name} {{ errors {{ code }} }} }}")
    return await outcome(person, mutation(name, ""), input=given)


@pytest.mark.parametrize("name", FOR_THE_CHILD)
async def test_a_guardian_asks_and_takes_back_for_their_ward_alone(  # R35
    viewers: Viewers, name: str
) -> None:
    for_the_child = {**viewers.ids, "member": viewers.ids["child"]}
    assert await tried(viewers.people["guardian"], name, for_the_child) == "OK"
    for role in ("creator", "admin", "bound", "member"):
        assert await tried(viewers.people[role], name, for_the_child) == "FORBIDDEN"
    assert await tried(viewers.people["outsider"], name, for_the_child) == "NOT_FOUND"


@pytest.mark.parametrize("role", ROLES)
async def test_members_are_found_by_managers_and_those_they_are(
    viewers: Viewers, role: str
) -> None:
    query = "query($id: ID!) { node(id: $id) { ... on Member { healthCode } } }"
    person = viewers.people[role]
    whose = {"member": "member", "child": "guardian", "creator_member": "creator"}
    for name, own in whose.items():
        managers = MANAGERS if name == "member" else WHOLE  # who is in none: R51
        expected = "OK" if role in (*managers, own) else "NOT_FOUND"
        expected = "UNAUTHENTICATED" if role == "stranger" else expected
        assert await outcome(person, query, id=viewers.ids[name]) == expected, name


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", ["Invitation", "Relative", "Section"])
async def test_other_things_are_found_by_whom_they_belong_to(
    viewers: Viewers, role: str, kind: str
) -> None:
    who = {"Invitation": WHOLE, "Relative": ("guardian",), "Section": MANAGERS}[kind]
    query = "query($id: ID!) { node(id: $id) { id } }"
    expected = "OK" if role in who else "NOT_FOUND"
    expected = "UNAUTHENTICATED" if role == "stranger" else expected
    assert await outcome(viewers.people[role], query, id=viewers.ids[kind.lower()]) == expected


@pytest.mark.parametrize("role", ROLES)
async def test_each_subscription_is_for_whom_it_is_meant(viewers: Viewers, role: str) -> None:
    person = viewers.people[role]
    async with person.socket(**({} if person.token else {"authorization": None})) as socket:
        for number, (field, who) in enumerate(SUBSCRIPTIONS.items()):
            operation = str(number)
            takes = "($id: ID!)" if "$id" in field else ""
            query = f"subscription{takes} {{ {field} }}"
            await socket.subscribe(query, operation, id=viewers.ids["group"])
            if role in who:
                await socket.send(id=operation, type="complete")
                continue
            answer = await socket.receive()
            while answer["id"] != operation:
                answer = await socket.receive()
            payload = answer["payload"]
            errors = payload["errors"] if isinstance(payload, dict) else payload
            assert errors[0]["extensions"]["code"] == denied(role), field


def test_this_page_has_every_field_and_operation() -> None:
    types = build_schema()._schema.type_map
    names = {
        typename: set(types[typename].fields)  # type: ignore[attr-defined]
        for typename in ("Group", "Mutation", "Subscription")
    }
    assert {re.split(r"\W", field)[0] for field in FIELDS} == names["Group"]
    assert set(MUTATIONS) | set(LAST) | organisation_mutations() == names["Mutation"]
    subscriptions = {re.split(r"\W", field)[0] for field in SUBSCRIPTIONS}
    assert subscriptions | OF_ORGANISATIONS == names["Subscription"]
