"""Opaque global ids: a type's name and a key, as Relay clients expect them."""

import base64
import binascii
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from uuid import UUID

from app.domain.refusals import BadInput
from app.resolvers.rows import NodeRow

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
_PADDING: Final = b"="
_KEPT: Final = 1_000  # ids that were read last
_LONGEST: Final = 100  # characters of one that is kept
_HEXADECIMAL: Final = 1 + 32  # characters of a key, and what is between it and its type


def encode_id(typename: str, key: UUID) -> str:
    """Return the global id of an object."""
    written = binascii.b2a_base64(f"{typename}:{key.hex}".encode(), newline=False)
    return written.translate(_URL_SAFE, _PADDING).decode()


def encode_ids(typename: str, keys: Sequence[UUID | str]) -> list[str]:
    """Return the global ids of many objects of one type; SQLite has their keys as text.

    As ``encode_id`` does, in one call for all.
    """
    length = len(typename) + _HEXADECIMAL
    # Each is filled up to whole groups of base64; what the filling becomes is cut off again.
    filling = "\0" * (-length % 3)
    written = "".join(
        [f"{typename}:{key if isinstance(key, str) else key.hex}{filling}" for key in keys]
    ).replace("-", "")
    encoded = binascii.b2a_base64(written.encode(), newline=False).translate(_URL_SAFE).decode()
    width, shown = -(-length // 3) * 4, -(-length * 4 // 3)
    return [encoded[start : start + shown] for start in range(0, len(encoded), width)]


def decode_any_id(global_id: str) -> tuple[str, UUID]:
    """Read a global id of any type. Raises ``BadInput`` when it is none.

    One object has one id: what base64 and UUID read besides, such as spaces in it, is none.
    """
    short = len(global_id) <= _LONGEST
    return _decoded(global_id) if short else _decoded.__wrapped__(global_id)


@lru_cache(_KEPT)
def _decoded(global_id: str) -> tuple[str, UUID]:
    try:
        padded = global_id + "=" * (-len(global_id) % 4)
        typename, _, hexadecimal = base64.urlsafe_b64decode(padded).decode().partition(":")
        key = UUID(hex=hexadecimal)
    except (ValueError, binascii.Error):
        raise BadInput("ID_MALFORMED") from None
    if encode_id(typename, key) != global_id:
        raise BadInput("ID_MALFORMED")
    return typename, key


def decode_id(global_id: str, typename: str) -> UUID:
    """Read a global id of one type. Raises ``BadInput`` when it is none, or another's."""
    actual, key = decode_any_id(global_id)
    if actual != typename:
        raise BadInput("ID_OF_ANOTHER_TYPE", expected=typename)
    return key


def global_id(root: NodeRow) -> str:
    """Resolve ``id`` of any node."""
    return encode_id(root.typename, root.id)
