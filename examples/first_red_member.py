"""One group's life against a running server: from signing in to its first red member.

    python examples/first_red_member.py --url http://127.0.0.1:8000 --people 200

It creates a group, has people join it several at once, sets one of them to RED in the
sandbox, refreshes, and prints what its two subscriptions receive. It leaves with exit code
0 when the group turned red on the subscription. Everything goes over HTTP and WebSocket, as
a front end would do it; the sandbox stands in for the outside systems.
"""

import argparse
import asyncio
import json
import random
import secrets
import sys
from collections.abc import AsyncIterator, Coroutine
from typing import Any
from urllib.parse import quote

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

DAYS_OF_MONTH = 28


class Refused(Exception):
    """The server answered with errors."""


class Client:
    """Someone who uses the API; ``token`` is set by signing in."""

    def __init__(self, http: httpx.AsyncClient, url: str, sandbox: str) -> None:
        self.http, self.url, self.sandbox, self.token = http, url, sandbox, ""

    async def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """Send one operation; answer its data. Raises ``Refused``."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        body = {"query": query, "variables": variables}
        answer = (await self.http.post(f"{self.url}/graphql", json=body, headers=headers)).json()
        if answer.get("errors"):
            raise Refused(answer["errors"])
        data: dict[str, Any] = answer["data"]
        return data

    async def change(self, name: str, fields: str, /, **input: Any) -> dict[str, Any]:
        """Run one mutation; answer its payload. Raises ``Refused``."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = (
            f"mutation Change($input: {kind}!) {{ {name}(input: $input)"
            f" {{ {fields} errors {{ code message path }} }} }}"
        )
        payload: dict[str, Any] = (await self.ask(query, input=input))[name]
        if payload["errors"]:
            raise Refused(payload["errors"])
        return payload

    async def sign_in(self, phone: str) -> None:
        """Sign in by the SMS code, which the sandbox shows."""
        before = len(await self._codes(phone))
        await self.change("requestVerificationCode", "", phone=phone, purpose="SIGN_IN")
        while len(codes := await self._codes(phone)) == before:
            await asyncio.sleep(0.05)
        payload = await self.change("signIn", "accessToken", phone=phone, code=codes[-1])
        self.token = payload["accessToken"]

    async def _codes(self, phone: str) -> list[str]:
        shown = await self.http.get(f"{self.sandbox}/messages?phone={quote(phone)}")
        return [
            message["params"]["code"]
            for message in shown.json()["messages"]
            if message["template"] == "verification_code"
        ]

    async def verify(self, purpose: str, name: str, id_number: str) -> str:
        """Open a face check; in the sandbox it passes at once."""
        payload = await self.change(
            "startIdentityVerification",
            "verification { id url }",
            purpose=purpose,
            name=name,
            idType="RESIDENT_ID",
            idNumber=id_number,
        )
        verification_id: str = payload["verification"]["id"]
        return verification_id

    async def subscribe(self, query: str, /, **variables: Any) -> AsyncIterator[dict[str, Any]]:
        """Receive a subscription's data over graphql-transport-ws."""
        address = self.url.replace("http", "ws", 1) + "/graphql"
        protocol = Subprotocol("graphql-transport-ws")
        async with connect(address, subprotocols=[protocol]) as socket:
            hello = {"authorization": f"Bearer {self.token}"}
            await socket.send(json.dumps({"type": "connection_init", "payload": hello}))
            await socket.recv()
            request = {"query": query, "variables": variables}
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": request}))
            async for text in socket:
                message = json.loads(text)
                if message["type"] != "next" or message["payload"].get("errors"):
                    raise Refused(message)
                yield message["payload"]["data"]


def resident_id(serial: int) -> str:
    """A made-up resident ID number with a right check digit."""
    born = f"19{70 + serial % 30}{1 + serial % 12:02}{1 + serial % DAYS_OF_MONTH:02}"
    first = f"4401{serial // 1000 % 100:02}{born}{serial % 1000:03}"
    checksum = (1 - 2 * int(first, 13)) % 11
    return first + ("X" if checksum == 10 else str(checksum))


async def join(client: Client, token: str, serial: int) -> str:
    """Sign in as someone new and join by an invitation; answer their ID number."""
    await client.sign_in(f"+86139{serial:08}")
    id_number = resident_id(serial)
    verification = await client.verify("JOIN", f"成员{serial}", id_number)
    person = {"self": True, "remark": f"第 {serial % 10} 组", "verificationId": verification}
    await client.change("joinGroup", "members { id }", token=token, consent=True, people=[person])
    return id_number


