"""What the processes logged: losing a database is no error of theirs, other errors are."""

import re
from collections import Counter
from pathlib import Path
from typing import Final

from tools.storm.report import Check

# A line that begins with these is the end of a traceback that no lost connection explains.
_WRONG: Final = re.compile(
    r"^(?:[\w.]*\.)?(\w*(?:Deadlock|Integrity|Violation|Serialization)\w*|NameError|TypeError"
    r"|AttributeError|KeyError|IndexError|AssertionError)\b|(database is locked)"
)


def check_logs(folder: Path) -> Check:
    """No process met an error of the program's own making, a deadlock say."""
    found: Counter[str] = Counter()
    for path in sorted(folder.glob("*.log")):
        with path.open(errors="replace") as lines:
            for line in lines:
                if match := _WRONG.match(line):
                    found[f"{path.stem}: {match[1] or match[2]}"] += 1
    problems = [f"{what}, {times} times" for what, times in found.items()]
    return Check("errors of the program's own making", 0, found.total(), problems)
