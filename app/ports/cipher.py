"""Encryption of personal data and the keyed hashes it is looked up by."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE_BYTES = 12


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
        nonce, body = token[1 : 1 + _NONCE_BYTES], token[1 + _NONCE_BYTES :]
        try:
            if token[:1] != _VERSION:
                raise InvalidTag
            return self._aead.decrypt(nonce, body, associated_data)
        except InvalidTag:
            message = "a stored value can't be decrypted: is GROUPCODE_SECRET_KEY the right one?"
            raise ValueError(message) from None

    def lookup(self, kind: str, value: str) -> str:
        """Return the keyed hash, 64 hex digits, under which a value of ``kind`` is found again."""
        return hmac.new(self._hash_key, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()
