"""Accounts (a proved phone), their devices, sessions and refresh tokens (R6, R40)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.models.fields import encrypted_text
from app.models.people import Person
from app.models.reading import read_own
from app.models.statements import dialect, fetch_as, placeholders


class Account(Model):
    """A phone that someone proved. It shows its person only while ``person_shown`` (R6)."""

    id = fields.UUIDField(primary_key=True)
    phone_hash = fields.CharField(64, unique=True)
    phone = encrypted_text()
    person_id: UUID | None
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="accounts", null=True, on_delete=fields.SET_NULL
    )
    person_shown = fields.BooleanField(default=True)
    # Since when it may be somebody else's phone than before; None while it never changed hands.
    taken_over_at = fields.DatetimeField(null=True)
    language = fields.CharField(2)
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()

    class Meta:
        table = "account"
        indexes = (("person_id",), ("last_seen_at",))


_SPOKEN: Final = {"phone_hash": "phone_hash", "language": "language"}


async def languages_of(phone_hashes: Collection[str]) -> dict[str, str]:
    """Return in which language the accounts of these phones were last used, by their hashes."""
    if not phone_hashes:
        return {}
    given: list[object] = list(phone_hashes)
    among = f"IN ({placeholders(len(given))})"
    if dialect() == "postgres":
        among, given = "= ANY($1::text[])", [given]
    sql = f"SELECT phone_hash, language FROM account WHERE phone_hash {among}"
    found = await read_own(Account, _SPOKEN, sql, *given)
    return {row["phone_hash"]: row["language"] for row in found.values()}


async def erase_unused_accounts(before: datetime) -> list[UUID | None]:
    """Erase up to 500 accounts unused since ``before`` whose person is in no group (R34).

    Return whom they were of; None for one of nobody real-named.
    """
    in_no_group = " ".join(
        f"AND NOT EXISTS (SELECT 1 FROM {table} WHERE {table}.{column} = account.person_id)"
        for table, column in _IN_GROUPS
    )
    erased = await fetch_as(
        _OfPerson,
        f"""
        DELETE FROM account WHERE id IN (
            SELECT id FROM account WHERE last_seen_at <= $1 {in_no_group} LIMIT 500)
        RETURNING person_id
        """,
        before,
    )
    return [row.person_id for row in erased]


@dataclass(frozen=True, slots=True)
class _OfPerson:
    person_id: UUID | None


_IN_GROUPS: Final = (
    ("membership", "person_id"),
    ("guardianship", "guardian_id"),
    ("groups", "creator_id"),
    ("organisation", "owner_id"),
    ("overseer", "person_id"),
)


async def has_account(person_id: UUID) -> bool:
    """Return whether an account shows a person: whether they can sign in and act (R7)."""
    return await Account.filter(person_id=person_id, person_shown=True).exists()


class Session(Model):
    """One signing-in: the family of refresh tokens that descend from it."""

    id = fields.UUIDField(primary_key=True)
    account_id: UUID
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "app.Account", related_name="sessions", db_index=True
    )
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "session"
        indexes = (("created_at",),)


class Device(Model):
    """A device that signed in with an account's phone, known by its token's hash (R40).

    Its id is that of the session that it signed in to.
    """

    id = fields.UUIDField(primary_key=True)
    account_id: UUID
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "app.Account", related_name="devices", db_index=True
    )
    token_hash = fields.CharField(64, unique=True)
    last_used_at = fields.DatetimeField()

    class Meta:
        table = "device"
        indexes = (("last_used_at",),)


class RefreshToken(Model):
    """One refresh token, known by its hash, used at most once (R40)."""

    id = fields.UUIDField(primary_key=True)
    session_id: UUID
    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField(
        "app.Session", related_name="tokens"
    )
    token_hash = fields.CharField(64, unique=True)
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "refresh_token"
        indexes = (("session_id",), ("expires_at",))
