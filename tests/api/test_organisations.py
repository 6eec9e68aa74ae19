"""Organisations over groups: a tree, whose it is, and what is seen from above (R44-R46, R48)."""

import asyncio
from dataclasses import dataclass

import pytest

from app.domain.limits import OVERSEERS
from tests.support.groups import a_group, dissolve
from tests.support.organisations import (
    an_organisation,
    appoint,
    attach_group,
    attach_organisation,
    code_of,
    dissolving_organisation,
    read_organisation,
)
from tests.support.person import Person
from tests.support.sms import each_got_one, sms_of
from tests.support.waiting import eventually, settled
from tests.support.world import World

GREEN = {"health_code": "GREEN"}


@dataclass
class Tree:
    """A bureau above a school, and a group of each; each has an owner or creator of its own."""

    bureau: str
    school: str
    group: str
    bureaucrat: Person
    head: Person
    creator: Person
    member: Person


async def a_tree(world: World) -> Tree:
    bureaucrat, head = await world.real_person(), await world.real_person()
    creator, group, [member] = await a_group(world, record=GREEN)
    bureau = await an_organisation(bureaucrat)
    school = await an_organisation(head, "第一小学")
    await attach_organisation(head, school, bureaucrat, bureau)
    await attach_group(creator, group, head, school)
    return Tree(bureau, school, group, bureaucrat, head, creator, member)


@pytest.fixture(scope="module")
async def tree(world: World) -> Tree:
    return await a_tree(world)


async def test_a_tree_is_seen_from_above(tree: Tree) -> None:  # R44, R46
    fields = """name viewerRole groupCount parent { name } above { name } owner { name }
        children { nodes { name viewerRole parent { name } } }
        groups { nodes { name type colour activity organisation { name } } }"""
    seen = await read_organisation(tree.bureaucrat, tree.bureau, fields)
    assert (seen["name"], seen["viewerRole"], seen["groupCount"]) == ("教育局", "OWNER", 1)
    assert seen["parent"] is None and seen["above"] == []
    [child] = seen["children"]["nodes"]
    assert child == {"name": "第一小学", "viewerRole": None, "parent": {"name": "教育局"}}
    [group] = seen["groups"]["nodes"]
    assert group["organisation"] == {"name": "第一小学"}
    assert (group["colour"], group["activity"]) == ("GREEN", "ACTIVE")
    own = await tree.bureaucrat.ask("{ me { organisations { nodes { id name } } } }")
    assert [one["name"] for one in own["me"]["organisations"]["nodes"]] == ["教育局"]
    below = await read_organisation(tree.head, tree.school, "parent { name } above { name }")
    assert below == {"parent": None, "above": [{"name": "教育局"}]}


async def test_who_joins_is_told_what_stands_above(world: World, tree: Tree) -> None:  # R45
    token = await tree.creator.invite(tree.group)
    query = """query($token: String!) { invitation(token: $token) {
        organisations { name } organisationsSee } }"""
    seen = (await (await world.someone()).ask(query, token=token))["invitation"]
    assert [one["name"] for one in seen["organisations"]] == ["第一小学", "教育局"]
    assert "never a person" in seen["organisationsSee"]
    page = "query($id: ID!) { group(id: $id) { organisation { name } organisations { name } } }"
    for person in (tree.creator, tree.member):
        found = (await person.ask(page, id=tree.group))["group"]
        assert found["organisation"] == {"name": "第一小学"}
        assert [one["name"] for one in found["organisations"]] == ["第一小学", "教育局"]
    alone = await (await a_group(world, members=0))[0].ask(
        "{ me { groups { nodes { organisation { name } } } } }"
    )
    assert alone["me"]["groups"]["nodes"][0]["organisation"] is None


