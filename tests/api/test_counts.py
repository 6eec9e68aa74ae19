"""Counts are as many as their lists hold, whatever is asked for, and whichever way (R15)."""

import random
from typing import Any, Final

import pytest

from tests.support.lists import MixedGroup, mixed_group
from tests.support.world import World

VALUES: Final[dict[str, list[Any]]] = {
    "healthCodes": ["GREEN", "YELLOW", "RED", "UNKNOWN", "WITHHELD"],
    "anomalyReasons": [
        "CODE_RED",
        "CODE_YELLOW",
        "CODE_UNKNOWN",
        "TEST_MISSING",
        "TEST_EXPIRED",
        "TEST_POSITIVE",
    ],
    "testWindows": ["H24", "H48", "H72", "D7", "OLDER", "NONE"],
    "testResults": ["NEGATIVE", "POSITIVE", "PENDING"],
    "doses": [0, 1, 2, 3, 3],
    "roles": ["CREATOR", "ADMIN", "MEMBER"],
}
SWITCHES: Final = ("anomalous", "student", "leaving")


@pytest.fixture(scope="module")
async def mixed(world: World) -> MixedGroup:
    return await mixed_group(world)


def some_where(chance: random.Random) -> dict[str, Any]:
    """Return a filter, mostly one that somebody meets."""
    names = chance.sample([*VALUES, *SWITCHES], chance.choice([0, 1, 1, 2, 2, 3]))
    return {
        name: chance.random() < 0.5
        if name in SWITCHES
        else chance.sample(VALUES[name], chance.randint(0, len(VALUES[name])))
        for name in names
    }


def literal(value: object) -> str:
    """Return a filter as a document has it."""
    match value:
        case dict():
            return f"{{{', '.join(f'{name}: {literal(one)}' for name, one in value.items())}}}"
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case bool():
            return str(value).lower()
        case _:
            return str(value)


@pytest.mark.parametrize("seed", range(4))
async def test_each_count_is_as_long_as_its_list(mixed: MixedGroup, seed: int) -> None:
    """Sent as variables and as literals, all at once and each by itself, twice each."""
    wheres = [some_where(random.Random(f"{seed} {number}")) for number in range(15)]
    given = {f"w{number}": where for number, where in enumerate(wheres)}
    declared = ", ".join(f"${name}: MemberFilter" for name in given)
    listed = " ".join(f"l{name}: members(where: ${name}) {{ nodes {{ id }} }}" for name in given)
    told = " ".join(f"c{name}: membersCount(where: ${name})" for name in given)
    written = " ".join(
        f"c{name}: membersCount(where: {literal(where)})" for name, where in given.items()
    )
    head = "query($id: ID!{}) {{ group(id: $id) {{ {} }} }}"
    lists = await mixed.creator.ask(
        head.format(f", {declared}", listed), id=mixed.group_id, **given
    )
    expected = {f"c{name}": len(lists["group"][f"l{name}"]["nodes"]) for name in given}
    assert len(set(expected.values())) > 2
    for _ in range(2):
        by_variables = head.format(f", {declared}", told)
        answer = await mixed.creator.ask(by_variables, id=mixed.group_id, **given)
        assert answer["group"] == expected, wheres
        answer = await mixed.creator.ask(head.format("", written), id=mixed.group_id)
        assert answer["group"] == expected, wheres
    for name, where in given.items():
        [count] = (
            await mixed.creator.ask(
                head.format("", f"membersCount(where: {literal(where)})"), id=mixed.group_id
            )
        )["group"].values()
        assert count == expected[f"c{name}"], where


async def test_counts_of_every_kind_stand_beside_each_other(mixed: MixedGroup) -> None:
    everyone = 8
    answer = await mixed.creator.ask(
        """query($id: ID!) { group(id: $id) {
            all: membersCount none: membersCount(where: {doses: []}) same: membersCount(where: {})
            green: membersCount(where: {healthCodes: [GREEN]})
            sought: membersCount(search: "三") greenSought: membersCount(
                search: "三", where: {healthCodes: [GREEN]}) } }""",
        id=mixed.group_id,
    )
    assert answer["group"] == {
        "all": everyone,
        "none": 0,
        "same": everyone,
        "green": 4,
        "sought": 3,
        "greenSought": 3,
    }
