"""Searching names and remarks by a keyword, Chinese by its pinyin too (R15)."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Final

from app.resolvers.characters import CACHED, TONES, folded_char, readings, simplified

Choices = tuple[str, ...]  # what may be typed for one character

_UNSPOKEN: Final = str.maketrans("", "", " .-'")


class Keyword:
    """What somebody looks for; nothing in it is a wildcard.

    Exact: the text equals it. Fuzzy: the text contains it, or the text's pinyin or pinyin initials
    do, under any reading of each character; ü may be typed v or u. Both are folded alike: width,
    case, accents, traditional and simplified don't count, nor do spaces, dots, dashes and
    apostrophes, unless there is nothing else in the keyword.
    """

    def __init__(self, text: str, *, exact: bool) -> None:
        self._exact = exact
        self._written = _folded(text).strip()
        self._spoken = self._written.translate(_UNSPOKEN)
        self._begins: dict[Choices, AbstractSet[int] | None] = {}
        self._made_of = _LettersOf(self._spoken)
        self._may_be_pinyin = any("a" <= char <= "z" for char in self._spoken)

    def finds(self, text: str) -> bool:
        """Return whether the keyword finds a text; an empty one finds every text."""
        if not self._written:
            return True
        if self._spoken and not self._exact and not self._is_made_of(text):
            return False
        written = _folded(text)
        if not self._spoken:
            return self._written == written.strip() if self._exact else self._written in written
        spoken = written.translate(_UNSPOKEN)
        if self._exact:
            return self._spoken == spoken
        return self._spoken in spoken or (self._may_be_pinyin and self._spells(text))

    def _is_made_of(self, text: str) -> bool:
        """Whether all letters of the keyword are among those that may be typed for a text.

        Most texts have not, and need no closer look.
        """
        missing, made_of = self._made_of.all, self._made_of
        for char in text:
            missing &= ~made_of[char]
            if not missing:
                return True
        return False

    def _spells(self, text: str) -> bool:
        spellings = [choices for char in text if (choices := _spellings(char))]
        if all(len(choices) == 1 for choices in spellings):
            return False  # no Chinese: the text was looked at as it is
        initials = (choices for char in text if (choices := _initials(char)))
        return self._is_in(spellings) or self._is_in(initials)

    def _is_in(self, text: Iterable[Choices]) -> bool:
        """Whether some spelling of a text, one choice for each character, contains the keyword.

        What is carried from character to character is how much of the keyword the spellings so
        far may end with; so the work grows with the text's length, not with the number of its
        spellings.
        """
        wanted = self._spoken
        reached: AbstractSet[int] = frozenset()
        for choices in text:
            begun = self._begun(choices)
            if begun is None:
                return True
            now_reached = set(begun)
            for n in reached:
                for spelling in choices:
                    if spelling.startswith(wanted[n:]):
                        return True
                    if wanted.startswith(spelling, n):
                        now_reached.add(n + len(spelling))
            reached = now_reached
        return False

    def _begun(self, choices: Choices) -> AbstractSet[int] | None:
        """How much of the keyword a character may begin; None when it may be all of it."""
        if choices not in self._begins:
            wanted = self._spoken
            whole = any(wanted in spelling for spelling in choices)
            self._begins[choices] = (
                None
                if whole
                else {
                    n
                    for spelling in choices
                    for n in range(1, min(len(spelling), len(wanted)) + 1)
                    if spelling.endswith(wanted[:n])
                }
            )
        return self._begins[choices]


class _LettersOf(dict[str, int]):
    """Of a character, which letters of a keyword may be typed for it: a bit for each of them."""

    def __init__(self, keyword: str) -> None:
        super().__init__()
        self._bits = {letter: 1 << number for number, letter in enumerate(dict.fromkeys(keyword))}
        self.all = (1 << len(self._bits)) - 1

    def __missing__(self, char: str) -> int:
        bits = sum(bit for letter, bit in self._bits.items() if letter in _letters(char))
        self[char] = bits
        return bits


def _folded(text: str) -> str:
    return "".join(map(_folded_and_simplified, text))


@lru_cache(CACHED)
def _folded_and_simplified(char: str) -> str:
    return "".join(map(simplified, folded_char(char)))


@lru_cache(CACHED)
def _spellings(char: str) -> Choices:
    """What may be typed for a character: itself or a toneless reading, its ü as v or as u.

    None where nothing need be typed, as for a space.
    """
    folded = _folded_and_simplified(char).translate(_UNSPOKEN)
    toneless = [reading.rstrip(TONES) for reading in readings(folded_char(char))]
    spelled = [folded, *toneless, *(reading.replace("v", "u") for reading in toneless)]
    return tuple(dict.fromkeys(filter(None, spelled)))


@lru_cache(CACHED)
def _letters(char: str) -> frozenset[str]:
    return frozenset("".join(_spellings(char)))


@lru_cache(CACHED)
def _initials(char: str) -> Choices:
    """The letters a character's readings begin with; the character itself if it isn't Chinese."""
    initials = [reading[0] for reading in readings(folded_char(char))]
    return tuple(dict.fromkeys(initials)) or _spellings(char)
