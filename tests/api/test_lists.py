"""The list of members: searched and ordered (R15)."""

import pytest

from tests.support.groups import fill
from tests.support.lists import CREATOR, EVERYONE, NAMES, MixedGroup, mixed_group
from tests.support.members import Profile, group_of, member_id_of
from tests.support.statements import counted_statements
from tests.support.waiting import settled
from tests.support.world import World

ORDERED = """query($id: ID!, $search: String!) { group(id: $id) {
    members(search: $search, orderBy: {field: NAME}, first: 50) { nodes { id remark } } } }"""


@pytest.fixture(scope="module")
async def mixed(world: World) -> MixedGroup:
    return await mixed_group(world)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", EVERYONE),
        ("三", ["张三", "曾国", "小曾"]),  # a part, of the name or the remark
        ("zhangs", ["张三"]),  # pinyin
        ("ZENG", ["曾国", "小曾"]),
        ("zg", ["曾国"]),  # initials
        ("lvb", ["吕布"]),
        ("an", [name for name in EVERYONE if name != "吕布"]),
        ("2班", ["张三"]),
        ("%", ["李安"]),  # no wildcards
        ("100%", ["李安"]),
        ("_", ["Anna Lee"]),
        ("a_b", ["Anna Lee"]),
        ("  张三 ", ["张三"]),
        ("nobody", []),
    ],
)
async def test_a_fuzzy_search_finds_parts_pinyin_and_initials(  # R15
    mixed: MixedGroup, search: str, found: list[str]
) -> None:
    seen = await mixed.ask(search=search)
    names = [node["person"]["name"] for node in seen["members"]["nodes"]]
    assert sorted(names) == sorted(found)
    assert names == [name for name in EVERYONE if name in found]  # still as they joined
    assert seen["membersCount"] == len(found)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("张三", ["张三"]),
        ("张", []),
        ("zhangsan", []),
        ("anna lee", ["Anna Lee"]),
        ("1000", ["安娜"]),
        ("100%", ["李安"]),
        ("a%", []),
        ("a_b", ["Anna Lee"]),
    ],
)
async def test_an_exact_search_finds_the_whole_name_or_remark(  # R15
    mixed: MixedGroup, search: str, found: list[str]
) -> None:
    seen = await mixed.ask(search=search, exact=True)
    assert [node["person"]["name"] for node in seen["members"]["nodes"]] == found
    assert seen["membersCount"] == len(found)


@pytest.mark.parametrize("field", ["members { nodes", "membersCount"])
async def test_a_search_may_not_be_too_long(mixed: MixedGroup, field: str) -> None:  # R15
    name, _, rest = field.partition(" ")
    query = f"query($id: ID!, $search: String!) {{ group(id: $id) {{ {name}(search: $search) "
    query += "{ nodes { id } } } }" if rest else "} }"
    assert await mixed.creator.ask(query, id=mixed.group_id, search="x" * 60)
    code = await mixed.creator.error_code(query, id=mixed.group_id, search="x" * 61)
    assert code == "BAD_USER_INPUT"


# Of those who are alike in what decides, whoever has the lower id is first: sorted out below.
@pytest.mark.parametrize(
    ("field", "order"),
    [
        ("JOINED_AT", [[name] for name in EVERYONE]),
        (
            "NAME",
            [["安娜"], ["Anna Lee"], ["李安"], ["吕布"], [CREATOR], ["小曾"], ["曾国"], ["张三"]],
        ),
        (
            "REMARK",
            [[CREATOR], ["李安"], ["安娜"], ["Anna Lee"], ["吕布"], ["张三"], ["小曾"], ["曾国"]],
        ),
        (
            "HEALTH_CODE",
            [["张三", "曾国", "小曾", CREATOR], ["安娜", "吕布"], ["李安"], ["Anna Lee"]],
        ),
        (
            "TEST_AGE",
            [["小曾"], ["张三"], ["李安"], ["Anna Lee"], ["安娜"], ["曾国"], [CREATOR, "吕布"]],
        ),
    ],
)
async def test_members_are_ordered_in_both_directions(  # R15
    mixed: MixedGroup, field: str, order: list[list[str]]
) -> None:
    ascending = await mixed.names(by={"field": field})
    positions = iter(ascending)
    assert [sorted(next(positions) for _ in alike) for alike in order] == [
        sorted(alike) for alike in order
    ]
    assert await mixed.names(by={"field": field, "direction": "DESC"}) == ascending[::-1]
    searched = await mixed.names(by={"field": field}, search="an")
    assert searched == [name for name in ascending if name != "吕布"]


async def test_nobody_but_managers_search_and_filter(
    mixed: MixedGroup, world: World
) -> None:  # R17
    member = await world.someone()
    await member.join(await mixed.creator.invite(mixed.group_id))
    for field in ('membersCount(search: "x")', 'members(search: "x") { nodes { id } }'):
        query = f"query($id: ID!) {{ group(id: $id) {{ {field} }} }}"
        assert await member.error_code(query, id=mixed.group_id) == "FORBIDDEN"
    leaving = await member_id_of(member, mixed.group_id)
    await mixed.creator.change("removeMember", "__typename", memberId=leaving)
    assert await member.error_code(query, id=mixed.group_id) == "NOT_FOUND"


async def test_a_searched_page_of_500_costs_few_statements(world: World) -> None:  # R15
    group_id, [creator] = await group_of(world, Profile(CREATOR))
    await fill(group_id, 499)
    await settled(world)
    for query in (ORDERED, NAMES):
        await creator.ask(query, id=group_id, search="sannian")  # notes that they were read
        costs: list[list[str]] = []
        for _ in range(3):  # background work adds to one of them, if at all
            with counted_statements() as statements:
                answer = await creator.ask(query, id=group_id, search="sannian")
            assert len(answer["group"]["members"]["nodes"]) == 50
            costs.append([sql for sql in statements.seen if "due_work" not in sql])
        fewest = min(costs, key=len)
        assert len(fewest) <= (4 if query is ORDERED else 6), "\n".join(fewest)
