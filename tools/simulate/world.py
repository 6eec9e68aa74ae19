"""The real server, in process, on a clock that stands still until it is moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import orjson
from pydantic import SecretStr

from app.config import Settings
from app.main import create_server
from app.models.database import database
from app.models.due import Room, WorkKind, claim_due, next_due_at, schedule
from app.models.fields import use_cipher
from app.models.migrating import migrate
from app.ports.clock import MovableClock
from app.services.groups.erasure import EVERYTHING_OLD
from app.services.kernel.env import Env
from app.workers.kinds import KINDS

EVERYTHING = [Room(kind, 100) for kind in WorkKind]


class Answered(Exception):
    """The server answered with errors that nobody foretold."""


class World:
    """The server, its sandbox, and time."""

    def __init__(self, env: Env, clock: MovableClock, http: httpx.AsyncClient) -> None:
        self.env, self.clock, self.http = env, clock, http
        self.work_done = 0

    async def advance(self, until: datetime) -> None:
        """Move the clock, stopping wherever work comes due, and do that work."""
        while (due_at := await next_due_at()) is not None and due_at <= until:
            self.clock.advance(max(due_at, self.clock.now()) - self.clock.now())
            await self.work_off()
        self.clock.advance(until - self.clock.now())

    async def work_off(self) -> None:
        """Do what is due now, as the tick and the actors would."""
        while claims := await claim_due(self.clock.now(), EVERYTHING):
            for claim in claims:
                await KINDS[claim.kind].do(self.env, claim)
                self.work_done += 1

    async def ask(self, token: str, query: str, **variables: Any) -> dict[str, Any]:
        """Send one operation; answer its data."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        answer = (await self.http.post("/graphql", json=body, headers=headers)).json()
        if answer.get("errors"):
            raise Answered(query.split("{")[1].strip(), answer["errors"])
        data: dict[str, Any] = answer["data"]
        return data

    async def change(self, token: str, name: str, fields: str, /, **input: Any) -> dict[str, Any]:
        """Run one mutation that must succeed, and the work it causes; answer its payload."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = (
            f"mutation($input: {kind}!) {{ {name}(input: $input)"
            f" {{ {fields} errors {{ code path }} }} }}"
        )
        payload: dict[str, Any] = (await self.ask(token, query, input=input))[name]
        if payload["errors"]:
            raise Answered(name, payload["errors"])
        await self.work_off()
        return payload

    async def sandbox(self, method: str, path: str, json: Any = None) -> Any:
        """Tell the sandbox something, or ask it."""
        content = None if method == "GET" else orjson.dumps(json)
        answer = await self.http.request(method, f"/sandbox{path}", content=content)
        return answer.raise_for_status().json() if answer.content else None


class _SeededIds:
    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def new(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)


@asynccontextmanager
async def serving(folder: Path, now: datetime, seed: int) -> AsyncIterator[World]:
    """A server on an empty database in ``folder``, at ``now``.

    Ids follow from ``seed``, and so do the times at which they are refreshed.
    """
    url = f"sqlite://{folder / 'simulation.sqlite3'}"
    await migrate(url)
    clock = MovableClock(stands_at=now)
    secret = SecretStr("the simulation's own secret, thirty two")
    settings = Settings(database_url=url, secret_key=secret, rate_limits=False, demo=False)
    server = create_server(settings, clock, _SeededIds(seed))
    use_cipher(server.env.cipher)
    transport = httpx.ASGITransport(app=server.app)
    async with (
        database(url),
        httpx.AsyncClient(transport=transport, base_url="http://simulation", timeout=60) as http,
    ):
        await schedule(WorkKind.ERASE_OLD, now, EVERYTHING_OLD)
        yield World(server.env, clock, http)
