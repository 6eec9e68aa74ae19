"""The sandbox's time: read it, and move it forward."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Protocol

from pydantic import AfterValidator, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.reading import Body, read_body, says

_LONGEST_ADVANCE: Final = timedelta(days=3650).total_seconds()


class SandboxClock(Protocol):
    """A clock that can be moved forward."""

    def now(self) -> datetime:
        """Return the current time in UTC."""

    def advance(self, by: timedelta) -> datetime:
        """Move time forward and return the new time."""


def rfc3339(at: datetime) -> str:
    """Write a time the way the contracts do: UTC, with a Z; in milliseconds unless it is finer."""
    unit = "microseconds" if at.microsecond % 1000 else "milliseconds"
    return at.astimezone(UTC).isoformat(timespec=unit).replace("+00:00", "Z")


def _check_length(seconds: float) -> float:
    if not 0 <= seconds <= _LONGEST_ADVANCE:
        raise ValueError("must lie between 0 and ten years")
    return seconds


class Advance(Body):
    """By how much time is to be moved."""

    advance_seconds: Annotated[
        float, Field(strict=True), says("must be a number"), AfterValidator(_check_length)
    ]


class ClockControl:
    """The routes that show and move the clock."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock

    async def show(self, request: Request) -> Response:
        """Return the time."""
        return JSONResponse({"now": rfc3339(self._clock.now())})

    async def advance(self, request: Request) -> Response:
        """Move time forward by ``advance_seconds``; 400 unless a number from 0 to ten years."""
        by = timedelta(seconds=(await read_body(Advance, request)).advance_seconds)
        return JSONResponse({"now": rfc3339(self._clock.advance(by))})
