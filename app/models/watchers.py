"""Through which memberships the people behind some sessions see some groups."""

from collections.abc import Collection, Sequence
from typing import Final, TypeAlias, cast
from uuid import UUID

import orjson

from app.models.statements import dialect, records

# Session, its account, its person, group, the member's person, role, as JSON the sections to which
# they are bound, the switch of alerts, the minutes of alerts and of the digest: the member is that
# person, or a ward of theirs.
Seat: TypeAlias = tuple[UUID, UUID, UUID, UUID, UUID, str, str | None, bool, int | None, int | None]

_SEATS: Final = """
    SELECT session.id, session.account_id, account.person_id, membership.group_id,
           membership.person_id, membership.role, membership.bound_to,
           membership.alerts, membership.alert_minute, membership.digest_minute
    FROM session
    JOIN account ON account.id = session.account_id AND account.person_shown
    {through}
    WHERE session.id {these} AND session.ended_at IS NULL AND membership.group_id {those}
    {order}"""
_OWN: Final = {
    "through": "JOIN membership ON membership.person_id = account.person_id",
    "order": "",
}
_GUARDED: Final = {
    "through": "JOIN guardianship ON guardianship.guardian_id = account.person_id"
    " JOIN membership ON membership.id = guardianship.member_id",
    "order": "ORDER BY membership.joined_at DESC, membership.id DESC",
}


async def own_seats(sessions: Collection[UUID], groups: Collection[UUID]) -> Sequence[Seat]:
    """Return the memberships of people whose sessions last, in these groups: one statement."""
    return await _seats(_OWN, sessions, groups)


async def guarded_seats(sessions: Collection[UUID], groups: Collection[UUID]) -> Sequence[Seat]:
    """Return the memberships of those whom they guard in these groups: one statement.

    Of several in one group, the one that began first comes last.
    """
    return await _seats(_GUARDED, sessions, groups)


async def _seats(
    shape: dict[str, str], sessions: Collection[UUID], groups: Collection[UUID]
) -> Sequence[Seat]:
    if dialect() == "postgres":
        sql = _SEATS.format(these="= ANY($1::uuid[])", those="= ANY($2::uuid[])", **shape)
        return cast("Sequence[Seat]", await records(sql, [list(sessions), list(groups)]))
    these, those = (f"IN (SELECT value FROM json_each(?{number}))" for number in (1, 2))
    sql = _SEATS.format(these=these, those=those, **shape)
    given = [orjson.dumps(list(keys)).decode() for keys in (sessions, groups)]
    rows = cast("Sequence[tuple[str, ...]]", await records(sql, given))
    return [cast(Seat, (*map(UUID, row[:5]), *row[5:])) for row in rows]
