"""What is measured: rows of figures, and the goals that some of them have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HERE: Final = "here"
FLOOR: Final = "floor"
OF_FLOOR: Final = "of floor"  # answers a second, divided by the floor's
CPU_OF_FLOOR: Final = "CPU of floor"  # the floor's CPU time an answer, divided by the variant's


@dataclass(frozen=True, slots=True)
class Plan:
    """How long is measured."""

    quick: bool = False
    clients: int = 16

    @property
    def other_groups(self) -> int:
        """How many full groups there are beside those that are asked about."""
        return 2 if self.quick else 10

    @property
    def rounds(self) -> int:
        """In how many rounds the variants take turns."""
        return 3 if self.quick else 5

    @property
    def seconds(self) -> float:
        """How long each of them is under load in a round."""
        return 0.5 if self.quick else 0.8


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one variant at one work; None where a figure doesn't apply."""

    work: str
    variant: str
    figures: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure of the server's is to reach."""

    work: str
    figure: str
    least: float | None = None
    most: float | None = None

    @property
    def text(self) -> str:
        """The goal as a table shows it."""
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"

    def met_by(self, value: float) -> bool:
        """Return whether a figure reaches it."""
        if self.least is not None:
            return value >= self.least
        return self.most is None or value <= self.most


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal beside what was measured; ``value`` is None where it wasn't."""

    goal: Goal
    value: float | None

    @property
    def text(self) -> str:
        """Whether the goal is met."""
        if self.value is None:
            return "not measured"
        return "met" if self.goal.met_by(self.value) else "not met"


GOALS: Final = (
    Goal("heavy", OF_FLOOR, least=0.9),
    Goal("small", OF_FLOOR, least=0.55),
    Goal("page", OF_FLOOR, least=0.7),
    Goal("counts", OF_FLOOR, least=0.6),
    Goal("sort", OF_FLOOR, least=0.6),
    Goal("search", OF_FLOOR, least=0.6),
    Goal("heavy on SQLite", OF_FLOOR, least=0.9),
    Goal("asked again", OF_FLOOR, least=8),
    Goal("fan-out", OF_FLOOR, least=0.6),
    Goal("idle", "statements a minute", most=200),
    Goal("refresh", CPU_OF_FLOOR, least=0.5),
    Goal("join", "statements", most=25),
    Goal("join", "CPU ms", most=8),
)


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    """Return every goal beside the figure that was measured here."""
    found = {
        (row.work, name): value
        for row in rows
        if row.variant == HERE
        for name, value in row.figures.items()
    }
    return [Verdict(goal, found.get((goal.work, goal.figure))) for goal in GOALS]
