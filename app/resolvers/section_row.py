"""A section's row: a class or department of a group (R50)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of a group."""

    typename: ClassVar[str] = "Section"

    id: UUID
    name: str
