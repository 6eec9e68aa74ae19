"""Opaque global ids: a type's name and a key, as Relay clients expect them."""

import base64
import binascii
from typing import Final
from uuid import UUID

from app.domain.refusals import BadInput
from app.resolvers.rows import NodeRow

_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
_PADDING: Final = b"="


def encode_id(typename: str, key: UUID) -> str:
    """Return the global id of an object."""
    written = binascii.b2a_base64(f"{typename}:{key.hex}".encode(), newline=False)
    return written.translate(_URL_SAFE, _PADDING).decode()


def decode_any_id(global_id: str) -> tuple[str, UUID]:
    """Read a global id of any type. Raises ``BadInput`` when it is none.

    One object has one id: what base64 and UUID read besides, such as spaces in it, is none.
    """
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
