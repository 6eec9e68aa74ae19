"""Watching every write of something that answers about a group show, on PostgreSQL.

Triggers note, for each transaction, the groups whose answers show what it wrote, and the groups
whose version it moved, by an event or without one. Whoever wrote the one without the other has been
caught.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID, uuid4

from app.models.data_versions import move_versions
from app.models.database import transaction

_OF_GROUP: Final = "SELECT r.group_id"
_OF_MEMBER: Final = "SELECT group_id FROM membership WHERE id = r.member_id"
_OF_HEALTH: Final = """
    SELECT membership.group_id FROM membership JOIN groups ON groups.id = membership.group_id
    LEFT JOIN refresh_run ON refresh_run.id = refresh_run_id
    WHERE person_id = r.person_id AND withheld_at IS NULL
    AND (refresh_run.ended_at IS NOT NULL OR refresh_run.id IS NULL)
"""
_OF_NAME: Final = """
    SELECT group_id FROM membership WHERE r.id IN (person_id, enrolled_by_id)
    UNION SELECT group_id FROM former_member WHERE person_id = r.id
    UNION SELECT group_id FROM consent WHERE given_by_id = r.id
    UNION SELECT group_id FROM invitation WHERE created_by_id = r.id
    UNION SELECT id FROM groups WHERE creator_id = r.id
"""

# Every table that answers about a group show, and how a row of it leads to the groups.
SHOWN: Final = {
    "groups": "SELECT r.id",
    "membership": _OF_GROUP,
    "guardianship": _OF_MEMBER,
    "person": _OF_NAME,
    "health_record": _OF_HEALTH,
    "anomaly": _OF_GROUP,
    "leave_request": _OF_GROUP,
    "former_member": _OF_GROUP,
    "consent": _OF_GROUP,
    "invitation": _OF_GROUP,
    "sms": _OF_GROUP,
    "refresh_run": _OF_GROUP,
    "day_report": _OF_GROUP,
    "day_count": _OF_GROUP,
    "roster_entry": _OF_GROUP,
    "reminder_schedule": _OF_GROUP,
}

# Columns that no answer shows that is kept.
_UNSHOWN: Final = {
    # How far an open run is: an answer that shows one isn't kept.
    "refresh_run": ("done", "total", "partly_read"),
    "groups": ("count_seed",),
    "person": ("owned_groups", "name_verified_at"),
    "membership": ("awaited_until", "alerted_version"),
    "anomaly": ("alert_at", "alert_version"),
    "health_record": ("digest", "changed_at"),
}


@asynccontextmanager
async def by_hand(*group_ids: UUID) -> AsyncIterator[None]:
    """Write what groups show without a use case, in one transaction."""
    async with transaction():
        yield
        await move_versions(uuid4(), group_ids)


def watching() -> str:
    """Return the statements that have a database watch."""
    return "\n".join([_TABLES, *(_watch(table, groups) for table, groups in SHOWN.items())])


# Tables whose rows are hidden by their age before they are deleted for it.
_AGED: Final = ("sms", "invitation", "day_report", "day_count")

# A transaction that was rolled back leaves nothing here either.
_TABLES: Final = """
    CREATE TABLE shown_write (xid xid8, group_id uuid, tab text, statement text);
    CREATE TABLE version_move (xid xid8, group_id uuid);
    CREATE FUNCTION note_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO version_move VALUES (pg_current_xact_id(), NEW.group_id); RETURN NULL;
    END $$;
    CREATE TRIGGER moved AFTER INSERT OR UPDATE ON data_version
        FOR EACH ROW EXECUTE FUNCTION note_move();
    CREATE FUNCTION note_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO version_move VALUES (pg_current_xact_id(), NEW.id); RETURN NULL;
    END $$;
    CREATE TRIGGER logged AFTER UPDATE OF version ON groups
        FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION note_event();
"""

# Of a group that is dissolved nothing is answered.
FORGOTTEN: Final = """
    SELECT DISTINCT tab || ': ' || regexp_replace(left(statement, 300), '\\s+', ' ', 'g')
    FROM shown_write
    WHERE NOT EXISTS (
        SELECT 1 FROM version_move
        WHERE version_move.xid = shown_write.xid AND version_move.group_id = shown_write.group_id
    )
    AND group_id IN (SELECT id FROM groups WHERE dissolved_at IS NULL)
"""


def _seen(row: str, table: str) -> str:
    """Return of a row what is shown; an open run is the same whether it was begun or not."""
    unshown = "".join(f" - '{column}'" for column in _UNSHOWN.get(table, ()))
    seen = f"to_jsonb({row}){unshown}"
    return f"replace(({seen})::text, 'QUEUED', 'RUNNING')" if table == "refresh_run" else seen


def _watch(table: str, groups: str) -> str:
    events = "INSERT OR UPDATE" if table in _AGED else "INSERT OR UPDATE OR DELETE"
    return f"""
    CREATE FUNCTION note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE r record;
    BEGIN
        IF TG_OP = 'UPDATE' AND ({_seen("NEW", table)}) = ({_seen("OLD", table)}) THEN
            RETURN NULL;
        END IF;
        IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;
        INSERT INTO shown_write
        SELECT pg_current_xact_id(), found.id, '{table}', current_query()
        FROM ({groups}) AS found(id) WHERE found.id IS NOT NULL;
        RETURN NULL;
    END $$;
    CREATE TRIGGER shown AFTER {events} ON {table}
        FOR EACH ROW EXECUTE FUNCTION note_{table}();
    """
