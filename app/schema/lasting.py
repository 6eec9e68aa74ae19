"""Which answers last: those of operations that ask for one group, and how time changes them.

A field that is an attribute of a row shows what was written, and changes with the versions of its
group alone (``models/data_versions.py``). One that a resolver finds is listed here, with what of it
time changes; whatever isn't listed doesn't last, and neither does an operation that asks for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
)
from strawberry.types.field import StrawberryField

from app.domain.refusals import BadInput
from app.resolvers.ids import decode_id
from app.resolvers.lasting import Lapse

_ALWAYS: Final[frozenset[Lapse]] = frozenset()
_BY_WINDOWS: Final = frozenset({Lapse.TESTS})

# Fields that resolvers find; what of them time changes, beside what each day does.
LASTING: Final = {
    "Group.id": _ALWAYS,
    "Group.viewerMember": _ALWAYS,
    "Group.viewerMembers": _ALWAYS,
    "Group.members": _ALWAYS,
    "Group.membersCount": _ALWAYS,
    "Group.anomalies": _ALWAYS,
    "Group.leaveRequests": _ALWAYS,
    "Group.activity": _ALWAYS,
    "Group.reports": _ALWAYS,
    "Group.statisticsTrend": _ALWAYS,
    "Group.sections": _ALWAYS,
    "Group.statistics": _BY_WINDOWS,
    "Group.statisticsBySection": _BY_WINDOWS,
    "Group.offer": frozenset({Lapse.OFFER}),
    "Group.formerMembers": frozenset({Lapse.FORMER_MEMBERS}),
    "Group.messages": frozenset({Lapse.MESSAGES}),
    "Group.invitations": frozenset({Lapse.INVITATIONS}),
    "Group.notJoined": _ALWAYS,
    "RosterEntry.id": _ALWAYS,
    "Member.id": _ALWAYS,
    "Member.tests": _ALWAYS,
    "Member.boundTo": _ALWAYS,
    "Section.id": _ALWAYS,
    "Section.memberCount": _ALWAYS,
    "Anomaly.id": _ALWAYS,
    "LeaveRequest.id": _ALWAYS,
    "LeaveRequest.reason": _ALWAYS,
    "LeaveRequest.viewerMayComplete": _ALWAYS,
    "FormerMember.id": _ALWAYS,
    "FormerMember.reason": _ALWAYS,
    "Message.id": _ALWAYS,
    "Invitation.id": _ALWAYS,
    "Invitation.url": _ALWAYS,
    "Invitation.qrSvg": _ALWAYS,
}
# With this argument it is the clock that says who is meant.
_BY_CLOCK: Final = "where"


class _DoesNotLast(Exception):
    """An operation whose answers aren't kept."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """An operation whose answers last: where it names the group, and what time changes of them."""

    group: ValueNode
    lapses: frozenset[Lapse]

    def group_id(self, variables: dict[str, object] | None) -> UUID | None:
        """Return which group is asked for; None where none is named as it must be."""
        value: object = None
        if isinstance(self.group, StringValueNode):
            value = self.group.value
        elif isinstance(self.group, VariableNode):
            value = (variables or {}).get(self.group.name.value)
        if not isinstance(value, str):
            return None
        try:
            return decode_id(value, "Group")
        except BadInput:
            return None


def lasting_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> Lasting | None:
    """Return what lasts of the answers of a valid operation; None where nothing does."""
    selections = operation.selection_set.selections
    root = selections[0]
    if operation.operation is not OperationType.QUERY or len(selections) != 1:
        return None
    if not isinstance(root, FieldNode) or root.name.value != "group" or root.directives:
        return None
    [argument] = root.arguments or ()
    group = schema.get_type("Group")
    assert isinstance(group, GraphQLObjectType)
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    try:
        found = _lapses(schema, fragments, group, root.selection_set)
        return Lasting(argument.value, frozenset(found))
    except _DoesNotLast:
        return None


def _lapses(
    schema: GraphQLSchema,
    fragments: dict[str, FragmentDefinitionNode],
    parent: GraphQLObjectType,
    selected: SelectionSetNode | None,
) -> Iterator[Lapse]:
    for node in selected.selections if selected else ():
        if any(one.name.value not in ("include", "skip") for one in node.directives or ()):
            raise _DoesNotLast
        if isinstance(node, FieldNode):
            if node.name.value != "__typename":
                yield from _of_field(parent, node)
                type_ = get_named_type(parent.fields[node.name.value].type)
                if isinstance(type_, GraphQLObjectType):
                    yield from _lapses(schema, fragments, type_, node.selection_set)
                elif node.selection_set is not None:
                    raise _DoesNotLast
            continue
        below = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        assert isinstance(below, FragmentDefinitionNode | InlineFragmentNode)
        condition = below.type_condition
        type_ = schema.get_type(condition.name.value) if condition else parent
        # What is selected of an interface is selected of the type that it is here.
        inner = type_ if isinstance(type_, GraphQLObjectType) else parent
        yield from _lapses(schema, fragments, inner, below.selection_set)


def _of_field(parent: GraphQLObjectType, node: FieldNode) -> frozenset[Lapse]:
    """Return what time changes of a field. Raise ``_DoesNotLast`` where that isn't known."""
    declared = parent.fields[node.name.value].extensions.get("strawberry-definition")
    if not isinstance(declared, StrawberryField):
        raise _DoesNotLast
    found: frozenset[Lapse] | None = _ALWAYS
    if declared.base_resolver is not None:
        found = LASTING.get(f"{parent.name}.{node.name.value}")
    if found is None:
        raise _DoesNotLast
    if any(argument.name.value == _BY_CLOCK for argument in node.arguments or ()):
        return found | _BY_WINDOWS
    return found
