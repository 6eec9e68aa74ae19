"""Users of the simulation: they sign in, verify, join and manage through the API."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.client import Client, resident_id
from tools.simulate.server import SimulatedServer
from tools.simulate.state import Person, Record


@dataclass
class User(Client):
    """Someone with an account, or a child without one; ``person`` is the model's."""

    server: SimulatedServer
    person: Person = field(kw_only=True)
    _renewing: bool = field(default=False, init=False)

    async def ask(self, query: str, key: str = "", /, **variables: Any) -> dict[str, Any]:
        """Send one operation in a session that is still valid; return its data."""
        if not self._renewing:
            self._renewing, self.token = True, ""
            try:
                await (self.renew() if self.refresh_token else self.sign_in())
            finally:
                self._renewing = False
        return await super().ask(query, key, **variables)

    async def change(
        self, name: str, fields: str, key: str = "", /, **input: Any
    ) -> dict[str, Any]:
        """Run one mutation that must succeed, and the work it causes; return its payload."""
        payload = await super().change(name, fields, key, **input)
        await self.server.work_off()
        return payload

    async def verify_other(self, purpose: str, other: "User") -> str:
        """Start a verification of someone else's face in this session; return its id."""
        payload = await self.change(
            "startIdentityVerification",
            "verification { id }",
            purpose=purpose,
            **other.document,
        )
        return str(payload["verification"]["id"])

    async def publish(self) -> None:
        """Tell the sandbox what the provider says of this person from now on."""
        record = self.person.provider
        if record is None:
            await self.server.forget_record(self.id_number)
        else:
            await self.server.set_record(self.id_number, **_body(record))


def user_of(server: SimulatedServer, person: Person) -> User:
    """Return a user who isn't signed in yet."""
    return User(server, person.phone, person.name, resident_id(person.number), person=person)


def _body(record: Record) -> dict[str, Any]:
    return {
        "health_code": record.code,
        "tests": [_test(when, result) for when, result in record.tests],
        "vaccinations": [{"dose": dose + 1} for dose in range(record.doses)],
    }


def _test(when: datetime | None, result: str) -> dict[str, Any]:
    return {"result": result, "tested_at": when.isoformat() if when else None}
