"""The SMS gateway: takes messages, sends none, and shows what it took."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.clock import SandboxClock, rfc3339
from app.sandbox.faults import Faults
from app.sandbox.reading import Body, Text, read_body, refusal


class Sms(Body):
    """One message to be sent."""

    id: Text
    phone: Text
    template: Text
    params: dict[str, object]
    text: Text


class TakenSms(Sms):
    """One message, and when it was taken."""

    at: str


class SmsGateway:
    """Keeps each message once, by its id, in the order taken."""

    def __init__(self, clock: SandboxClock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        self._messages: dict[str, TakenSms] = {}

    async def take(self, request: Request) -> Response:
        """Take a message: 202, or 200 when its id was taken before and nothing is sent."""
        await self._faults.meet("sms")
        sms = await read_body(Sms, request)
        if sms.id in self._messages:
            return JSONResponse({"id": sms.id})
        self._messages[sms.id] = TakenSms(**sms.model_dump(), at=rfc3339(self._clock.now()))
        return JSONResponse({"id": sms.id}, status_code=202)

    async def show(self, request: Request) -> Response:
        """Return the messages taken, oldest first: those to ``phone``, or all.

        With ``newest``, only so many of the newest; 400 unless it is a whole number.
        """
        phone = _bare(request.query_params.get("phone", ""))
        messages = [
            sms.model_dump()
            for sms in self._messages.values()
            if not phone or _bare(sms.phone) == phone
        ]
        newest = request.query_params.get("newest")
        if newest is not None and not re.fullmatch(r"[0-9]{1,9}", newest):
            raise refusal("newest must be a whole number")
        first = 0 if newest is None else max(len(messages) - int(newest), 0)
        return JSONResponse({"messages": messages[first:]})


def _bare(phone: str) -> str:
    # A "+" typed as it is into a query string arrives as a space.
    return phone.lstrip("+ ")
