"""The sandbox's time: read it, and move it forward."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.reading import json_object, refusal

LONGEST_ADVANCE = timedelta(days=3650).total_seconds()


class SandboxClock(Protocol):
    """A clock that can be moved forward."""

    def now(self) -> datetime:
        """The current time in UTC."""

    def advance(self, by: timedelta) -> datetime:
        """Move time forward and answer the new time."""


def rfc3339(at: datetime) -> str:
    """Write a time the way the contracts do: UTC, with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


class ClockControl:
    """The routes that show and move the clock."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock

    async def show(self, request: Request) -> Response:
        """Answer the time."""
        return JSONResponse({"now": rfc3339(self._clock.now())})

    async def advance(self, request: Request) -> Response:
        """Move time forward by ``advance_seconds``; 400 unless a number from 0 to ten years."""
        seconds = (await json_object(request)).get("advance_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise refusal("advance_seconds must be a number")
        if not 0 <= seconds <= LONGEST_ADVANCE:
            raise refusal("advance_seconds must lie between 0 and ten years")
        return JSONResponse({"now": rfc3339(self._clock.advance(timedelta(seconds=seconds)))})
