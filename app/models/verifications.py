"""Verifications: face checks opened at the provider."""

from typing import Final
from uuid import UUID

from tortoise import Model, fields

from app.domain.identity import IdType
from app.domain.verifications import VerificationPurpose, VerificationStatus
from app.models.accounts import Account
from app.models.fields import encrypted_text, enum_field
from app.models.objects import Objects


class Verification(Model):
    """A face check of one person for one purpose, opened by one account; used once."""

    id = fields.UUIDField(primary_key=True)
    account_id: UUID
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "app.Account", related_name="verifications"
    )
    provider_id = encrypted_text()
    purpose = enum_field(VerificationPurpose, 16)
    identity_hash = fields.CharField(64)
    id_type = enum_field(IdType, 24)
    id_number = encrypted_text()
    name = encrypted_text()
    status = enum_field(VerificationStatus, 8)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    passed_at = fields.DatetimeField(null=True)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "verification"
        indexes = (("account_id",), ("created_at",))


_OWN: Final = Objects[Verification](
    lambda verification_id, account_id: Verification.filter(
        id=verification_id, account_id=account_id
    ).select_related("account")
)


async def find_own(verification_id: UUID, account_id: UUID) -> Verification | None:
    """Return a verification that an account opened, its account with it; None where it didn't."""
    return await _OWN.first(verification_id, account_id)
