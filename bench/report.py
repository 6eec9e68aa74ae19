"""What was measured, as tables for people and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.figures import Row, Verdict

Facts = dict[str, str | int | float | bool]


def shown(value: float | None) -> str:
    """Return a figure with as many digits as mean something."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(rows: Sequence[Row]) -> str:
    """Return rows as an aligned table, a column for each figure that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row.figures))
    lines = [
        [row.work, row.variant, *(shown(row.figures.get(name)) for name in names)] for row in rows
    ]
    return _aligned([["work", "variant", *names], *lines], left=2)


def summary(verdicts: Sequence[Verdict]) -> str:
    """Return every goal beside what was measured."""
    lines = [["work", "figure", "here", "goal", ""]]
    for verdict in verdicts:
        goal = verdict.goal
        lines.append([goal.work, goal.figure, shown(verdict.value), goal.text, verdict.text])
    return _aligned(lines, left=2)


def _aligned(lines: list[list[str]], left: int) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def write_json(path: Path, facts: Facts, rows: Sequence[Row], verdicts: Sequence[Verdict]) -> None:
    """Write all that was measured."""
    goals = [
        {
            "work": one.goal.work,
            "figure": one.goal.figure,
            "goal": one.goal.text,
            "value": one.value,
            "verdict": one.text,
        }
        for one in verdicts
    ]
    whole = {"facts": facts, "goals": goals, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
