"""Whose session it is, found along with what else is asked first: a quota, or a request's key."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.models.quotas import COUNTING, Use, take_quota
from app.models.statements import dialect, fetch_as


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a session is that lasts."""

    person_id: UUID | None
    person_shown: bool


@dataclass(frozen=True, slots=True)
class _Counted(Owner):
    taken: bool


@dataclass(frozen=True, slots=True)
class _Asking(Owner):
    known: bool


_OWNER: Final = """SELECT account.person_id, account.person_shown
    FROM session JOIN account ON account.id = session.account_id
    WHERE session.id = {session} AND session.account_id = {account} AND session.ended_at IS NULL"""
_ALONE: Final = _OWNER.format(session="$1", account="$2")
_ASKING: Final = f"""
    SELECT owner.*, EXISTS (SELECT 1 FROM keyed_request WHERE id = $3) AS known
    FROM ({_ALONE}) AS owner"""
_COUNTED: Final = f"""
    WITH owner AS ({_OWNER.format(session="$6", account="$7")}), taken AS (
        INSERT INTO quota (key, "window", used, last_at)
        SELECT $1::varchar, $2::varchar, 1, $3::timestamptz FROM owner {COUNTING}
    )
    SELECT owner.*, EXISTS (SELECT FROM taken) AS taken FROM owner"""


async def take_as_owner(session_id: UUID, account_id: UUID, use: Use) -> tuple[Owner, bool] | None:
    """Find whose session it is, and count one use; return whether there was one left.

    None where the session has ended: nothing is counted then. One statement on PostgreSQL; of
    SQLite's none writes and reads at once.
    """
    if dialect() == "sqlite":
        for owner in await fetch_as(Owner, _ALONE, session_id, account_id):
            return owner, await take_quota(use)
        return None
    given = *use.params(), session_id, account_id
    for counted in await fetch_as(_Counted, _COUNTED, *given):
        return counted, counted.taken
    return None


async def find_owner_asking(
    session_id: UUID, account_id: UUID, request_id: UUID
) -> tuple[Owner, bool] | None:
    """Find whose session it is, and whether anything is on record of a request; None if ended."""
    for asking in await fetch_as(_Asking, _ASKING, session_id, account_id, request_id):
        return asking, asking.known
    return None
