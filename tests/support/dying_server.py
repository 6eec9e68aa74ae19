"""`groupcode` as a process that dies between a commit and its answer, when it is asked to.

`python -m tests.support.dying_server serve`; while the file DIE is in its folder, the next
request with an idempotency key kills it as soon as what was asked is committed.
"""

import os
import signal
from pathlib import Path
from unittest.mock import patch

from app.cli import main as groupcode
from app.services.kernel.steps import Step

DIE = "die"


def die_if_asked(_: Step, __: object) -> None:
    """Stand in for what follows the commit."""
    if Path(DIE).exists():
        Path(DIE).unlink()
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    committed = Step.committed

    def dying(step: Step, result: object) -> None:
        """Die, or go on as ever."""
        die_if_asked(step, result)
        committed(step, result)

    with patch.object(Step, "committed", dying):
        groupcode()
