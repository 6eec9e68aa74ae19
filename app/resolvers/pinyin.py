"""The order of names and remarks, Chinese by its pinyin (R15)."""

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby

from app.resolvers.characters import CACHED, TONES, folded_char, read_words, readings, simplify
from app.resolvers.surnames import surname_readings

SortKey = tuple[tuple[tuple[int, int, str], ...], tuple[str, ...], str]

_SILENT, _SYMBOLS, _DIGITS, _LETTERS, _CHINESE = range(-1, 4)


def name_key(name: str) -> SortKey:
    """Return the position of a person's name in a list, as ``remark_key`` does.

    A Chinese surname has its own reading, what follows is read by words. A name in parts, with a
    dot between them (阿依古丽·买买提), begins with no surname.
    """
    folded = "".join(map(folded_char, name))
    return _key(folded, name, read_words if "." in folded else _read_name)


def remark_key(remark: str) -> SortKey:
    """Return the position of a text in a list; any two keys compare, and differ where texts do.

    Symbols come before digits, digits before letters. Chinese goes by toneless pinyin, read by
    words, syllable by syllable, among Latin words; case, accents, spaces, dots, dashes and
    apostrophes don't count, and digits count as whole numbers. Tones decide between equals, then
    the text itself.
    """
    return _key("".join(map(folded_char, remark)), remark, read_words)


def _read_name(run: str) -> Sequence[str]:
    surname = surname_readings(run, simplify(run[:2])) or readings(run[0])[:1]
    return [*surname, *read_words(run[len(surname) :])]


def _key(folded: str, text: str, read_first: Callable[[str], Sequence[str]]) -> SortKey:
    """Make a key; ``read_first`` reads the Chinese that a text begins with, if it does."""
    parts: list[tuple[int, int, str]] = []
    tones: list[str] = []
    read = read_first
    for kind, run in groupby(folded.replace("'", ""), _kind):
        chars = "".join(run)
        if kind == _CHINESE:
            syllables = read(chars)
            tones += syllables
            parts += map(_part, syllables)
        elif kind == _DIGITS:
            # Of two numbers the longer is the greater: no need to compute a number of any length.
            digits = chars.lstrip("0")
            parts.append((kind, len(digits), digits))
        elif kind != _SILENT:
            parts.append((kind, 0, chars))
        read = read_words
    return tuple(parts), tuple(tones), text


@lru_cache(CACHED)
def _part(syllable: str) -> tuple[int, int, str]:
    return _LETTERS, 0, syllable.rstrip(TONES)


@lru_cache(CACHED)
def _kind(char: str) -> int:
    if char in " .-":
        return _SILENT
    if "0" <= char <= "9":
        return _DIGITS
    if readings(char):
        return _CHINESE
    is_new = (
        unicodedata.category(char) == "Cn"
    )  # to our tables: characters of Chinese names, mostly
    return _LETTERS if char.isalpha() or is_new else _SYMBOLS
