"""Lists that are given: every one that the schema takes is walked, as long as may be and longer."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)

from app.domain.costs import IN_LIST
from app.schema import build_schema
from tests.support.person import Person
from tests.support.world import World

SCHEMA: Final = build_schema()._schema
Path = tuple[tuple[str, str], ...]  # fields with their arguments, outermost first
# What isn't reached on the way from the root: its arguments are those of another field.
WAYS: Final[dict[str, Path]] = {
    "Query": (),
    "Mutation": (),
    "Subscription": (),
    "Group": (("group", "(id: $group)"),),
    "Organisation": (("organisation", "(id: $group)"),),
    "Me": (("me", ""),),
}


@dataclass(frozen=True)
class Taken:
    """A list that an argument of a field is, or holds."""

    parent: str
    field: str
    argument: str
    within: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join([self.parent, self.field, self.argument, *self.within])


def lists() -> Iterator[Taken]:
    for typename, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not typename.startswith("__"):
            for name, field in kind.fields.items():
                for argument, given in field.args.items():
                    for within in _within(given.type, ()):
                        yield Taken(typename, name, argument, within)


def _within(kind: GraphQLInputType, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    bare = get_nullable_type(kind)
    if isinstance(bare, GraphQLList):
        yield path
        bare = get_nullable_type(bare.of_type)
    if isinstance(bare, GraphQLInputObjectType):
        for name, field in bare.fields.items():
            yield from _within(field.type, (*path, name))


LISTS: Final = list(lists())
CONTENTS: Final = {"Int": 1, "ID": "R3JvdXA6MQ==", "String": "x", "Boolean": True}


def filling(kind: GraphQLInputType, within: tuple[str, ...] | None, number: int, group: str) -> Any:
    """A value of a type; the list at ``within`` has ``number`` values, all else what it must."""
    bare = get_nullable_type(kind)
    if isinstance(bare, GraphQLList):
        one = filling(bare.of_type, within or None, number, group)
        return [one] * (number if within == () else 1)
    if isinstance(bare, GraphQLInputObjectType):
        return {
            name: filling(
                field.type, within[1:] if within and within[0] == name else None, number, group
            )
            for name, field in bare.fields.items()
            if is_required_input_field(field) or (within and within[0] == name)
        }
    if isinstance(bare, GraphQLEnumType):
        return next(iter(bare.values))
    return group if str(bare) == "ID" else CONTENTS.get(str(bare), "x")


def asked(taken: Taken, number: int, group: str) -> tuple[str, dict[str, Any]]:
    """The operation that gives the list, with as many values."""
    parent = SCHEMA.type_map[taken.parent]
    assert isinstance(parent, GraphQLObjectType)
    field = parent.fields[taken.field]
    arguments: dict[str, GraphQLArgument | GraphQLInputField] = {
        name: one
        for name, one in field.args.items()
        if name == taken.argument or is_required_argument(one)
    }
    variables = {
        name: filling(one.type, taken.within if name == taken.argument else None, number, group)
        for name, one in arguments.items()
    }
    given = ", ".join(f"{name}: ${name}" for name in arguments)
    below = " { __typename }" if is_composite_type(get_named_type(field.type)) else ""
    text = f"{taken.field}({given}){below}"
    for name, with_arguments in reversed(WAYS[taken.parent]):
        text = f"{name}{with_arguments} {{ {text} }}"
    declared = ", ".join(f"${name}: {one.type}" for name, one in arguments.items())
    kind = taken.parent.lower() if taken.parent in ("Mutation", "Subscription") else "query"
    if "$group)" in text:
        declared += ", $group: ID!"
        variables["group"] = group
    return f"{kind}({declared}) {{ {text} }}", variables


async def codes(person: Person, document: str, variables: dict[str, Any]) -> set[str]:
    """The codes of the errors that an operation is answered; of a subscription, at first."""
    if not document.startswith("subscription"):
        answer = await person.send(document, **variables)
        return {error["extensions"]["code"] for error in answer.get("errors", ())}
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {person.token}"}
    url, content = f"{person.url}/graphql/stream", {"query": document, "variables": variables}
    with suppress(TimeoutError):  # nothing has happened yet, which is no error
        async with (
            asyncio.timeout(1),
            person.world.http.stream("POST", url, json=content, headers=headers) as events,
        ):
            async for line in events.aiter_lines():
                if line.startswith("data: "):
                    errors = json.loads(line.removeprefix("data: ")).get("errors", ())
                    return {error["extensions"]["code"] for error in errors}
    return set()


@pytest.mark.parametrize("taken", LISTS, ids=str)
async def test_a_list_is_refused_too_long_and_else_no_surprise(world: World, taken: Taken) -> None:
    person = await world.real_person()
    group = await person.create_group()
    assert await codes(person, *asked(taken, IN_LIST + 1, group)) == {"TOO_COSTLY"}
    assert "INTERNAL" not in await codes(person, *asked(taken, IN_LIST, group))


async def test_a_list_in_the_document_is_bounded_too(world: World) -> None:
    person = await world.real_person()
    group = await person.create_group()
    ones = "GREEN " * (IN_LIST + 1)
    query = (
        f"query($id: ID!) {{ group(id: $id) {{ membersCount(where: {{healthCodes: [{ones}]}}) }} }}"
    )
    assert await codes(person, query, {"id": group}) == {"TOO_COSTLY"}


@pytest.mark.parametrize("below", ["doses", "testWindows"])
async def test_a_hundred_counts_by_a_long_list_are_no_surprise(world: World, below: str) -> None:
    """All of them become one statement, which has only so many parameters."""
    person = await world.real_person()
    group = await person.create_group()
    values = {"doses": list(range(-500, 500)), "testWindows": ["H24", "OLDER"] * 500}[below]
    counts = " ".join(f"n{number}: membersCount(where: $where)" for number in range(100))
    query = f"query($id: ID!, $where: MemberFilter) {{ group(id: $id) {{ {counts} }} }}"
    found = await person.send(query, id=group, where={below: values})
    assert set(found["data"]["group"].values()) <= {0, 1}
    assert "errors" not in found


async def test_many_nodes_many_times_cost_too_much(world: World) -> None:
    person = await world.real_person()
    group = await person.create_group()
    for ids in ([group] * 500, ["made-up"] * 500):
        some = " ".join(f"n{number}: nodes(ids: $ids) {{ id }}" for number in range(100))
        query = f"query($ids: [ID!]!) {{ {some} }}"
        assert await codes(person, query, {"ids": ids}) == {"TOO_COSTLY"}
