"""Judging a group: read it, have it judged, write the plan (R20-R23, R28).

Everything that is decided is decided in ``domain/judging.py``.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.groups import Requirement
from app.domain.judging import JudgingPlan, MemberState, plan_judging
from app.models.anomalies import close_anomalies, put_anomalies
from app.models.due import Claim, WorkKind, finish, repeated
from app.models.groups import Group, lock_group
from app.models.judging import group_state, read_member_states
from app.services.health.counts import keep_shown
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit, unit_of_work

_NEWS: Final = Event(EventType.MEMBERS_UPDATED)
NO_CHANGES: Final[Mapping[str, object]] = MappingProxyType({})


async def judge_group(env: Env, claim: Claim) -> None:
    """Judge a group because news came or a moment passed (R20, R22); harmless twice.

    News that change no anomaly are an event, too: managers see them in the members.
    """
    async with unit_of_work(env, claim.subject_id) as unit:
        await judge_in(unit, claim.subject_id, gathers=True, claim=claim)


async def judge_in(
    unit: Unit,
    group_id: UUID,
    *events: Event,
    former_requirement: Requirement | None = None,
    changes: Mapping[str, object] = NO_CHANGES,
    gathers: bool = False,
    locked: Group | None = None,
    claim: Claim | None = None,
) -> Sequence[MemberState]:
    """Judge a group within the open transaction; return its members as they were judged.

    ``events``, and the ``changes`` to the group's row that they tell of, are the caller's own,
    logged ahead of what the judgement finds. ``former_requirement`` is given when it was just
    changed: what it wouldn't have opened alerts nobody (R28). ``gathers`` where more may be
    found within the minute. ``claim`` is work that ends by this: a judgement that was due, or what
    else the caller does. A judgement that is due is forgotten; it stays where the caller has no
    events and no claim of it. ``locked`` is the group's row, if the caller locked it and changed
    nothing of it. A group that is dissolved isn't judged, and has no members to return.
    """
    group = locked or await lock_group(group_id)
    asked = claim if claim is not None and claim.kind is WorkKind.JUDGE_GROUP else None
    # Forgotten before the records are read: news that come later ask for a row of their own.
    if group is None or (events and asked is None):
        await unit.forget(WorkKind.JUDGE_GROUP, group_id, claim if asked is None else None)
    if group is None:
        return []
    members = await read_member_states(group_id)
    state = group_state(group, former_requirement, gathers=gathers)
    plan = plan_judging(state, members, unit.now, unit.timezone)
    logged = (_NEWS,) if asked is not None and not events and not plan.events else events
    await _write(unit, group, plan, logged, changes, asked)
    await keep_shown(unit, group, members, turned=plan.verdict.colour is not group.colour)
    await _look_again(unit, group_id, plan, asked)
    return members


async def _look_again(unit: Unit, group_id: UUID, plan: JudgingPlan, claim: Claim | None) -> None:
    """Have the group judged, and managers alerted, when that is due next.

    Where ``claim`` is to be repeated, ``_write`` has said so.
    """
    at = plan.verdict.next_change_at  # R22
    if claim is not None and at is None:
        await finish(claim)
    elif claim is None and at is not None:
        unit.schedule(WorkKind.JUDGE_GROUP, group_id, at=at)
    if plan.first_alert_at is not None:
        unit.schedule(WorkKind.ALERT_MANAGERS, group_id, at=plan.first_alert_at)


async def _write(
    unit: Unit,
    group: Group,
    plan: JudgingPlan,
    events: Sequence[Event],
    changes: Mapping[str, object],
    claim: Claim | None,
) -> None:
    anomalies, version = {**plan.opened, **plan.changed}, group.version + 1
    await put_anomalies(group.id, anomalies, unit.now, unit.new_id, version)
    await close_anomalies(plan.closed)
    if plan.opened or plan.changed or plan.closed:
        unit.changes(group.id)
    if plan.verdict_is_new:
        counts = {reason.value: count for reason, count in plan.verdict.reason_counts.items()}
        changes = {**changes, "colour": plan.verdict.colour, "reason_counts": counts}
    if plan.verdict.colour is not group.colour:
        changes = {**changes, "turned_at": unit.now}
    at = plan.verdict.next_change_at
    along = [repeated(claim, at)] if claim is not None and at is not None else []
    if events or plan.events:
        await unit.log_with(group.id, [*events, *plan.events], changes, along)
