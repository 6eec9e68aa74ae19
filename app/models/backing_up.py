"""A copy of the embedded database, made while a server writes to it."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

_PAGES: Final = 512  # a step: between two of them others write


class NotBackedUp(Exception):
    """The copy couldn't be made; the message is a sentence."""


def back_up(source: Path, target: Path, show: Callable[[int, int], None]) -> None:
    """Copy an SQLite database to a new file that only its owner reads, whole or not at all.

    It is as of one moment: where somebody writes meanwhile, SQLite begins again by itself.
    ``show`` is told how many pages are copied, and of how many. Raise ``NotBackedUp``.
    """
    if target.exists():
        raise NotBackedUp(f"{target} is there already: name another file.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        with closing(_reading(source)) as live, closing(sqlite3.connect(unfinished)) as copy:
            live.backup(
                copy,
                pages=_PAGES,
                progress=lambda _, left, pages: show(pages - left, pages),
                sleep=0.01,
            )
            [sound] = copy.execute("PRAGMA integrity_check").fetchone()
        if sound != "ok":
            raise NotBackedUp(f"{source} is damaged: {sound}.")
        unfinished.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise NotBackedUp(f"{target} can't be written: {error}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _reading(source: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{source}?mode=ro", uri=True)