async def test_members_at_attaching_are_told(world: World) -> None:  # R45, R39
    tree = await a_tree(world)
    await each_got_one((tree.creator, tree.member), "group_overseen")
    assert "第一小学" in (await sms_of(tree.member, "group_overseen"))[0]["text"]
    # The same when what the group is attached to is attached itself.
    ministry = await an_organisation(tree.bureaucrat, "教育厅")
    await attach_organisation(tree.bureaucrat, tree.bureau, tree.bureaucrat, ministry)
    told = await eventually(
        lambda: sms_of(tree.member, "group_overseen"), lambda sent: len(sent) == 2
    )
    assert "教育厅" in told[1]["text"]
    later = await world.someone()
    await later.join(await tree.creator.invite(tree.group))
    assert await sms_of(later, "group_overseen") == []


async def test_a_colour_below_is_the_colour_above(world: World) -> None:  # R48, R46
    tree = await a_tree(world)
    fields = "colour colourReasons { colour groupCount } groupCount(where: {colours: [RED]})"
    green = await read_organisation(tree.bureaucrat, tree.bureau, fields)
    assert green == {"colour": "GREEN", "colourReasons": [], "groupCount": 0}
    query = """subscription($id: ID!) { organisationStatusChanged(organisationId: $id) {
        turnedCount turned { name colour } organisation { name colour } } }"""
    async with tree.bureaucrat.socket() as socket:
        await socket.subscribe(query, id=tree.bureau)
        first = (await socket.next())["organisationStatusChanged"]
        assert first["organisation"]["colour"] == "GREEN" and first["turned"] == []
        await turn(world, tree, "RED")
        turned = (await socket.next())["organisationStatusChanged"]
        assert turned["organisation"]["colour"] == "RED"
        assert [one["colour"] for one in turned["turned"]] == ["RED"]
        assert turned["turnedCount"] == 1
        await turn(world, tree, "GREEN")
        assert (await socket.next())["organisationStatusChanged"]["organisation"][
            "colour"
        ] == "GREEN"
        # What is attached, and what is dissolved, is told, too.
        for person in (tree.head, tree.bureaucrat):
            await person.sign_in_again()
        creator, other, _ = await a_group(world, members=0, record={"health_code": "YELLOW"})
        await attach_group(creator, other, tree.head, tree.school)
        assert (await socket.next())["organisationStatusChanged"]["organisation"][
            "colour"
        ] == "YELLOW"
        await dissolve(creator, other)
        assert (await socket.next())["organisationStatusChanged"]["organisation"][
            "colour"
        ] == "GREEN"
        # It ends with the right.
        await tree.head.change(
            "detachOrganisation", "organisation { id }", organisationId=tree.school
        )
        await socket.next()
        await tree.bureaucrat.change(
            "dissolveOrganisation",
            "me { id }",
            **await dissolving_organisation(tree.bureaucrat, tree.bureau),
        )
        assert await socket.error() == "NOT_FOUND"


async def turn(world: World, tree: Tree, code: str) -> None:
    """Have a member's code change, and the group be refreshed."""
    await world.set_record(tree.member.id_number, health_code=code)
    await world.advance(minutes=31)
    await tree.creator.sign_in_again()
    await tree.creator.change("refreshGroup", "run { id }", groupId=tree.group)
    await settled(world)


async def test_who_resumes_is_told_who_turned_meanwhile(world: World) -> None:  # R48
    tree = await a_tree(world)
    since = await world.now()
    await turn(world, tree, "RED")
    query = """subscription($id: ID!, $since: DateTime) {
        organisationStatusChanged(organisationId: $id, since: $since) { turned { colour } } }"""
    await tree.bureaucrat.sign_in_again()
    async with tree.bureaucrat.socket() as socket:
        await socket.subscribe(query, id=tree.bureau, since=since)
        first = (await socket.next())["organisationStatusChanged"]
        assert first == {"turned": [{"colour": "RED"}]}


