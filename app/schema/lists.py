"""How members are chosen and ordered in lists, and counted."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Annotated, TypeVar
from uuid import UUID

import strawberry

from app.domain.health import MOST_DOSES
from app.domain.limits import SEARCH_LENGTH
from app.domain.ordering import Direction, MemberOrderField
from app.resolvers import anomalies as resolve_anomalies
from app.resolvers import filters
from app.resolvers import leaves as resolve_leaves
from app.resolvers import lists as resolve_lists
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.ids import decode_id
from app.resolvers.member_row import AnomalyRow, LeaveRequestRow, MemberRow
from app.resolvers.ordered_members import MemberQuery
from app.resolvers.paging import ConnectionRow, Page
from app.schema.enums import AnomalyReason, HealthCode, Role, TestResult, TestWindow, describe
from app.schema.fields import Arguments

T = TypeVar("T")

describe(
    MemberOrderField,
    "What members are ordered by.",
    JOINED_AT="The time of joining.",
    NAME="The name, in pinyin order.",
    REMARK="The remark, in pinyin order.",
    HEALTH_CODE="The severity of the code, green first.",
    TEST_AGE="The age of the newest result, the youngest first.",
)
describe(
    Direction,
    "Which end comes first.",
    name="OrderDirection",
    ASC="The lowest.",
    DESC="The highest.",
)


@strawberry.input(description="The order of members.")
class MemberOrder:  # R15
    field: MemberOrderField = strawberry.field(
        description=(
            "NAME and REMARK in pinyin order; HEALTH_CODE by severity, green first; TEST_AGE "
            "by the newest result, the youngest first."
        )
    )
    direction: Direction | None = strawberry.field(
        default=None, description="ASC unless told; DESC turns it round."
    )


@strawberry.input(description="Which members: all that is given must hold.")
class MemberFilter:  # R15; it means the same on members, counts and anomalies
    health_codes: list[HealthCode] | None = strawberry.field(
        default=None, description="One of these codes; UNKNOWN is who has no data, too."
    )
    anomalous: bool | None = strawberry.field(
        default=None, description="Whether there is an anomaly."
    )
    anomaly_reasons: list[AnomalyReason] | None = strawberry.field(
        default=None, description="An anomaly with at least one of these reasons."
    )
    test_windows: list[TestWindow] | None = strawberry.field(
        default=None, description="The newest result is in one of these windows."
    )
    test_results: list[TestResult] | None = strawberry.field(
        default=None, description="The newest result is one of these."
    )
    doses: list[int] | None = strawberry.field(
        default=None, description="One of these numbers of doses."
    )
    roles: list[Role] | None = strawberry.field(default=None, description="One of these roles.")
    student: bool | None = strawberry.field(
        default=None, description="Whether enrolled as a student."
    )
    leaving: bool | None = strawberry.field(
        default=None, description="Whether they asked to leave."
    )
    sections: list[strawberry.ID] | None = strawberry.field(
        default=None, description="In one of these sections."
    )
    unassigned: bool | None = strawberry.field(
        default=None,
        description="True: in no section; with sections given, in one of these or in none.",
    )

    def read(self) -> filters.MemberFilter:
        """Return the filter: one that can be compared, whatever is done with the input."""
        return filters.MemberFilter(
            health_codes=_each(self.health_codes),
            anomalous=self.anomalous,
            anomaly_reasons=_each(self.anomaly_reasons),
            test_windows=_each(self.test_windows),
            test_results=_each(self.test_results),
            doses=_each(None if self.doses is None else filter(_is_number_of_doses, self.doses)),
            roles=_each(self.roles),
            student=self.student,
            leaving=self.leaving,
            sections=section_keys(self.sections, self.unassigned),
        )


def _is_number_of_doses(number: int) -> bool:
    """Whether anybody may have had so many; asked about no other, statements stay short."""
    return 0 <= number <= MOST_DOSES


def section_keys(ids: Iterable[str] | None, without: bool | None) -> tuple[UUID | None, ...] | None:
    """Return the keys of sections, each once, and None where who is in none is meant, too."""
    if ids is None and not without:
        return None
    keys = [decode_id(one, "Section") for one in ids or ()]
    return _each([*keys, None] if without else keys)


def _each(values: Iterable[T] | None) -> tuple[T, ...] | None:
    """Return each of the values once."""
    return None if values is None else tuple(dict.fromkeys(values))


def read_where(where: MemberFilter | None) -> filters.MemberFilter:
    """Return the filter of a ``where``: without one, of everyone."""
    return where.read() if where else filters.EVERYONE


Search = Annotated[
    str | None,
    strawberry.argument(
        description=(
            "Part of the name or remark, of its pinyin or its initials; "
            f"{SEARCH_LENGTH} characters at most."
        )
    ),
]
Exact = Annotated[
    bool | None,
    strawberry.argument(
        description="True: the whole name or remark, but for its spelling; else a part."
    ),
]
OrderBy = Annotated[
    MemberOrder | None,
    strawberry.argument(description="By the time of joining unless told."),
]
Where = Annotated[MemberFilter | None, strawberry.argument(description="Only these members.")]


def query_of(
    search: str | None,
    exact: bool | None,
    order_by: MemberOrder | None,
    where: MemberFilter | None,
) -> MemberQuery:
    """Return what the arguments of a list of members ask for."""
    field = order_by.field if order_by else MemberOrderField.JOINED_AT
    descending = order_by is not None and order_by.direction is Direction.DESC
    return MemberQuery((search or "").strip(), exact or False, field, descending, read_where(where))


async def members(
    root: GroupRow,
    info: Info,
    page: Page,
    search: Search = None,
    exact: Exact = None,
    order_by: OrderBy = None,
    where: Where = None,
) -> ConnectionRow[MemberRow]:
    """Resolve ``group.members``."""
    return await resolve_lists.members(root, info, query_of(search, exact, order_by, where), page)


async def members_count(
    root: GroupRow, info: Info, search: Search = None, exact: Exact = None, where: Where = None
) -> int:
    """Resolve ``group.membersCount``."""
    return await resolve_lists.members_count(root, info, query_of(search, exact, None, where))


def members_counts(
    arguments: Sequence[Arguments],
) -> Callable[[GroupRow, Info], Awaitable[list[int]]]:
    """Return what resolves every ``membersCount`` of one group that is selected."""

    def query(search: Search = None, exact: Exact = None, where: Where = None) -> MemberQuery:
        return query_of(search, exact, None, where)

    return resolve_lists.members_counts([query(**given) for given in arguments])


async def anomalies(
    root: GroupRow, info: Info, page: Page, where: Where = None
) -> ConnectionRow[AnomalyRow | None]:
    """Resolve ``group.anomalies``."""
    return await resolve_anomalies.anomalies(root, info, read_where(where), page)


async def leave_requests(
    root: GroupRow, info: Info, page: Page, where: Where = None
) -> ConnectionRow[LeaveRequestRow | None]:
    """Resolve ``group.leaveRequests``."""
    return await resolve_leaves.leave_requests(root, info, read_where(where), page)
