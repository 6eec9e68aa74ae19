"""What a storm found, as a table that anyone can check."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

_SHOWN: Final = 10  # of the problems of one check


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold: what was expected, what was found, what is wrong."""

    name: str
    expected: object
    found: object
    problems: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems and self.expected == self.found


def table_of_changes(counts: Mapping[str, Mapping[str, int]]) -> str:
    """How often each change was answered, refused by the rules, lost, and never cleared up."""
    words = ("answered", "refused", "lost", "unknown")
    rows = [(name, *(str(count.get(word, 0)) for word in words)) for name, count in counts.items()]
    return _table(("change", *words), sorted(rows))


def table_of_checks(checks: Iterable[Check]) -> str:
    """Every check with its numbers, the problems of those that failed below."""
    checks = list(checks)
    rows = [
        (check.name, str(check.expected), str(check.found), "ok" if check.holds else "FAILED")
        for check in checks
    ]
    lines = [_table(("check", "expected", "found", ""), rows)]
    for check in checks:
        lines += [f"  {check.name}: {problem}" for problem in check.problems[:_SHOWN]]
        if len(check.problems) > _SHOWN:
            lines.append(f"  {check.name}: {len(check.problems) - _SHOWN} more")
    return "\n".join(lines)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    rows = [head, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join(lines)
