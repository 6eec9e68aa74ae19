"""What was measured, as tables for people and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.figures import CPU_OF_FLOOR, FLOOR, HERE, OF_FLOOR, Row, Verdict

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


def summary(verdicts: Sequence[Verdict], rows: Sequence[Row]) -> str:
    """Return every goal beside what was measured here and of peers, as a table of Markdown.

    What is a ratio of answers a second also stands there as one of CPU time.
    """
    found = {(row.work, row.variant): row.figures for row in rows}
    peers = [name for name in dict.fromkeys(row.variant for row in rows) if _is_peer(name, rows)]
    lines = [["work", "figure", HERE, "by CPU", *peers, "goal", ""]]
    for one in verdicts:
        goal = one.goal
        by_cpu = found.get((goal.work, HERE), {}).get(CPU_OF_FLOOR)
        of_peers = [found.get((goal.work, peer), {}).get(goal.figure) for peer in peers]
        own = (one.value, by_cpu if goal.figure == OF_FLOOR else None)
        values = [shown(value) for value in (*own, *of_peers)]
        lines.append([goal.work, goal.figure, *values, goal.text, one.text])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )


def _is_peer(name: str, rows: Sequence[Row]) -> bool:
    return name not in (HERE, FLOOR) and any(
        row.variant == name and OF_FLOOR in row.figures for row in rows
    )


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
