"""Encryption of personal data and the keyed hashes it is looked up by."""

import hashlib
import hmac
import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE_BYTES = 12
_HEAD = len(_VERSION) + _NONCE_BYTES
_UNREADABLE = "a stored value can't be decrypted: is GROUPCODE_SECRET_KEY the right one?"


def derive_key(secret: str, purpose: str) -> bytes:
    """Return a 256-bit key for one purpose, derived from the server's secret."""
    return HKDF(SHA256(), 32, salt=None, info=f"groupcode {purpose}".encode()).derive(
        secret.encode()
    )


class Cipher:
    """AES-256-GCM; each value is bound to its associated data, the column that it is stored in."""

    def __init__(self, secret: str) -> None:
        self._aead = AESGCM(derive_key(secret, "encryption"))
        self._hash_key = derive_key(secret, "lookup")

    def encrypt(self, plain: bytes, associated_data: bytes) -> bytes:
        """Return a value's ciphertext, another each time, which only the same data decrypts."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._aead.encrypt(nonce, plain, associated_data)

    def decrypt(self, token: bytes, associated_data: bytes) -> bytes:
        """Return the value of a ciphertext.

        Raise ``ValueError`` when it was made with another key or other associated data.
        """
        try:
            if token[:1] != _VERSION:
                raise InvalidTag
            return self._aead.decrypt(token[1:_HEAD], token[_HEAD:], associated_data)
        except InvalidTag:
            raise ValueError(_UNREADABLE) from None

    def decrypt_all(
        self, tokens: Iterable[bytes | None], associated_data: bytes
    ) -> list[bytes | None]:
        """Return the values of a column's ciphertexts, None where there is none.

        Raise ``ValueError`` as ``decrypt`` does. Of hundreds of values the calls around each
        would take longer than its decryption: here is one.
        """
        decrypt, version = self._aead.decrypt, _VERSION[0]
        try:
            return [
                decrypt(token[1:_HEAD], token[_HEAD:], associated_data)
                if token and token[0] == version
                else None
                if token is None
                else self.decrypt(token, associated_data)
                for token in tokens
            ]
        except InvalidTag:
            raise ValueError(_UNREADABLE) from None

    def lookup(self, kind: str, value: str) -> str:
        """Return the keyed hash, 64 hex digits, under which a value of ``kind`` is found again."""
        return hmac.new(self._hash_key, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()
