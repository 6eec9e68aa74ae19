"""Dictionaries that are made over and over with the same keys."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

_KEPT = 500


def display_of(keys: Iterable[str]) -> Callable[..., dict[str, Any]]:
    """Return what makes a dictionary of the values of these keys, which are identifiers.

    One that is written out for its keys takes half of the time of ``dict(zip(keys, values))``.
    """
    return _display_of(tuple(keys))


@lru_cache(_KEPT)
def _display_of(keys: tuple[str, ...]) -> Callable[..., dict[str, Any]]:
    places = {key: f"_{number}" for number, key in enumerate(keys)}
    written = ", ".join(f"{key!r}: {place}" for key, place in places.items())
    made: Callable[..., dict[str, Any]] = eval(  # noqa: S307  # letters, digits and _ alone
        f"lambda {', '.join(places.values())}: {{{written}}}"
    )
    return made
