"""The SMS gateway."""

from collections.abc import Mapping
from typing import Protocol

from app.ports.http import Gateway


class SmsGateway(Protocol):
    """Takes an SMS for delivery; it sends what comes twice under the same id once."""

    async def send(
        self, sms_id: str, phone: str, template: str, params: Mapping[str, str], text: str
    ) -> None:
        """Hand an SMS over. Raise ``GatewayError``, whose ``permanent`` says not to try again."""


class HttpSmsGateway:
    """The gateway over HTTP."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def send(
        self, sms_id: str, phone: str, template: str, params: Mapping[str, str], text: str
    ) -> None:
        """Hand an SMS over. Raise ``GatewayError``, whose ``permanent`` says not to try again."""
        body = {
            "id": sms_id,
            "phone": phone,
            "template": template,
            "params": dict(params),
            "text": text,
        }
        await self._gateway.tell("POST", "/messages", body)
