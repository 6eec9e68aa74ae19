"""What operations cost, what they may cost, and what is left of a minute's points."""

from typing import Final

from tests.support.costs import cost_of, dry_cost
from tests.support.world import World

MEMBER: Final = (
    "id phone remark role joinedAt healthCode healthCodeAt doses asOf"
    " person { name idNumberMasked student } enrolledBy { name }"
    " latestTest { result testedAt sampledAt institution }"
    " anomaly { reasons openedAt nextChangeAt } leaveRequest { reason dueAt }"
)
DASHBOARD: Final = (
    "query($id: ID!, $first: Int) { group(id: $id) { "
    + " ".join(f"c{n}: membersCount(where: {{doses: [{n}]}})" for n in range(30))
    + f" members(first: $first) {{ nodes {{ {MEMBER} }} pageInfo {{ endCursor }} }} }} }}"
)


async def test_a_dashboard_passes_and_its_cost_follows_the_page_size(world: World) -> None:
    creator = await world.real_person()
    group_id = await creator.create_group()
    large = await cost_of(creator, DASHBOARD, id=group_id, first=500)
    small = await cost_of(creator, DASHBOARD, id=group_id, first=10)
    untold = await cost_of(creator, DASHBOARD, id=group_id)
    assert 3000 < small["requested"] < untold["requested"] < large["requested"]
    assert large["requested"] < large["operationLimit"] == 50_000
    per_row = (large["requested"] - small["requested"]) / 490
    assert untold["requested"] - small["requested"] == 40 * per_row
    # Without limits a minute has none to tell of.
    assert (large["limit"], large["remaining"], large["resetsAt"]) == (None, None, None)


async def test_both_ways_to_a_node_and_fragments_that_repeat_cost_once(world: World) -> None:
    someone = await world.someone()
    page = "{ me { groups(first: 10) { %s } } }"
    _, nodes = await dry_cost(someone, page % "nodes { id name }")
    _, edges = await dry_cost(someone, page % "edges { cursor node { id name } }")
    assert nodes == 10 + 10 * 4 + 10 * (1 + 2)
    assert edges == nodes + 10 * (1 + 1)
    repeated = page % "nodes { ...A ...A id } nodes { ... on Group { name } }"
    _, once = await dry_cost(someone, repeated + " fragment A on Group { id name }")
    assert once == nodes
    _, bare = await dry_cost(someone, page % "pageInfo { hasNextPage }")
    assert bare == 10 + 10 * 4 + 2  # the rows are read all the same


async def test_variables_decide_also_what_is_skipped_and_how_many_ids(world: World) -> None:
    someone = await world.someone()
    paged = "query($n: Int = 20) { me { groups(last: $n) { nodes { id } } } }"
    assert (await dry_cost(someone, paged))[1] == 10 + 20 * 6
    assert (await dry_cost(someone, paged, {"n": 7}))[1] == 10 + 7 * 6
    assert (await dry_cost(someone, paged, {"n": None}))[1] == 10 + 50 * 6
    assert (await dry_cost(someone, paged, {"n": 10**6}))[1] == 10 + 500 * 6
    skipping = "query($y: Boolean!) { me { name relatives @include(if: $y) { id } } }"
    shown, hidden = [(await dry_cost(someone, skipping, {"y": y}))[1] for y in (True, False)]
    assert (shown, hidden) == (11 + 10 * 11, 11)
    nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert (await dry_cost(someone, nodes, {"ids": ["a"] * 30}))[1] == 30 * 11


async def test_the_first_answer_of_each_operation_of_a_connection_tells_its_cost(
    world: World,
) -> None:
    creator = await world.real_person()
    group_id = await creator.create_group()
    await creator.change("updateGroup", "group { id }", groupId=group_id, name="第二小学")
    query = "subscription($id: ID!) { groupEvents(groupId: $id, after: 0) { __typename } }"
    async with creator.socket() as socket:
        await socket.subscribe(query, id=group_id)
        first = (await socket.receive())["payload"]
        second = (await socket.receive())["payload"]
    assert first["extensions"]["cost"]["requested"] == 101
    assert not second.get("extensions")


async def test_a_dry_run_over_a_socket_is_one_answer_also_for_a_subscription(world: World) -> None:
    query = 'subscription { groupEvents(groupId: "x") { __typename } }'
    async with world.stranger().socket() as socket:
        payload = {"query": query, "extensions": {"dryRun": True}}
        await socket.send(id="1", type="subscribe", payload=payload)
        answer, end = await socket.receive(), await socket.receive()
    assert (answer["type"], end["type"]) == ("next", "complete")
    assert answer["payload"]["data"] is None
    assert answer["payload"]["extensions"]["cost"]["requested"] == 101


async def test_nothing_is_counted_for_less_than_it_does(world: World) -> None:
    someone = await world.someone()
    paged = "query($n: Int) { me { groups(first: $n) { nodes { id } } } }"
    assert (await dry_cost(someone, paged, {"n": 500.0}))[1] == 10 + 500 * 6
    # Types that never meet may give one key to different fields.
    either = (
        "{ node(id: 1) { ... on Me { x: groups(first: 0) { nodes { id } } }"
        " ... on Group { x: members(first: 500) { nodes { id } } } } }"
    )
    assert (await dry_cost(someone, either))[1] == 10 + 500 * 6
    conditional = """query($no: Boolean = false) { me {
      ... @include(if: $no) { groups(first: 0) { nodes { id } } }
      ... on Me { groups(first: 0) { nodes { name } } }
      x: groups(first: 9) @skip(if: $no) { nodes { id } }
    } }"""
    assert (await dry_cost(someone, conditional))[1] == 10 + 9 * 6
