"""A copy of the embedded database, made while a server writes to it."""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from app.models.noting import NOTES

_PAGES: Final = 512  # a step: between two of them others write


class NotBackedUp(Exception):
    """The copy couldn't be made; the message is a sentence."""


def back_up(source: Path, target: Path, show: Callable[[int, int], None]) -> None:
    """Copy an SQLite database to a new file that only its owner reads, whole or not at all.

    It is as of one moment: where somebody writes meanwhile, SQLite begins again by itself.
    ``show`` is told how many pages are copied, and of how many. Raise ``NotBackedUp``.
    """
    unfinished = target.with_name(f"{target.name}.unfinished")
    with closing(_reading(source)) as live, _alone(unfinished):
        if target.exists():
            raise NotBackedUp(f"{target} is there already: name another file.")
        try:
            with closing(sqlite3.connect(unfinished)) as copy:
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


@contextmanager
def _alone(unfinished: Path) -> Iterator[None]:
    """Make a file that nobody else writes to until the context ends; then it is gone.

    What a killed command left there is begun anew. Raise ``NotBackedUp``.
    """
    try:
        held = os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NotBackedUp(f"{unfinished} can't be written: {reason}.") from None
    try:
        if not _is_ours(held, unfinished):
            raise NotBackedUp(f"{unfinished} is being written by another backup.")
        try:
            os.ftruncate(held, 0)
            yield
        finally:
            unfinished.unlink(missing_ok=True)
    finally:
        os.close(held)


def _is_ours(held: int, unfinished: Path) -> bool:
    """Return whether an open file is under its name, and now locked by us."""
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(held), unfinished.stat())
    except (BlockingIOError, FileNotFoundError):  # or whoever had it has ended just now
        return False


def _reading(source: Path) -> sqlite3.Connection:
    """Open a database of ours to read it. Raise ``NotBackedUp`` where it is none."""
    try:
        live = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise NotBackedUp(f"{source} can't be read: {error}.") from None
    try:
        live.execute(f"SELECT count(*) FROM {NOTES}").fetchone()
    except sqlite3.Error as error:
        live.close()
        raise NotBackedUp(f"{source} can't be read: {error}.") from None
    return live
