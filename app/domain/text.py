"""Texts that people enter or that come from outside: what is harmful in them, and what shows.

What is harmful is refused, not what is new: the interpreter's own tables know less than the
newest Unicode. Ranges of code points that this depends on are here, as Unicode fixes them.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from app.domain.ideographs import UNIFIED_IDEOGRAPHS

# Controls, halves of surrogate pairs, private use and noncharacters: U+FDD0 to U+FDEF and the
# last two of each plane, which the private planes reach up to.
_HARMFUL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0x10000, 0xF0000, 0x10000)
    )
    + "\U000f0000-\U0010ffff]"
)
# Default_Ignorable_Code_Point of Unicode 15 (all reserved ranges included), and the marks of
# interlinear annotation: nobody sees them, some turn the direction of what follows.
_INVISIBLES: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_INVISIBLE: Final = re.compile(f"[{_INVISIBLES}]")
# No spaces by name, yet nothing to see: the empty braille cell, a placeholder, a null notehead.
_BLANKS: Final = "\u2800\ufffc\U0001d159"
_AROUND: Final = "".join(chr(at) for at in range(0x3001) if chr(at).isspace()) + _BLANKS
_LINE_BREAKS: Final = str.maketrans("\u2028\u2029", "  ")
_ZWNJ, _ZWJ, _KEYCAP = "\u200c", "\u200d", "\u20e3"
_VARIATION: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MONGOLIAN: Final = re.compile("[\u1800-\u18af]")
# Arabic to Myanmar, the Philippines to Vedic, Syloti to Meetei, and their extensions: scripts
# whose letters join, and mean something else where a joiner says otherwise.
_JOINED_SCRIPTS: Final = re.compile(
    "[\u0600-\u109f\u1700-\u1cff\ua800-\ua95f\ua980-\uab2f\uabc0-\uabff"
    "\U00010a00-\U00010fff\U00011000-\U00011fff\U0001e900-\U0001e95f]"
)
_VIRAMA: Final = 9  # its combining class

_DASHES: Final = (
    "-\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u207b\u208b\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40"
    "\u2e5d\u301c\u3030\u30a0\ufe31\ufe32\ufe58\ufe63\uff0d\U00010ead\u02d7"
)
_DOTS: Final = (
    ".\u00b7\u0387\u06d4\u1427\u16eb\u2022\u2024\u2027\u2219\u22c5\u25cf\u25e6\u2981\u2e30\u2e31"
    "\u2e33\u3002\u30fb\ua78f\ufe12\ufe52\uff0e\uff61\uff65\U00010101"
)
_APOSTROPHES: Final = (
    "'`\u00b4\u02b9-\u02bf\u02c8\u02ca\u02cb\u055a\u05f3\u07f4\u07f5\u2018-\u201b\u2032\u2035"
    "\ua78b\ua78c\uff07\uff40\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed-\u1fef\u1ffd\u1ffe\u0374"
)
_DASH: Final = re.compile(f"[{_DASHES.replace('-', '', 1)}-]")
_DOT: Final = re.compile(f"[{_DOTS}]")
_APOSTROPHE: Final = re.compile(f"[{_APOSTROPHES}]")
_BLANK: Final = re.compile(rf"[\s{_BLANKS}]")


class TextFault(StrEnum):
    """Why a text can't be taken."""

    EMPTY = "EMPTY"
    TOO_LONG = "TOO_LONG"
    HARMFUL = "HARMFUL"


def shown(text: str) -> str:
    """Return a text as it is shown: composed, without what nobody sees, nothing around it.

    Empty when nothing of it shows. Joiners and variation selectors stay where the script or
    emoji needs them. What is harmful stays: see ``harmful``.
    """
    composed = unicodedata.normalize("NFC", text).translate(_LINE_BREAKS)
    visible = _without_invisible(composed).strip(_AROUND)
    return visible if any(_shows(char) for char in visible) else ""


def harmful(text: str) -> str | None:
    """Return the first character that no text may hold, as ``U+0007``; None when there is none."""
    found = _HARMFUL.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def fault_of(text: str, longest: int, *, required: bool = True) -> TextFault | None:
    """Return why a text as ``shown`` gives it can't be taken; None when it can."""
    if harmful(text):
        return TextFault.HARMFUL
    if len(text) > longest:
        return TextFault.TOO_LONG
    return TextFault.EMPTY if required and not text else None


