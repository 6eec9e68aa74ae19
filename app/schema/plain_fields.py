"""How a field is read off its row, where it needs nothing else: an attribute, or a function of it.

A right that the row carries is asked of it.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

from graphql import GraphQLField
from strawberry.extensions import FieldExtension
from strawberry.permission import PermissionExtension
from strawberry.types.field import StrawberryField

from app.domain.roles import Right
from app.schema.leaf_completion import NotPlain
from app.schema.permissions import FieldPermission

_Read: TypeAlias = Callable[[Any], object]


def reader_of(definition: GraphQLField) -> _Read:
    """Return how a plain field is read off its row. Raise ``NotPlain`` for any other field."""
    declared = definition.extensions.get("strawberry-definition")
    if not isinstance(declared, StrawberryField) or definition.args:
        raise NotPlain(definition)
    rights = [right for extension in declared.extensions for right in _rights_of(extension)]
    read = _unguarded_reader(declared)
    return _guarded(read, rights) if rights else read


def _unguarded_reader(declared: StrawberryField) -> _Read:
    resolver = declared.base_resolver
    if resolver is None:
        return attrgetter(declared.python_name)
    if resolver.is_async or list(resolver.signature.parameters) != ["root"]:
        raise NotPlain(declared)
    read = resolver.wrapped_func
    if isinstance(read, staticmethod | classmethod):
        raise NotPlain(declared)
    return read


def _rights_of(extension: FieldExtension) -> list[Right]:
    """Return the rights that a field asks of its row."""
    if not isinstance(extension, PermissionExtension) or extension.fail_silently:
        raise NotPlain(extension)
    rights: list[Right] = []
    for permission in extension.permissions:
        if not isinstance(permission, FieldPermission):
            raise NotPlain(extension)
        rights.append(permission.right)
    return rights


def _guarded(read: _Read, rights: Sequence[Right]) -> _Read:
    def guarded(row: Any) -> object:
        for right in rights:
            row.rights.demand(right)  # what it raises is a surprise: graphql-core tells it
        return read(row)

    return guarded
