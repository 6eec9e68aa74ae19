"""What ``make check`` says of a schema: habits that are broken, and clients who would be."""

from collections.abc import Callable
from typing import Final

import pytest
from graphql import GraphQLSchema, build_schema

from tools.schema import changes, rules
from tools.schema.__main__ import CURRENT, lint
from tools.schema.chinese import terms_are_the_glossarys, types_carry_their_term

SOUND: Final = '''
"""All queries."""
type Query {
  """One or several."""
  node(
    """Which."""
    id: ID!
  ): Node
  """Several."""
  groups("How many." first: Int, "Behind." after: String, "From the end." last: Int,
    "Ahead." before: String): GroupConnection
}
"""All mutations."""
type Mutation {
  """Opens one."""
  createGroup("The input." input: CreateGroupInput!): GroupPayload
}
"""What is given."""
input CreateGroupInput {
  """The name."""
  name: String!
  """Whether it is open."""
  open: Boolean
}
"""What every mutation answers."""
interface Payload {
  """Why not."""
  errors: [String!]!
}
"""What comes back."""
type GroupPayload implements Payload {
  """Why not."""
  errors: [String!]!
  """The group."""
  group: Group
}
"""Anything with an id."""
interface Node {
  """The id."""
  id: ID!
}
"""A group of people (团体)."""
type Group implements Node {
  """The id."""
  id: ID!
  """When it was opened."""
  createdAt: DateTime
  """Its colour."""
  colour: GroupColour @deprecated(reason: "Deprecated 2026-12-01: use `state`.")
}
"""The colour (颜色)."""
enum GroupColour {
  """Well (绿色)."""
  GREEN
}
"""A page of groups."""
type GroupConnection {
  """The edges."""
  edges: [GroupEdge!]!
  """The nodes."""
  nodes: [Group!]!
  """Where it is."""
  pageInfo: PageInfo!
}
"""A group and its cursor."""
type GroupEdge {
  """The cursor."""
  cursor: String!
  """The group."""
  node: Group!
}
"""Where a page is."""
type PageInfo {
  """Whether more follow."""
  hasNextPage: Boolean!
}
"""A time."""
scalar DateTime
'''

REQUIRED: Final = 'name: String! @deprecated(reason: "Deprecated 2026-12-01: use x.")'

# What is put in the place of what, the rule that it breaks, and of what the rule tells.
BROKEN: Final[list[tuple[str, str, Callable[..., rules.Findings], str]]] = [
    ('"""Whether it is open."""', "", rules.everything_is_described, "CreateGroupInput.open"),
    ("Which.", "which one", rules.everything_is_described, "Query.node(id:)"),
    ("createdAt", "created_at", rules.names_are_spelled_alike, "Group.created_at"),
    ("\n  GREEN", "\n  Green", rules.names_are_spelled_alike, "GroupColour.Green"),
    ("GroupEdge", "group_edge", rules.names_are_spelled_alike, "group_edge"),
    ("CreateGroupInput", "CreateGroupArguments", rules.names_are_spelled_alike, "Input"),
    ("createdAt: DateTime", "createdAt: String", rules.names_tell_types, "Group.createdAt"),
    ("node(\n", "nodeCount: Float node(\n", rules.names_tell_types, "Query.nodeCount"),
    ("id: ID!\n  ): Node", "groupId: String!\n  ): Node", rules.names_tell_types, "groupId"),
    ("open: Boolean", "isOpen: Boolean", rules.switches_are_named_plainly, "isOpen"),
    ("open: Boolean", "noAdmins: Boolean", rules.switches_are_named_plainly, "noAdmins"),
    ("open: Boolean", "open: Boolean = true", rules.null_means_absent, "CreateGroupInput.open"),
    ("first: Int", "first: Int! = 50", rules.null_means_absent, "Query.groups(first:)"),
    ("nodes: [Group!]!", "nodes: [Group]!", rules.lists_hold_no_nulls, "GroupConnection.nodes"),
    ("nodes: [Group!]!", "nodes: [Group!]", rules.connections_are_alike, "GroupConnection"),
    ('"Ahead." before: String', "", rules.connections_are_alike, "Query.groups"),
    ("Group implements Node", "Group", rules.connections_are_alike, "Group, which"),
    ("Group implements Node", "Group", rules.what_has_an_id_is_a_node, "Group has an id"),
    (" input: Create", " group: Create", rules.mutations_are_alike, "Mutation.createGroup"),
    ("): GroupPayload", "): GroupPayload!", rules.mutations_are_alike, "Mutation.createGroup"),
    ("): GroupPayload", "): Group", rules.mutations_are_alike, "Mutation.createGroup"),
    ("group: Group", "group: Group!", rules.mutations_are_alike, "GroupPayload"),
    ("): Node", "): Node!", rules.operations_may_be_refused, "Query.node"),
    ("Deprecated 2026-12-01: use", "Use", rules.deprecations_are_dated, "Group.colour"),
    ("2026-12-01", "2026-13-01", rules.deprecations_are_dated, "Group.colour"),
    ("name: String!", REQUIRED, rules.deprecations_are_dated, "CreateGroupInput.name is required"),
    ("people (团体)", "people", types_carry_their_term, "Group carries"),
    ("Well (绿色)", "Well", types_carry_their_term, "GroupColour.GREEN"),
]  # fmt: skip


