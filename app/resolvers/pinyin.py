"""Ordering and searching names and remarks, Chinese by its pinyin (R15).

Only readings of single characters are cached: texts are personal data.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from pypinyin import Style, pinyin

SortKey = tuple[tuple[tuple[int, int, str], ...], tuple[str, ...], str]

_CACHED_CHARACTERS: Final = 8192  # more than the characters that names are made of
_TONES: Final = "12345"
_SILENT, _SYMBOLS, _DIGITS, _LETTERS, _CHINESE = range(-1, 4)
_NAME_DOTS: Final = frozenset("·•‧・")  # between the parts of a name: 阿依古丽·买买提

# Characters that are read otherwise when they are a surname, which most lists begin with.
_SURNAMES: Final = {
    "曾": "zeng1",
    "单": "shan4",
    "單": "shan4",
    "解": "xie4",
    "翟": "zhai2",
    "仇": "qiu2",
    "查": "zha1",
    "覃": "qin2",
    "朴": "piao2",
    "区": "ou1",
    "區": "ou1",
    "盖": "ge3",
    "蓋": "ge3",
    "缪": "miao4",
    "繆": "miao4",
    "卜": "bu3",
    "薄": "bo2",
}


def sort_key(text: str) -> SortKey:
    """Return what a text is ordered by; any two keys compare, and differ where the texts do (R15).

    Symbols come before digits, digits before letters. Chinese goes by toneless pinyin, syllable
    by syllable, among Latin words; case, accents, spaces and the dots of names don't count, and
    digits count as whole numbers. Tones decide between equals, then the text itself.
    """
    parts: list[tuple[int, int, str]] = []
    tones: list[str] = []
    for kind, run in groupby(enumerate(_fold(text)), lambda placed: _kind(placed[1])):
        if kind == _CHINESE:
            read = [_read_at(index, char) for index, char in run]
            tones += read
            parts += [(_LETTERS, 0, syllable.rstrip(_TONES)) for syllable in read]
        elif kind != _SILENT:
            chars = "".join(char for _, char in run)
            # Of two numbers the longer is the greater: no need to compute a number of any length.
            digits = chars.lstrip("0") if kind == _DIGITS else ""
            parts.append((kind, len(digits), digits if kind == _DIGITS else chars))
    return tuple(parts), tuple(tones), text


def matches(keyword: str, text: str, *, exact: bool) -> bool:
    """Say whether a search for ``keyword`` finds ``text`` (R15). An empty one finds everything.

    Exact: they are equal but for case, width and the spaces around them. Fuzzy: the text contains
    the keyword, or its pinyin or its pinyin initials do, under any reading of each character; ü
    may be typed v or u. Nothing is a wildcard.
    """
    if exact:
        wanted = _plain(keyword)
        return not wanted or wanted == _plain(text)
    wanted, folded = _fold(keyword).strip(), _fold(text)
    if wanted in folded:
        return True
    wanted = "".join(char for char in wanted if _kind(char) != _SILENT)
    if not wanted:
        return False
    chars = [char for char in folded if _kind(char) != _SILENT]
    return _spells(wanted, [_spellings(char) for char in chars]) or _spells(
        wanted, [_initials(char) for char in chars]
    )


def _spells(wanted: str, choices: Iterable[Sequence[str]]) -> bool:
    """Say whether some spelling of a text, one choice for each character, contains ``wanted``.

    What is carried from character to character is how much of ``wanted`` the spellings so far
    may end with; so the work grows with the text's length, not with the number of its spellings.
    """
    reached: set[int] = set()
    for spellings in choices:
        now_reached: set[int] = set()
        for spelling in spellings:
            if wanted in spelling:
                return True
            longest = min(len(spelling), len(wanted))
            now_reached.update(n for n in range(1, longest + 1) if spelling.endswith(wanted[:n]))
            for n in reached:
                if spelling.startswith(wanted[n:]):
                    return True
                if wanted.startswith(spelling, n):
                    now_reached.add(n + len(spelling))
        reached = now_reached
    return False


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def _fold(text: str) -> str:
    """Drop case, width and accents, each character by itself: a part of a text folds to a part."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _kind(char: str) -> int:
    if char.isspace() or char in _NAME_DOTS:
        return _SILENT
    if "0" <= char <= "9":
        return _DIGITS
    if not char.isascii() and _readings(char):
        return _CHINESE
    return _LETTERS if char.isalpha() else _SYMBOLS


def _read_at(index: int, char: str) -> str:
    """Return the one reading by which a character is ordered."""
    surname = _SURNAMES.get(char) if index == 0 else None
    return surname or _readings(char)[0]


@lru_cache(_CACHED_CHARACTERS)
def _readings(char: str) -> tuple[str, ...]:
    """Return a Chinese character's readings, as ``zhang1``, the usual first; none for others."""
    found = pinyin(char, style=Style.TONE3, heteronym=True, errors="ignore")
    return tuple(_fold(reading) for reading in found[0]) if found else ()


@lru_cache(_CACHED_CHARACTERS)
def _spellings(char: str) -> tuple[str, ...]:
    """Return what may be typed for a character: itself or a toneless reading, ü as v or u."""
    toneless = [reading.rstrip(_TONES) for reading in _readings(char)]
    return tuple(dict.fromkeys([char, *toneless, *(read.replace("v", "u") for read in toneless)]))


@lru_cache(_CACHED_CHARACTERS)
def _initials(char: str) -> tuple[str, ...]:
    """Return the letters a character's readings begin with; itself if it isn't Chinese."""
    return tuple(dict.fromkeys(reading[0] for reading in _readings(char))) or (char,)
