"""Users of the simulation: they sign in, verify, join and manage through the API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tools.simulate.facts import Person, Record
from tools.simulate.world import World


def resident_id(number: int) -> str:
    """A made-up resident ID number with a right check digit."""
    born = f"19{70 + number % 30}{1 + number % 12:02}{1 + number % 28:02}"
    first = f"44{number // 1000 % 10000:04}{born}{number % 1000:03}"
    checksum = (1 - 2 * int(first, 13)) % 11
    return first + ("X" if checksum == 10 else str(checksum))


@dataclass
class User:
    """Someone with an account, or a child without one."""

    world: World
    person: Person
    token: str = ""
    refresh_token: str = ""

    @property
    def document(self) -> dict[str, str]:
        """What identifies them."""
        return {
            "name": self.person.name,
            "idType": "RESIDENT_ID",
            "idNumber": resident_id(self.person.number),
        }

    async def change(self, name: str, fields: str, /, **input: Any) -> dict[str, Any]:
        """Run one mutation as this user, in a session that lives."""
        await self.renew()
        return await self.world.change(self.token, name, fields, **input)

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Ask as this user."""
        await self.renew()
        return await self.world.ask(self.token, query, **variables)

    async def renew(self) -> None:
        """Sign in, or exchange the refresh token: access tokens live 15 minutes."""
        fields = "accessToken refreshToken"
        if self.refresh_token:
            payload = await self.world.change(
                "", "refreshSession", fields, refreshToken=self.refresh_token
            )
        else:
            phone = self.person.phone
            await self.world.change(
                "", "requestVerificationCode", "__typename", phone=phone, purpose="SIGN_IN"
            )
            shown = await self.world.sandbox("GET", f"/messages?phone=%2B{phone[1:]}")
            code = [one for one in shown["messages"] if one["template"] == "verification_code"][-1]
            payload = await self.world.change(
                "", "signIn", fields, phone=phone, code=code["params"]["code"]
            )
        self.token, self.refresh_token = payload["accessToken"], payload["refreshToken"]

    async def check(self, purpose: str, whose: "User | None" = None) -> str:
        """Pass a face check; answer its id."""
        payload = await self.change(
            "startIdentityVerification",
            "verification { id }",
            purpose=purpose,
            **(whose or self).document,
        )
        check_id: str = payload["verification"]["id"]
        return check_id

    async def identify(self) -> None:
        """Become real-named."""
        await self.change(
            "confirmIdentity", "me { name }", verificationId=await self.check("IDENTIFY")
        )

    async def publish(self) -> None:
        """Tell the sandbox what the provider says of this person from now on."""
        path = f"/records/RESIDENT_ID/{resident_id(self.person.number)}"
        record = self.person.provider
        await self.world.sandbox("PUT", path, None if record is None else _body(record))


def _body(record: Record) -> dict[str, Any]:
    return {
        "health_code": record.code,
        "tests": [_test(when, result) for when, result in record.tests],
        "vaccinations": [{"dose": dose + 1} for dose in range(record.doses)],
    }


def _test(when: datetime | None, result: str) -> dict[str, Any]:
    return {"result": result, "tested_at": when.isoformat() if when else None}
