"""Encryption of personal data and the keyed hashes it is looked up by."""

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

V = TypeVar("V")
_VERSION = b"\x01"
_NAME_BYTES = 3
_PREFIX_BYTES = len(_VERSION) + _NAME_BYTES
_BODY = _PREFIX_BYTES + 12  # where what follows the nonce begins
_UNREADABLE = "a stored value can't be decrypted: is GROUPCODE_SECRET_KEY the right one?"


def derive_key(secret: str, purpose: str) -> bytes:
    """Return a 256-bit key for one purpose, derived from one of the server's secrets."""
    return HKDF(SHA256(), 32, salt=None, info=f"groupcode {purpose}".encode()).derive(
        secret.encode()
    )


def digest(kind: str, value: str) -> str:
    """Return the hash, 64 hex digits, of a value that nobody can guess, such as a random token.

    It needs no key, so it stays the same whatever becomes of the keys.
    """
    return hashlib.sha256(f"{kind}\0{value}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Key:
    """What may be known of a key: a code that only its secret makes and that doesn't tell it."""

    mac: str

    @property
    def name(self) -> str:
        """What each ciphertext names the key by: six hex digits."""
        return self.mac[: 2 * _NAME_BYTES]


def key_of(secret: str) -> Key:
    """Return what may be known of a secret's key."""
    made = hmac.new(derive_key(secret, "check"), b"groupcode", hashlib.sha256)
    return Key(made.hexdigest())


class Cipher:
    """AES-256-GCM; each value is bound to its associated data, the column that it is stored in.

    It knows one secret or several, the newest first: that one encrypts. Each ciphertext names the
    key it is under.
    """

    def __init__(self, *secrets: str) -> None:
        self.keys = tuple(map(key_of, secrets))
        self._aeads = {
            _VERSION + bytes.fromhex(key.name): AESGCM(derive_key(secret, "encryption"))
            for key, secret in zip(self.keys, secrets, strict=True)
        }
        self.prefix = next(iter(self._aeads))  # with which each ciphertext of the newest key begins
        self._newest = self._aeads[self.prefix]
        self._hash_keys = [derive_key(secret, "lookup") for secret in secrets]
        self._content = hashlib.blake2b(key=derive_key(secrets[0], "content"), digest_size=32)

    def encrypt(self, plain: bytes, associated_data: bytes) -> bytes:
        """Return a value's ciphertext, another each time, which only the same data decrypts."""
        nonce = os.urandom(_BODY - _PREFIX_BYTES)
        return self.prefix + nonce + self._newest.encrypt(nonce, plain, associated_data)

    def decrypt(self, token: bytes, associated_data: bytes) -> bytes:
        """Return the value of a ciphertext.

        Raise ``ValueError`` when it was made with an unknown key or other associated data.
        """
        try:
            aead = self._aeads[token[:_PREFIX_BYTES]]
            return aead.decrypt(token[_PREFIX_BYTES:_BODY], token[_BODY:], associated_data)
        except (InvalidTag, KeyError):
            raise ValueError(_UNREADABLE) from None

    def decrypt_all(
        self, tokens: Sequence[bytes | None], associated_data: bytes, load: Callable[[bytes], V]
    ) -> list[V | None]:
        """Return what ``load`` makes of a column's ciphertexts, None where there is none.

        Raise ``ValueError`` as ``decrypt`` does. Of hundreds of values the calls around each
        would take longer than its decryption: here is one, where all are under the newest key.
        """
        if all(tokens):
            return self._open_all(cast("Sequence[bytes]", tokens), associated_data, load)
        there = [token for token in tokens if token is not None]
        opened = iter(self._open_all(there, associated_data, load))
        return [None if token is None else next(opened) for token in tokens]

    def _open_all(
        self, tokens: Sequence[bytes], associated_data: bytes, load: Callable[[bytes], V]
    ) -> list[V]:
        decrypt = self._newest.decrypt
        try:
            return [
                load(decrypt(token[_PREFIX_BYTES:_BODY], token[_BODY:], associated_data))
                for token in tokens
            ]
        except (InvalidTag, ValueError):  # some are under another key, or can't be read at all
            return [load(self.decrypt(token, associated_data)) for token in tokens]

    def lookup(self, kind: str, value: str) -> str:
        """Return the keyed hash, 64 hex digits, under which a value of ``kind`` is written."""
        return _hash(self._hash_keys[0], kind, value)

    def lookups(self, kind: str, value: str) -> list[str]:
        """Return the hashes under which a value may be found: of each key, the newest first."""
        return [_hash(key, kind, value) for key in self._hash_keys]

    def content_hash(self, content: bytes) -> str:
        """Return the keyed hash, 64 hex digits, by which the same content is known again.

        Of hundreds at once: BLAKE2b is keyed by itself, and takes a quarter of what an HMAC does.
        """
        keyed = self._content.copy()
        keyed.update(content)
        return keyed.hexdigest()


def _hash(key: bytes, kind: str, value: str) -> str:
    return hmac.digest(key, f"{kind}\0{value}".encode(), "sha256").hex()
