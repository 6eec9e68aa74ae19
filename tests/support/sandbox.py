"""The sandbox in process, and what is put into it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from app.sandbox.app import create_sandbox

NOON = datetime(2022, 9, 1, 12, tzinfo=UTC)

PUBLIC_URL = "http://sandbox.example/sandbox"

LI = {"id_type": "PASSPORT", "id_number": "E12345678"}

SMS = {
    "id": "m1",
    "phone": "+8613800001111",
    "template": "leave_requested",
    "params": {"count": "1"},
    "text": "有人申请退团",
}

CHECK = {**LI, "name": "李明", "purpose": "JOIN"}


class StoppedClock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self._now = NOON

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        self._now += by
        return self._now


def fresh_sandbox() -> httpx.AsyncClient:
    app = Starlette(routes=[Mount("/sandbox", create_sandbox(StoppedClock(), PUBLIC_URL))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=PUBLIC_URL)


async def query(http: httpx.AsyncClient, *people: dict[str, str]) -> list[dict[str, Any]]:
    response = await http.post("/health/records:query", json={"people": people})
    assert response.status_code == 200, response.text
    records: list[dict[str, Any]] = response.json()["records"]
    return records


def people(count: int) -> list[dict[str, str]]:
    return [{"id_type": "PASSPORT", "id_number": f"E{number:08}"} for number in range(count)]
