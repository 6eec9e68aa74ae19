"""News of people: the groups that are to be judged because of them (R20)."""

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Final
from uuid import UUID

from app.models.due import (
    SCHEDULED_AGAIN,
    TRACE_LENGTH,
    Claim,
    new_stamp,
)
from app.models.finishing import FINISHED, finish_all
from app.models.health import erase_unneeded_records, unneeded_records
from app.models.statements import dialect, fetch, placeholders
from app.telemetry import traces

_NEWS: Final = """
    INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp, trace)
    SELECT DISTINCT
        'JUDGE_GROUP:' || group_id, 'JUDGE_GROUP', group_id, {due_at}, 0, {stamp}, {trace}
    FROM {theirs} ORDER BY 1
"""
# Of each person the groups are looked up by themselves: a plan might read all memberships.
_POSTGRES_THEIRS: Final = """({people}) AS news CROSS JOIN LATERAL (
    SELECT group_id FROM membership WHERE membership.person_id = news.person_id OFFSET 0
) AS theirs"""
_OF_GROUP: Final = """SELECT membership.person_id FROM membership
    JOIN health_record ON health_record.person_id = membership.person_id
    WHERE membership.group_id = $4 AND changed_at >= $5"""


async def schedule_judging_of_people(due_at: datetime, people: Sequence[UUID]) -> None:
    """Schedule the judging of every group that these people are in (R20)."""
    if dialect() == "sqlite":
        await _schedule_judging(due_at, placeholders(len(people), start=4), *people)
    else:
        await _schedule_judging(due_at, "SELECT unnest($4::uuid[]) AS person_id", list(people))


# The claims' own rows are locked ahead of the others, as their keys are in order.
_END_FETCHES: Final = """
    WITH done AS ({finished} RETURNING key), erased AS ({unneeded})
"""
_FINISHED: Final = FINISHED.format(keys="$5", stamps="$6")
_THESE_PEOPLE: Final = """
    SELECT person_id FROM unnest($4::uuid[]) AS these(person_id)
    WHERE (SELECT COUNT(*) FROM done) >= 0
"""


async def end_fetches(claims: Sequence[Claim], due_at: datetime) -> None:
    """End the fetches of people's data, and schedule the judging of every group they are in.

    Their records are erased where no group needs them any more (R34).
    """
    people = [claim.subject_id for claim in claims]
    if dialect() == "sqlite":
        await finish_all(claims)
        await erase_unneeded_records(people)
        await schedule_judging_of_people(due_at, people)
    else:
        unneeded = unneeded_records("SELECT unnest($4::uuid[])")
        begin = _END_FETCHES.format(finished=_FINISHED, unneeded=unneeded)
        given = (people, [one.key for one in claims], [one.stamp for one in claims])
        await _schedule_judging(due_at, _THESE_PEOPLE, *given, begin=begin)


async def schedule_judging_of_group(due_at: datetime, group_id: UUID, since: datetime) -> Set[str]:
    """Schedule the judging of every group in which there is news of a group's people (R20).

    News are what was first said at ``since`` or later. Return the keys of that work.
    """
    return await _schedule_judging(due_at, _OF_GROUP, group_id, since)


async def _schedule_judging(
    due_at: datetime, people: str, *given: object, begin: str = ""
) -> Set[str]:
    # One statement, in the order of the rows' keys, so that two of them never deadlock.
    if dialect() == "postgres":
        theirs = _POSTGRES_THEIRS.format(people=people)
        trace = f"$3::varchar({TRACE_LENGTH})"
        news = _NEWS.format(due_at="$1::timestamptz", stamp="$2::uuid", trace=trace, theirs=theirs)
    else:
        theirs = f"membership WHERE person_id IN ({people})"
        news = _NEWS.format(due_at="$1", stamp="$2", trace="$3", theirs=theirs)
    news = f"{begin} {news} {SCHEDULED_AGAIN} RETURNING key"
    written = await fetch(news, due_at, new_stamp(), traces.traceparent(), *given)
    return {str(row["key"]) for row in written}