def mended(text: str) -> str:
    """Return a text from outside as it can be stored and shown: without what is harmful in it."""
    return shown(_HARMFUL.sub("", text)) if text else text


def typed(text: str) -> str:
    """Return a number, code or token that was typed or copied, as it is meant.

    Normal width, plain digits and dashes; no spaces, no marks that nobody sees.
    """
    if text.isascii() and text.isalnum():
        return text  # as almost all are
    normal = unicodedata.normalize("NFKC", _without_blanks(text))
    plain = _DASH.sub("-", _without_blanks(normal))
    return plain if plain.isascii() else "".join(map(_plain_digit, plain))


def folded(text: str) -> str:
    """Return by what two spellings of a name compare (R6).

    Width, case, dots, dashes, apostrophes and spaces don't count, nor what nobody sees; radicals
    count as the ideographs that they stand for. A text of nothing else folds to nothing.
    """
    bare = _without_marks(unicodedata.normalize("NFC", text))
    for _ in range(2):  # case folding may bring back what normalising took away
        bare = unicodedata.normalize("NFKC", bare).casefold()
    bare = unicodedata.normalize("NFC", _without_marks(bare))
    return bare.translate(UNIFIED_IDEOGRAPHS)


def silent(char: str) -> str | None:
    """Return how a character is written that doesn't count in a name; None for any other.

    A space of any kind is `` ``, a dot ``.``, a dash ``-``, an apostrophe ``'``; what nobody sees
    is nothing.
    """
    for pattern, written in _SILENT:
        if pattern.match(char):
            return written
    return None


_SILENT: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (_BLANK, " "),
    (_DOT, "."),
    (_DASH, "-"),
    (_APOSTROPHE, "'"),
    (_INVISIBLE, ""),
)


def _without_marks(text: str) -> str:
    for pattern, _ in _SILENT:
        text = pattern.sub("", text)
    return text


def _without_blanks(text: str) -> str:
    return _INVISIBLE.sub("", _BLANK.sub("", text))


def _plain_digit(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def _shows(char: str) -> bool:
    """Whether a visible character is more than a mark on another one."""
    if char in _BLANKS:
        return False
    kind = unicodedata.category(char)
    return kind[0] in "LNPS" or kind == "Cn"  # unassigned: newer than the interpreter's tables


def _without_invisible(text: str) -> str:
    if not _INVISIBLE.search(text):
        return text
    kept: list[str] = []
    for index, char in enumerate(text):
        if not _INVISIBLE.match(char) or _is_needed(char, kept, text[index + 1 : index + 2]):
            kept.append(char)
    return "".join(kept)


def _is_needed(char: str, kept: Sequence[str], following: str) -> bool:
    """Whether what nobody sees changes how a script or emoji is written where it is."""
    before = kept[-1] if kept else ""
    if not before:
        return False
    if char in (_ZWNJ, _ZWJ):
        return _joins(char, kept, following)
    if _VARIATION.match(char):
        is_keycap = before in "0123456789#*" and following == _KEYCAP
        return is_keycap or _has_variants(before)
    return _MONGOLIAN.match(char) is not None and _MONGOLIAN.match(before) is not None


def _joins(char: str, kept: Sequence[str], following: str) -> bool:
    before = kept[-1]
    if unicodedata.combining(before) == _VIRAMA:
        return True
    if not following or _INVISIBLE.match(following):
        return False
    if _is_joined_letter(before) and _is_joined_letter(following):
        return True
    if _VARIATION.match(before) and len(kept) > 1:
        before = kept[-2]
    return char == _ZWJ and _is_symbol(before) and _is_symbol(following)


def _is_joined_letter(char: str) -> bool:
    return _JOINED_SCRIPTS.match(char) is not None and unicodedata.category(char)[0] in "LM"


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sm", "Sk", "Cn")


def _has_variants(char: str) -> bool:
    """Whether Unicode knows variants of a character like this: ideographs, symbols, Myanmar."""
    return not _INVISIBLE.match(char) and (
        unicodedata.category(char) in ("Lo", "Po", "Pd") or _is_symbol(char)
    )
