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
    """How much is measured, and for how long; times are seconds."""

    name: str
    clients: int
    rounds: int  # in which variants take turns
    seconds: float  # under load, for each of them in a round
    other_groups: int  # full ones, beside those that are asked about
    subscribers: int
    changes: int  # of which subscribers are told
    idle_seconds: float  # subscribers look again every 15 seconds without a nudge
    refreshes: int
    joins: int
    sizes: tuple[int, ...]  # at which growth is looked at: copies of a thousand people
    drain_seconds: float  # for which one kind of a backlog is watched
    starts: int
    peers: bool


FULL: Final = Plan(
    name="full",
    clients=16,
    rounds=5,
    seconds=0.8,
    other_groups=10,
    subscribers=1000,
    changes=6,
    idle_seconds=30,
    refreshes=5,
    joins=165,
    sizes=(1, 10, 100, 200),
    drain_seconds=12,
    starts=3,
    peers=True,
)
QUICK: Final = Plan(
    name="quick",
    clients=16,
    rounds=3,
    seconds=0.4,
    other_groups=2,
    subscribers=200,
    changes=4,
    idle_seconds=15,
    refreshes=3,
    joins=37,
    sizes=(1, 10),
    drain_seconds=4,
    starts=1,
    peers=True,
)
# Shows that everything works; its times mean nothing.
SMOKE: Final = Plan(
    name="smoke",
    clients=2,
    rounds=1,
    seconds=0.1,
    other_groups=0,
    subscribers=10,
    changes=2,
    idle_seconds=0.5,
    refreshes=1,
    joins=7,
    sizes=(10,),
    drain_seconds=0.5,
    starts=1,
    peers=False,
)


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
    Goal("growth", "whole reads", most=0),
    Goal("backlog: SEND_SMS", "of what its threads can", least=0.8),
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
