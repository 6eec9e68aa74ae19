"""What changed since the schema that was promised to clients, and whether CHANGELOG says so."""

import re
from typing import Final, NamedTuple

from graphql import GraphQLSchema, find_breaking_changes, find_dangerous_changes

_COORDINATE: Final = re.compile(r"@?[A-Za-z_]\w*(?:\.\w+(?:\(\w+:\))?|\(\w+:\))?")
_UNRELEASED: Final = re.compile(r"^## Unreleased\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_ENTRY: Final = re.compile(r"^- Breaking: (.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


class Change(NamedTuple):
    """A change that clients may notice: of what, and in words."""

    coordinate: str
    words: str


class Changes(NamedTuple):
    """Those that break clients, and those that may surprise them."""

    breaking: list[Change]
    dangerous: list[Change]


def changes_since(released: GraphQLSchema, now: GraphQLSchema) -> Changes:
    """Return what changed since a schema was promised."""
    known = {*released.type_map, *now.type_map, *(f"@{one.name}" for one in released.directives)}
    return Changes(
        *(
            [Change(_coordinate(change.description, known), change.description) for change in found]
            for found in (
                find_breaking_changes(released, now),
                find_dangerous_changes(released, now),
            )
        )
    )


def _coordinate(words: str, known: set[str]) -> str:
    """Return of what a change is told: the first name in its words that is the schema's."""
    for found in _COORDINATE.finditer(words):
        if re.split(r"[.(]", found[0])[0] in known:
            return found[0]
    raise ValueError(f"nothing of the schema is named: {words}")


def recorded(changelog: str) -> set[str]:
    """Return the coordinates that CHANGELOG's unreleased entries name as breaking.

    Such an entry begins with ``- Breaking:`` and names them between backticks.
    """
    section = _UNRELEASED.search(changelog)
    entries = _ENTRY.findall(section[1]) if section else []
    return {name for entry in entries for name in re.findall(r"`([^`]+)`", entry)}


def unrecorded(changes: Changes, changelog: str) -> list[Change]:
    """Return the breaking changes that CHANGELOG doesn't name."""
    known = recorded(changelog)
    return [change for change in changes.breaking if change.coordinate not in known]
