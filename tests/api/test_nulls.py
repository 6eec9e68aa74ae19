"""Null means absent: every optional argument and input field, sent as null, as if left out."""

import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    is_non_null_type,
)

from app.client import mutation
from app.schema import build_schema
from tests.support.families import relative_input, verify_relative
from tests.support.groups import a_group
from tests.support.lists import MixedGroup, mixed_group
from tests.support.members import member_id_of
from tests.support.organisations import an_organisation, attach_group
from tests.support.person import Person
from tests.support.world import World

SCHEMA: Final = build_schema()._schema

# Where a field with optional arguments is reached from.
PARENTS: Final = {
    "Query": "%s",
    "Me": "me { %s }",
    "Organisation": "me { organisations { nodes { %s } } }",
    "Group": "group(id: $id) { %s }",
    "Member": "group(id: $id) { members(first: 3) { nodes { %s } } }",
}
# What a field must be given.
REQUIRED: Final = {
    "requirementPreview": "natValidity: H48",
    "reminderAudience": "condition: {anomalous: true}",
}
# What of inputs within arguments must be given.
NESTED: Final = {
    "MemberOrder": "field: NAME",
    "MemberFilter": "",
    "OverseenGroupOrder": "field: COLOUR",
    "OverseenGroupFilter": "",
    "ReminderCondition": "anomalous: true",
}
# What is selected of what a field returns.
SELECTED: Final = {
    "Int": "",
    "Member": "{ id }",
    "Anomaly": "{ openedAt }",
    "LeaveRequest": "{ reason }",
    "AccessRecord": "{ kind }",
    "Message": "{ template createdAt }",
    "Consent": "{ givenAt }",
    "FormerMember": "{ id }",
    "Invitation": "{ id }",
    "RosterEntry": "{ name }",
    "Group": "{ id }",
    "Organisation": "{ id }",
    "OverseenGroup": "{ id }",
    "DayReport": "{ date }",
    "ShownDay": "{ date }",
    "NucleicAcidTest": "{ testedAt }",
    "ReminderAudience": "{ count }",
    "RequirementPreview": "{ count anomalousAfter }",
}


def optional(given: dict[str, Any]) -> dict[str, Any]:
    """Those arguments, or fields of an input, that needn't be given."""
    return {name: one for name, one in given.items() if not is_non_null_type(one.type)}


def nulls(given: dict[str, Any], required: str = "") -> str:
    """Everything that needn't be given, as null, after what must be."""
    left = [f"{name}: null" for name in optional(given) if f"{name}:" not in required]
    return ", ".join(filter(None, [required, *left]))


def nested(name: str, argument: Any) -> Iterator[tuple[str, str]]:
    """An argument that is an input: its fields left out, and as null."""
    kind = get_named_type(argument.type)
    if isinstance(kind, GraphQLInputObjectType) and optional(kind.fields):
        required = NESTED[kind.name]
        yield f"{name}: {{{required}}}", f"{name}: {{{nulls(kind.fields, required)}}}"


def pairs(name: str, field: GraphQLField) -> Iterator[tuple[str, str]]:
    """What a field may be given that must come to the same."""
    required = REQUIRED.get(name, "")
    if optional(field.args):
        yield required, nulls(field.args, required)
    for argument, one in field.args.items():
        yield from nested(argument, one)


def selection(field: GraphQLField) -> str:
    kind = get_named_type(field.type)
    if kind.name.endswith("Connection"):
        return f"{{ nodes {SELECTED[kind.name.removesuffix('Connection')]} }}"
    return SELECTED[kind.name]


def queries() -> list[tuple[str, str]]:
    """Each field that can be given something optional, without it and with nulls."""
    found = []
    for typename, kind in SCHEMA.type_map.items():
        if not isinstance(kind, GraphQLObjectType) or typename in ("Mutation", "Subscription"):
            continue
        for name, field in kind.fields.items():
            for absent, null in () if name.startswith("__") else pairs(name, field):
                both = (f"{name}({given}) {selection(field)}" for given in (absent, null))
                without, with_nulls = (PARENTS[typename] % one.replace("()", "") for one in both)
                found.append((without, with_nulls))
    return found


@pytest.fixture(scope="module")
async def mixed(world: World) -> MixedGroup:
    found = await mixed_group(world)
    bureau = await an_organisation(found.creator)
    await attach_group(found.creator, found.group_id, found.creator, bureau)
    return found