async def create_group(client: Client, serial: int) -> str:
    """Sign in as the creator, become real-named and create a group; answer its id."""
    await client.sign_in(f"+86138{serial:08}")
    verification = await client.verify("IDENTIFY", "王老师", resident_id(serial))
    await client.change("confirmIdentity", "me { name }", verificationId=verification)
    payload = await client.change(
        "createGroup",
        "group { id colour }",
        name="第一小学",
        type="SCHOOL",
        address="广州市天河区",
        consent=True,
    )
    group_id: str = payload["group"]["id"]
    return group_id


STATUS = """subscription Status($id: ID!) {
    groupStatusChanged(groupId: $id) { colour colourReasons { reason count } memberCount } }"""
PROGRESS = """subscription Progress($id: ID!) {
    refreshProgressed(groupId: $id) { status done total } }"""


def show_status(data: dict[str, Any]) -> str:
    """Print the group's status; answer its colour."""
    status = data["groupStatusChanged"]
    print(f"status    {status['colour']} {status['colourReasons']}")
    colour: str = status["colour"]
    return colour


async def watch_status(statuses: AsyncIterator[dict[str, Any]]) -> None:
    """Print the group's status until it is red."""
    async for data in statuses:
        if show_status(data) == "RED":
            return


async def watch_progress(creator: Client, group_id: str) -> None:
    """Print the progress of the refresh until it has ended."""
    async for data in creator.subscribe(PROGRESS, id=group_id):
        run = data["refreshProgressed"]
        print(f"progress  {run['status']} {run['done']} of {run['total']}")
        if run["status"] in ("DONE", "PARTLY_DONE", "FAILED"):
            return


async def live(url: str, watch: str, sandbox: str, people: int, at_once: int) -> None:
    """Live one group's life."""
    serial = secrets.randbelow(90_000_000) + 1_000_000
    async with httpx.AsyncClient(timeout=60) as http:
        creator = Client(http, url, sandbox)
        group_id = await create_group(creator, serial)
        invited = await creator.change(
            "createInvitation", "invitation { token url }", groupId=group_id
        )
        print(f"invite    {invited['invitation']['url']}")
        id_numbers = await join_many(
            http, creator, invited["invitation"]["token"], serial, people, at_once
        )
        print(f"joined    {len(id_numbers)} people")
        watcher = Client(http, watch, sandbox)
        watcher.token = creator.token
        statuses = watcher.subscribe(STATUS, id=group_id)
        show_status(await anext(statuses))
        watching = asyncio.gather(watch_status(statuses), watch_progress(watcher, group_id))
        red = random.choice(id_numbers)
        await http.put(f"{sandbox}/records/RESIDENT_ID/{red}", json={"health_code": "RED"})
        await creator.change("refreshGroup", "run { id status } nextAllowedAt", groupId=group_id)
        await watching


async def join_many(
    http: httpx.AsyncClient, creator: Client, token: str, serial: int, people: int, at_once: int
) -> list[str]:
    """Have people join, several at once."""
    places = asyncio.Semaphore(at_once)

    async def one(number: int) -> str:
        async with places:
            return await join(Client(http, creator.url, creator.sandbox), token, number)

    return await asyncio.gather(*(one(serial + number) for number in range(1, people + 1)))


def carry_out(life: Coroutine[Any, Any, None], url: str, timeout: float) -> None:
    """Live it within ``timeout`` seconds, or leave with a sentence that says why not."""
    try:
        asyncio.run(asyncio.wait_for(life, timeout))
    except (Refused, TimeoutError) as error:
        sys.exit(f"failed: {error!r}")
    except (httpx.HTTPError, OSError, WebSocketException) as error:
        sys.exit(f"failed: {url} doesn't answer: {error!r}")


def main() -> None:
    """Read the command line and go."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the server is")
    parser.add_argument("--watch", help="another server, where the subscriptions go")
    parser.add_argument("--sandbox", help="where the sandbox is; by default in the server")
    parser.add_argument("--people", type=int, default=200, help="how many join")
    parser.add_argument("--at-once", type=int, default=20, help="how many join at the same time")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for all of it")
    options = parser.parse_args()
    sandbox = options.sandbox or f"{options.url}/sandbox"
    watch = options.watch or options.url
    life = live(options.url, watch, sandbox, options.people, options.at_once)
    carry_out(life, options.url, options.timeout)


if __name__ == "__main__":
    main()
