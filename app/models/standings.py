"""Who asks, what they are in one group, and what its data was when they asked: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.roles import Role
from app.models.replica import replica
from app.models.statements import fetch_as, read_as
from app.telemetry import metrics


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What an answer about a group depends on, beside what is asked; equal where nothing changed.

    It holds the viewer and their right as they are now, and the versions of all that is shown.
    """

    person_id: UUID
    role: Role | None
    guards: bool
    admins_may_invite: bool
    bound_to: str | None  # the sections of an admin, as JSON (R51)
    events: int
    version: UUID | None


@dataclass(frozen=True, slots=True)
class _Row:
    person_id: UUID
    role: Role | None
    guards: bool
    admins_may_invite: bool
    bound_to: str | None
    events: int
    version: UUID | None
    refreshing: bool


_READ: Final = """
    SELECT account.person_id, membership.role, groups.admins_may_invite,
           CAST(membership.bound_to AS TEXT) AS bound_to,
           groups.version AS events, data_version.version AS version,
           refresh_run.id IS NOT NULL AND refresh_run.ended_at IS NULL AS refreshing,
           EXISTS (
               SELECT 1 FROM guardianship JOIN membership AS ward ON ward.id = member_id
               WHERE guardian_id = account.person_id AND ward.group_id = groups.id
           ) AS guards
    FROM session
    JOIN account ON account.id = session.account_id AND account.person_shown
    JOIN groups ON groups.id = $3 AND groups.dissolved_at IS NULL
    LEFT JOIN membership
        ON membership.group_id = groups.id AND membership.person_id = account.person_id
    LEFT JOIN data_version ON data_version.group_id = groups.id
    LEFT JOIN refresh_run ON refresh_run.id = groups.refresh_run_id
    WHERE session.id = $1 AND session.account_id = $2 AND session.ended_at IS NULL
      AND account.person_id IS NOT NULL
"""


async def standpoint_of(session_id: UUID, account_id: UUID, group_id: UUID) -> Standpoint | None:
    """Read from where a viewer looks at a group.

    None where they are signed out or nobody, it isn't theirs to see, or it is being refreshed:
    what a run writes on its way moves no version.
    """
    return _standpoint(await fetch_as(_Row, _READ, session_id, account_id, group_id))


async def replica_shows(
    seen: Standpoint, session_id: UUID, account_id: UUID, group_id: UUID
) -> bool:
    """Return whether the replica shows a group as the database did a moment ago, and is there.

    Then whatever an answer that lasts is made of is there as well, since it comes in the order in
    which it was written.
    """
    copy = replica()
    rows = await copy.fetch(_READ, (session_id, account_id, group_id)) if copy else None
    if rows is None:
        metrics.REPLICA_ANSWERS.labels("AWAY").inc()
        return False
    shown = _standpoint(read_as(_Row, rows)) == seen
    metrics.REPLICA_ANSWERS.labels("REPLICA" if shown else "BEHIND").inc()
    return shown


def _standpoint(rows: Sequence[_Row]) -> Standpoint | None:
    if not rows or rows[0].refreshing or (rows[0].role is None and not rows[0].guards):
        return None
    row = rows[0]
    return Standpoint(
        row.person_id,
        row.role,
        row.guards,
        row.admins_may_invite,
        row.bound_to,
        row.events,
        row.version,
    )
