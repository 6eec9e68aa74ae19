"""What goes wrong: the faults a tester sets, met by the requests that follow."""

import asyncio
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.reading import as_object, choice, json_object, number, refusal

COMMON = frozenset({"status", "delay_ms", "times", "retry_after"})
KEYS = {
    "health": COMMON | {"drop", "malformed"},
    "identity": COMMON | {"result"},
    "family": COMMON,
    "sms": COMMON,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What a system does wrong. Without ``times`` it does so until the faults are replaced.

    ``drop`` and ``malformed`` count records of one health answer; ``result`` is how a face
    check ends.
    """

    times: int | None = None
    delay_ms: int = 0
    status: int | None = None
    retry_after: int | None = None
    result: str | None = None
    drop: int = 0
    malformed: int = 0


class Faults:
    """The faults set now, by system."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}

    async def replace(self, request: Request) -> Response:
        """Set the faults in the body in place of all set before; 400 when one makes no sense."""
        body = await json_object(request)
        self._faults = {system: _read(system, wish) for system, wish in body.items()}
        return JSONResponse(body)

    async def meet(self, system: str) -> Fault:
        """Count a request to ``system`` and let it suffer the fault set: the wait, the status.

        Answers the fault, for what only the system itself can do wrong.
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
            self._faults[system] = replace(fault, times=fault.times - 1)
        return fault


def _read(system: str, wish: object) -> Fault:
    if system not in KEYS:
        raise refusal(f"faults can be set for {', '.join(KEYS)}")
    body = as_object(wish, f"the fault of {system}")
    if not KEYS[system].issuperset(body):
        raise refusal(f"a fault of {system} may have {', '.join(sorted(KEYS[system]))}")
    return Fault(
        times=number(body, "times", 1, least=1) if "times" in body else None,
        delay_ms=number(body, "delay_ms", 0),
        status=number(body, "status", 400, 400, 599) if "status" in body else None,
        retry_after=number(body, "retry_after", 0) if "retry_after" in body else None,
        result=choice(body, "result", ("FAILED",)) if "result" in body else None,
        drop=number(body, "drop", 0),
        malformed=number(body, "malformed", 0),
    )
