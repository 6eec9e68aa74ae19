"""A server that clients use, what it refuses, and the controls of its sandbox."""

from dataclasses import dataclass
from typing import Any

import httpx


class Refused(Exception):
    """The server answered with errors; ``code`` is the first one's."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        first = errors[0]
        self.code: str = first.get("code") or first["extensions"]["code"]


def mutation(name: str, fields: str) -> str:
    """Return the document of one mutation that takes ``$input`` and selects ``fields``."""
    kind = f"{name[0].upper()}{name[1:]}Input"
    return (
        f"mutation Change($input: {kind}!) {{ {name}(input: $input)"
        f" {{ {fields} errors {{ code message path }} }} }}"
    )


def resident_id(serial: int) -> str:
    """Return a made-up resident ID number with a right check digit; serials from 0 to 99,999."""
    born = f"19{70 + serial % 30}{1 + serial % 12:02}{1 + serial % 28:02}"
    first = f"4401{serial // 1000 % 100:02}{born}{serial % 1000:03}"
    checksum = (1 - 2 * int(first, 13)) % 11
    return first + ("X" if checksum == 10 else str(checksum))


@dataclass
class Server:
    """Where a server is, and the controls of the sandbox that stands in for the outside."""

    url: str
    sandbox: str
    http: httpx.AsyncClient

    async def set_record(self, id_number: str, **record: Any) -> None:
        """Set what the health records provider answers about someone from now on."""
        path = f"{self.sandbox}/records/RESIDENT_ID/{id_number}"
        (await self.http.put(path, json=record)).raise_for_status()

    async def forget_record(self, id_number: str) -> None:
        """Make someone unknown to the provider."""
        path = f"{self.sandbox}/records/RESIDENT_ID/{id_number}"
        (await self.http.put(path, content=b"null")).raise_for_status()

    async def faults(self, **faults: Any) -> None:
        """Set the sandbox's faults, replacing those before."""
        (await self.http.put(f"{self.sandbox}/faults", json=faults)).raise_for_status()

    async def advance(self, **by: float) -> None:
        """Move time forward, given like a timedelta: ``minutes=5``."""
        units = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
        seconds = sum(amount * units[unit] for unit, amount in by.items())
        moved = await self.http.post(f"{self.sandbox}/clock", json={"advance_seconds": seconds})
        moved.raise_for_status()

    async def now(self) -> str:
        """Return the server's time, RFC 3339."""
        now: str = (await self.http.get(f"{self.sandbox}/clock")).json()["now"]
        return now

    async def messages(
        self, phone: str | None = None, template: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the SMS sent, oldest first; only those to a phone or of a template, if given."""
        params = {"phone": phone} if phone else {}
        shown = await self.http.get(f"{self.sandbox}/messages", params=params)
        messages: list[dict[str, Any]] = shown.json()["messages"]
        return [one for one in messages if template in (None, one["template"])]
