"""What is completed by functions made once is what graphql-core completes, to the byte."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from tortoise import Model
from tortoise.queryset import QuerySet

from app import models
from app.models.columns import UNLESS
from app.models.reading import read
from app.resolvers.group_row import GROUP_ALWAYS, GROUP_COLUMNS
from app.resolvers.member_fields import MEMBER_COLUMNS
from tests.support.both_ways import BothWays
from tests.support.executors import types_executed
from tests.support.families import add_relative, enrol
from tests.support.members import Profile, appoint, group_of, member_id_of
from tests.support.records import nat, shots
from tests.support.refreshes import refresh
from tests.support.selections import Selections
from tests.support.waiting import settled
from tests.support.world import World

SEEDS: Final = range(60)  # of each, a query a role
ROLES: Final = ("creator", "admin", "member", "guardian", "outsider")


@dataclass(kw_only=True)
class Cast(BothWays):
    """A group in which there is something to see of everything, and who looks at it."""

    group_id: str
    member_id: str


@pytest.fixture(scope="module")
async def players(world: World) -> Cast:
    """A creator, an admin, members in all states, a guardian of a child; and an outsider."""
    now = datetime.fromisoformat(await world.now())
    negative = {"tests": [nat(now, 3), nat(now, 30)], "vaccinations": shots(2)}
    group_id, people = await group_of(
        world,
        Profile("王一", record=negative),
        Profile("李二", "一班", {"health_code": "RED"}),
        Profile("张三", "二班", {"health_code": "YELLOW", "tests": [nat(now, 30)]}),
        Profile("陈四", "", None),
        Profile("周五", "三班", {"tests": [nat(now, 0, "PENDING")]}),
        Profile("吴六", "三班", {"health_code": "RED", "tests": [nat(now, 1, "POSITIVE")]}),
        natValidity="H24",
    )
    creator, admin, member, *_, withheld = people
    own = await member_id_of(withheld, group_id)
    await withheld.change("withdrawConsent", "member { id }", memberId=own)
    await appoint(creator, group_id, admin)
    guardian, child = await world.real_person(), world.stranger()
    relative_id = await add_relative(guardian, child)
    await enrol(guardian, await creator.invite(group_id), relative_id)
    await refresh(creator, group_id)
    await settled(world)
    named = dict(zip(ROLES, (creator, admin, member, guardian), strict=False))
    named["outsider"] = await world.real_person()
    own = await member_id_of(member, group_id)
    return Cast(people=named, group_id=group_id, member_id=own)


@pytest.mark.parametrize("role", ROLES)
async def test_random_queries_are_answered_alike(players: Cast, role: str) -> None:
    schema = players.reference._schema
    for seed in SEEDS:
        makes = Selections(schema, seed)
        root, type_, id_ = (
            ("group(id: $id)", "Group", players.group_id),
            ("me", "Me", players.group_id),
            ("node(id: $id)", "Node", players.member_id),
        )[seed % 3]
        query = makes.operation(root, type_)
        for yes, no in ((True, False), (False, True)):
            given = {"yes": yes, "no": no} | ({"id": id_} if "$id" in root else {})
            expected, found = await players.answers(role, query, **given)
            assert found == expected, f"seed {seed}: {query}"
            assert "is never used" not in found


MEMBERS = """query($id: ID!) { group(id: $id) { members { nodes {
    id role healthCode joinedAt doses person { name student } latestTest { result testedAt }
    anomaly { reasons evidence { since code } }
} pageInfo { hasNextPage } } } }"""


async def test_a_query_is_answered_without_graphql_core(
    players: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each member alone graphql-core would execute some twenty fields."""
    executed = types_executed(monkeypatch)
    expected, found = await players.answers("creator", MEMBERS, id=players.group_id)
    assert found == expected and '"RED"' in found
    assert executed.count("Query") == 1
    assert executed.count("Member") > 20


PARTS = (
    "id role phone remark joinedAt __typename healthCode healthCodeAt doses asOf",
    "person { name idNumberMasked student } enrolledBy { name }",
    "latestTest { result testedAt }",
    "latestTest { sampledAt institution } vaccinations { dose date manufacturer }",
    "latestTest { result testedAt sampledAt institution __typename } asOf",
    "anomaly { id reasons openedAt nextChangeAt __typename }",
    "anomaly { reasons evidence { reason since code test { result } asOf } member { doses } }",
    "leaveRequest { byWithdrawal dueAt member { person { name } } } tests(first: 1) { result }",
)
LISTS = (
    "members {}",
    "members(last: 3) {}",
    "members(orderBy: {{field: NAME, direction: DESC}}) {}",
    'members(search: "三") {}',
    "members(where: {{healthCodes: [RED]}}) {}",
    "anomalies {{ nodes {{ member {} }} }}",
)


@pytest.mark.parametrize("role", ROLES)
async def test_every_part_of_members_is_answered_alike(players: Cast, role: str) -> None:
    """As columns and as rows: members without data, with a pending test, withheld, enrolled."""
    for part in (*PARTS, " ".join(PARTS[:2]), f"{PARTS[2]} {PARTS[5]}"):
        for listed in LISTS:
            nodes = f"{{ nodes {{ {part} }} }}" if "member {}" not in listed else f"{{ {part} }}"
            query = f"query($id: ID!) {{ group(id: $id) {{ {listed.format(nodes)} }} }}"
            expected, found = await players.answers(role, query, id=players.group_id)
            assert found == expected, query
            if role == "creator":
                assert "errors" not in json.loads(found), query


