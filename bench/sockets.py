"""Many subscribers over graphql-transport-ws, as light as can be: raw frames, one each."""

import asyncio
import base64
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, cast

import orjson

from bench.load import LoadError
from bench.queries import STATUS

_AT_ONCE: Final = 50  # connections that are opened at the same time
_LOOK_SECONDS: Final = 0.002
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_SHORT: Final = 126  # a length that two bytes more hold


def _frame(payload: bytes, opcode: int = _TEXT) -> bytes:
    """Return one frame of a client's; its mask is zero, which leaves the payload as it is."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < _SHORT else b"\xfe" + size.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + bytes(4) + payload


@dataclass(frozen=True, slots=True)
class Place:
    """Where subscribers listen, and to which group."""

    port: int
    path: str
    group_id: str


@dataclass
class Crowd:
    """Many subscribers, and when each message came to any of them."""

    members: list["Subscriber"] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def until(self, number: int, patience: float = 60.0) -> None:
        """Wait until so many messages came in all. Raise ``LoadError`` when they don't."""
        deadline = time.perf_counter() + patience
        while len(self.heard) < number:
            if self.faults or time.perf_counter() > deadline:
                raise LoadError(f"{len(self.heard)} of {number} messages; {self.faults[:3]}")
            await asyncio.sleep(_LOOK_SECONDS)

    def leave(self) -> None:
        """Hang up."""
        for member in self.members:
            member.hang_up()


class Subscriber(asyncio.Protocol):
    """One connection with one subscription to a group's status."""

    def __init__(self, crowd: Crowd, place: Place, token: str) -> None:
        self._crowd, self._place, self._token = crowd, place, token
        self._buffer = bytearray()
        self._open = False
        self._acknowledged = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the WebSocket."""
        self._transport = cast(asyncio.Transport, transport)
        lines = [
            f"GET {self._place.path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: graphql-transport-ws",
        ]
        self._transport.write("\r\n".join([*lines, "", ""]).encode())

    def data_received(self, data: bytes) -> None:
        """Read the answer to the request, then frames."""
        self._buffer += data
        if not self._open and not self._opened():
            return
        while (frame := self._next_frame()) is not None:
            self._take(*frame)

    def _opened(self) -> bool:
        head, found, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if not found:
            return False
        if not head.startswith(b"HTTP/1.1 101"):
            self._crowd.faults.append(head.decode(errors="replace"))
        self._open, self._buffer = True, bytearray(rest)
        hello = {"authorization": f"Bearer {self._token}"}
        self._send({"type": "connection_init", "payload": hello})
        return True

    def _next_frame(self) -> tuple[int, bytes] | None:
        if len(self._buffer) < 2:
            return None
        size, begin = self._buffer[1] & 127, 2
        if size == _SHORT:
            size, begin = int.from_bytes(self._buffer[2:4], "big"), 4
        if len(self._buffer) < begin + size:
            return None
        opcode, payload = self._buffer[0] & 15, bytes(self._buffer[begin : begin + size])
        del self._buffer[: begin + size]
        return opcode, payload

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == _PING:
            self._transport.write(_frame(payload, _PONG))
        elif opcode == _CLOSE:
            self._crowd.faults.append(f"closed: {payload[2:].decode(errors='replace')}")
        elif not self._acknowledged:
            self._acknowledged = True
            asked = {"query": STATUS, "variables": {"id": self._place.group_id}}
            self._send({"id": "1", "type": "subscribe", "payload": asked})
        elif b'"type":"next"' in payload[:40] or b'"type": "next"' in payload[:40]:
            self._crowd.heard.append(time.perf_counter())
        else:
            self._crowd.faults.append(payload.decode(errors="replace"))

    def _send(self, message: dict[str, object]) -> None:
        self._transport.write(_frame(orjson.dumps(message)))

    def hang_up(self) -> None:
        """Close the connection."""
        self._transport.close()


async def gather(place: Place, tokens: Sequence[str], number: int) -> Crowd:
    """Connect so many, fifty at once, each until its first message came."""
    crowd, loop = Crowd(), asyncio.get_running_loop()
    for begin in range(0, number, _AT_ONCE):
        for one in range(begin, min(begin + _AT_ONCE, number)):
            make = partial(Subscriber, crowd, place, tokens[one % len(tokens)])
            _, member = await loop.create_connection(make, "127.0.0.1", place.port)
            crowd.members.append(member)
        await crowd.until(len(crowd.members))
    return crowd
