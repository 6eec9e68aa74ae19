"""A database that many others use: rows of thousands of people, made inside PostgreSQL.

Only keys, times and what statements look for are in them; nothing encrypted is, since nobody
reads these rows. So whatever reads them without need shows by how many it passes over.
"""

from __future__ import annotations

from typing import Final

import asyncpg

PEOPLE_A_GROUP: Final = 5  # as everybody's groups are many, too

# What isn't named below is filled by the type of its column.
_DEFAULTS: Final = {
    "bigint": "0",
    "boolean": "false",
    "bytea": "''::bytea",
    "character varying": "''",
    "date": "current_date",
    "integer": "0",
    "jsonb": "'[]'::jsonb",
    # So late that nothing of it is old when a test has let months pass.
    "timestamp with time zone": "now() + interval '100 days' - n * interval '1 second'",
    "smallint": "0",
    "uuid": "gen_random_uuid()",
}
_PERSON: Final = "pg_temp.key('person', n)"
_GROUP: Final = f"pg_temp.key('group', n / {PEOPLE_A_GROUP})"
_ORGANISATION: Final = f"pg_temp.key('organisation', n / {PEOPLE_A_GROUP})"
_MEMBER: Final = "pg_temp.key('member', n)"
_ACCOUNT: Final = "pg_temp.key('account', n)"
_SESSION: Final = "pg_temp.key('session', n)"
_HASH: Final = "md5('hash' || n) || md5('more' || n)"
_FIRST_OF_GROUP: Final = f"n % {PEOPLE_A_GROUP} = 0"
_LATELY: Final = "now() - n * interval '1 second'"  # a server's clock is at least at these
_SOME: Final = "n % 2 = 1"

# By table, after those that it points to: for which people there is a row, and its columns.
_TABLES: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "person": ("true", {"id": _PERSON, "identity_hash": _HASH}),
    "account": (
        "true",
        {"id": _ACCOUNT, "person_id": _PERSON, "phone_hash": _HASH} | {"last_seen_at": _LATELY},
    ),
    "session": ("true", {"id": _SESSION, "account_id": _ACCOUNT}),
    "refresh_token": ("true", {"session_id": _SESSION, "token_hash": _HASH}),
    "device": ("true", {"id": _SESSION, "account_id": _ACCOUNT, "token_hash": _HASH}),
    "keyed_request": ("true", {"session_id": _SESSION}),
    "verification": ("true", {"account_id": _ACCOUNT}),
    "verification_code": ("true", {"phone_hash": _HASH, "purpose": "'SIGN_IN'"}),
    "quota": ("true", {"key": _HASH, '"window"': "'today'"}),
    "relative": (_SOME, {"guardian_id": _PERSON, "identity_hash": _HASH}),
    "organisation": (_FIRST_OF_GROUP, {"id": _ORGANISATION, "owner_id": _PERSON}),
    "organisation_above": (
        _FIRST_OF_GROUP,
        {"organisation_id": _ORGANISATION, "above_id": _ORGANISATION},
    ),
    "overseer": (_SOME, {"organisation_id": _ORGANISATION, "person_id": _PERSON}),
    "organisation_code": (
        _SOME,
        {"organisation_id": _ORGANISATION, "created_by_id": _PERSON, "token_hash": _HASH},
    ),
    "groups": (
        _FIRST_OF_GROUP,
        {"id": _GROUP, "creator_id": _PERSON, "colour": "'GREEN'", "nat_validity": "'NONE'"}
        | {"organisation_id": _ORGANISATION}
        | {"reason_counts": "'{}'::jsonb"},
    ),
    "membership": (
        "true",
        {"id": _MEMBER, "group_id": _GROUP, "person_id": _PERSON, "role": "'MEMBER'"},
    ),
    "guardianship": (_SOME, {"member_id": _MEMBER, "guardian_id": _PERSON}),
    "consent": ("true", {"person_id": _PERSON, "group_id": _GROUP, "given_by_id": _PERSON}),
    "health_record": (
        "true",
        {"person_id": _PERSON, "health_code": "'GREEN'", "as_of": _LATELY},
    ),
    "anomaly": (_SOME, {"group_id": _GROUP, "member_id": _MEMBER}),
    "group_event": (
        "true",
        {"group_id": _GROUP, "seq": "n", "type": "'MEMBER_JOINED'", "at": _LATELY},
    ),
    "invitation": (_SOME, {"group_id": _GROUP, "created_by_id": _PERSON, "token_hash": _HASH}),
    "leave_request": (_SOME, {"group_id": _GROUP, "member_id": _MEMBER}),
    "former_member": (
        _SOME,
        {"group_id": _GROUP, "person_id": _PERSON, "guardian_ids": "'[]'::jsonb"},
    ),
    "sms": ("true", {"group_id": _GROUP, "phone_hash": _HASH, "state": "'SENT'"}),
    "refresh_run": (_SOME, {"group_id": _GROUP, "status": "'DONE'"}),
    "day_report": (_SOME, {"group_id": _GROUP, "day": "current_date + 100 + n"}),
    "day_count": (_SOME, {"group_id": _GROUP, "day": "current_date + 100 + n"}),
    "shown_count": (_FIRST_OF_GROUP, {"group_id": _GROUP}),
    "organisation_day": (_SOME, {"day": "current_date + 100 + n"}),
    "shown_day": (_SOME, {"group_id": _GROUP, "day": "current_date + 100 + n"}),
    "access_day": (
        _SOME,
        {"id": _MEMBER, "group_id": _GROUP, "viewer_id": _PERSON, "kind": "'VIEWED'"},
    ),
    "access_spell": (_SOME, {"access_id": _MEMBER, "people": "'MEMBERS'"}),
    "due_work": (
        "true",
        {"key": "'START_REFRESH:' || n", "kind": "'START_REFRESH'"}
        | {"due_at": "now() + interval '1 year' + n * interval '1 minute'"},
    ),
}

GROWING: Final = frozenset(_TABLES)


async def crowd_in(url: str, people: int) -> None:
    """Write the rows of so many people into a database, and have it count them."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "CREATE FUNCTION pg_temp.key(text, int) RETURNS uuid LANGUAGE sql IMMUTABLE"
            " AS $$ SELECT md5($1 || $2)::uuid $$"
        )
        # Nothing checks each row's keys: they are made to fit.
        await connection.execute("SET session_replication_role = replica")
        for table, (whose, columns) in _TABLES.items():
            given = await _defaults(connection, table) | columns
            await connection.execute(
                f"INSERT INTO {table} ({', '.join(given)}) SELECT {', '.join(given.values())}"
                f" FROM generate_series(0, $1::int - 1) AS n WHERE {whose}",
                people,
            )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _defaults(connection: asyncpg.Connection[asyncpg.Record], table: str) -> dict[str, str]:
    """Return something for each column that must hold something."""
    columns = await connection.fetch(
        "SELECT quote_ident(column_name) AS name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = $1 AND is_nullable = 'NO'",
        table,
    )
    return {column["name"]: _DEFAULTS[column["data_type"]] for column in columns}
