"""Data versions: what moves whenever something changes that answers about a group show.

``groups.version`` numbers events, and much is written without one: a code's time, how far a run
is, whether an SMS was sent. So a group has a second version beside it, a new key at each
transaction that wrote something shown without an event. An answer that was made under both stands
as long as they do, and time alone changes nothing of it.

The row is no part of the group's: whoever stores what became known of people writes of groups whose
rows others hold. It is written last in a transaction, those of several groups in the order of their
keys, so that nobody who holds one waits for anything but the next one.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.models.statements import dialect, fetch, placeholders


class DataVersion(Model):
    """The version of what changed in a group without an event; none before the first move.

    No foreign key: it would have whoever writes here wait for who holds the group's row.
    """

    group_id = fields.UUIDField(primary_key=True)
    version = fields.UUIDField()

    class Meta:
        table = "data_version"


# Which groups' answers show something of a person's.
_ITSELF: Final = ("SELECT id FROM groups WHERE id",)
_THEIR_HEALTH: Final = ("SELECT group_id FROM membership WHERE person_id",)
_THEIR_NAME: Final = (
    "SELECT group_id FROM membership WHERE person_id",
    "SELECT group_id FROM membership WHERE enrolled_by_id",
    "SELECT group_id FROM former_member WHERE person_id",
    "SELECT group_id FROM consent WHERE given_by_id",
    "SELECT group_id FROM invitation WHERE created_by_id",
    "SELECT id FROM groups WHERE creator_id",
)


async def move_versions(
    version: UUID,
    groups: Collection[UUID],
    of_health: Collection[UUID] = (),
    of_name: Collection[UUID] = (),
) -> None:
    """Give groups that aren't dissolved a new version, as the last act of a transaction.

    These groups, those that show the health of these people, and those that show these people's
    name or number: one statement.
    """
    given: list[object] = [version]
    found: list[str] = []
    for keys, places in ((groups, _ITSELF), (of_health, _THEIR_HEALTH), (of_name, _THEIR_NAME)):
        if keys:
            among = _among(keys, given)
            found += [f"{place} {among}" for place in places]
    cast = "" if dialect() == "sqlite" else "::uuid"
    await fetch(
        f"""
        INSERT INTO data_version (group_id, version)
        SELECT id, $1{cast} FROM groups
        WHERE dissolved_at IS NULL AND id IN ({" UNION ".join(found)})
        ORDER BY id
        ON CONFLICT (group_id) DO UPDATE SET version = excluded.version
        """,
        *given,
    )


def _among(keys: Collection[UUID], given: list[object]) -> str:
    """Return that what stands before is one of these keys, and give them to the statement."""
    start = len(given) + 1
    if dialect() == "sqlite":
        given += keys
        return f"IN ({placeholders(len(keys), start)})"
    given.append(list(keys))
    return f"= ANY(${start}::uuid[])"
