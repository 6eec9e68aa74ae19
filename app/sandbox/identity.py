"""The identity verification provider: checks that a real person ends with their face."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.clock import SandboxClock, rfc3339
from app.sandbox.faults import Faults
from app.sandbox.reading import Person, choice, json_object, person_in, refusal, text

LIFETIME = timedelta(minutes=30)


@dataclass(slots=True)
class Check:
    """A face check: of whom, for what, and how it stands."""

    id: str
    person: Person
    name: str
    purpose: str
    status: str = "PENDING"
    passed_at: datetime | None = None

    def end(self, status: str, now: datetime) -> None:
        """End the check once; afterwards this changes nothing."""
        if self.status == "PENDING":
            self.status = status
            self.passed_at = now if status == "PASSED" else None

    def answer(self) -> dict[str, Any]:
        """The check as the contract writes it."""
        return {
            "id": self.id,
            "status": self.status,
            **self.person._asdict(),
            "name": self.name,
            "purpose": self.purpose,
            "passed_at": self.passed_at and rfc3339(self.passed_at),
        }


class IdentityProvider:
    """Starts checks and answers how they ended."""

    def __init__(self, clock: SandboxClock, faults: Faults, public_url: str) -> None:
        self._clock = clock
        self._faults = faults
        self._public_url = public_url.rstrip("/")
        self._checks: dict[str, Check] = {}

    async def start(self, request: Request) -> Response:
        """Open a check; 400 unless the body says of whom and for what."""
        fault = await self._faults.meet("identity")
        body = await json_object(request)
        check = Check(
            secrets.token_hex(16), person_in(body), text(body, "name"), text(body, "purpose")
        )
        self._checks[check.id] = check
        now = self._clock.now()
        if fault.result is not None:
            check.end(fault.result, now)
        url = f"{self._public_url}/identity/verifications/{check.id}/face"
        answer = {"id": check.id, "url": url, "expires_at": rfc3339(now + LIFETIME)}
        return JSONResponse(answer, status_code=201)

    async def outcome(self, request: Request) -> Response:
        """Answer how a check stands; one that nobody has ended passes by being asked about."""
        fault = await self._faults.meet("identity")
        check = self._check(request)
        check.end(fault.result or "PASSED", self._clock.now())
        return JSONResponse(check.answer())

    async def face(self, request: Request) -> Response:
        """End a check as the person before the camera would; 409 when it ended otherwise."""
        check = self._check(request)
        status = choice(await json_object(request), "status", ("PASSED", "FAILED"))
        check.end(status, self._clock.now())
        if check.status != status:
            raise refusal(f"the check has ended already: {check.status}", 409)
        return JSONResponse(check.answer())

    def _check(self, request: Request) -> Check:
        check = self._checks.get(request.path_params["id"])
        if check is None:
            raise refusal("there is no such check", 404)
        return check