async def test_a_list_shows_tests_of_every_kind(players: Cast) -> None:
    query = "query($id: ID!) { group(id: $id) { members { nodes { latestTest { result } } } } }"
    _, found = await players.answers("creator", query, id=players.group_id)
    nodes = json.loads(found)["data"]["group"]["members"]["nodes"]
    results = [node["latestTest"] and node["latestTest"]["result"] for node in nodes]
    assert {"NEGATIVE", "PENDING", None} <= set(results) and "POSITIVE" not in results


ALL_WAYS = """query($id: ID!, $first: Int, $where: MemberFilter, $code: [HealthCode!] = [RED],
    $yes: Boolean = true, $search: String) {
    group(id: $id) { ...Counts again: id members(first: $first, search: $search, where: $where) {
        nodes { id ... on Node { __typename } anomaly @include(if: $yes) { reasons } }
        edges @skip(if: $yes) { node { role } } }
    viewerMembers { remark leaveRequest { dueAt } } refresh { run { id } } }
    me { name groups(roles: [CREATOR, MEMBER]) { nodes { id memberCount } } }
    mine: node(id: $id) { id ... on Group { name membersCount } ... on Member { remark } } }
    fragment Counts on Group { all: membersCount reds: membersCount(where: {healthCodes: $code})
        some: membersCount(where: $where) none: membersCount(where: null) }"""
VARIABLES: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"first": 2, "search": "wang", "yes": False},
    {"first": None, "where": None, "search": None, "yes": None},
    {"where": {"anomalous": True, "doses": [0, 2]}, "code": None},
    {"where": {"healthCodes": ["RED"]}, "code": "YELLOW", "first": 1},
    {"code": []},
    {"first": -1},
    {"first": "two"},
    {"where": {"unknown": 1}},
    {"search": "x" * 1000},
)


@pytest.mark.parametrize("role", ROLES)
async def test_variables_of_any_kind_are_answered_alike(players: Cast, role: str) -> None:
    for given in VARIABLES:
        expected, found = await players.answers(role, ALL_WAYS, id=players.group_id, **given)
        assert found == expected, given
        if not given and role == "creator":
            assert "errors" not in found and '"reds": 1' in found
    for wrong in ("nonsense", players.member_id):
        expected, found = await players.answers(role, ALL_WAYS, id=wrong)
        assert found == expected and "errors" in found


async def test_however_many_ways_there_are_to_select_it_is_answered_alike(players: Cast) -> None:
    """Functions are kept for so many of them; graphql-core answers the others."""
    names = [f"v{number}" for number in range(5)]
    defined = ", ".join(f"${name}: Boolean!" for name in names)
    parts = " ".join(f"{name}: name @include(if: ${name})" for name in names)
    query = f"query($id: ID!, {defined}) {{ group(id: $id) {{ id {parts} }} }}"
    for number in range(2 ** len(names)):
        chosen = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        expected, found = await players.answers("creator", query, id=players.group_id, **chosen)
        assert found == expected and found.count('"v') == number.bit_count()


def _columns_of(model: type[Model]) -> dict[str, str]:
    return {name: name for name in sorted(model._meta.db_fields)}


async def _read_both_ways(query: QuerySet[Any], columns: dict[str, str]) -> list[dict[str, Any]]:
    """Read rows as lists do; assert that Tortoise reads each value just so, of the same type."""
    found = await read(query, columns)
    expected = await query.values(**columns)
    assert found == expected
    for row, same in zip(found, expected, strict=True):
        for name, value in row.items():
            assert isinstance(value, type(same[name])), name
            assert not isinstance(value, datetime) or value.utcoffset() == timedelta(0), name
    return found


async def test_rows_are_read_as_tortoise_reads_them(players: Cast) -> None:
    """Every column of every table, and every column of a member and a group by its path."""
    tables = [model for model in vars(models).values() if _is_table(model)]
    filled = [
        model
        for model in tables
        if await _read_both_ways(model.all().order_by(model._meta.pk_attr), _columns_of(model))
    ]
    assert {models.Person, models.HealthRecord, models.Anomaly, models.Group} <= set(filled)
    paths = {**GROUP_ALWAYS}
    for table in (MEMBER_COLUMNS, GROUP_COLUMNS):
        paths |= {path: path for columns in table.values() for path in columns.values()}
    paths = {name: path for name, path in paths.items() if UNLESS not in path}
    ordered = models.Membership.all().order_by("id")
    rows = await _read_both_ways(ordered, paths)
    assert len(rows) > 4 and any(row["anomaly__reasons"] for row in rows)
    assert await _read_both_ways(ordered.filter(role=None), paths) == []


async def test_tests_are_read_only_of_who_has_no_result(players: Cast) -> None:
    record = "person__record__"
    columns = {
        "pending": f"{record}tests{UNLESS}newest_result",  # not last, as in the statement
        "result": f"{record}newest_result",
        "tests": f"{record}tests",
    }
    rows = await read(models.Membership.all(), columns)
    for row in rows:
        assert row["pending"] == (row["tests"] if row["result"] is None else None)
    assert any(row["pending"] for row in rows) and any(row["result"] for row in rows)


def _is_table(model: object) -> bool:
    return isinstance(model, type) and issubclass(model, Model)
