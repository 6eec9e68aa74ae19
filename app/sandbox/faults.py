"""What goes wrong: the faults a tester sets, met by the requests that follow."""

import asyncio
from typing import Annotated, Final, Literal

from pydantic import Field, RootModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.reading import Body, read, read_body, refusal, says, says_one_of

_MOST: Final = 1_000_000
_COMMON: Final = frozenset({"status", "delay_ms", "times", "retry_after"})
_KEYS: Final = {
    "health": _COMMON | {"drop", "malformed"},
    "identity": _COMMON | {"result"},
    "family": _COMMON,
    "sms": _COMMON,
}

_Failed = Literal["FAILED"]
# Defaults aren't checked: None where nothing is sent, while a null that is sent is refused.
Result = Annotated[_Failed | None, says_one_of(_Failed)]
Count = Annotated[
    int, Field(strict=True, ge=0, le=_MOST), says(f"must be a whole number from 0 to {_MOST}")
]
Seconds = Annotated[Count | None, says(f"must be a whole number from 0 to {_MOST}")]
Times = Annotated[
    int | None,
    Field(strict=True, ge=1, le=_MOST),
    says(f"must be a whole number from 1 to {_MOST}"),
]
Status = Annotated[
    int | None,
    Field(strict=True, ge=400, le=599),
    says("must be a whole number from 400 to 599"),
]


class Fault(Body):
    """What a system does wrong. Without ``times`` it does so until the faults are replaced.

    ``drop`` and ``malformed`` count records of one health answer; ``result`` is how a face
    check ends.
    """

    times: Times = None
    delay_ms: Count = 0
    status: Status = None
    retry_after: Seconds = None
    result: Result = None
    drop: Count = 0
    malformed: Count = 0


class FaultsBody(RootModel[dict[str, object]]):
    """The faults to be set, by system, not read yet."""


class Faults:
    """The faults set now, by system."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}

    async def show(self, request: Request) -> Response:
        """Return the faults set, by system; of one that counts down, what is left of it."""
        faults = {
            name: fault.model_dump(exclude_unset=True) for name, fault in self._faults.items()
        }
        return JSONResponse(faults)

    async def replace(self, request: Request) -> Response:
        """Set the faults in the body in place of all set before; 400 when one makes no sense."""
        body = (await read_body(FaultsBody, request)).root
        self._faults = {system: _read(system, fault) for system, fault in body.items()}
        return JSONResponse(body)

    async def meet(self, system: str) -> Fault:
        """Count a request to ``system`` and let it suffer the fault set: the wait, the status.

        Return the fault, for what only the system itself can do wrong.
        """
        fault = self._take(system)
        if fault.delay_ms:
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault.status is not None:
            retry = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            raise HTTPException(fault.status, "a fault set in the sandbox", retry)
        return fault

    def _take(self, system: str) -> Fault:
        fault = self._faults.get(system, Fault())
        if fault.times == 1:
            del self._faults[system]
        elif fault.times is not None:
            self._faults[system] = fault.model_copy(update={"times": fault.times - 1})
        return fault


def _read(system: str, value: object) -> Fault:
    if system not in _KEYS:
        raise refusal(f"faults can be set for {', '.join(_KEYS)}")
    if isinstance(value, dict) and not _KEYS[system].issuperset(value):
        raise refusal(f"a fault of {system} may have {', '.join(sorted(_KEYS[system]))}")
    return read(Fault, value, f"the fault of {system}")
