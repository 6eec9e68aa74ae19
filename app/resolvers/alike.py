"""What rows have in common that were read together and differ in nothing but whose they are."""

from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Alike:
    """Stands on all rows that show the same under the same rights.

    ``answers``: what was made of such a row, by what else that depends on; ``encoded``: the same as
    JSON.
    """

    answers: dict[Hashable, tuple[object, object]] = field(default_factory=dict)
    encoded: dict[Hashable, bytes] = field(default_factory=dict)
    _within: dict[Hashable, "Alike"] = field(default_factory=dict)

    def within(self, what: Hashable) -> "Alike":
        """Return what all have in common that hold such a row and are equal in all else."""
        return self._within.setdefault(what, Alike())
