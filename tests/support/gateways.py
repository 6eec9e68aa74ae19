"""Outside systems to test the gateways with: whom they tell of, and ones that misbehave."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.domain.health import HealthCode, NucleicAcidTest, ProviderRecord, Vaccination
from app.domain.health import TestResult as Result  # pytest would collect a class named Test…
from app.domain.identity import Document, IdType
from app.ports.http import Gateway

BASE_URL = "http://sandbox.example/sandbox"

LI = Document(IdType.PASSPORT, "E12345678")

WANG = Document(IdType.RESIDENT_ID, "440101199001011234")

MIDNIGHT = datetime(2022, 9, 1, tzinfo=UTC)

RECORD: dict[str, Any] = {
    "id_type": "PASSPORT",
    "id_number": "E12345678",
    "health_code": "YELLOW",
    "health_code_at": "2022-09-01T08:00:00+08:00",
    "tests": [
        {
            "sampled_at": "2022-09-01T00:00:00Z",
            "tested_at": None,
            "result": "PENDING",
            "institution": "甲",
        }
    ],
    "vaccinations": [{"dose": 1, "date": "2021-06-01", "manufacturer": "乙"}],
}

REPORT = ProviderRecord(
    health_code=HealthCode.YELLOW,
    health_code_at=MIDNIGHT,
    tests=(NucleicAcidTest(MIDNIGHT, None, Result.PENDING, "甲"),),
    vaccinations=(Vaccination(1, date(2021, 6, 1), "乙"),),
)

Connect = Callable[..., Gateway]


class Provider:
    """A system that gives the same answer to everything, and counts how often it is asked."""

    def __init__(self, body: bytes | str | Any, status: int = 200, **headers: str) -> None:
        self.requests: list[Request] = []
        content = body if isinstance(body, bytes) else httpx.Response(200, json=body).content

        async def answer(request: Request) -> Response:
            self.requests.append(request)
            return PlainTextResponse(content, status, headers)

        routes = [Route("/{path:path}", answer, methods=["GET", "POST"])]
        self.app = Starlette(routes=routes)
