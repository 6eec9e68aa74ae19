"""The SMS gateway: takes messages, sends none, and shows what it took."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.clock import SandboxClock, rfc3339
from app.sandbox.faults import Faults
from app.sandbox.reading import as_object, json_object, text


class SmsGateway:
    """Keeps each message once, by its id, in the order taken."""

    def __init__(self, clock: SandboxClock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self._messages: dict[str, dict[str, Any]] = {}

    async def take(self, request: Request) -> Response:
        """Take a message: 202, or 200 when its id was taken before and nothing is sent."""
        await self._faults.meet("sms")
        body = await json_object(request)
        key = text(body, "id")
        message = {
            "id": key,
            "phone": text(body, "phone"),
            "template": text(body, "template"),
            "params": as_object(body.get("params"), "params"),
            "text": text(body, "text"),
            "at": rfc3339(self._clock.now()),
        }
        if key in self._messages:
            return JSONResponse({"id": key})
        self._messages[key] = message
        return JSONResponse({"id": key}, status_code=202)

    async def show(self, request: Request) -> Response:
        """Answer the messages taken, oldest first: those to ``phone``, or all."""
        phone = _bare(request.query_params.get("phone", ""))
        messages = [
            message
            for message in self._messages.values()
            if not phone or _bare(message["phone"]) == phone
        ]
        return JSONResponse({"messages": messages})


def _bare(phone: str) -> str:
    # A "+" typed as it is into a query string arrives as a space.
    return phone.lstrip("+ ")
