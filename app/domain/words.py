"""Enums of words that are looked up all the time: rights, codes, colours."""

from enum import StrEnum


class Word(StrEnum):
    """A word out of a few, hashed as the text that it is: Enum's own hash is a call of Python."""

    __hash__ = str.__hash__