async def test_overseers_are_asked_and_accept(world: World) -> None:  # R44
    owner, other = await world.real_person(), await world.real_person()
    bureau = await an_organisation(owner)
    asked = await owner.change(
        "appointOverseer",
        "overseer { id name phone askedUntil }",
        organisationId=bureau,
        phone=other.phone,
    )
    assert asked["overseer"]["name"] is None and "****" in asked["overseer"]["phone"]
    await each_got_one([other], "overseer_appointed")
    again = await owner.change(
        "appointOverseer", "overseer { id }", organisationId=bureau, phone=other.phone
    )
    assert again["overseer"]["id"] == asked["overseer"]["id"]
    # Nobody sees anything before they accept, and who wasn't asked can't.
    reading = "query($id: ID!) { organisation(id: $id) { name } }"
    assert await other.error_code(reading, id=bureau) == "NOT_FOUND"
    stranger = await world.real_person()
    assert (
        await stranger.refused("acceptOversight", organisationId=bureau) == "OVERSIGHT_NOT_OFFERED"
    )
    nobody = await world.someone()
    assert await nobody.refused("acceptOversight", organisationId=bureau) == "VERIFICATION_REQUIRED"
    [offered] = (await other.ask("{ me { oversightOffers { organisationId organisationName } } }"))[
        "me"
    ]["oversightOffers"]
    assert offered == {"organisationId": bureau, "organisationName": "教育局"}
    accepted = await other.change(
        "acceptOversight",
        "organisation { viewerRole overseers { name phone askedUntil } }",
        organisationId=bureau,
    )
    assert accepted["organisation"]["viewerRole"] == "OVERSEER"
    assert accepted["organisation"]["overseers"] == [
        {"name": other.name, "phone": None, "askedUntil": None}
    ]
    assert await other.denied("updateOrganisation", organisationId=bureau, name="x") == "FORBIDDEN"
    # Handed over, the old owner oversees it.
    offering = {
        "overseerId": asked["overseer"]["id"],
        "verificationId": await owner.verify("TRANSFER"),
    }
    await owner.change("offerOrganisation", "organisation { offer { until } }", **offering)
    accepting = {"organisationId": bureau, "verificationId": await other.verify("TRANSFER")}
    taken = await other.change("acceptOrganisation", "organisation { viewerRole }", **accepting)
    assert taken["organisation"]["viewerRole"] == "OWNER"
    [old] = (await read_organisation(owner, bureau, "viewerRole overseers { id name }"))[
        "overseers"
    ]
    assert old["name"] == owner.name
    await each_got_one([owner], "organisation_accepted")
    # Overseers leave by themselves; owners don't.
    assert await other.refused("closeAccount", **await _closing(other)) == "OWNER_CANNOT_LEAVE"
    await owner.change("dismissOverseer", "dismissedOverseerId", overseerId=old["id"])
    assert await owner.error_code(reading, id=bureau) == "NOT_FOUND"
    await appoint(other, bureau, stranger)
    await stranger.change("closeAccount", "kept { what }", **await _closing(stranger))
    left = await read_organisation(other, bureau, "overseers { id }")
    assert left == {"overseers": []}


async def _closing(person: Person) -> dict[str, str]:
    return {"verificationId": await person.verify("CLOSE_ACCOUNT")}


async def test_an_offer_to_oversee_lasts_a_day_and_there_are_twenty(world: World) -> None:  # R44
    owner, late = await world.real_person(), await world.real_person()
    bureau = await an_organisation(owner)
    await owner.change("appointOverseer", "__typename", organisationId=bureau, phone=late.phone)
    for _ in range(OVERSEERS - 1):
        phone = world.stranger().phone
        await owner.change("appointOverseer", "__typename", organisationId=bureau, phone=phone)
    one_more = {"organisationId": bureau, "phone": world.stranger().phone}
    assert await owner.refused("appointOverseer", **one_more) == "OVERSEER_LIMIT_REACHED"
    await world.advance(hours=25)
    await late.sign_in_again()
    assert await late.refused("acceptOversight", organisationId=bureau) == "OVERSIGHT_NOT_OFFERED"
    await owner.sign_in_again()
    await owner.change("appointOverseer", "__typename", **one_more)