async def test_a_field_takes_null_for_what_may_be_left_out(mixed: MixedGroup) -> None:
    assert len(queries()) > 15
    for without, with_nulls in queries():
        declared = "query($id: ID!)" if "$id" in without else ""
        expected = await mixed.creator.ask(f"{declared} {{ {without} }}", id=mixed.group_id)
        found = await mixed.creator.ask(f"{declared} {{ {with_nulls} }}", id=mixed.group_id)
        assert found == expected, with_nulls


async def test_a_search_box_sends_null_in_variables(mixed: MixedGroup) -> None:
    nothing = {"search": None, "exact": None, "by": None, "where": None}
    assert await mixed.ask(**nothing) == await mixed.ask()
    by = {"field": "NAME"}
    assert await mixed.names(by=by | {"direction": None}) == await mixed.names(by=by)


async def test_events_after_null_are_those_from_now_on(mixed: MixedGroup) -> None:
    given = "groupId: $id, after: null, types: null"
    query = f"subscription($id: ID!) {{ groupEvents({given}) {{ __typename }} }}"
    async with mixed.creator.socket() as socket:
        await socket.subscribe(query, id=mixed.group_id)
        await socket.send(type="ping")
        assert (await socket.receive())["type"] == "pong"  # and nothing of what was


class Changing:
    """Someone who sends mutations: in one group what is optional is left out, in one null."""

    def __init__(self, creator: Person, group_id: str, member: Person, member_id: str) -> None:
        self.creator, self.group_id = creator, group_id
        self.member, self.member_id = member, member_id

    async def of_creator(self) -> dict[str, Any]:
        return {"name": "第三小学", "type": "SCHOOL", "address": "广州", "consent": True}

    async def of_group(self, **fields: Any) -> dict[str, Any]:
        return {"groupId": self.group_id, **fields}

    async def relative(self) -> dict[str, Any]:
        child = self.creator.world.stranger()
        return relative_input(child, verificationId=await verify_relative(self.creator, child))

    async def excused(self) -> dict[str, Any]:
        until = datetime.fromisoformat(await self.creator.world.now()) + timedelta(days=1)
        return {"memberId": self.member_id, "until": until.isoformat(), "reason": "休假"}

    async def joining(self) -> dict[str, Any]:
        people = [{"self": True, "verificationId": await self.creator.verify("JOIN")}]
        return {"token": await self.creator.invite(self.group_id), "consent": True} | {
            "people": people
        }


ID = re.compile(r"(?<=id': ')[^']+")
Prepared = Callable[[Changing], Awaitable[dict[str, Any]]]

# Mutation with optional fields -> (what is selected, what must be given).
MUTATIONS: Final[dict[str, tuple[str, Prepared]]] = {
    "requestVerificationCode": (
        "retryAfterSeconds",
        lambda one: _of(phone=one.creator.world.stranger().phone, purpose="SIGN_IN"),
    ),
    "createGroup": (
        "group { name requirement { natValidity anomalousCodes } }",
        lambda one: one.of_creator(),
    ),
    "updateGroup": (
        "group { name type address }",
        lambda one: one.of_group(),
    ),
    "setRequirement": (
        "group { requirement { natValidity anomalousCodes } }",
        lambda one: one.of_group(natValidity="H24"),
    ),
    "setInvitationPolicy": (
        "group { invitationPolicy { adminsMayInvite open remarkPrompt remarkRequired } }",
        lambda one: one.of_group(),
    ),
    "appointAdmin": (
        "member { role boundTo { id } }",
        lambda one: _of(memberId=one.member_id),
    ),
    "updateAdminSections": ("member { id }", lambda one: _of(memberId=one.member_id)),
    "assignSection": (
        "unchangedMemberIds",
        lambda one: one.of_group(memberIds=[one.member_id]),
    ),
    "addRelative": ("relative { student relation }", lambda one: one.relative()),
    "joinGroup": ("members { id remark phone }", lambda one: one.joining()),
    "updateMemberPhone": (
        "member { id }",
        lambda one: _of(memberId=one.member_id, phone=one.member.phone),
    ),
    "closeAccount": ("kept { what }", lambda _: _of()),  # refused: nothing proves whose it is
    "setReminderSchedule": (
        "group { reminderSchedule { at anomalous noNegativeWithin healthCodes } }",
        lambda one: one.of_group(at="08:30", weekdays=["MONDAY"], anomalous=True),
    ),
    "setAnomalyAlerts": (
        "group { anomalyAlertsTime }",
        lambda one: one.of_group(enabled=True),
    ),
    "setDailyDigest": ("group { dailyDigestTime }", lambda one: one.of_group()),
    "importRoster": (
        "group { rosterCount }",
        lambda one: one.of_group(rows=[{"name": "张三"}]),
    ),
    "excuseMember": (
        "member { id }",
        lambda one: one.excused(),
    ),
    "sendHealthReminders": (
        "sent skipped",
        lambda one: one.of_group(condition={"anomalous": True}),
    ),
}


