"""A chart of the ratios, as SVG: each work a bar from nothing to its goal, on a scale of tens."""

from collections.abc import Sequence
from math import log10
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from bench.figures import CPU_OF_FLOOR, OF_FLOOR, Verdict
from bench.report import shown

_WIDTH, _LEFT, _RIGHT = 760, 170, 90
_LINE, _BAR, _TOP, _BOTTOM = 28, 14, 46, 34
_LEAST, _MOST = 0.005, 20.0  # of what is shown
_MET, _NOT_MET, _INK, _FAINT = "#2f855a", "#b7791f", "#4a5568", "#cbd5e0"
_TICKS: Final = (0.01, 0.1, 1.0, 10.0)


def _x(ratio: float) -> float:
    """Return where a ratio is on the scale."""
    inside = min(max(ratio, _LEAST), _MOST)
    part = (log10(inside) - log10(_LEAST)) / (log10(_MOST) - log10(_LEAST))
    return _LEFT + part * (_WIDTH - _LEFT - _RIGHT)


def draw(verdicts: Sequence[Verdict]) -> str:
    """Return the chart of all goals that are ratios to the floor and were measured."""
    shown_ones = [
        one
        for one in verdicts
        if one.goal.figure in (OF_FLOOR, CPU_OF_FLOOR) and one.value is not None
    ]
    height = _TOP + _LINE * len(shown_ones) + _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        f' font-family="sans-serif" font-size="12" role="img">',
        "<title>Answers a second as parts of the floor's, beside their goals</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(_LEFT, 20, "answers a second ÷ hand-written SQL; the line is the goal", _INK),
    ]
    parts += [_tick(ratio, height) for ratio in _TICKS]
    parts += [line for place, one in enumerate(shown_ones) for line in _bar(one, place)]
    return "\n".join([*parts, "</svg>", ""])


def _text(x: float, y: float, text: str, colour: str, anchor: str = "start") -> str:
    begin = f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}" text-anchor="{anchor}">'
    return f"{begin}{escape(text)}</text>"


def _tick(ratio: float, height: int) -> str:
    x = _x(ratio)
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 8}" y2="{height - _BOTTOM}"'
    return f'{line} stroke="{_FAINT}"/>' + _text(x, height - 14, f"{ratio:g}", _INK, "middle")


def _bar(verdict: Verdict, place: int) -> list[str]:
    value, goal = verdict.value or 0.0, verdict.goal
    y, end = _TOP + place * _LINE, _x(value)
    colour = _MET if goal.met_by(value) else _NOT_MET
    marks = [
        _text(_LEFT - 8, y + _BAR - 2, goal.work, _INK, "end"),
        f'<rect x="{_LEFT}" y="{y}" width="{end - _LEFT:.1f}" height="{_BAR}" fill="{colour}"/>',
        _text(_WIDTH - _RIGHT + 8, y + _BAR - 2, f"{shown(value)} ({goal.text})", _INK),
    ]
    if goal.least is not None:
        x = _x(goal.least)
        marks.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 4}" y2="{y + _BAR + 4}"'
            f' stroke="{_INK}" stroke-width="2"/>'
        )
    return marks


def write_chart(path: Path, verdicts: Sequence[Verdict]) -> None:
    """Write the chart."""
    path.write_text(draw(verdicts))
