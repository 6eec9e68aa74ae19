"""Counts of groups as who is above them is shown: rounded, of now (R47) and of days (R49).

They are written along with the judgement or refresh that found them, of the group alone; nobody
counts members anew for an organisation.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from app.domain.disclosure import Sums, counts_of, shown_counts
from app.domain.judging import MemberState
from app.domain.statistics import Statistics, statistics_of
from app.models.groups import Group
from app.models.organisation_days import add_to_day
from app.models.shown_counts import DayShown, put_shown_count, put_shown_day, read_shown_day
from app.services.kernel.above import nudge_above
from app.services.kernel.unit import Unit

# A group is judged again and again while its counts stay as they are.
_shown_counts: Final = lru_cache(maxsize=1_000)(shown_counts)


async def keep_shown(
    unit: Unit, group: Group, members: Sequence[MemberState], *, turned: bool = False
) -> None:
    """Keep what is shown above a group of its members as they were judged; the caller holds it.

    Those above look again where that is anything new, or the group's colour ``turned`` (R48).
    Nothing is kept of a group that stands alone.
    """
    if group.organisation_id is not None:
        shown = _shown_counts(
            await _seed_of(unit, group), counts_of(statistics_of(members, unit.now))
        )
        if await put_shown_count(unit.new_id(), group.id, shown) or turned:
            await nudge_above(unit, group.organisation_id)


async def keep_day(
    unit: Unit, group: Group, day: date, at: datetime, statistics: Statistics
) -> None:
    """Keep what is shown above of a day as its last refresh left it, or as it is without somebody.

    It is added to the day of what the group is attached to.
    """
    if group.count_seed is None and group.organisation_id is None:
        return  # it never was below anything
    before = await read_shown_day(group.id, day)
    # A day that is over was where the group stood then.
    attached_to = before.organisation_id if before and day < unit.today else group.organisation_id
    if attached_to is None or (before is None and day < unit.today):
        return
    shown = _shown_counts(await _seed_of(unit, group), counts_of(statistics))
    await put_shown_day(unit.new_id(), group.id, day, DayShown(attached_to, shown))
    changes = {attached_to: Sums.of(shown)}
    if before is not None:
        taken = -Sums.of(before.shown)
        changes[before.organisation_id] = changes.get(before.organisation_id, Sums()) + taken
    for organisation_id in sorted(changes):
        await add_to_day(unit.new_id(), organisation_id, day, at, changes[organisation_id])


async def _seed_of(unit: Unit, group: Group) -> UUID:
    """Return by what a group's counts are rounded, drawn the first time: the caller holds it.

    It stays the group's, also when it is detached: another one would draw another time.
    """
    if group.count_seed is None:
        group.count_seed = unit.new_id()
        await Group.filter(id=group.id).update(count_seed=group.count_seed)
    return group.count_seed
