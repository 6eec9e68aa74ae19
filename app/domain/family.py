"""Families: what a relative is to their guardian, and what a registry may change (R12)."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.identity import Document
from app.domain.limits import RELATIVES


class Relation(StrEnum):
    """What a relative is to the guardian."""

    SPOUSE = "SPOUSE"
    PARENT = "PARENT"
    CHILD = "CHILD"
    SIBLING = "SIBLING"
    GRANDPARENT = "GRANDPARENT"
    GRANDCHILD = "GRANDCHILD"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class RegisteredRelative:
    """A relative as the outside family registry lists them."""

    name: str
    document: Document
    relation: Relation
    verified: bool
    student: bool


def is_full(relatives: int) -> bool:
    """Return whether a list of that many relatives takes no more."""
    return relatives >= RELATIVES


def may_change(*, of_registry: bool, by_registry: bool) -> bool:
    """Return whether an entry of a family list may be changed, or goes, by what was learnt.

    What was entered by hand is the guardian's: the registry changes only what came from it.
    """
    return of_registry or not by_registry