async def test_codes_attach_for_a_day(world: World) -> None:  # R45
    tree = await a_tree(world)
    token = await code_of(tree.head, tree.school)
    above = "query($token: String!) { organisationsOfCode(token: $token) { name } }"
    found = (await tree.creator.ask(above, token=token))["organisationsOfCode"]
    assert [one["name"] for one in found] == ["第一小学", "教育局"]
    creator, group, _ = await a_group(world, members=0)
    given = {"groupId": group, "token": token}
    assert (
        await creator.refused("attachGroup", **given | {"token": "made up"})
        == "ORGANISATION_CODE_NOT_FOUND"
    )
    await creator.change("attachGroup", "group { id }", **given)
    await creator.change("attachGroup", "group { id }", **given)  # harmless twice
    elsewhere = await code_of(tree.bureaucrat, tree.bureau)
    assert (
        await creator.refused("attachGroup", groupId=group, token=elsewhere)
        == "GROUP_ATTACHED_ELSEWHERE"
    )
    await creator.change("detachGroup", "group { organisation { name } }", groupId=group)
    await world.advance(hours=24)
    await creator.sign_in_again()
    assert await creator.refused("attachGroup", **given) == "ORGANISATION_CODE_EXPIRED"
    assert await creator.error_code(above, token=token) == "NOT_FOUND"


async def test_either_side_detaches(world: World) -> None:  # R45
    tree = await a_tree(world)
    [seen] = (await read_organisation(tree.bureaucrat, tree.bureau, "groups { nodes { id } }"))[
        "groups"
    ]["nodes"]
    assert await tree.bureaucrat.denied("detachGroup", groupId=seen["id"]) == "FORBIDDEN"
    stranger = await world.real_person()
    for group_id in (seen["id"], tree.group):
        assert await stranger.denied("detachGroup", groupId=group_id) == "NOT_FOUND"
    assert await tree.head.denied("detachGroup", groupId=tree.group) == "NOT_FOUND"
    await tree.head.change("detachGroup", "group { id } detachedGroupId", groupId=seen["id"])
    assert (await read_organisation(tree.head, tree.school, "groupCount"))["groupCount"] == 0
    assert await stranger.denied("detachOrganisation", organisationId=tree.school) == "NOT_FOUND"
    await tree.bureaucrat.change(
        "detachOrganisation", "organisation { id }", organisationId=tree.school
    )
    assert (
        await tree.bureaucrat.error_code(
            "query($id: ID!) { organisation(id: $id) { name } }", id=tree.school
        )
        == "NOT_FOUND"
    )


async def test_a_tree_has_five_levels_and_no_circle(world: World) -> None:  # R44
    owner = await world.real_person()
    levels = [await an_organisation(owner, f"第 {level} 层") for level in range(6)]
    # From the bottom up, and at once: subtrees move as they are.
    for lower, upper in ((4, 3), (3, 2), (2, 1), (1, 0)):
        await attach_organisation(owner, levels[lower], owner, levels[upper])
    token = await code_of(owner, levels[4])
    given = {"organisationId": levels[5], "token": token}
    assert await owner.refused("attachOrganisation", **given) == "ORGANISATION_TOO_DEEP"
    assert (
        await owner.refused("attachOrganisation", organisationId=levels[0], token=token)
        == "ORGANISATION_IN_ITSELF"
    )
    top = await code_of(owner, levels[5])
    assert (
        await owner.refused("attachOrganisation", organisationId=levels[0], token=top)
        == "ORGANISATION_TOO_DEEP"
    )
    assert (
        await owner.refused("attachOrganisation", organisationId=levels[3], token=top)
        == "ORGANISATION_ATTACHED_ELSEWHERE"
    )
    await owner.change("detachOrganisation", "organisation { id }", organisationId=levels[3])
    await owner.change(
        "attachOrganisation", "organisation { id }", organisationId=levels[3], token=top
    )
    above = await read_organisation(owner, levels[4], "above { name }")
    assert [one["name"] for one in above["above"]] == ["第 3 层", "第 5 层"]


