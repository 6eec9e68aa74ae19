"""Who a person is: their document, and what others are shown of it, of a name and a phone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.domain.text import typed


class IdType(StrEnum):
    """The documents that the outside systems know (R11)."""

    RESIDENT_ID = "RESIDENT_ID"
    HK_MACAO_PERMIT = "HK_MACAO_PERMIT"
    TAIWAN_PERMIT = "TAIWAN_PERMIT"
    PASSPORT = "PASSPORT"
    FOREIGN_RESIDENT_CARD = "FOREIGN_RESIDENT_CARD"


_PERMIT_OF_A_PERSON: Final = 9  # characters; what follows counts the renewals


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The document that identifies a person to the outside systems.

    However its number was written, by a person or an outside system, it is kept in normal width,
    in capitals, without spaces. Documents are equal when they are one person's: a renewed Hong
    Kong or Macao permit is (R6).
    """

    id_type: IdType
    id_number: str
    # What of the two a person is known by, whatever was renewed (R6); looked up by, over and over.
    key: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        number = of_a_person = typed(self.id_number).upper()
        if self.id_type is IdType.HK_MACAO_PERMIT:
            of_a_person = of_a_person[:_PERMIT_OF_A_PERSON]
        object.__setattr__(self, "id_number", number)
        object.__setattr__(self, "key", f"{self.id_type}:{of_a_person}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def mask_id_number(number: str) -> str:
    """Show the first and last four characters at most: ``4401**********1234``."""
    shown, hidden = _mask_of(len(number))
    return f"{number[:shown]}{hidden}{number[len(number) - shown :]}"


def mask_id_numbers(numbers: Sequence[str]) -> Sequence[str]:
    """Mask each as ``mask_id_number`` does; of hundreds most are of one length."""
    lengths = set(map(len, numbers))
    if len(lengths) != 1:
        return list(map(mask_id_number, numbers))
    [length] = lengths
    shown, hidden = _mask_of(length)
    return [f"{number[:shown]}{hidden}{number[length - shown :]}" for number in numbers]


def _mask_of(length: int) -> tuple[int, str]:
    """Return how many characters are shown at either end, and what stands for the others."""
    shown = min(4, length // 4)
    return shown, "*" * (length - 2 * shown)


def mask_name(name: str) -> str:
    """Show the first character of a name and hide the rest: ``张**``."""
    return name[:1] + "*" * min(len(name) - 1, 2)


def mask_phone(phone: str) -> str:
    """Show what leads a number and its last four digits: ``+86138****1234``; hide four at least."""
    shown = min(6, len(phone) - 8)
    return phone[:shown] + "*" * (len(phone) - shown - 4) + phone[-4:] if shown > 0 else "****"
