"""Who looked at or exported whose data, told truly: also after leaving, never too much (R43)."""

from typing import Any

from tests.support.clock import pass_time, today
from tests.support.families import a_household, add_relative, enrol, members_listed
from tests.support.groups import a_group
from tests.support.leaves import former_of, leave
from tests.support.members import Profile, member_id_of
from tests.support.person import Person
from tests.support.reports import a_report, link, works
from tests.support.waiting import eventually
from tests.support.world import World

ACCESSES = """query($first: Int, $after: String) { me { accesses(first: $first, after: $after) {
    nodes { by groupName kind day firstAt lastAt } pageInfo { hasNextPage endCursor } } } }"""
LOOK = "query($id: ID!) { group(id: $id) { members { nodes { healthCode } } } }"


async def accesses(person: Person, **page: Any) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = (await person.ask(ACCESSES, **page))["me"]["accesses"]["nodes"]
    return nodes


async def names_seen(person: Person) -> list[list[str]]:
    query = "{ me { accesses { nodes { personNames } } } }"
    return [seen["personNames"] for seen in (await person.ask(query))["me"]["accesses"]["nodes"]]


async def test_looks_at_former_members_are_shown_to_them_for_30_days(world: World) -> None:  # R43
    creator, group_id, (member, other) = await a_group(world, members=2)
    await leave(member, group_id, creator)
    await pass_time(creator, member, other, days=1)
    before = await accesses(member)
    assert [seen["kind"] for seen in before] == ["VIEWED"]  # of the day they were in
    await former_of(creator, group_id)
    after = await accesses(member)
    assert len(after) == 2 and after[0]["day"] > after[1]["day"]
    await pass_time(creator, member, other, days=28, hours=23)
    assert len(await accesses(member)) == 2
    await pass_time(creator, member, other, hours=2)
    # They are listed nowhere any more, once what came due is erased.
    await eventually(lambda: accesses(member), lambda seen: seen == [])


async def test_looks_at_members_are_nothing_to_who_left_or_came_later(world: World) -> None:  # R43
    creator, group_id, (member, other) = await a_group(world, members=2)
    [in_time] = await accesses(member)
    await leave(member, group_id, creator)
    await creator.ask(LOOK, id=group_id)
    assert await accesses(member) == [in_time]  # the last look is as long ago as it was
    [seen] = await accesses(other)
    assert seen["lastAt"] > in_time["lastAt"] and seen["firstAt"] == in_time["firstAt"]
    late = await world.someone()
    await late.join(await creator.invite(group_id))
    await former_of(creator, group_id)  # it lists the members, too
    [at_all] = await accesses(late)
    assert at_all["firstAt"] > seen["lastAt"]


async def test_a_guardian_goes_on_reading_what_was_done_to_a_ward_who_left(
    world: World,
) -> None:  # R43
    household = await a_household(world, parents=2)
    creator, (mother, father) = household.creator, household.parents
    await members_listed(creator, household.group_id)
    noted = await accesses(mother)
    assert len(noted) == 1
    await creator.change("removeMember", "__typename", memberId=household.member_id)
    assert await accesses(mother) == noted == await accesses(father)
    await pass_time(creator, mother, father, days=1)
    await former_of(creator, household.group_id)
    assert len(await accesses(mother)) == len(await accesses(father)) == 2
    assert await accesses(await world.real_person()) == []


async def test_a_guardian_is_told_whose_details_were_looked_at(world: World) -> None:  # R43
    household = await a_household(world)
    parent, creator, group_id = household.parent, household.creator, household.group_id
    sibling = world.stranger()
    await enrol(parent, household.token, await add_relative(parent, sibling))
    await members_listed(creator, group_id)
    both = sorted([household.child.name, sibling.name])
    assert await names_seen(parent) == [both]  # one look at both
    await creator.change("removeMember", "__typename", memberId=household.member_id)
    await pass_time(creator, parent, days=1)
    await members_listed(creator, group_id)
    assert await names_seen(parent) == [[sibling.name], both]
    await former_of(creator, group_id)
    assert await names_seen(parent) == [both, both]  # now also at who left


async def test_an_export_is_told_to_who_is_in_it(world: World) -> None:  # R37, R43
    group_id, (creator, member, leaver) = await a_report(world, Profile("员"), Profile("离"))
    yesterday = await today(world)
    await leave(leaver, group_id, creator)
    await pass_time(creator, member, leaver, days=1)
    late = await world.someone()
    await late.join(await creator.invite(group_id))
    made = await link(creator, group_id, yesterday)
    assert await works(world, made)

    async def exported(person: Person) -> list[str]:
        return [seen["day"] for seen in await accesses(person) if seen["kind"] == "EXPORTED"]

    assert await exported(member) == [(await today(world)).isoformat()]
    assert await exported(late) == []  # who joined today isn't in yesterday's report
    assert await exported(leaver) == []  # and who left isn't in any


async def test_paging_loses_nothing_that_is_touched_meanwhile(world: World) -> None:  # R43
    creator, group_id, (member,) = await a_group(world)
    others = []
    for name in ("别的团体", "第三团体"):
        others.append(await creator.create_group(name=name))
        await member.join(await creator.invite(others[-1]))
        await creator.ask(LOOK, id=others[-1])
    page = (await member.ask(ACCESSES, first=1))["me"]["accesses"]
    names = [seen["groupName"] for seen in page["nodes"]]
    for touched in (group_id, *others):  # a new remark: there is something new to look at
        member_id = await member_id_of(member, touched)
        await creator.change("updateMemberRemark", "", memberId=member_id, remark="新")
        await creator.ask(LOOK, id=touched)
    while page["pageInfo"]["hasNextPage"]:
        cursor = page["pageInfo"]["endCursor"]
        page = (await member.ask(ACCESSES, first=1, after=cursor))["me"]["accesses"]
        names += [seen["groupName"] for seen in page["nodes"]]
    assert names == ["第三团体", "别的团体", "第一小学"]
