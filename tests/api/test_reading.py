"""Who reads what: the page, the members, and nothing that isn't theirs (R15, R17)."""

from typing import Any

import pytest

from app.models.members import Membership
from app.resolvers.ids import decode_id, encode_id
from tests.support.groups import fill
from tests.support.person import Person
from tests.support.shown_writes import by_hand
from tests.support.waiting import eventually
from tests.support.world import World

PAGE = """query($id: ID!) { group(id: $id) { name type address colour creator { name } viewerRole
    requirement { natValidity anomalousCodes } } }"""
OWN = """query($id: ID!) { group(id: $id) { viewerMembers { remark role healthCode doses asOf phone
    person { name idNumberMasked } tests { result } } } }"""
MEMBERS = """query($id: ID!) { group(id: $id) { members { nodes { id remark role phone joinedAt
    person { name idNumberMasked } healthCode healthCodeAt latestTest { result }
    tests(first: 2) { result testedAt sampledAt institution } vaccinations { dose date }
    doses anomaly { reasons } asOf } } } }"""
MANAGERS_ONLY = [
    "colourReasons { reason }",
    "memberCount",
    "memberLimit",
    "membersCount",
    "version",
    "refresh { nextAllowedAt }",
    "invitationPolicy { open }",
    "members { nodes { id } }",
    "anomalies { nodes { reasons } }",
    "invitations { nodes { token } }",
]


async def a_group(world: World) -> tuple[Person, str, Person, str]:
    creator = await world.real_person()
    group_id = await creator.create_group()
    member = await world.someone()
    member_id = await member.join(await creator.invite(group_id))
    return creator, group_id, member, member_id


async def test_managers_read_members_with_their_health(world: World) -> None:  # R15
    creator, group_id, member, member_id = await a_group(world)
    data = await eventually(
        lambda: creator.ask(MEMBERS, id=group_id),
        lambda seen: all(node["asOf"] for node in seen["group"]["members"]["nodes"]),
    )
    first, second = data["group"]["members"]["nodes"]
    assert (first["role"], second["role"]) == ("CREATOR", "MEMBER")
    assert second["id"] == member_id
    assert second["phone"] == member.phone
    masked = member.id_number[:4] + "*" * 10 + member.id_number[-4:]
    assert second["person"] == {"name": member.name, "idNumberMasked": masked}
    assert (second["remark"], second["healthCode"]) == ("三年二班", "GREEN")
    assert second["latestTest"]["result"] == second["tests"][0]["result"] == "NEGATIVE"
    assert len(second["tests"]) <= 2 and second["doses"] == len(second["vaccinations"])


@pytest.mark.parametrize("field", MANAGERS_ONLY)
async def test_a_plain_member_is_refused_what_managers_read(  # R17
    world: World, field: str
) -> None:
    creator, group_id, member, _ = await a_group(world)
    query = f"query($id: ID!) {{ group(id: $id) {{ name {field} }} }}"
    assert (await creator.ask(query, id=group_id))["group"]["name"]
    answer = await member.send(query, id=group_id)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    name = field.split(maxsplit=1)[0].split("(", maxsplit=1)[0]
    assert answer["data"]["group"] == {"name": "第一小学", name: None}


async def test_a_plain_member_reads_the_page_and_their_own_membership(world: World) -> None:  # R17
    creator, group_id, member, member_id = await a_group(world)
    page = (await member.ask(PAGE, id=group_id))["group"]
    assert (page["viewerRole"], page["creator"]["name"]) == ("MEMBER", creator.name)
    assert sorted(page["requirement"]["anomalousCodes"]) == ["UNKNOWN", "YELLOW"]
    [own] = (await member.ask(OWN, id=group_id))["group"]["viewerMembers"]
    assert (own["person"]["name"], own["phone"]) == (member.name, member.phone)
    node = await member.ask(
        "query($id: ID!) { node(id: $id) { ... on Member { remark } } }", id=member_id
    )
    assert node["node"] == {"remark": "三年二班"}


async def test_whoever_is_outside_finds_nothing(world: World) -> None:
    creator, group_id, member, member_id = await a_group(world)
    creators = (await creator.ask(OWN.replace("remark role", "id remark role"), id=group_id))[
        "group"
    ]["viewerMembers"][0]["id"]
    outsider = await world.real_person()
    assert await outsider.error_code(PAGE, id=group_id) == "NOT_FOUND"
    node = "query($id: ID!) { node(id: $id) { id } }"
    for global_id in (group_id, member_id):
        assert await outsider.error_code(node, id=global_id) == "NOT_FOUND"
    assert await member.error_code(node, id=creators) == "NOT_FOUND"
    several = await outsider.send(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[group_id, member_id]
    )
    assert several["data"]["nodes"] == [None, None]
    assert [error["extensions"]["code"] for error in several["errors"]] == ["NOT_FOUND"] * 2


