"""Columns of our own: enums, and content that is encrypted where it is stored.

A row's code reads and writes plain values; the database only ever sees ciphertext, bound
to its table and column, so that a value moved to another place doesn't decrypt.
"""

import json
from enum import StrEnum
from typing import Any, Protocol

from tortoise import Model
from tortoise.fields import BinaryField, CharEnumField


def enum_field(enum: type[StrEnum], max_length: int, *, null: bool = False, **options: Any) -> Any:
    """A column of one of an enum's values; a new value needs no migration."""
    return CharEnumField(enum, description="", max_length=max_length, null=null, **options)


class FieldCipher(Protocol):
    """Encrypts and decrypts one value for one place."""

    def encrypt(self, plain: bytes, place: bytes) -> bytes:
        """Encrypt a value for ``place``."""

    def decrypt(self, token: bytes, place: bytes) -> bytes:
        """Decrypt a value of ``place``; raises ``ValueError`` when it isn't one."""


class _Keyring:
    cipher: FieldCipher | None = None


def use_cipher(cipher: FieldCipher) -> None:
    """Give the encrypted columns their cipher; once a process, before the first query."""
    _Keyring.cipher = cipher


def _cipher() -> FieldCipher:
    if _Keyring.cipher is None:
        raise RuntimeError("the encrypted columns have no cipher yet: call use_cipher first")
    return _Keyring.cipher


class EncryptedText(BinaryField[Any]):
    """Text, encrypted where stored; never filtered by (look up by a keyed hash instead)."""

    @property
    def _place(self) -> bytes:
        return f"{self.model._meta.db_table}.{self.model_field_name}".encode()

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> bytes | None:
        """Encrypt on the way in."""
        return None if value is None else _cipher().encrypt(self._dump(value), self._place)

    def to_python_value(self, value: Any) -> Any:
        """Decrypt on the way out; a value set by code passes through."""
        if isinstance(value, (bytes, memoryview)):
            return self._load(_cipher().decrypt(bytes(value), self._place))
        return value

    def _dump(self, value: Any) -> bytes:
        return str(value).encode()

    def _load(self, data: bytes) -> Any:
        return data.decode()


class EncryptedJson(EncryptedText):
    """A JSON value, encrypted where stored."""

    def _dump(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def _load(self, data: bytes) -> Any:
        return json.loads(data)
