"""A health records provider that answers at once: ``python -m bench.provider PORT``.

Everyone is green, tested and vaccinated. ``PUT /flip`` turns the code of every tenth person, so
that a refresh finds changes. It speaks raw HTTP/1.1, since what it costs isn't to be measured.
"""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

import orjson
import uvloop

_NOW: Final = datetime.now(UTC)
_TESTS: Final = [
    {
        "sampled_at": (_NOW - timedelta(days=days, hours=9)).isoformat(),
        "tested_at": (_NOW - timedelta(days=days, hours=4)).isoformat(),
        "result": "NEGATIVE",
        "institution": "市第一人民医院",
    }
    for days in (0, 2, 4)
]
_DOSES: Final = [
    {"dose": dose, "date": f"2021-0{dose + 3}-11", "manufacturer": "北京生物"} for dose in (1, 2, 3)
]


class Records:
    """What is known of everyone."""

    def __init__(self) -> None:
        self._flipped = False

    def flip(self) -> None:
        """Turn the code of every tenth person, or turn it back."""
        self._flipped = not self._flipped

    def answer(self, question: bytes) -> bytes:
        """Return the records of those asked about."""
        people = orjson.loads(question)["people"]
        return orjson.dumps({"records": [self._record(person) for person in people]})

    def _record(self, person: dict[str, str]) -> dict[str, Any]:
        turned = self._flipped and person["id_number"].endswith("1")
        return {
            **person,
            "health_code": "YELLOW" if turned else "GREEN",
            "health_code_at": _NOW.isoformat(),
            "tests": _TESTS,
            "vaccinations": _DOSES,
        }


class Provider(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Answer a request once it is whole."""
        self._buffer += data
        head, found, content = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        _, has_length, rest = head.lower().partition(b"content-length:")
        length = int(rest.partition(b"\r\n")[0]) if has_length else 0
        if len(content) < length:
            return
        self._buffer = content[length:]
        if head.startswith(b"PUT /flip"):
            self._records.flip()
        answer = self._records.answer(content[:length]) if head.startswith(b"POST") else b"{}"
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(answer), answer)
        )


async def main(port: int) -> None:
    """Serve until the process is ended."""
    records = Records()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Provider(records), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
