"""Characters as they are searched and ordered: folded, simplified, read in pinyin (R15).

What is cached is of single characters and of a dictionary's words, never a text: texts are
personal data.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from opencc import OpenCC
from pypinyin import Style, pinyin
from pypinyin.constants import PHRASES_DICT

from app.domain.ideographs import UNIFIED_IDEOGRAPHS
from app.domain.text import silent
from app.resolvers.surnames import SURNAMES

TONES: Final = "12345"
CACHED: Final = 8192  # characters: more than names and remarks are made of
_LONGEST_WORD: Final = 6  # of the words looked for in a text
_LETTER: Final = re.compile(r"LATIN SMALL (?:LETTER|LIGATURE) ([A-Z]{1,2})(?: WITH .+)?")
_LETTERS_OF_THEIR_OWN: Final = {
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ŋ": "ng",
    "ə": "e",
    "ĸ": "k",
    "ȷ": "j",
}


@lru_cache(CACHED)
def folded_char(char: str) -> str:
    """Return a character without case, width and accents; nothing for what nobody sees.

    Spaces, dots, dashes and apostrophes of every kind become `` ``, ``.``, ``-`` and ``'``.
    """
    decomposed = unicodedata.normalize("NFKD", char).casefold()
    decomposed = unicodedata.normalize("NFKD", decomposed).translate(UNIFIED_IDEOGRAPHS)
    return "".join(
        _plain_letter(part) if (written := silent(part)) is None else written
        for part in decomposed
        if not unicodedata.combining(part)
    )


def _plain_letter(char: str) -> str:
    """Return a Latin letter without its stroke, hook or ligature; any other character as it is."""
    if char.isascii() or char >= "\u2e80":
        return char
    found = _LETTER.fullmatch(unicodedata.name(char, ""))
    return found[1].casefold() if found else _LETTERS_OF_THEIR_OWN.get(char, char)


@lru_cache(CACHED)
def simplified(char: str) -> str:
    """Return the simplified form of a folded character; itself if it has none."""
    if char < "\u2e80":
        return char
    converter = _converter()
    # Some variants take two steps.
    simple: str = converter.convert(converter.convert(char))
    return simple


@lru_cache(1)
def _converter() -> OpenCC:
    return OpenCC("hk2s")  # knows the variants of Hong Kong beside those of Taiwan


@lru_cache(CACHED)
def readings(char: str) -> tuple[str, ...]:
    """Return a folded Chinese character's readings as ``zhang1``, the usual one first.

    None for any other. What it is read as in a surname, or in its simplified form, comes last.
    """
    if char.isascii():
        return ()
    found = _dictionary_readings(char)
    other = simplified(char)
    if found and other != char:
        found += _dictionary_readings(other)
    surname = SURNAMES.get(char, ()) + SURNAMES.get(other, ())
    return tuple(dict.fromkeys(found + surname)) if found else ()


def _dictionary_readings(char: str) -> tuple[str, ...]:
    found = pinyin(char, style=Style.TONE3, heteronym=True, errors="ignore")
    return tuple(_plain_reading(reading) for reading in found[0]) if found else ()


def simplify(text: str) -> str:
    """Return a folded text with every character in its simplified form."""
    return "".join(map(simplified, text))


def read_words(run: str) -> list[str]:
    """Return the readings of folded Chinese characters in a row, by the words that they form."""
    simple, length = simplify(run), len(run)
    read: list[str] = []
    at = 0
    while at < length:
        for end in range(min(length, at + _LONGEST_WORD), at + 1, -1):
            if (word := simple[at:end]) in PHRASES_DICT:
                read += _word_readings(word)
                at = end
                break
        else:
            read.append(readings(run[at])[0])
            at += 1
    return read


@lru_cache(CACHED)
def _word_readings(word: str) -> tuple[str, ...]:
    return tuple(_plain_reading(char[0]) for char in pinyin(word, style=Style.TONE3))


def _plain_reading(reading: str) -> str:
    """Return a reading in plain letters, ü as v: a few are of syllables like ê and ń."""
    return "".join(map(folded_char, reading.replace("ü", "v")))
