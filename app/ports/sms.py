"""The SMS gateway."""

from collections.abc import Mapping
from typing import Protocol

from app.ports.http import Gateway


class SmsGateway(Protocol):
    """Takes an SMS for delivery; the same id is never sent twice."""

    async def send(
        self, message_id: str, phone: str, template: str, params: Mapping[str, str], text: str
    ) -> None:
        """Hand a message over. Raises ``GatewayError``; its ``permanent`` says not to try again."""


class HttpSmsGateway:
    """The gateway over HTTP."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def send(
        self, message_id: str, phone: str, template: str, params: Mapping[str, str], text: str
    ) -> None:
        """Hand a message over. Raises ``GatewayError``; its ``permanent`` says not to try again."""
        message = {
            "id": message_id,
            "phone": phone,
            "template": template,
            "params": dict(params),
            "text": text,
        }
        await self._gateway.request("POST", "/messages", message)