async def test_nobody_reads_anything_signed_out(world: World) -> None:
    _, group_id, _, _ = await a_group(world)
    stranger = world.stranger()
    for query in ("{ me { id } }", PAGE, "query($id: ID!) { node(id: $id) { id } }"):
        variables = {"id": group_id} if "$id" in query else {}
        assert await stranger.error_code(query, **variables) == "UNAUTHENTICATED"


async def test_ids_that_are_none_are_bad_input(world: World) -> None:
    creator, _, _, member_id = await a_group(world)
    unknown = encode_id("Group", decode_id(member_id, "Member"))
    assert await creator.error_code(PAGE, id=unknown) == "NOT_FOUND"
    for bad in ("", "x", "R3JvdXA6", "测试", "A" * 10_000, member_id):
        assert await creator.error_code(PAGE, id=bad) == "BAD_USER_INPUT"


async def test_an_admin_reads_like_a_manager_but_does_not_edit(world: World) -> None:
    _, group_id, member, member_id = await a_group(world)
    # Appointing comes with its own operation; the row says who is one.
    async with by_hand(decode_id(group_id, "Group")):
        await Membership.filter(id=decode_id(member_id, "Member")).update(role="ADMIN")
    assert len((await member.ask(MEMBERS, id=group_id))["group"]["members"]["nodes"]) == 2
    change = {"groupId": group_id, "natValidity": "H24"}
    assert await member.denied("setRequirement", **change) == "FORBIDDEN"


async def pages(creator: Person, group_id: str, **arguments: Any) -> list[str]:
    query = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
        group(id: $id) { members(first: $first, after: $after, last: $last, before: $before) {
            edges { node { id } cursor }
            pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } } }"""
    seen: list[str] = []
    while True:
        answer = await creator.ask(query, id=group_id, **arguments)
        connection = answer["group"]["members"]
        ids = [edge["node"]["id"] for edge in connection["edges"]]
        info = connection["pageInfo"]
        if "last" in arguments:
            seen = ids + seen
            if not info["hasPreviousPage"]:
                return seen
            arguments["before"] = info["startCursor"]
        else:
            seen += ids
            if not info["hasNextPage"]:
                return seen
            arguments["after"] = info["endCursor"]


async def test_pages_have_no_gap_and_no_overlap_in_either_direction(world: World) -> None:
    creator = await world.real_person()
    group_id = await creator.create_group()
    await fill(group_id, 24)
    forwards = await pages(creator, group_id, first=7)
    assert len(set(forwards)) == len(forwards) == 25
    assert await pages(creator, group_id, last=6) == forwards
    assert await pages(creator, group_id, first=500) == forwards


@pytest.mark.parametrize(
    "arguments", ["first: 501", "first: -1", "first: 1, last: 1", 'after: "x"', 'before: "W10="']
)
async def test_pages_out_of_bounds_are_bad_input(world: World, arguments: str) -> None:
    creator, group_id, _, _ = await a_group(world)
    query = f"query($id: ID!) {{ group(id: $id) {{ members({arguments}) {{ nodes {{ id }} }} }} }}"
    assert await creator.error_code(query, id=group_id) == "BAD_USER_INPUT"


async def test_fragments_aliases_and_directives_choose_the_same_columns(world: World) -> None:
    creator, group_id, member, _ = await a_group(world)
    query = """query($id: ID!, $yes: Boolean!) { here: group(id: $id) { ...Page
        list: members(last: 1) { edges { node { ...Who @include(if: $yes) } } } } }
        fragment Page on Group { title: name, ... on Group { colour } }
        fragment Who on Member { person { called: name } why: anomaly { reasons } doses }"""
    group = (await creator.ask(query, id=group_id, yes=True))["here"]
    assert group["title"] == "第一小学"
    assert group["list"]["edges"][0]["node"]["person"]["called"] == member.name


async def test_one_reads_the_groups_one_is_in_by_role(world: World) -> None:  # R4
    _, group_id, member, _ = await a_group(world)
    own = await member.create_group(name="自己的团体")
    query = "query($roles: [Role!]) { me { groups(roles: $roles) { nodes { id viewerRole } } } }"
    mine = (await member.ask(query))["me"]["groups"]["nodes"]
    assert [node["id"] for node in mine] == [group_id, own]
    created = (await member.ask(query, roles=["CREATOR"]))["me"]["groups"]["nodes"]
    assert created == [{"id": own, "viewerRole": "CREATOR"}]
