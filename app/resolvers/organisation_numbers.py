"""What overseers are shown of counts: of groups, and summed over organisations (R46, R47, R49)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from app.domain.disclosure import CODES_SHOWN, MOST_DOSES_SHOWN, Sums, members_in, tables_of
from app.domain.groups import GroupColour
from app.domain.limits import COUNT_DAYS, ROUNDED_TO
from app.domain.refusals import BadInput
from app.domain.statistics import TEST_COUNTS
from app.models.counts_below import days_below, shown_of_groups, sums_below
from app.resolvers.context import Context, Info
from app.resolvers.organisation_row import OrganisationRow, OverseenGroupRow
from app.resolvers.statistics import HealthCodeCountRow, TestCountRow

SumsBelow: TypeAlias = dict[GroupColour, Sums]
_SUMS: Final = "sums below"


@dataclass(frozen=True, slots=True)
class ShownDosesCountRow:
    """How many have a number of doses, or the highest of these numbers and more."""

    doses: int
    or_more: bool
    count: int


@dataclass(frozen=True, slots=True)
class ShownStatisticsRow:
    """What is shown of counts. None of them where nothing may be: that isn't zero."""

    groups_counted: int
    groups_left_out: int
    member_count: int | None = None
    by_health_code: list[HealthCodeCountRow] | None = None
    by_test: list[TestCountRow] | None = None
    by_doses: list[ShownDosesCountRow] | None = None
    rounded_to: int = ROUNDED_TO

    @property
    def suppressed(self) -> bool:
        """Whether nothing is shown."""
        return self.member_count is None


@dataclass(frozen=True, slots=True)
class ColourCountRow:
    """How many groups have a colour, and about how many members they have."""

    colour: GroupColour
    groups: int
    members: int | None


@dataclass(frozen=True, slots=True)
class ShownDayRow:
    """What is shown of one day; None, not zero, where no group was refreshed."""

    date: date
    statistics: ShownStatisticsRow | None = None


async def statistics(root: OrganisationRow, info: Info) -> ShownStatisticsRow:
    """Resolve ``organisation.statistics``."""
    return _row(_all(await _sums(root, info)))


async def member_count(root: OrganisationRow, info: Info) -> int | None:
    """Resolve ``organisation.memberCount``."""
    return _members(_all(await _sums(root, info)))


async def colour_counts(root: OrganisationRow, info: Info) -> list[ColourCountRow]:
    """Resolve ``organisation.colourCounts``: each colour, the best first."""
    found = await _sums(root, info)
    of_colours = {colour: found.get(colour, Sums()) for colour in GroupColour}
    return [ColourCountRow(key, one.groups, _members(one)) for key, one in of_colours.items()]


async def trend(root: OrganisationRow, info: Info, days: int) -> list[ShownDayRow]:
    """Resolve ``organisation.trend``: today and the days before, oldest first (R49)."""
    if not 1 <= days <= COUNT_DAYS:
        raise BadInput("DAYS_OUT_OF_RANGE", most=COUNT_DAYS)
    today = info.context.env.today()
    first = today - timedelta(days=days - 1)
    load = partial(_load_days, first, today)
    found = await info.context.scope.loader(("days below", first), load).load(root.id)
    wanted = [first + timedelta(days=number) for number in range(days)]
    return [ShownDayRow(day, _row(found[day]) if day in found else None) for day in wanted]


async def group_statistics(root: OverseenGroupRow, info: Info) -> ShownStatisticsRow:
    """Resolve ``overseenGroup.statistics``."""
    return _row(await _of_group(root, info))


async def group_member_count(root: OverseenGroupRow, info: Info) -> int | None:
    """Resolve ``overseenGroup.memberCount``."""
    return _members(await _of_group(root, info))


async def read_sums(ids: Collection[UUID]) -> dict[UUID, SumsBelow]:
    """Return what is shown of counts below each of some organisations, by colour."""
    found = await sums_below(ids)
    return {key: found.get(key, {}) for key in ids}


def tell_sums(context: Context, organisation_id: UUID, sums: SumsBelow) -> None:
    """Have fields of an organisation resolved from these sums, instead of reading them again."""
    context.scope.loader(_SUMS, _load_sums).prime(organisation_id, sums)


async def _sums(root: OrganisationRow, info: Info) -> SumsBelow:
    return await info.context.scope.loader(_SUMS, _load_sums).load(root.id)


async def _load_sums(ids: list[UUID]) -> list[SumsBelow]:
    found = await read_sums(ids)
    return [found[key] for key in ids]


async def _load_days(first: date, last: date, ids: list[UUID]) -> list[dict[date, Sums]]:
    found = await days_below(ids, first, last)
    return [found.get(key, {}) for key in ids]


async def _of_group(root: OverseenGroupRow, info: Info) -> Sums:
    return await info.context.scope.loader("shown counts", _load_groups).load(root.id)


async def _load_groups(ids: list[UUID]) -> list[Sums]:
    found = await shown_of_groups(ids)
    return [Sums.of(found.get(key)) for key in ids]


def _all(sums: dict[GroupColour, Sums]) -> Sums:
    total = Sums()
    for one in sums.values():
        total += one
    return total


def _members(sums: Sums) -> int | None:
    """Return how many members are shown; None where there are groups and none is counted."""
    return members_in(sums.counts) if sums.counted or not sums.groups else None


def _row(sums: Sums) -> ShownStatisticsRow:
    left_out, members = sums.groups - sums.counted, _members(sums)
    if members is None:
        return ShownStatisticsRow(sums.counted, left_out)
    codes, tests, doses = tables_of(sums.counts)
    return ShownStatisticsRow(
        sums.counted,
        left_out,
        members,
        [HealthCodeCountRow(code, count) for code, count in zip(CODES_SHOWN, codes, strict=True)],
        [TestCountRow(*test, count) for test, count in zip(TEST_COUNTS, tests, strict=True)],
        [
            ShownDosesCountRow(number, number == MOST_DOSES_SHOWN, count)
            for number, count in enumerate(doses)
        ],
    )
