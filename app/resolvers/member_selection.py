"""What a request selects of members, and of what belongs to them, and the columns behind it."""

from collections.abc import Mapping

from app.resolvers.context import Info
from app.resolvers.member_fields import MEMBER_COLUMNS
from app.resolvers.rows import columns_for
from app.resolvers.selection import selected_fields


def member_columns(info: Info, *path: str) -> dict[str, str]:
    """Return the columns behind what is selected of members below ``path``."""
    return columns_for(selected_of_members(info, *path), MEMBER_COLUMNS, "id")


def member_columns_of_nodes(info: Info) -> dict[str, str]:
    """Return the columns behind what is selected of a connection's members."""
    return member_columns(info, "nodes") | member_columns(info, "edges", "node")


def selected_of_members(info: Info, *path: str) -> set[str]:
    """Return what is selected of members below ``path``.

    Also by way of what belongs to them and back: the member of a member's anomaly.
    """
    selected = set(selected_fields(info, *path))
    if "latestTest" in selected:
        selected |= {f"latestTest.{name}" for name in selected_fields(info, *path, "latestTest")}
    for part in selected & {"person", "anomaly", "leaveRequest"}:
        selected |= selected_of_part(part, info, *path, part)
    return selected


def selected_of_part(part: str, info: Info, *path: str) -> set[str]:
    """Return what is selected of what belongs to members, below ``path``, and so of members."""
    below = selected_fields(info, *path)
    of_members = selected_of_members(info, *path, "member") if "member" in below else set()
    return {part, *(f"{part}.{name}" for name in below), *of_members}


def selected_of_anomalies(info: Info) -> set[str]:
    """Return what is selected of the anomalies of a connection, and so of their members."""
    selected = selected_of_part("anomaly", info, "nodes")
    return selected | selected_of_part("anomaly", info, "edges", "node")


def selected_of_owners(info: Info) -> set[str]:
    """Return what is selected of the members to whom the nodes of a connection belong."""
    selected = selected_of_members(info, "nodes", "member")
    return selected | selected_of_members(info, "edges", "node", "member")


def through(relation: str, columns: Mapping[str, str]) -> dict[str, str]:
    """Return a member's columns as seen from a row that belongs to the member by ``relation``."""
    own = f"{relation}__"
    return {
        attribute: path.removeprefix(own) if path.startswith(own) else f"member__{path}"
        for attribute, path in columns.items()
    }