async def _of(**given: Any) -> dict[str, Any]:
    return given


def with_nulls(kind: GraphQLInputObjectType, given: dict[str, Any]) -> dict[str, Any]:
    """Fill an input, and the inputs in it, up with nulls."""
    filled: dict[str, Any] = dict.fromkeys(optional(kind.fields))
    return filled | {name: _filled(kind.fields[name], value) for name, value in given.items()}


def _filled(field: GraphQLInputField, value: Any) -> Any:
    inner = get_named_type(field.type)
    if not isinstance(inner, GraphQLInputObjectType):
        return value
    if isinstance(value, list):
        return [with_nulls(inner, one) for one in value]
    return with_nulls(inner, value)


def input_of(field: GraphQLField) -> GraphQLInputObjectType | None:
    kind = get_named_type(field.args["input"].type) if field.args else None
    assert kind is None or isinstance(kind, GraphQLInputObjectType)
    return kind


def takes_optional(kind: GraphQLInputObjectType | None) -> bool:
    if kind is None:
        return False
    inner = (get_named_type(field.type) for field in kind.fields.values())
    return bool(optional(kind.fields)) or any(
        takes_optional(one) for one in inner if isinstance(one, GraphQLInputObjectType)
    )


async def test_a_mutation_takes_null_for_what_may_be_left_out(world: World) -> None:
    mutations = SCHEMA.type_map["Mutation"]
    assert isinstance(mutations, GraphQLObjectType)
    inputs = {name: input_of(field) for name, field in mutations.fields.items()}
    assert {name for name, kind in inputs.items() if takes_optional(kind)} == set(MUTATIONS)
    for name, (fields, prepare) in MUTATIONS.items():
        creator, group_id, [member] = await a_group(world)
        one = Changing(creator, group_id, member, await member_id_of(member, group_id))
        who = member if name == "updateMemberPhone" else creator
        kind = inputs[name]
        assert kind is not None
        payloads = []
        for fill in (False, True):
            await world.advance(minutes=1)
            given = await prepare(one)
            given = with_nulls(kind, given) if fill else given
            payloads.append((await who.ask(mutation(name, fields), input=given))[name])
        if name == "sendHealthReminders":  # nobody is reminded twice within the hour
            assert payloads[0] == payloads[1] | {"sent": payloads[0]["sent"], "skipped": 0}
            continue
        left_out, null = (ID.sub("", repr(payload)) for payload in payloads)
        assert null == left_out, name


async def test_what_update_and_set_are_not_given_stays(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    group = {"groupId": group_id}
    await creator.change(
        "setRequirement", "__typename", **group, natValidity="H48", anomalousCodes=["YELLOW"]
    )
    policy = {"remarkPrompt": "班级", "remarkRequired": True}
    await creator.change("setInvitationPolicy", "__typename", **group, **policy)
    fields = "group { requirement { anomalousCodes } invitationPolicy { remarkPrompt } name }"
    for changed in (
        await creator.change(
            "setRequirement", fields, **group, natValidity="H24", anomalousCodes=None
        ),
        await creator.change(
            "setInvitationPolicy", fields, **group, remarkPrompt=None, remarkRequired=False
        ),
        await creator.change("updateGroup", fields, **group, name="第二小学", address=None),
    ):
        assert changed["group"]["requirement"]["anomalousCodes"] == ["YELLOW"]
        assert changed["group"]["invitationPolicy"]["remarkPrompt"] == "班级"
    assert changed["group"]["name"] == "第二小学"
    emptied = await creator.change("setInvitationPolicy", fields, **group, remarkPrompt="")
    assert emptied["group"]["invitationPolicy"]["remarkPrompt"] == ""
