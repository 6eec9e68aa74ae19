"""The demo group: 60 people in all three colours, every reason represented.

It is laid down through the API and the sandbox, as front ends would do it: there is no back
door to its data. Its creator's phone is known, so that a newcomer can look at it at once.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
from starlette.applications import Starlette

from app.models.accounts import Account
from app.models.groups import Group

PEOPLE: Final = 60
CREATOR_PHONE: Final = "+8613800000001"
_AT_ONCE: Final = 8
_SURNAMES: Final = "王李张刘陈杨黄赵吴周"
_GIVEN: Final = ("伟", "芳", "娜", "敏", "静", "磊", "洋", "艳")
_HOURS_FRESH: Final = 3
_HOURS_LAPSED: Final = 30

# Who is not simply green with a fresh negative test: number -> code, results and their age.
_NEGATIVE: Final = (("NEGATIVE", _HOURS_FRESH),)
_SPECIAL: Final[dict[int, tuple[str, tuple[tuple[str, int], ...]]]] = {
    3: ("RED", (("POSITIVE", _HOURS_FRESH),)),
    7: ("YELLOW", _NEGATIVE),
    8: ("YELLOW", (("NEGATIVE", _HOURS_LAPSED),)),
    12: ("UNKNOWN", _NEGATIVE),
    21: ("GREEN", ()),
    22: ("GREEN", (("PENDING", _HOURS_FRESH),)),
    34: ("GREEN", (("NEGATIVE", _HOURS_LAPSED),)),
    45: ("GREEN", (("POSITIVE", _HOURS_FRESH), ("NEGATIVE", _HOURS_LAPSED))),
}


async def is_empty() -> bool:
    """Whether the database holds nobody yet."""
    return not await Account.exists() and not await Group.exists()


async def is_laid_down() -> bool:
    """Whether the demo group is there."""
    return await Group.filter(name=_GROUP["name"]).exists()


_GROUP: Final[dict[str, Any]] = {
    "name": "示范小学",
    "type": "SCHOOL",
    "address": "广州市天河区体育西路 1 号",
    "consent": True,
    "natValidity": "H24",
}


async def lay_down(app: Starlette, url: str, progress: Callable[[int], None]) -> None:
    """Create the group, have everyone join, and refresh it; ``progress`` hears of each person."""
    await put_records(app, url)
    async with _client(app, url) as http:
        creator = _Person(http, 0)
        await creator.sign_in()
        await creator.be_someone("IDENTIFY")
        created = await creator.change("createGroup", "group { id }", **_GROUP)
        group_id = created["group"]["id"]
        progress(1)
        invited = await creator.change("createInvitation", "invitation { token }", groupId=group_id)
        await _all_join(http, invited["invitation"]["token"], progress)
        await creator.change("refreshGroup", "run { id }", groupId=group_id)
        # The creator's phone has had its code for this minute: let the newcomer ask at once.
        await http.post("/sandbox/clock", json={"advance_seconds": 60})


async def put_records(app: Starlette, url: str) -> None:
    """Tell the sandbox of everyone's health, which it forgets with its process."""
    async with _client(app, url) as http:
        now = datetime.fromisoformat((await http.get("/sandbox/clock")).json()["now"])
        for number in range(PEOPLE):
            path = f"/sandbox/records/RESIDENT_ID/{_resident_id(number)}"
            await http.put(path, json=_record(number, now))


def _client(app: Starlette, url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url, timeout=30)


async def _all_join(http: httpx.AsyncClient, token: str, progress: Callable[[int], None]) -> None:
    places = asyncio.Semaphore(_AT_ONCE)

    async def join(number: int) -> None:
        async with places:
            await _Person(http, number).join(token)
            progress(1)

    async with asyncio.TaskGroup() as tasks:
        for number in range(1, PEOPLE):
            tasks.create_task(join(number))


class _Person:
    """One of the demo's people, using the API."""

    def __init__(self, http: httpx.AsyncClient, number: int) -> None:
        self._http = http
        self._number = number
        self._phone = f"+86138{number + 1:08}"
        self._name = _SURNAMES[number % 10] + _GIVEN[number % 8] + _GIVEN[number // 8 % 8]
        self._id_number = _resident_id(number)
        self._token = ""

    async def change(self, mutation: str, fields: str, /, **input: Any) -> dict[str, Any]:
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = (
            f"mutation($input: {kind}!) {{ {mutation}(input: $input)"
            f" {{ {fields} errors {{ code }} }} }}"
        )
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        body = {"query": query, "variables": {"input": input}}
        answer = (await self._http.post("/graphql", json=body, headers=headers)).json()
        payload: dict[str, Any] | None = (answer.get("data") or {}).get(mutation)
        if payload is None or payload["errors"]:
            raise RuntimeError(f"the demo group could not be laid down: {mutation} was refused")
        return payload

    async def sign_in(self) -> None:
        await self.change("requestVerificationCode", "", phone=self._phone, purpose="SIGN_IN")
        messages: list[dict[str, Any]] = []
        while not messages:
            await asyncio.sleep(0.02)
            shown = await self._http.get("/sandbox/messages", params={"phone": self._phone})
            messages = shown.json()["messages"]
        code = messages[-1]["params"]["code"]
        signed_in = await self.change("signIn", "accessToken", phone=self._phone, code=code)
        self._token = signed_in["accessToken"]

    async def be_someone(self, purpose: str) -> str:
        """Pass a face check; answers its id."""
        opened = await self.change(
            "startIdentityVerification",
            "verification { id }",
            purpose=purpose,
            name=self._name,
            idType="RESIDENT_ID",
            idNumber=self._id_number,
        )
        check_id: str = opened["verification"]["id"]
        if purpose == "IDENTIFY":
            await self.change("confirmIdentity", "me { id }", verificationId=check_id)
        return check_id

    async def join(self, token: str) -> None:
        await self.sign_in()
        person = {
            "self": True,
            "remark": f"{'一二三四五六'[self._number % 6]}年级 {self._number % 4 + 1} 班",
            "verificationId": await self.be_someone("JOIN"),
        }
        await self.change("joinGroup", "members { id }", token=token, consent=True, people=[person])


def _record(number: int, now: datetime) -> dict[str, Any]:
    code, results = _SPECIAL.get(number, ("GREEN", _NEGATIVE))
    return {
        "health_code": code,
        "health_code_at": now.isoformat(),
        "tests": [_test(result, now - timedelta(hours=hours)) for result, hours in results],
        "vaccinations": [
            {"dose": dose, "date": f"2021-0{dose + 3}-15", "manufacturer": "国药集团"}
            for dose in range(1, number % 4 + 1)
        ],
    }


def _test(result: str, at: datetime) -> dict[str, Any]:
    return {
        "result": result,
        "sampled_at": (at - timedelta(hours=6)).isoformat(),
        "tested_at": None if result == "PENDING" else at.isoformat(),
        "institution": "天河区疾控中心",
    }


def _resident_id(number: int) -> str:
    first = f"440106{1970 + number % 40}{number % 12 + 1:02}{number % 28 + 1:02}{number:03}"
    checksum = (1 - 2 * int(first, 13)) % 11
    return first + ("X" if checksum == 10 else str(checksum))
