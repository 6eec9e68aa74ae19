"""The two languages that the server speaks, and which of them someone prefers."""

from functools import lru_cache
from typing import Final, Literal

Language = Literal["zh", "en"]

_KEPT: Final = 200  # headers: clients send one of a few
_LONGEST_KEPT: Final = 200  # characters


def read_language(accept: str | None) -> Language:
    """Return the first of Chinese and English that an Accept-Language header prefers.

    Chinese where it names neither. A part that can't be read is left out.
    """
    short = accept is None or len(accept) <= _LONGEST_KEPT
    return _read(accept) if short else _read.__wrapped__(accept)


@lru_cache(_KEPT)
def _read(accept: str | None) -> Language:
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate((accept or "").split(",")[:20]):
        tag, _, quality = part.strip().partition(";q=")
        try:
            ranked.append((-float(quality or 1), position, tag.lower()[:2]))
        except ValueError:
            continue
    preferred = [tag for weight, _, tag in sorted(ranked) if weight < 0]
    return "en" if next((tag for tag in preferred if tag in ("zh", "en")), "zh") == "en" else "zh"