def schema_of(text: str) -> GraphQLSchema:
    return build_schema(text, assume_valid_sdl=True)


def test_a_sound_schema_breaks_no_habit() -> None:
    sound = build_schema(SOUND)
    assert [finding for rule in rules.RULES for finding in rule(sound)] == []
    assert list(types_carry_their_term(sound)) == []


@pytest.mark.parametrize(("sound", "broken", "rule", "told"), BROKEN)
def test_each_habit_is_held(
    sound: str, broken: str, rule: Callable[..., rules.Findings], told: str
) -> None:
    assert sound in SOUND
    assert told in "\n".join(rule(schema_of(SOUND.replace(sound, broken))))


def test_every_rule_is_tried_here() -> None:
    assert {*rules.RULES, types_carry_their_term} == {rule for _, _, rule, _ in BROKEN}


def test_types_carry_the_glossarys_terms() -> None:
    glossary = "| creator, group | 创建人、团体 | who owns it |\n| SMS | 短信 | a text |"
    assert list(terms_are_the_glossarys(build_schema(SOUND), glossary)) == []
    [finding] = terms_are_the_glossarys(build_schema(SOUND), glossary.replace("团体", "团队"))
    assert finding.startswith("Group is 团队 in the glossary")


def test_our_schema_keeps_its_habits() -> None:
    assert lint(build_schema(CURRENT.read_text())) == []


BREAKING: Final = [
    ("name: String!", "title: String", "CreateGroupInput.name"),
    ("open: Boolean", "open: Boolean!", "CreateGroupInput.open"),
    ("createdAt: DateTime", "madeAt: DateTime", "Group.createdAt"),
    ("createdAt: DateTime", "createdAt: String", "Group.createdAt"),
    ('"Ahead." before: String', "", "Query.groups(before:)"),
    ("after: String", "after: String!", "Query.groups(after:)"),
    ("\n  GREEN", "\n  RED", "GroupColour.GREEN"),
    ("Group implements Node", "Group", "Group"),
]


@pytest.mark.parametrize(("released", "now", "coordinate"), BREAKING)
def test_a_breaking_change_is_refused_until_the_changelog_names_it(
    released: str, now: str, coordinate: str
) -> None:
    found = changes.changes_since(build_schema(SOUND), schema_of(SOUND.replace(released, now)))
    older = f"## Unreleased\n\n- New.\n\n## 1.0\n\n- Breaking: `{coordinate}` is gone.\n"
    assert [change.coordinate for change in changes.unrecorded(found, older)] == [coordinate]
    newer = f"## Unreleased\n\n- New.\n- Breaking: once more\n  `{coordinate}` is gone.\n\n## 1.0\n"
    assert changes.unrecorded(found, newer) == []


def test_what_is_added_breaks_nobody() -> None:
    added = SOUND.replace("open: Boolean", 'open: Boolean\n  "More."\n  remark: String')
    added = added.replace("\n  GREEN", '\n  GREEN\n  "Ill."\n  RED')
    found = changes.changes_since(build_schema(SOUND), build_schema(added))
    assert found.breaking == []
    coordinates = {change.coordinate for change in found.dangerous}
    assert coordinates == {"CreateGroupInput.remark", "GroupColour.RED"}
