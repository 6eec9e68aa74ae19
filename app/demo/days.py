"""The days before today in the demo's tree: a wave that came and went.

They are written as the last refreshes of those days would have left them: reports of the last days,
counts of those before, and what is shown above of each (R36, R47, R49).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from math import exp
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from app.demo.groups import Planted
from app.domain.disclosure import Counts, Sums, counts_of, shown_counts
from app.domain.health import HealthCode, TestResult
from app.domain.judging import MemberState
from app.domain.reports import ReportedMember, is_kept
from app.domain.statistics import Statistics, window_of
from app.models import DayCount, DayReport, Group, OrganisationDay, ShownDay
from app.models.judging import read_member_states
from app.models.reports import dump_member, dump_statistics
from app.models.shown_counts import NAMES
from app.services.kernel.env import Env

_PEAK: Final = 40  # days ago
_WIDTH: Final = 14.0
_AWAY: Final = 25  # days ago the provider was away: a day without a refresh
_REFRESHED_AT: Final = time(18, 0)
# How many of a thousand were so at the height of the wave, and how many are in quiet times.
_CODES: Final = (
    (HealthCode.YELLOW, 60, 4),
    (HealthCode.RED, 8, 0),
    (HealthCode.UNKNOWN, 10, 2),
)
_POSITIVES: Final = (12, 1)
_AGES: Final = ((8, 930), (30, 50), (55, 15), (100, 5))  # hours since the newest test, weight


class _Day(NamedTuple):
    """What a group was on one day: code, result and age in hours of each member's newest test."""

    at: datetime
    codes: list[HealthCode]
    results: list[TestResult]
    ages: list[int]


class Days:
    """Writes the days before that on which it is made: of groups, and summed for organisations."""

    def __init__(self, env: Env, days: int) -> None:
        self._env = env
        self._today = env.today()
        self._days = [ago for ago in range(days, 0, -1) if ago != _AWAY]
        self._sums: defaultdict[tuple[UUID, date], Sums] = defaultdict(Sums)

    async def write(self, groups: Sequence[Planted], progress: Callable[[int], None]) -> None:
        """Write the days of all groups; ``progress`` is called at each group."""
        for number, planted in enumerate(groups):
            await self._write_group(Random(number), planted)
            progress(1)
        await OrganisationDay.bulk_create(
            OrganisationDay(
                id=self._env.ids.new(),
                organisation_id=organisation_id,
                day=day,
                refreshed_at=self._moment(day),
                refreshed=sums.groups,
                counted=sums.counted,
                **dict(zip(NAMES, sums.counts, strict=True)),
            )
            for (organisation_id, day), sums in self._sums.items()
        )

    async def _write_group(self, chance: Random, planted: Planted) -> None:
        members = await read_member_states(planted.id)
        group = await Group.get(id=planted.id)
        assert group.count_seed is not None, "a group that was judged below an organisation has one"
        counts, reports, shown_days = [], [], []
        for ago in self._days:
            day = self._today - timedelta(days=ago)
            made_up = _made_up(chance, _wave(ago), len(members), self._moment(day))
            statistics = _count(made_up, members)
            row = {"id": self._env.ids.new(), "group_id": group.id, "day": day}
            told = row | {"refreshed_at": made_up.at, "statistics": dump_statistics(statistics)}
            shown = shown_counts(group.count_seed, counts_of(statistics))
            self._sums[planted.organisation_id, day] += Sums.of(shown)
            if is_kept(day, self._today):
                reported = [dump_member(one) for one in _reported(made_up, members)]
                reports.append(DayReport(**told, members=reported))
                shown_days.append(ShownDay(**row, **self._shown(planted, shown)))
            else:
                counts.append(DayCount(**told))
        await DayCount.bulk_create(counts)
        await DayReport.bulk_create(reports)
        await ShownDay.bulk_create(shown_days)

    def _shown(self, planted: Planted, shown: Counts | None) -> dict[str, object]:
        cells = shown or (None,) * len(NAMES)
        return {"organisation_id": planted.organisation_id, **dict(zip(NAMES, cells, strict=True))}

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, _REFRESHED_AT, self._env.timezone)


def _wave(ago: int) -> float:
    """Return how high the wave was so many days ago, from 0 to 1."""
    return exp(-(((ago - _PEAK) / _WIDTH) ** 2))


def _made_up(chance: Random, wave: float, people: int, at: datetime) -> _Day:
    codes: list[HealthCode] = []
    for code, high, quiet in _CODES:
        codes += [code] * _some(chance, people, quiet + wave * (high - quiet))
    codes = (codes + [HealthCode.GREEN] * people)[:people]
    high, quiet = _POSITIVES
    positive = _some(chance, people, quiet + wave * (high - quiet))
    results = [TestResult.POSITIVE] * positive + [TestResult.NEGATIVE] * people
    hours, weights = zip(*_AGES, strict=True)
    ages = chance.choices(hours, weights, k=people)
    chance.shuffle(codes)
    return _Day(at, codes, results[:people], ages)


def _some(chance: Random, people: int, of_thousand: float) -> int:
    return sum(chance.random() * 1000 < of_thousand for _ in range(people))


def _count(day: _Day, members: Sequence[MemberState]) -> Statistics:
    windows = {hours: window_of(day.at - timedelta(hours=hours), day.at) for hours, _ in _AGES}
    return Statistics(
        total=len(members),
        codes=Counter(day.codes),
        tests=Counter(
            (windows[age], result) for age, result in zip(day.ages, day.results, strict=True)
        ),
        doses=Counter(member.doses for member in members),  # the last was long before
    )


def _reported(day: _Day, members: Sequence[MemberState]) -> list[ReportedMember]:
    rows = zip(members, day.codes, day.results, day.ages, strict=True)
    return [
        ReportedMember(
            member.facts.member_id, code, result, day.at - timedelta(hours=age), member.doses
        )
        for member, code, result, age in rows
    ]
