"""Which answers last: of fields that are known to, and no others."""

from collections.abc import Iterator

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, parse
from graphql.language import OperationDefinitionNode
from strawberry.types.field import StrawberryField

from app.resolvers.lasting import Lapse
from app.schema import build_schema
from app.schema.lasting import LASTING, Lasting, lasting_of

# Found by resolvers below a group, and not kept: the reason stands beside each.
NOT_KEPT = {
    "Group.organisation": "of organisations, which move no group's version",
    "Group.organisations": "of organisations, which move no group's version",
    "Group.refresh": "how far a run is, and from when another may start: the clock",
    "Group.reminderSchedule": "when it reminds next: the clock",
    "Group.reminderAudience": "who was reminded within the hour",
    "Group.requirementPreview": "tests as they are judged now",
    "RequirementPreview.members": "as above",
    "RefreshRun.id": "of a run",
    "RefreshRun.missing": "of a run",
    "RefreshRun.partlyRead": "of a run",
    "Member.consents": "what the viewer can withdraw now, in other groups too",
    "Consent.id": "of a consent",
    "Consent.memberId": "of a consent",
    "Consent.groupId": "of a consent",
}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema()._schema


def found_by_resolvers(type_: GraphQLObjectType, seen: set[str]) -> Iterator[str]:
    seen.add(type_.name)
    for name, field in type_.fields.items():
        declared = field.extensions.get("strawberry-definition")
        if isinstance(declared, StrawberryField) and declared.base_resolver is not None:
            yield f"{type_.name}.{name}"
        below = get_named_type(field.type)
        if isinstance(below, GraphQLObjectType) and below.name not in seen:
            yield from found_by_resolvers(below, seen)


def test_every_field_that_a_resolver_finds_is_known_to_last_or_not_to(
    schema: GraphQLSchema,
) -> None:
    group = schema.get_type("Group")
    assert isinstance(group, GraphQLObjectType)
    assert set(found_by_resolvers(group, set())) == LASTING.keys() | NOT_KEPT.keys()
    assert not LASTING.keys() & NOT_KEPT.keys()


def lasting(schema: GraphQLSchema, text: str) -> Lasting | None:
    document = parse(text)
    [operation, *_] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return lasting_of(schema, document, operation)


def test_time_ends_what_is_counted_by_the_clock(schema: GraphQLSchema) -> None:
    plain = lasting(schema, '{ group(id: "x") { name members { nodes { person { name } } } } }')
    assert plain is not None and plain.lapses == frozenset()
    for below in (
        "statistics { total }",
        "membersCount(where: {testWindows: [H24]})",
        "...Part } } fragment Part on Group { members(where: {}) { nodes { id }",
    ):
        found = lasting(schema, f'{{ group(id: "x") {{ {below} }} }}')
        assert found is not None and found.lapses == {Lapse.TESTS}


@pytest.mark.parametrize(
    "text",
    [
        '{ group(id: "x") { refresh { nextAllowedAt } } }',
        '{ group(id: "x") { reminderAudience(condition: {}) { count } } }',
        '{ group(id: "x") { viewerMember { consents { version } } } }',
        '{ group(id: "x") { name } now }',
        '{ a: group(id: "x") { name } b: group(id: "y") { name } }',
        '{ group(id: "x") @skip(if: true) { name } }',
        "{ me { name } }",
        "mutation { signOut { errors { code } } }",
        'subscription { groupStatusChanged(groupId: "x") { name } }',
    ],
)
def test_nothing_else_lasts(schema: GraphQLSchema, text: str) -> None:
    assert lasting(schema, text) is None
