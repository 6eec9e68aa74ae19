"""The identity verification provider: checks that a real person ends with their face."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, TypedDict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.clock import SandboxClock, rfc3339
from app.sandbox.faults import Faults
from app.sandbox.names import Names
from app.sandbox.reading import Body, Person, Text, read_body, refusal, says_one_of

_LIFETIME: Final = timedelta(minutes=30)


_Ended = Literal["PASSED", "FAILED"]
Ended = Annotated[_Ended, says_one_of(_Ended)]


class CheckBody(Person):
    """A face check to be started: of whom and for what."""

    name: Text
    purpose: Text


class FaceBody(Body):
    """How the person before the camera ends a check."""

    status: Ended


class CheckAnswer(TypedDict):
    """A face check as the contract writes it."""

    id: str
    status: str
    id_type: str
    id_number: str
    name: str
    purpose: str
    passed_at: str | None


@dataclass(slots=True)
class Check:
    """A face check: of whom, for what, and how it ended."""

    id: str
    body: CheckBody
    status: str = "PENDING"
    passed_at: datetime | None = None
    opened: bool = False  # whether somebody looked at its page, and so decides there

    def end(self, status: str, now: datetime) -> None:
        """End the check once; afterwards this changes nothing."""
        if self.status == "PENDING":
            self.status = status
            self.passed_at = now if status == "PASSED" else None

    def answer(self) -> CheckAnswer:
        """Return the check as the contract writes it."""
        return {
            "id": self.id,
            "status": self.status,
            "id_type": self.body.id_type,
            "id_number": self.body.id_number,
            "name": self.body.name,
            "purpose": self.body.purpose,
            "passed_at": rfc3339(self.passed_at) if self.passed_at else None,
        }


class IdentityProvider:
    """Starts checks and answers how they ended."""

    def __init__(self, clock: SandboxClock, faults: Faults, names: Names, public_url: str) -> None:
        self._clock = clock
        self._names = names
        self._faults = faults
        self._public_url = public_url.rstrip("/")
        self._checks: dict[str, Check] = {}

    async def start(self, request: Request) -> Response:
        """Open a check; 400 unless the body says of whom and for what."""
        fault = await self._faults.meet("identity")
        check = Check(secrets.token_hex(16), await read_body(CheckBody, request))
        self._checks[check.id] = check
        self._names.note(check.body.document, check.body.name)
        now = self._clock.now()
        if fault.result is not None:
            check.end(fault.result, now)
        url = f"{self._public_url}/identity/verifications/{check.id}/face"
        answer = {"id": check.id, "url": url, "expires_at": rfc3339(now + _LIFETIME)}
        return JSONResponse(answer, status_code=201)

    async def outcome(self, request: Request) -> Response:
        """Return a check's result; one that nobody looks at passes by being asked about."""
        fault = await self._faults.meet("identity")
        check = self._check(request)
        if fault.result or not check.opened:
            check.end(fault.result or "PASSED", self._clock.now())
        return JSONResponse(check.answer())

    def note_opened(self, request: Request) -> None:
        """Note that a check's page was opened: it waits until it is decided there."""
        check = self._checks.get(request.path_params["id"])
        if check is not None:
            check.opened = True

    async def face(self, request: Request) -> Response:
        """End a check as the person before the camera would; 409 when it ended otherwise."""
        check = self._check(request)
        status = (await read_body(FaceBody, request)).status
        check.end(status, self._clock.now())
        if check.status != status:
            raise refusal(f"the check has ended already: {check.status}", 409)
        return JSONResponse(check.answer())

    def _check(self, request: Request) -> Check:
        check = self._checks.get(request.path_params["id"])
        if check is None:
            raise refusal("there is no such check", 404)
        return check
