"""What a passed face check writes of who was nobody before: as of most who join, one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.models.inserting import NewRows, part_of
from app.models.people import Person
from app.models.relatives import Relative
from app.models.statements import fetch_as, fetch_value
from app.models.verifications import Verification


@dataclass(frozen=True, slots=True)
class Bound:
    """Whether a verification was used up, and the account bound to a person made by it."""

    used: bool
    bound: bool


# Each part takes its rows from the one before it, so they are locked in this order.
BIND: Final = """
    WITH used AS (
        UPDATE verification SET used_at = $1 WHERE id = $2 AND used_at IS NULL RETURNING id
    ), made AS ({made}), bound AS (
        UPDATE account SET person_id = made.id, person_shown = TRUE FROM made
        WHERE account.id = $3 AND account.person_id IS NULL RETURNING account.id
    )
"""
_BOUND: Final = """
    SELECT EXISTS (SELECT 1 FROM used) AS used, EXISTS (SELECT 1 FROM bound) AS bound
"""
UNLESS_THERE: Final = """
    WHERE EXISTS (SELECT 1 FROM used) ON CONFLICT (identity_hash) DO NOTHING RETURNING id
"""


async def use_and_bind(
    verification_id: UUID, account_id: UUID, person: Mapping[str, object], now: datetime
) -> Bound:
    """Use up a verification, make the person whom it is about, and bind the account to them.

    A person who is there already isn't made, and an account that had one isn't bound. For
    PostgreSQL.
    """
    made, given = part_of(NewRows(Person, [person], UNLESS_THERE), start=4)
    statement = BIND.format(made=made) + _BOUND
    [found] = await fetch_as(Bound, statement, now, verification_id, account_id, *given)
    return found


_KEEP: Final = """
    WITH known AS MATERIALIZED (
        SELECT 1 FROM person WHERE identity_hash = ANY($1::text[])
    ), kept AS (
        UPDATE verification SET status = $2, passed_at = $3
        WHERE id = $4 AND NOT EXISTS (SELECT 1 FROM known)
    ), listed AS (
        UPDATE relative SET name = $5, id_number = $6
        WHERE identity_hash = ANY($1::text[]) AND verified_at IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM known)
    )
    SELECT NOT EXISTS (SELECT 1 FROM known) AS kept
"""


async def keep_pass_of_nobody(verification: Verification, hashes: Sequence[str]) -> bool:
    """Keep that a verification passed, unless whom it is about is a person already: then False.

    On families' lists they are under its name from now on (R6). For PostgreSQL.
    """
    columns = Relative._meta.fields_map
    kept = await fetch_value(
        bool,
        _KEEP,
        list(hashes),
        verification.status,
        verification.passed_at,
        verification.id,
        columns["name"].to_db_value(verification.name, Relative),
        columns["id_number"].to_db_value(verification.id_number, Relative),
    )
    return bool(kept)
