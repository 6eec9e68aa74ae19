"""What the join of somebody writes whom nobody knew: as of most who join, one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.events import Event
from app.models.binding import BIND, UNLESS_THERE
from app.models.due import SCHEDULED_AGAIN, DueWork
from app.models.inserting import NewRows, part_of
from app.models.people import Person
from app.models.statements import fetch_as


@dataclass(frozen=True, slots=True)
class FirstJoin:
    """Whom to let in, by which verification and invitation, and what is written with them.

    ``rows``: the membership with its consent. ``due``: what is to be done later.
    """

    verification_id: UUID
    account_id: UUID
    invitation_id: UUID
    group_id: UUID
    person: Mapping[str, object]
    rows: Sequence[NewRows]
    event_id: UUID
    event: Event
    due: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class LetIn:
    """Whether the verification was used up, the account bound by it, and they were let in."""

    used: bool
    bound: bool
    let_in: bool


# Each part takes its rows from those before it: nothing of a join is written without the rest.
_LET_IN: Final = """, numbered AS (
        UPDATE groups SET version = version + 1, member_count = member_count + 1
        WHERE id = $4 AND EXISTS (SELECT 1 FROM bound) AND NOT EXISTS (
            SELECT 1 FROM invitation WHERE id = $5 AND withdrawn_at IS NOT NULL
        ) RETURNING version
    ), logged AS (
        INSERT INTO group_event (id, group_id, seq, type, actor_id, subject_id, details, at)
        SELECT $6, $4, version, $7, $8, $9, '{{}}'::jsonb, $1 FROM numbered
    ){along}
    SELECT EXISTS (SELECT 1 FROM used) AS used, EXISTS (SELECT 1 FROM bound) AS bound,
           EXISTS (SELECT 1 FROM numbered) AS let_in
"""
_IF_LET_IN: Final = "WHERE EXISTS (SELECT 1 FROM numbered)"


async def let_in(first: FirstJoin, now: datetime) -> LetIn:
    """Bind an account as ``use_and_bind`` does, and let the person into a group whose row is held.

    Nobody is let in where the account isn't bound, or the invitation was withdrawn. For PostgreSQL.
    """
    event = first.event
    values: list[object] = [
        now,
        first.verification_id,
        first.account_id,
        first.group_id,
        first.invitation_id,
        first.event_id,
        event.type,
        event.actor_id,
        event.subject_id,
    ]
    made, given = part_of(NewRows(Person, [first.person], UNLESS_THERE), start=len(values) + 1)
    values += given
    along = ""
    due = NewRows(DueWork, first.due, SCHEDULED_AGAIN)
    for number, new in enumerate([*first.rows, due]):
        only = NewRows(new.table, new.rows, f"{_IF_LET_IN} {new.on_conflict}")
        part, given = part_of(only, start=len(values) + 1)
        along, values = f"{along}, along_{number} AS ({part})", [*values, *given]
    statement = BIND.format(made=made) + _LET_IN.format(along=along)
    [found] = await fetch_as(LetIn, statement, *values)
    return found
