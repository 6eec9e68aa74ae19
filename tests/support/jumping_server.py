"""`groupcode` as a process whose clock a test may move, either way.

`python -m tests.support.jumping_server serve`; the file OFFSET in its folder holds the seconds by
which the clock is wrong.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from unittest.mock import patch

from app.cli import main as groupcode
from app.ports.clock import MovableClock, SystemClock

OFFSET: Final = "offset"


def offset() -> timedelta:
    """By how much the clock is wrong now."""
    file = Path(OFFSET)
    return timedelta(seconds=float(file.read_text() or 0)) if file.exists() else timedelta()


if __name__ == "__main__":
    right, moved = SystemClock.now, MovableClock.now

    def now(clock: SystemClock) -> datetime:
        """Tell the wrong time."""
        return right(clock) + offset()

    def now_moved(clock: MovableClock) -> datetime:
        """Tell the wrong time of the sandbox."""
        return moved(clock) + offset()

    with patch.object(SystemClock, "now", now), patch.object(MovableClock, "now", now_moved):
        groupcode()