async def test_two_attached_to_each_other_at_once_are_no_circle(world: World) -> None:  # R44
    first, second = await world.real_person(), await world.real_person()
    for _ in range(3):
        one, other = await an_organisation(first), await an_organisation(second)
        tokens = await code_of(first, one), await code_of(second, other)
        payloads = await asyncio.gather(
            first.payload(
                "attachOrganisation", "organisation { id }", organisationId=one, token=tokens[1]
            ),
            second.payload(
                "attachOrganisation", "organisation { id }", organisationId=other, token=tokens[0]
            ),
        )
        assert sorted(len(payload["errors"]) for payload in payloads) == [0, 1]


async def test_dissolved_what_was_below_stands_alone(world: World) -> None:  # R44
    tree = await a_tree(world)
    event = """subscription($id: ID!) { groupEvents(groupId: $id, after: 0,
        types: [GROUP_DETACHED]) { ... on GroupEvent { type } } }"""
    async with tree.creator.socket() as socket:
        await socket.subscribe(event, id=tree.group)
        await tree.head.change(
            "dissolveOrganisation",
            "dissolvedOrganisationId me { organisations { nodes { id } } }",
            **await dissolving_organisation(tree.head, tree.school),
        )
        assert (await socket.next())["groupEvents"] == {"type": "GROUP_DETACHED"}
    assert (
        await read_organisation(
            tree.bureaucrat, tree.bureau, "groupCount children { nodes { id } }"
        )
    ) == {
        "groupCount": 0,
        "children": {"nodes": []},
    }
    page = await tree.creator.ask(
        "query($id: ID!) { group(id: $id) { organisation { name } } }", id=tree.group
    )
    assert page["group"]["organisation"] is None


async def test_groups_below_are_filtered_ordered_and_paged(world: World) -> None:  # R46
    owner = await world.real_person()
    bureau = await an_organisation(owner)
    for number, code in enumerate(("GREEN", "RED", "YELLOW")):
        creator, group, _ = await a_group(
            world, members=0, record={"health_code": code}, name=f"{number}"
        )
        await attach_group(creator, group, owner, bureau)
    query = """query($id: ID!, $by: OverseenGroupOrder, $where: OverseenGroupFilter, $first: Int,
        $after: String, $last: Int, $before: String) { organisation(id: $id) {
        groupCount(where: $where)
        groups(orderBy: $by, where: $where, first: $first, after: $after, last: $last,
            before: $before) { nodes { id name }
            pageInfo { endCursor startCursor hasNextPage hasPreviousPage } } } }"""

    async def listed(**given: object) -> tuple[list[str], dict[str, object]]:
        found = (await owner.ask(query, id=bureau, **given))["organisation"]["groups"]
        return [one["name"] for one in found["nodes"]], found["pageInfo"]

    for field, expected in (("NAME", "012"), ("COLOUR", "021"), ("TURNED_AT", "012")):
        names, _ = await listed(by={"field": field})
        assert "".join(names) == expected or field == "TURNED_AT", field
        assert (await listed(by={"field": field, "direction": "DESC"}))[0] == names[::-1]
        first, page = await listed(by={"field": field}, first=2)
        assert first == names[:2] and page["hasNextPage"] is True
        rest, _ = await listed(by={"field": field}, first=2, after=page["endCursor"])
        assert rest == names[2:]
        last, page = await listed(by={"field": field}, last=2)
        assert last == names[1:]
        assert (await listed(by={"field": field}, last=2, before=page["startCursor"]))[0] == names[
            :1
        ]
    assert (await listed(where={"colours": ["RED", "YELLOW"]}))[0] == ["1", "2"]
    assert (await listed(where={"activity": "INACTIVE"}))[0] == []
    assert (await listed(where={"attached": True, "activity": "ACTIVE"}))[0] == ["0", "1", "2"]
    assert await owner.error_code(query, id=bureau, after="x") == "BAD_USER_INPUT"
    [group, *_] = (await read_organisation(owner, bureau, "groups { nodes { id name } }"))[
        "groups"
    ]["nodes"]
    node = "query($id: ID!) { node(id: $id) { ... on OverseenGroup { name turnedAt } } }"
    assert (await owner.ask(node, id=group["id"]))["node"]["name"] == group["name"]
    assert await (await world.real_person()).error_code(node, id=group["id"]) == "NOT_FOUND"
