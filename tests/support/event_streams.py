"""Event streams as clients read them: by LF alone, event by event."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.support.person import Person
from tests.support.waiting import PATIENCE

STREAM = "/graphql/stream"


class Events:
    """An open stream: its events, and all bytes that came."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.bytes = b""
        self._read = 0
        self._chunks = response.aiter_raw()

    async def block(self) -> list[str] | None:
        """Return the lines up to the next empty one; None at the end of the stream."""
        async with asyncio.timeout(PATIENCE):
            while (end := self.bytes.find(b"\n\n", self._read)) < 0:
                chunk = await anext(self._chunks, None)
                if chunk is None:
                    return None
                self.bytes += chunk
        lines = self.bytes[self._read : end].decode().split("\n")
        self._read = end + 2
        return lines

    async def event(self) -> tuple[str, Any] | None:
        """Return the next event: its name and its data, None without any."""
        async with asyncio.timeout(PATIENCE):  # comments meanwhile are no events
            while (lines := await self.block()) is not None:
                fields = dict(line.split(":", 1) for line in lines if not line.startswith(":"))
                if "event" in fields:
                    assert set(fields) == {"event", "data"}
                    data = fields["data"].strip()
                    return fields["event"].strip(), json.loads(data) if data else None
        return None

    async def next(self, operation_id: str | None = None) -> Any:
        """Return the data of the next event, which is a result without errors."""
        got = await self.event()
        assert got is not None and got[0] == "next", got
        payload = got[1]
        if operation_id is not None:
            assert payload["id"] == operation_id
            payload = payload["payload"]
        assert "errors" not in payload, payload
        return payload["data"]

    async def rest(self) -> list[tuple[str, Any]]:
        """Return every event until the stream ends."""
        found = []
        while (got := await self.event()) is not None:
            found.append(got)
        return found


def headers_of(person: Person, **others: str) -> dict[str, str]:
    """Return the headers that a person's client sends."""
    session = {"authorization": f"Bearer {person.token}"} if person.token else {}
    return {"accept-language": "en", **session, **others}


@asynccontextmanager
async def streamed(
    person: Person, query: str, method: str = "POST", /, **variables: Any
) -> AsyncIterator[Events]:
    """A stream of its own for one operation."""
    body = {"query": query, "variables": variables}
    params = {"query": query, "variables": json.dumps(variables)}
    sent: dict[str, Any] = {"params": params} if method == "GET" else {"json": body}
    headers = headers_of(person, accept="text/event-stream")
    http, url = person.world.http, f"{person.world.url}{STREAM}"
    async with http.stream(method, url, headers=headers, **sent) as response:
        assert response.status_code == 200, await response.aread()
        yield Events(response)


class Shared:
    """A stream that carries several operations, and the requests that concern it."""

    def __init__(self, person: Person, token: str) -> None:
        self.person = person
        self.token = token

    async def send(self, method: str, *, token: str | None = None, **sent: Any) -> httpx.Response:
        """Send a request that names the stream."""
        token = self.token if token is None else token
        headers = headers_of(self.person, **{"x-graphql-event-stream-token": token})
        url = f"{self.person.world.url}{STREAM}"
        return await self.person.world.http.request(method, url, headers=headers, **sent)

    async def begin(self, operation_id: str, query: str, /, **variables: Any) -> httpx.Response:
        """Ask for an operation's results by the stream."""
        extensions = {"operationId": operation_id}
        body = {"query": query, "variables": variables, "extensions": extensions}
        return await self.send("POST", json=body)

    async def stop(self, operation_id: str) -> httpx.Response:
        """Ask for no more results of an operation."""
        return await self.send("DELETE", params={"operationId": operation_id})

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Events]:
        """Open it as a browser's EventSource does, which sends no headers of ours."""
        url = f"{self.person.world.url}{STREAM}?token={self.token}"
        headers = {"accept": "text/event-stream"}
        async with self.person.world.http.stream("GET", url, headers=headers) as response:
            assert response.status_code == 200, await response.aread()
            yield Events(response)


async def reserved(person: Person) -> Shared:
    """Reserve a stream."""
    answer = await person.world.http.put(f"{person.world.url}{STREAM}", headers=headers_of(person))
    assert answer.status_code == 201, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return Shared(person, answer.text)
