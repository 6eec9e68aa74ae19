"""In how many pieces an answer leaves the server."""

import asyncio
from typing import cast

import pytest

from app.web.gathering import Gathering


class Wire:
    """What was written to a connection, each piece by itself."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def writelines(self, pieces: tuple[bytes, ...]) -> None:
        self.written.append(b"".join(pieces))

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


class Answering:
    """An answer that has begun."""

    def __init__(self, method: str, length: int) -> None:
        self.wire = Wire()
        self.transport = cast(asyncio.Transport, self.wire)
        self.scope: dict[str, object] = {"method": method}
        self.response_started = False
        self.expected_content_length = length


@pytest.mark.parametrize(
    ("method", "length", "parts", "pieces"),
    [
        ("POST", 4, [b"head", b"body"], [b"headbody"]),
        ("GET", 8, [b"head", b"body", b"more"], [b"headbody", b"more"]),
        ("GET", 0, [b"head", b"event", b"event"], [b"head", b"event", b"event"]),
        ("HEAD", 4, [b"head"], [b"head"]),
    ],
    ids=["an answer", "a file", "a stream", "no body"],
)
def test_a_head_leaves_with_the_body_that_follows_at_once(
    method: str, length: int, parts: list[bytes], pieces: list[bytes]
) -> None:
    answering = Answering(method, length)
    gathering = Gathering(answering)
    gathering.write(b"100 Continue")
    answering.response_started = True
    for part in parts:
        gathering.write(part)
    gathering.close()
    assert answering.wire.written == [b"100 Continue", *pieces]
    assert gathering.is_closing()


def test_a_head_whose_body_never_came_leaves_at_the_end() -> None:
    answering = Answering("POST", 4)
    gathering = Gathering(answering)
    answering.response_started = True
    gathering.write(b"head")
    assert answering.wire.written == []
    gathering.close()
    assert answering.wire.written == [b"head"]
