"""News of people: the groups that are to be judged because of them (R20)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.models.due import SCHEDULED_AGAIN, TRACE_LENGTH, Claim, finish, new_stamp
from app.models.health import erase_unneeded_records, unneeded_records
from app.models.statements import dialect, fetch
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


async def schedule_judging_of_person(due_at: datetime, person_id: UUID) -> None:
    """Schedule the judging of every group that a person is in (R20)."""
    cast = "::uuid" if dialect() == "postgres" else ""
    await _schedule_judging(due_at, f"SELECT $4{cast} AS person_id", person_id)


# The claim's own row is locked ahead of the others, as their keys are in order.
_END_FETCH: Final = """
    WITH done AS (DELETE FROM due_work WHERE key = $5 AND stamp = $6 RETURNING key),
    erased AS ({unneeded})
"""
_THIS_PERSON: Final = """
    SELECT person_id FROM (SELECT $4::uuid AS person_id) AS this
    WHERE (SELECT COUNT(*) FROM done) >= 0
"""


async def end_fetch(claim: Claim, due_at: datetime) -> None:
    """End the fetch of a person's data, and schedule the judging of every group they are in.

    Their record is erased where no group needs it any more (R34).
    """
    person_id = claim.subject_id
    if dialect() == "sqlite":
        await finish(claim)
        await erase_unneeded_records([person_id])
        await schedule_judging_of_person(due_at, person_id)
    else:
        begin = _END_FETCH.format(unneeded=unneeded_records("$4::uuid"))
        given = (person_id, claim.key, claim.stamp)
        await _schedule_judging(due_at, _THIS_PERSON, *given, begin=begin)


async def schedule_judging_of_group(due_at: datetime, group_id: UUID, since: datetime) -> None:
    """Schedule the judging of every group in which there is news of a group's people (R20).

    News are what was first said at ``since`` or later.
    """
    await _schedule_judging(due_at, _OF_GROUP, group_id, since)


async def _schedule_judging(due_at: datetime, people: str, *given: object, begin: str = "") -> None:
    # One statement, in the order of the rows' keys, so that two of them never deadlock.
    if dialect() == "postgres":
        theirs = _POSTGRES_THEIRS.format(people=people)
        trace = f"$3::varchar({TRACE_LENGTH})"
        news = _NEWS.format(due_at="$1::timestamptz", stamp="$2::uuid", trace=trace, theirs=theirs)
    else:
        theirs = f"membership WHERE person_id IN ({people})"
        news = _NEWS.format(due_at="$1", stamp="$2", trace="$3", theirs=theirs)
    news = begin + news + SCHEDULED_AGAIN
    await fetch(news, due_at, new_stamp(), traces.traceparent(), *given)
