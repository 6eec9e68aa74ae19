"""Who a person is: their document, and what others are shown of it, of a name and a phone."""

from dataclasses import dataclass
from enum import StrEnum


class IdType(StrEnum):
    """The documents that the outside systems know (R11)."""

    RESIDENT_ID = "RESIDENT_ID"
    HK_MACAO_PERMIT = "HK_MACAO_PERMIT"
    TAIWAN_PERMIT = "TAIWAN_PERMIT"
    PASSPORT = "PASSPORT"
    FOREIGN_RESIDENT_CARD = "FOREIGN_RESIDENT_CARD"


@dataclass(frozen=True, slots=True)
class Document:
    """The document that identifies a person to the outside systems."""

    id_type: IdType
    id_number: str


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
