"""Columns of our own: enums, and content that is encrypted where it is stored.

A row's code reads and writes plain values; the database only ever sees ciphertext, bound
to its table and column, so that a value moved to another place doesn't decrypt.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, overload

import orjson
from tortoise import Model
from tortoise.fields import BinaryField, CharEnumField, Field

E = TypeVar("E", bound=StrEnum)
V = TypeVar("V")


@overload
def enum_field(enum: type[E], max_length: int, *, default: E | None = None) -> Field[E]: ...
@overload
def enum_field(enum: type[E], max_length: int, *, null: Literal[True]) -> Field[E | None]: ...
def enum_field(
    enum: type[E], max_length: int, *, null: bool = False, default: E | None = None
) -> Field[E] | Field[E | None]:
    """Make a column of one of an enum's values; a new value needs no migration."""
    # Without a description of its own, Tortoise would keep the values in the table's comments.
    return CharEnumField(enum, description="", max_length=max_length, null=null, default=default)


@overload
def encrypted_text() -> Field[str]: ...
@overload
def encrypted_text(*, null: Literal[True]) -> Field[str | None]: ...
def encrypted_text(*, null: bool = False) -> Field[str] | Field[str | None]:
    """Make a column of text that is encrypted where it is stored."""
    return EncryptedText(null=True) if null else EncryptedText()


def encrypted_json(*, null: bool = False) -> Field[V]:
    """Make a column of a JSON value that is encrypted where it is stored.

    The column says what it holds: ``tests: Field[list[str]] = encrypted_json()``.
    """
    return EncryptedJson(null=True) if null else EncryptedJson()


class FieldCipher(Protocol):
    """Encrypts and decrypts one value that is bound to its associated data."""

    def encrypt(self, plain: bytes, associated_data: bytes) -> bytes:
        """Return the ciphertext of a value."""

    def decrypt(self, token: bytes, associated_data: bytes) -> bytes:
        """Return the value of a ciphertext; raise ``ValueError`` when it is not bound to that."""

    def decrypt_all(
        self, tokens: Sequence[bytes | None], associated_data: bytes, load: Callable[[bytes], V]
    ) -> list[V | None]:
        """Return what ``load`` makes of a column's values; None stays None."""


class _Keyring:
    cipher: FieldCipher | None = None


def use_cipher(cipher: FieldCipher) -> None:
    """Give the encrypted columns their cipher; once a process, before the first query."""
    _Keyring.cipher = cipher


def current_cipher() -> FieldCipher:
    """Return the cipher of the encrypted columns. Raise ``RuntimeError`` before it is given."""
    if _Keyring.cipher is None:
        raise RuntimeError("the encrypted columns have no cipher yet: call use_cipher first")
    return _Keyring.cipher


_Load: TypeAlias = "staticmethod[[bytes], object]"


class EncryptedText(BinaryField[Any]):
    """Text, encrypted where stored; never filtered by (look up by a keyed hash instead).

    Models declare it by ``encrypted_text``, which says the type of the values.
    """

    # A column learns its table and its name from its model, after it was made.
    @property
    def associated_data(self) -> bytes:
        """What each value of the column is bound to."""
        return f"{self.model._meta.db_table}.{self.model_field_name}".encode()

    def to_db_value(self, value: object, instance: type[Model] | Model) -> bytes | None:
        """Encrypt on the way in."""
        return (
            None
            if value is None
            else current_cipher().encrypt(self._dump(value), self.associated_data)
        )

    def to_python_value(self, value: object) -> object:
        """Decrypt on the way out; a value set by code passes through."""
        if isinstance(value, (bytes, memoryview)):
            return self._load(current_cipher().decrypt(bytes(value), self.associated_data))
        return value

    def decrypts_column(self) -> Callable[[Sequence[bytes | None]], list[object]]:
        """Return what decrypts this column of many rows; None stays None."""
        place, load = self.associated_data, self._load
        return lambda stored: current_cipher().decrypt_all(stored, place, load)

    def _dump(self, value: object) -> bytes:
        return str(value).encode()

    _load: _Load = staticmethod(bytes.decode)


class EncryptedJson(EncryptedText):
    """A JSON value, encrypted where stored; models declare it by ``encrypted_json``."""

    def _dump(self, value: object) -> bytes:
        return orjson.dumps(value)

    _load: _Load = staticmethod(orjson.loads)
