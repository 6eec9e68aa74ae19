"""Groups as organisations above see them: counted and listed by one statement each (R46, R48)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.domain.groups import GroupColour, GroupType
from app.domain.overseen import OverseenFilter, OverseenOrder
from app.models.oversight import among
from app.models.statements import dialect, fetch_as, fetch_value

_BELOW: Final = """
    FROM organisation_above AS below
    JOIN groups ON groups.organisation_id = below.organisation_id
    WHERE groups.dissolved_at IS NULL AND below.above_id """
_COLUMNS: Final = """
    groups.id AS id, groups.name AS name, groups.type AS type, groups.colour AS colour,
    groups.turned_at AS turned_at, groups.visited_on AS visited_on,
    groups.created_at AS created_at, groups.organisation_id AS organisation_id"""


@dataclass(frozen=True, slots=True)
class OverseenGroup:
    """What of a group is shown above it, beside its numbers."""

    id: UUID
    name: str
    type: GroupType
    colour: GroupColour
    turned_at: datetime | None
    visited_on: date | None
    created_at: datetime
    organisation_id: UUID

    def key(self, order: OverseenOrder) -> str | int | datetime:
        """Return what it is ordered by, ahead of its id."""
        match order:
            case OverseenOrder.NAME:
                return self.name
            case OverseenOrder.COLOUR:
                return COLOURS.index(self.colour)
            case OverseenOrder.TURNED_AT:
                return self.turned_at or self.created_at


COLOURS: Final = (GroupColour.GREEN, GroupColour.YELLOW, GroupColour.RED)


@dataclass(slots=True)
class _Conditions:
    sql: str
    given: list[object] = field(default_factory=list)

    def take(self, value: object) -> str:
        """Give a value to the statement; return its place."""
        self.given.append(value)
        return f"${len(self.given)}"


def _where(organisation_id: UUID, chosen: OverseenFilter) -> _Conditions:
    made = _Conditions("")
    made.sql = f"{_BELOW} = {made.take(organisation_id)}"
    if chosen.colours is not None:
        listed = ", ".join(made.take(colour.value) for colour in chosen.colours)
        made.sql += f" AND groups.colour IN ({listed or 'NULL'})"
    if chosen.active is not None:
        sign = ">=" if chosen.active else "<"
        made.sql += f" AND groups.visited_on {sign} {made.take(chosen.active_since)}"
    if chosen.attached is not None:
        made.sql += f" AND below.distance {'=' if chosen.attached else '>'} 0"
    return made


async def count_overseen(organisation_id: UUID, chosen: OverseenFilter) -> int:
    """Return how many groups below an organisation meet a filter."""
    made = _where(organisation_id, chosen)
    return await fetch_value(int, f"SELECT COUNT(*) AS groups {made.sql}", *made.given) or 0


@dataclass(frozen=True, slots=True)
class Position:
    """Where in the order of a list something is: what it is ordered by, and its id."""

    key: str | int | datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which stretch of a list: how many, behind one position and ahead of another."""

    size: int
    after: Position | None = None
    before: Position | None = None
    descending: bool = False
    backwards: bool = False


def _expression(order: OverseenOrder) -> str:
    match order:
        case OverseenOrder.NAME:
            return 'groups.name COLLATE "C"' if dialect() == "postgres" else "groups.name"
        case OverseenOrder.COLOUR:
            whens = " ".join(f"WHEN '{colour}' THEN {n}" for n, colour in enumerate(COLOURS))
            return f"CASE groups.colour {whens} END"
        case OverseenOrder.TURNED_AT:
            return "COALESCE(groups.turned_at, groups.created_at)"


async def read_overseen(
    organisation_id: UUID, chosen: OverseenFilter, order: OverseenOrder, stretch: Stretch
) -> list[OverseenGroup]:
    """Return groups below an organisation in an order: the nearest to where the stretch begins."""
    made, by = _where(organisation_id, chosen), _expression(order)
    behind, ahead = ("<", ">") if stretch.descending else (">", "<")
    for position, sign in ((stretch.after, behind), (stretch.before, ahead)):
        if position is not None:
            key, id_ = made.take(position.key), made.take(position.id)
            made.sql += f" AND ({by} {sign} {key} OR ({by} = {key} AND groups.id {sign} {id_}))"
    turned = "DESC" if stretch.descending != stretch.backwards else "ASC"
    limit = made.take(stretch.size)
    made.sql += f" ORDER BY {by} {turned}, groups.id {turned} LIMIT {limit}"
    return await fetch_as(OverseenGroup, f"SELECT {_COLUMNS} {made.sql}", *made.given)


async def read_these(group_ids: Collection[UUID]) -> list[OverseenGroup]:
    """Return those of some groups that are attached to an organisation, and aren't dissolved."""
    those, given = among(group_ids, 1)
    return await fetch_as(
        OverseenGroup,
        f"SELECT {_COLUMNS} FROM groups WHERE groups.id {those}"
        " AND organisation_id IS NOT NULL AND dissolved_at IS NULL",
        given,
    )


@dataclass(frozen=True, slots=True)
class Turned(OverseenGroup):
    """A group that turned lately, and above which organisation that was asked for."""

    above_id: UUID


async def read_turned(above_ids: Collection[UUID], since: datetime) -> list[Turned]:
    """Return the groups below organisations that turned since a moment, the last one first."""
    those, given = among(above_ids, 1)
    return await fetch_as(
        Turned,
        f"SELECT below.above_id AS above_id, {_COLUMNS} {_BELOW} {those}"
        " AND groups.turned_at > $2 ORDER BY groups.turned_at DESC, groups.id",
        given,
        since,
    )


@dataclass(frozen=True, slots=True)
class ColoursBelow:
    """How many groups below an organisation are red, and how many yellow."""

    above_id: UUID
    reds: int
    yellows: int


NOTHING_BELOW: Final = ColoursBelow(UUID(int=0), 0, 0)


async def count_colours(above_ids: Collection[UUID]) -> dict[UUID, ColoursBelow]:
    """Count the groups below organisations that aren't green: one statement, by an index (R48)."""
    those, given = among(above_ids, 1)
    rows = await fetch_as(
        ColoursBelow,
        f"""SELECT below.above_id AS above_id,
            SUM(CASE groups.colour WHEN 'RED' THEN 1 ELSE 0 END) AS reds,
            SUM(CASE groups.colour WHEN 'YELLOW' THEN 1 ELSE 0 END) AS yellows
            {_BELOW} {those} AND groups.colour IN ('RED', 'YELLOW') GROUP BY below.above_id""",
        given,
    )
    return {row.above_id: row for row in rows}
