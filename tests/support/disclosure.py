"""Somebody who tries to find counts of 1 to 4 in what overseers are shown (R47).

It uses nothing of the server's method but what front ends are told of it: a shown count is a
multiple of five and off by four at most, the tables of a group count the same members, ten at
least, and the colour says what it says. From that it confines every count by every sum that it is
in, until nothing changes any more; what is confined to a count of 1 to 4 is found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

LEAST, MOST = 10, 500  # members of a group whose counts are shown
SMALL: Final = range(1, 5)
TOTAL: Final = ("all", "members")
TABLES: Final = ("code", "test", "doses")

Name: TypeAlias = tuple[str, str]  # a table, and of what in it
Counts: TypeAlias = Mapping[Name, int]
Bounds: TypeAlias = dict[Name, tuple[int, int]]


@dataclass
class Group:
    """What is known of one group at one moment: its colour, and each answer about its counts."""

    colour: str
    answers: Sequence[Counts | None]
    members: int | None = None  # where somebody knows that from elsewhere

    def found(self) -> dict[Name, tuple[int, int]]:
        """Return the counts that are found, and between what they are known to lie."""
        answers = [answer for answer in self.answers if answer is not None]
        if not answers:
            return {}
        alone = self._alone(answers[:1])
        bounds = narrowed(self._alone(answers))
        if self.members is not None:  # then a range is no finding, a count is
            return {
                name: (low, high) for name, (low, high) in bounds.items() if low == high in SMALL
            }
        return {
            name: (low, high)
            for name, (low, high) in bounds.items()
            if low in SMALL and high in SMALL
            if low == high or not within(alone[name])
        }

    def _alone(self, answers: Sequence[Counts]) -> Bounds:
        bounds: Bounds = {TOTAL: (LEAST, MOST) if self.members is None else (self.members,) * 2}
        for answer in answers:
            for name, count in answer.items():
                exact = count % 5 != 0
                low, high = (count, count) if exact else (max(0, count - 4), count + 4)
                before = bounds.get(name, (0, MOST))
                bounds[name] = (max(before[0], low), min(before[1], high))
        for name, (low, high) in self._told_by_colour().items():
            before = bounds[name]
            bounds[name] = (max(before[0], low), min(before[1], high))
        return bounds

    def _told_by_colour(self) -> Bounds:
        if self.colour == "RED":
            return {("code", "RED"): (1, MOST)}
        clean: Iterable[str] = ("RED",) if self.colour == "YELLOW" else ("RED", "YELLOW", "UNKNOWN")
        return {("code", code): (0, 0) for code in clean}


def within(bounds: tuple[int, int]) -> bool:
    return bounds[0] in SMALL and bounds[1] in SMALL


def narrowed(bounds: Bounds) -> Bounds:
    """Confine counts by the sums of their tables, all the same total, until nothing changes."""
    bounds = dict(bounds)
    tables = [[name for name in bounds if name[0] == table] for table in TABLES]
    changed = True
    while changed:
        changed = False
        for parts in tables:
            for target, plus, minus in _equations(parts):
                low = sum(bounds[one][0] for one in plus) - sum(bounds[one][1] for one in minus)
                high = sum(bounds[one][1] for one in plus) - sum(bounds[one][0] for one in minus)
                before = bounds[target]
                bounds[target] = (max(before[0], low), min(before[1], high))
                changed |= bounds[target] != before
    return bounds


def _equations(parts: Sequence[Name]) -> Iterable[tuple[Name, Sequence[Name], Sequence[Name]]]:
    """The total is the sum of its parts; a part is the total without the others."""
    yield TOTAL, parts, ()
    for part in parts:
        yield part, (TOTAL,), [other for other in parts if other != part]


def left_over(sums: Counts, groups: Iterable[Counts | None]) -> dict[Name, int]:
    """Return what is left of sums when the shown groups in them are subtracted: of hidden ones."""
    shown = [group for group in groups if group is not None]
    left = {name: count - sum(group[name] for group in shown) for name, count in sums.items()}
    return {name: count for name, count in left.items() if count}
