"""What no log may hold: names, phones, ID numbers, tokens and codes of anybody."""

import re
from pathlib import Path
from typing import Final

_PERSONAL: Final = {
    "a phone": r"(?<![\d.a-f-])(?:\+?86)?1[3-9]\d{9}(?![\d.a-f-])",
    "an ID number": r"(?<![\da-f-])[1-9]\d{16}[\dX](?![\da-f])",
    "a token": r"eyJ[\w-]{10,}\.",
    "a name or a text": r"[\u4e00-\u9fff]",  # our own lines are in English
}
# Lines of the log, not what a command prints for people.
_LINE: Final = re.compile(r"^(\{.*\}|\d{4}-\d\d-\d\dT.*)$", re.MULTILINE)


def found_in(log: str) -> list[str]:
    """Return what is personal in the lines of a log, with the line."""
    return [
        f"{what}: {line[:400]}"
        for line in _LINE.findall(log)
        for what, pattern in _PERSONAL.items()
        if re.search(pattern, _without_paths(line))
    ]


def _without_paths(line: str) -> str:
    """Return a line without ids and times, whose digits mean nobody."""
    line = re.sub(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[0-9a-f]{32}\b", "", line)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "", line)


def demand_nothing_personal(path: Path) -> None:
    """Raise ``AssertionError`` when a log holds anything personal."""
    found = found_in(path.read_text(errors="replace")) if path.exists() else []
    assert not found, "\n".join(found[:10])
