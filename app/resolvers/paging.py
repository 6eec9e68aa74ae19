"""Connections by keyset: stable cursors, one query a page."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, Generic, TypeVar
from uuid import UUID

from tortoise import Model
from tortoise.queryset import QuerySet

from app.domain.refusals import BadInput
from app.models.columns import SHAPES_KEPT, Values
from app.models.reading import Statement, Table, read_table
from app.resolvers.rows import condition

LARGEST_PAGE: Final = 500
DEFAULT_PAGE: Final = 50
# What cursors are made of, as attributes of rows.
CURSOR_TIME: Final = "cursor_time"
CURSOR_ID: Final = "cursor_id"

M = TypeVar("M", bound=Model)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a connection is requested."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def size(self) -> int:
        """How many nodes at most. Raises ``BadInput`` outside 0 to 500, or for both ends."""
        if self.first is not None and self.last is not None:
            raise BadInput("PAGE_BOTH_ENDS")
        size = self.first if self.first is not None else self.last
        size = DEFAULT_PAGE if size is None else size
        if not 0 <= size <= LARGEST_PAGE:
            raise BadInput("PAGE_TOO_LARGE", largest=LARGEST_PAGE)
        return size

    @property
    def is_opening(self) -> bool:
        """Whether the page begins at an end of the list rather than at a cursor."""
        return self.after is None and self.before is None

    @property
    def backwards(self) -> bool:
        """Whether the page is counted from the end."""
        return self.last is not None


@dataclass(frozen=True, slots=True)
class EdgeRow(Generic[R]):
    """A node with its cursor."""

    cursor: str
    node: R


@dataclass(frozen=True, slots=True)
class PageInfoRow:
    """Where a page is in the whole list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class ConnectionRow(Generic[R]):
    """A page of a connection. Its cursors are written when they are asked for.

    A page has ``places``, numbered from 0, also for who left while it was read: the next page goes
    on behind them. ``cursor`` writes that of a place; ``at`` are the places of the ``nodes``.
    ``more`` lie beyond, on the page's far side.
    """

    page: Page
    more: bool
    places: int
    cursor: Callable[[int], str]
    nodes: Sequence[R]
    at: Sequence[int]

    @property
    def edges(self) -> list[EdgeRow[R]]:
        """The nodes with their cursors."""
        return [
            EdgeRow(self.cursor(place), node)
            for place, node in zip(self.at, self.nodes, strict=True)
        ]

    @property
    def page_info(self) -> PageInfoRow:
        """Where the page is in the whole list."""
        page, last = self.page, self.places - 1
        return PageInfoRow(
            has_next_page=page.before is not None if page.backwards else self.more,
            has_previous_page=self.more if page.backwards else page.after is not None,
            start_cursor=self.cursor(0) if self.places else None,
            end_cursor=self.cursor(last) if self.places else None,
        )


async def connection(
    query: QuerySet[M],
    page: Page,
    time_column: str,
    columns: Mapping[str, str],
    to_row: Callable[[Values], R],
    *,
    newest: bool = False,
) -> ConnectionRow[R]:
    """Read one page of ``query``, ordered by a time column and id, oldest or ``newest`` first."""

    def to_nodes(table: Table) -> list[R]:
        return list(map(to_row, table.values()))

    return await connection_of(query, page, time_column, columns, to_nodes, newest=newest)


def first_page(
    rows: Sequence[Values], to_row: Callable[[Values], R], *, more: bool
) -> ConnectionRow[R]:
    """Return the first page of rows that were read along with something else."""

    def cursor(place: int) -> str:
        return _cursor(rows[place][CURSOR_TIME], rows[place][CURSOR_ID])

    places = range(len(rows))
    return ConnectionRow(Page(), more, len(rows), cursor, list(map(to_row, rows)), places)


async def connection_of(
    query: QuerySet[M],
    page: Page,
    time_column: str,
    columns: Mapping[str, str],
    to_nodes: Callable[[Table], Sequence[R]],
    *,
    newest: bool = False,
) -> ConnectionRow[R]:
    """Read a page as ``connection`` does; ``to_nodes`` makes its nodes of all of its rows."""
    ordered = _ordered(_bounded(query, page, time_column, newest), page, time_column, newest)
    found = await read_table(ordered, _with_cursor(columns, time_column))
    return _page_of(found, page, to_nodes)


async def opening_of(
    query: Callable[[UUID], QuerySet[M]],
    key: UUID,
    page: Page,
    time_column: str,
    columns: Mapping[str, str],
    to_nodes: Callable[[Table], Sequence[R]],
    *,
    newest: bool = False,
) -> ConnectionRow[R]:
    """Read a page without a cursor as ``connection_of`` does, of the query of a key.

    Its statement is made once for all keys: to make it would take half as long as to run it.
    """
    statement = _opening(query, Page(page.first, last=page.last), time_column, newest)
    found = await statement.read_table(_with_cursor(columns, time_column), key)
    return _page_of(found, page, to_nodes)


@lru_cache(SHAPES_KEPT)
def _opening(
    query: Callable[[UUID], QuerySet[M]], page: Page, time_column: str, newest: bool
) -> Statement:
    return Statement(lambda key: _ordered(query(key), page, time_column, newest))


def _ordered(query: QuerySet[M], page: Page, time_column: str, newest: bool) -> QuerySet[M]:
    sign = "-" if page.backwards != newest else ""
    return query.order_by(f"{sign}{time_column}", f"{sign}id").limit(page.size + 1)


def _with_cursor(columns: Mapping[str, str], time_column: str) -> dict[str, str]:
    return {**columns, CURSOR_TIME: time_column, CURSOR_ID: "id"}


def _page_of(
    found: Table, page: Page, to_nodes: Callable[[Table], Sequence[R]]
) -> ConnectionRow[R]:
    """Return a page of the rows that were found for it, one more where there are more."""
    table = found.cut(page.size, backwards=page.backwards)

    def cursor(place: int) -> str:
        return _cursor(table.value(place, CURSOR_TIME), table.value(place, CURSOR_ID))

    shown = len(table)
    return ConnectionRow(page, len(found) > page.size, shown, cursor, to_nodes(table), range(shown))


def _bounded(query: QuerySet[M], page: Page, time_column: str, newest: bool) -> QuerySet[M]:
    behind, ahead = ("lt", "gt") if newest else ("gt", "lt")
    for cursor, side in ((page.after, behind), (page.before, ahead)):
        if cursor is not None:
            at, key = _read_cursor(cursor)
            later = condition(f"{time_column}__{side}", at)
            same = condition(time_column, at) & condition(f"id__{side}", key)
            query = query.filter(later | same)
    return query


def _cursor(at: datetime, key: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), key.hex]).encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, key = json.loads(base64.urlsafe_b64decode(cursor))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(at)
        return moment.astimezone(UTC), UUID(hex=key)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise BadInput("CURSOR_MALFORMED") from None
