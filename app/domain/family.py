"""Families: how a relative stands to their guardian, and what a registry says (R12)."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.identity import Document


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
