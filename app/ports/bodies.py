"""Bodies of outside systems, unpacked and read within bounds: of bytes, values and time.

What unpacks to more than was announced, as a bomb does, is never held whole: no piece is unpacked
further than there is room left.
"""

import asyncio
import zlib
from collections.abc import AsyncIterable, Callable
from typing import Final

from app.ports.answers import read_json

MAX_BODY: Final = 8 << 20  # bytes of an answer, unpacked
MOST_VALUES: Final = 500_000  # of one answer; each takes memory many times its bytes
ENCODINGS: Final = "gzip"  # what is asked for; anything else can't be read
# Bytes that are read on the loop: half a millisecond's, as a hundred people's records are. To have
# another thread do so costs a third of that on top.
_ON_THE_LOOP: Final = 128 << 10
_GZIP: Final = 16 + zlib.MAX_WBITS


class TooLong(Exception):
    """A body of more bytes or values than any answer of a contract has."""


async def unpacked(parts: AsyncIterable[bytes], encoding: str) -> bytes:
    """Return a body without its content encoding.

    Raise ``TooLong``; ``ValueError`` for an encoding that isn't known, or isn't what it says.
    """
    unpack = _unpacker(encoding.strip().lower())
    body = bytearray()
    async for part in parts:
        body += unpack(part, MAX_BODY + 1 - len(body))
        if len(body) > MAX_BODY:
            raise TooLong
    return bytes(body)


async def read_bounded(body: bytes) -> object:
    """Return a body's JSON as ``read_json`` does; a long one is read beside the loop.

    Raise ``TooLong`` when it holds too many values, ``ValueError`` when it can't be read.
    """
    # Counted before anything is made of it; a comma within a text counts, too.
    if body.count(b",") + body.count(b"[") + body.count(b"{") > MOST_VALUES:
        raise TooLong
    if len(body) <= _ON_THE_LOOP:
        return read_json(body)
    return await asyncio.to_thread(read_json, body)


def _plain(part: bytes, room: int) -> bytes:
    return part[:room]


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """Return what unpacks a piece as far as there is room."""
    if encoding in ("", "identity"):
        return _plain
    if encoding not in ("gzip", "x-gzip"):
        raise ValueError("an encoding nobody asked for")
    stream = zlib.decompressobj(_GZIP)

    def unpack(part: bytes, room: int) -> bytes:
        try:
            return stream.decompress(part, room)
        except zlib.error:
            raise ValueError("not what its encoding says") from None

    return unpack
