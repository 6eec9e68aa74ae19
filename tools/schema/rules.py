"""The habits of the schema, each a function that yields what breaks it."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from typing import Final, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    NullValueNode,
    get_named_type,
    get_nullable_type,
    is_required_argument,
    is_required_input_field,
)

from tools.schema.walk import (
    Given,
    deprecations_of,
    descriptions_of,
    fields_of,
    given_of,
    objects_of,
    types_of,
    values_of,
)

Findings: TypeAlias = Iterator[str]

_TYPE: Final = re.compile(r"[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)*")
_FIELD: Final = re.compile(r"[a-z]+[0-9]*(?:[A-Z][a-z0-9]*)*")
_VALUE: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_INPUT: Final = re.compile(r"\w+(?:Input|Filter|Order|Condition)")
_SENTENCE: Final = re.compile(r"[A-Z0-9\u4e00-\u9fff\"“`].*[.?。？”`]", re.DOTALL)
_NO_SWITCH: Final = re.compile(r"(?:is|has|should|not|no|non|dis|without)(?:[A-Z]\w*)?|disabled?")
_DEPRECATED: Final = re.compile(r"Deprecated (\d{4}-\d{2}-\d{2}): \S.*\.", re.DOTALL)
_PAGE: Final = {"first": "Int", "after": "String", "last": "Int", "before": "String"}
_TIME: Final = re.compile(r"\w+At|until|since")
_DAY: Final = re.compile(r"day|date")
_COUNT: Final = re.compile(r"count|total|\w+(?:Count|Seconds)")


def everything_is_described(schema: GraphQLSchema) -> Findings:
    """Everything has a description, in whole sentences."""
    for coordinate, description in descriptions_of(schema):
        if not description:
            yield f"{coordinate} has no description"
        elif not _SENTENCE.fullmatch(description):
            yield f"{coordinate}'s description is no sentence: {description}"


def names_are_spelled_alike(schema: GraphQLSchema) -> Findings:
    """Types are PascalCase, fields and arguments camelCase, values SCREAMING_SNAKE."""
    for kind in types_of(schema):
        if not _TYPE.fullmatch(kind.name):
            yield f"{kind.name} isn't PascalCase"
        if isinstance(kind, GraphQLInputObjectType) and not _INPUT.fullmatch(kind.name):
            yield f"{kind.name} is an input: its name ends in Input, Filter, Order or Condition"
    for coordinate, name, _ in chain(fields_of(schema), given_of(schema)):
        if not _FIELD.fullmatch(name):
            yield f"{coordinate} isn't camelCase"
    for coordinate, name, _ in values_of(schema):
        if not _VALUE.fullmatch(name):
            yield f"{coordinate} isn't SCREAMING_SNAKE"


def names_tell_types(schema: GraphQLSchema) -> Findings:
    """``…At`` is a DateTime, ``…Id`` an ID, ``…Count`` an Int; what has ``id`` has ``ID!``."""
    named: dict[re.Pattern[str], str] = {
        _TIME: "DateTime",
        _DAY: "Date",
        _COUNT: "Int",
        re.compile(r"\w+Ids?|ids?"): "ID",
    }
    for coordinate, name, thing in chain(fields_of(schema), given_of(schema)):
        kind = get_named_type(thing.type).name
        for pattern, wanted in named.items():
            if pattern.fullmatch(name) and kind != wanted:
                yield f"{coordinate} is {kind}, and by its name {wanted}"
    for coordinate, name, field in fields_of(schema):
        if name == "id" and str(field.type) != "ID!":
            yield f"{coordinate} is {field.type}, not ID!"


def switches_are_named_plainly(schema: GraphQLSchema) -> Findings:
    """A Boolean is named by what is true: ``open``, not ``isOpen`` nor ``notOpen``."""
    for coordinate, name, thing in chain(fields_of(schema), given_of(schema)):
        if coordinate.startswith("PageInfo."):
            continue  # named by Relay
        if get_named_type(thing.type).name == "Boolean" and _NO_SWITCH.fullmatch(name):
            yield f"{coordinate}: name a Boolean by what is true, without is or not"


def null_means_absent(schema: GraphQLSchema) -> Findings:
    """What may be left out may be null, and has no default beside null."""
    for coordinate, _, thing in given_of(schema):
        if thing.default is not None and not isinstance(thing.default.literal, NullValueNode):
            yield f"{coordinate} has a default: take null, and say what it means"


def lists_hold_no_nulls(schema: GraphQLSchema) -> Findings:
    """A list holds no null; ``Query.nodes`` does, each with its error."""
    for coordinate, _, thing in chain(fields_of(schema), given_of(schema)):
        many = get_nullable_type(thing.type)
        if not isinstance(many, GraphQLList) or coordinate == "Query.nodes":
            continue
        if not isinstance(many.of_type, GraphQLNonNull):
            yield f"{coordinate} is {thing.type}, whose entries may be null"


def connections_are_alike(schema: GraphQLSchema) -> Findings:
    """A connection has edges, nodes and pageInfo, of a type with an id; it is read by pages."""
    for kind in types_of(schema):
        if kind.name.endswith("Connection") and isinstance(kind, GraphQLObjectType):
            node = kind.name.removesuffix("Connection")
            wanted = {"edges": f"[{node}Edge!]!", "nodes": f"[{node}!]!", "pageInfo": "PageInfo!"}
            if {name: str(field.type) for name, field in kind.fields.items()} != wanted:
                yield f"{kind.name} isn't {wanted}"
            listed = schema.type_map.get(node)
            if not isinstance(listed, GraphQLObjectType) or not _is_node(listed):
                yield f"{kind.name} lists {node}, which isn't a Node"
    for coordinate, _, field in fields_of(schema):
        if get_named_type(field.type).name.endswith("Connection"):
            given = {name: str(argument.type) for name, argument in field.args.items()}
            if not _PAGE.items() <= given.items():
                yield f"{coordinate} isn't read by first, after, last and before"


def what_has_an_id_is_a_node(schema: GraphQLSchema) -> Findings:
    """What has ``id`` is a Node, so that ``node`` finds it."""
    for kind in objects_of(schema):
        if "id" in kind.fields and kind.name != "Node" and not _is_node(kind):
            yield f"{kind.name} has an id and isn't a Node"


def _is_node(kind: GraphQLObjectType | GraphQLInterfaceType) -> bool:
    return "Node" in [interface.name for interface in kind.interfaces]


def mutations_are_alike(schema: GraphQLSchema) -> Findings:
    """A mutation takes one ``input`` called after it, or nothing; its payload may be null."""
    assert schema.mutation_type is not None
    for name, field in schema.mutation_type.fields.items():
        coordinate = f"Mutation.{name}"
        given = {key: str(argument.type) for key, argument in field.args.items()}
        if given and given != {"input": f"{name[0].upper()}{name[1:]}Input!"}:
            yield f"{coordinate} takes {given}"
        payload = field.type
        if not isinstance(payload, GraphQLObjectType) or not payload.name.endswith("Payload"):
            yield f"{coordinate} is {payload}, not a payload that may be null"
        elif "Payload" not in [interface.name for interface in payload.interfaces]:
            yield f"{payload.name} isn't a Payload"
        elif any(isinstance(result.type, GraphQLNonNull) for result in _results(payload)):
            yield f"{payload.name} has a result that can't be null: what is refused has none"


def _results(payload: GraphQLObjectType) -> list[GraphQLField]:
    return [field for name, field in payload.fields.items() if name != "errors"]


def operations_may_be_refused(schema: GraphQLSchema) -> Findings:
    """Whatever is asked first may be null, so that one refusal spoils nothing else."""
    for root in (schema.query_type, schema.subscription_type):
        for name, field in (root.fields if root else {}).items():
            if isinstance(field.type, GraphQLNonNull):
                yield f"{root}.{name} can't be null: its refusal would spoil everything beside it"


def deprecations_are_dated(schema: GraphQLSchema) -> Findings:
    """A deprecation says since when, and what to use; nothing required is deprecated."""
    for coordinate, reason in deprecations_of(schema):
        found = _DEPRECATED.fullmatch(reason)
        if found is None or not _is_date(found[1]):
            yield f"{coordinate}: write “Deprecated 2026-12-01: use …”, not: {reason}"
    for coordinate, _, thing in given_of(schema):
        if thing.deprecation_reason is not None and _is_required(thing):
            yield f"{coordinate} is required: who must give it can't avoid it"


def _is_required(thing: Given) -> bool:
    if isinstance(thing, GraphQLArgument):
        return is_required_argument(thing)
    return is_required_input_field(thing)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


RULES: Final[tuple[Callable[[GraphQLSchema], Findings], ...]] = (
    everything_is_described,
    names_are_spelled_alike,
    names_tell_types,
    switches_are_named_plainly,
    null_means_absent,
    lists_hold_no_nulls,
    connections_are_alike,
    what_has_an_id_is_a_node,
    mutations_are_alike,
    operations_may_be_refused,
    deprecations_are_dated,
)
