"""Oneself and one's groups, read by one statement: as if each were asked for by itself."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from app.models import Account, Group, Membership
from app.resolvers.ids import decode_id
from tests.support.families import a_household, enrol_child
from tests.support.groups import dissolve
from tests.support.person import Person
from tests.support.shown_writes import by_hand
from tests.support.statements import counted_statements
from tests.support.waiting import settled
from tests.support.world import World

GROUP = """{ nodes { id name colour viewerRole } edges { cursor }
    pageInfo { hasNextPage endCursor } }"""
TOGETHER = f"{{ me {{ id name phone realNamed groups {GROUP} }} }}"
# An argument leaves the groups to their own statements.
APART = f"{{ me {{ id name phone realNamed groups(first: 50) {GROUP} }} }}"


async def read_both_ways(person: Person) -> list[dict[str, Any]]:
    found = (await person.ask(TOGETHER))["me"]
    assert found == (await person.ask(APART))["me"]
    assert found["phone"] == person.phone
    nodes: list[dict[str, Any]] = found["groups"]["nodes"]
    return nodes


async def test_whoever_asks_sees_the_same_either_way(world: World) -> None:
    household = await a_household(world)
    creator, [guardian] = household.creator, household.parents
    assert len(await read_both_ways(creator)) == 1
    assert [one["viewerRole"] for one in await read_both_ways(guardian)] == [None]
    assert await read_both_ways(await world.someone()) == []
    nobody_yet = world.stranger()
    await nobody_yet.sign_in()
    assert await read_both_ways(nobody_yet) == []


async def test_who_is_in_a_group_and_guards_in_another_sees_both(world: World) -> None:
    household = await a_household(world)
    [guardian] = household.parents
    own = await guardian.create_group()
    seen = {one["id"]: one["viewerRole"] for one in await read_both_ways(guardian)}
    assert seen == {household.group_id: None, own: "CREATOR"}
    await enrol_child(guardian, await guardian.invite(own), world.stranger())
    assert {one["id"] for one in await read_both_ways(guardian)} == set(seen)


async def test_a_dissolved_group_is_gone(world: World) -> None:
    person = await world.real_person()
    kept, dissolved = await person.create_group(), await person.create_group()
    await dissolve(person, dissolved)
    assert [one["id"] for one in await read_both_ways(person)] == [kept]


async def test_whose_person_is_hidden_has_neither_name_nor_groups(world: World) -> None:
    person = await world.real_person()
    await person.create_group()
    viewer = decode_id((await person.ask("{ me { id } }"))["me"]["id"], "Me")
    await Account.filter(id=viewer).update(person_shown=False)
    assert await read_both_ways(person) == []
    assert (await person.ask(TOGETHER))["me"]["name"] is None


async def test_more_groups_than_a_page_has_go_on_behind_its_cursor(world: World) -> None:
    person = await world.real_person()
    first = await Group.get(id=decode_id(await person.create_group(), "Group"))
    membership = await Membership.get(group_id=first.id)
    for number in range(51):
        await copy_of(first, membership, number)
    seen = await read_both_ways(person)
    assert len(seen) == 50
    dissolved = decode_id(seen[7]["id"], "Group")
    async with by_hand(dissolved):
        await Group.filter(id=dissolved).update(dissolved_at=first.created_at)
    assert len(await read_both_ways(person)) == 50


async def copy_of(group: Group, membership: Membership, number: int) -> None:
    """Put the member into a group more, in which everything is as in this one."""
    copied = Group(**{name: getattr(group, name) for name in Group._meta.db_fields})
    copied.id, copied.name = uuid4(), f"{group.name} {number}"
    entry = Membership(**{name: getattr(membership, name) for name in Membership._meta.db_fields})
    entry.id, entry.group_id = uuid4(), copied.id
    entry.joined_at = membership.joined_at + timedelta(seconds=number + 1)
    async with by_hand(copied.id):
        await copied.save(force_create=True)
        await entry.save(force_create=True)


async def test_the_same_groups_are_shown_twice_with_other_fields(world: World) -> None:
    person = await world.real_person()
    group_id = await person.create_group()
    found = await person.ask(
        "{ a: me { groups { nodes { id } } } b: me { groups { nodes { name } } name }"
        " c: me { x: groups { nodes { colour } } y: groups { edges { node { id name } } } } }"
    )
    assert found["a"]["groups"]["nodes"] == [{"id": group_id}]
    [named] = found["b"]["groups"]["nodes"]
    assert found["c"]["y"]["edges"] == [{"node": {"id": group_id, "name": named["name"]}}]
    assert found["b"]["name"] == person.name


async def test_cursors_are_read_where_somebody_asks_for_them(world: World) -> None:
    person = await world.real_person()
    await person.create_group()
    cursors = "groups { edges { cursor } pageInfo { endCursor } }"
    [asked] = (await person.ask(f"{{ me {{ {cursors} }} }}")).values()
    both = await person.ask(f"{{ plain: me {{ groups {{ nodes {{ id }} }} }} me {{ {cursors} }} }}")
    assert both["me"] == asked
    assert asked["groups"]["pageInfo"]["endCursor"]


async def test_it_takes_one_statement(world: World) -> None:
    person = await world.real_person()
    await person.create_group()
    await settled(world)
    await person.ask(TOGETHER)
    with counted_statements() as statements:
        await person.ask(TOGETHER)
    assert len(statements.of('FROM "session"')) == 1
    assert statements.of('FROM "membership"', 'FROM "person"', 'FROM "guardianship"') == []


async def test_an_ended_session_is_nobodys_at_once(world: World) -> None:
    person = await world.real_person()
    other = await person.second_device()
    await read_both_ways(person)
    await person.ask("mutation { signOut { errors { code } } }")
    for query in (TOGETHER, APART, "{ me { phone } }"):
        assert await person.error_code(query) == "UNAUTHENTICATED"
    assert len(await read_both_ways(other)) == 0
