"""One group's life against a running server: from signing in to its first red member.

    python examples/first_red_member.py --url http://127.0.0.1:8000 --people 200

It creates a group, has people join it several at once, sets one of them to RED in the
sandbox, refreshes, and prints what its two subscriptions receive. It leaves with exit code
0 when the group turned red on the subscription. Everything goes over HTTP and WebSocket, as
a front end would do it, by the client in app/client; the sandbox stands in for the outside systems.
"""

import argparse
import asyncio
import random
import secrets
import sys
from collections.abc import AsyncIterator, Collection, Coroutine
from dataclasses import replace
from io import TextIOWrapper
from typing import Any

import httpx
from websockets.exceptions import WebSocketException

from app.client import Client, Refused, Server, resident_id


def someone(server: Server, serial: int, name: str) -> Client:
    """Return someone with a phone and a document of their own, not signed in yet."""
    return Client(server, f"+86139{serial:08}", name, resident_id(serial))


async def join(server: Server, token: str, serial: int) -> Client:
    """Sign in as someone new and join by an invitation; return who joined."""
    member = someone(server, serial, f"成员{serial}")
    await member.sign_in()
    await member.join(token, remark=f"第 {serial % 10} 组")
    return member


async def create_group(server: Server, serial: int) -> tuple[Client, str]:
    """Sign in as the creator, become real-named and create a group; return both."""
    creator = someone(server, serial, "王老师")
    await creator.sign_in()
    await creator.identify()
    return creator, await creator.create_group(name="第一小学", address="广州市天河区")


STATUS = """subscription Status($id: ID!) {
    groupStatusChanged(groupId: $id) { colour colourReasons { reason count } memberCount } }"""
PROGRESS = """subscription Progress($id: ID!) {
    refreshProgressed(groupId: $id) { status done total } }"""


def show_status(data: dict[str, Any]) -> str:
    """Print the group's status; return its colour."""
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
        server = Server(url, sandbox, http)
        creator, group_id = await create_group(server, serial)
        invited = await creator.change(
            "createInvitation", "invitation { token url }", groupId=group_id
        )
        print(f"invite    {invited['invitation']['url']}")
        members = await join_many(
            server, invited["invitation"]["token"], range(serial + 1, serial + 1 + people), at_once
        )
        print(f"joined    {len(members)} people")
        watcher = replace(creator, server=Server(watch, sandbox, http))
        statuses = watcher.subscribe(STATUS, id=group_id)
        show_status(await anext(statuses))
        watching = asyncio.gather(watch_status(statuses), watch_progress(watcher, group_id))
        await server.set_record(random.choice(members).id_number, health_code="RED")
        await creator.change("refreshGroup", "run { id status } nextAllowedAt", groupId=group_id)
        await watching


async def join_many(server: Server, token: str, serials: range, at_once: int) -> list[Client]:
    """Have people join, several at once; return them."""
    limit = asyncio.Semaphore(at_once)

    async def join_one(serial: int) -> Client:
        async with limit:
            return await join(server, token, serial)

    return await asyncio.gather(*map(join_one, serials))


def carry_out(
    life: Coroutine[Any, Any, None], urls: Collection[str], wait: float, timeout: float | None
) -> None:
    """Live it within ``timeout`` seconds, or leave with a sentence that says why not.

    Servers that don't answer yet, as they were started a moment ago, have ``wait`` seconds.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that knows no Chinese shows escapes
            stream.reconfigure(errors="backslashreplace")
    try:
        asyncio.run(_come_up(urls, wait))
        asyncio.run(asyncio.wait_for(life, timeout))
    except Refused as error:
        sys.exit(f"failed: {error!r}")
    except TimeoutError:
        sys.exit(f"failed: it took more than {timeout} seconds")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, WebSocketException) as error:
        sys.exit(f"failed: {' or '.join(urls)} doesn't answer: {error!r}")
    except KeyboardInterrupt:
        sys.exit("stopped")
    finally:
        life.close()


async def _come_up(urls: Collection[str], wait: float) -> None:
    async with httpx.AsyncClient(timeout=5) as http:
        for url in urls:
            await _answered(http, url, wait)


async def _answered(http: httpx.AsyncClient, url: str, wait: float) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        try:
            (await http.get(f"{url}/healthz")).raise_for_status()
            return
        except httpx.HTTPError:
            if loop.time() >= began + wait:
                raise
        await asyncio.sleep(0.2)


def main() -> None:
    """Read the command line and go."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the server is")
    parser.add_argument("--watch", help="another server, where the subscriptions go")
    parser.add_argument("--sandbox", help="where the sandbox is; by default in the server")
    parser.add_argument("--people", type=int, default=200, help="how many join")
    parser.add_argument("--at-once", type=int, default=20, help="how many join at the same time")
    parser.add_argument("--wait", type=float, default=30, help="seconds for a server to come up")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for all of it")
    options = parser.parse_args()
    sandbox = options.sandbox or f"{options.url}/sandbox"
    watch = options.watch or options.url
    life = live(options.url, watch, sandbox, options.people, options.at_once)
    carry_out(life, {options.url, watch}, options.wait, options.timeout)


if __name__ == "__main__":
    main()
