"""Who a person is: documents, what a face check was for, and how numbers are masked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class IdType(StrEnum):
    """The documents that the outside systems know (R11)."""

    RESIDENT_ID = "RESIDENT_ID"
    HK_MACAO_PERMIT = "HK_MACAO_PERMIT"
    TAIWAN_PERMIT = "TAIWAN_PERMIT"
    PASSPORT = "PASSPORT"
    FOREIGN_RESIDENT_CARD = "FOREIGN_RESIDENT_CARD"


class VerificationPurpose(StrEnum):
    """What a face check is for; one passed for a purpose serves no other."""

    IDENTIFY = "IDENTIFY"
    JOIN = "JOIN"
    ADD_RELATIVE = "ADD_RELATIVE"
    LEAVE = "LEAVE"
    DISSOLVE = "DISSOLVE"
    TRANSFER = "TRANSFER"


class VerificationStatus(StrEnum):
    """Where a face check stands at the provider."""

    PENDING = "PENDING"
    PASSED = "PASSED"
    FAILED = "FAILED"


class CodePurpose(StrEnum):
    """What an SMS code is for (R40)."""

    SIGN_IN = "SIGN_IN"
    CREATE_GROUP = "CREATE_GROUP"
    JOIN = "JOIN"


@dataclass(frozen=True, slots=True)
class Document:
    """The document that identifies a person to the outside systems."""

    id_type: IdType
    id_number: str


@dataclass(frozen=True, slots=True)
class StartedCheck:
    """A face check opened at the provider: where the person takes it, and until when."""

    id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What the provider says of a face check, about whom and for what."""

    status: VerificationStatus
    document: Document
    name: str
    purpose: VerificationPurpose
    passed_at: datetime | None


def mask_id_number(number: str) -> str:
    """Show the first and last four characters at most: ``4401**********1234``."""
    shown = min(4, len(number) // 4)
    return number[:shown] + "*" * (len(number) - 2 * shown) + number[len(number) - shown :]


def mask_name(name: str) -> str:
    """Show the first character of a name and hide the rest: ``张**``."""
    return name[:1] + "*" * min(len(name) - 1, 2)


def mask_phone(phone: str) -> str:
    """Show what leads a number and its last four digits: ``+86138****1234``; hide four at least."""
    shown = min(6, len(phone) - 8)
    return phone[:shown] + "*" * (len(phone) - shown - 4) + phone[-4:] if shown > 0 else "****"
