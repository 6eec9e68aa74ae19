"""A manager's week in a minute, against a running server.

What a requirement would do, a test that lapses, an alert, reminders, yesterday's report, and
a group that nobody looked after.

    python examples/managers_week.py --url http://127.0.0.1:8000 --out .

The sandbox's clock is moved for it, so it needs a server that answers for the outside
systems in process (`make run`). The clock stays ahead: `groupcode demo --fresh` is the way
back. The reports are written into the folder ``--out``.
"""

import argparse
import asyncio
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from first_red_member import carry_out, create_group, join

from app.client import Client, Server

ZONE = ZoneInfo("Asia/Shanghai")
PEOPLE = 6
STATUS = """subscription Status($id: ID!) {
    groupStatusChanged(groupId: $id) { colour colourReasons { reason count } } }"""
PREVIEW = """query Preview($id: ID!) { group(id: $id) { requirementPreview(natValidity: H24) {
    count members { person { name } } } } }"""
AUDIENCE = """query Audience($id: ID!) { group(id: $id) {
    reminderAudience(condition: {noNegativeWithin: H24}) { count alreadyReminded } } }"""
RUN = "query Run($id: ID!) { group(id: $id) { refresh { run { status } } } }"
ACTIVITY = "query Activity($id: ID!) { group(id: $id) { activity { state refreshDue } } }"
EVIDENCE = """query Why($id: ID!) { group(id: $id) { anomalies { nodes {
    reasons openedAt member { person { name } } evidence { reason since } } } } }"""


class Manager:
    """The creator of a group, and the clock that the week goes by."""

    def __init__(self, client: Client, group_id: str) -> None:
        self.client, self.group_id = client, group_id

    async def now(self) -> datetime:
        """Return the server's time, in the configured zone."""
        return datetime.fromisoformat(await self.client.server.now()).astimezone(ZONE)

    async def wait(self, until: datetime) -> None:
        """Move the clock, by at least the minute after which a phone gets its next code."""
        seconds = max((until - await self.now()).total_seconds(), 61)
        await self.client.server.advance(seconds=seconds)

    async def ask(self, query: str) -> dict[str, Any]:
        """Ask about the group."""
        group: dict[str, Any] = (await self.client.ask(query, id=self.group_id))["group"]
        return group

    async def refresh(self) -> None:
        """Refresh by hand, and wait for the end of the run."""
        await self.client.change("refreshGroup", "run { status }", groupId=self.group_id)
        while (await self.ask(RUN))["refresh"]["run"]["status"] not in ("DONE", "PARTLY_DONE"):
            await asyncio.sleep(0.1)


async def live(url: str, sandbox: str, out: Path) -> None:
    """Live the week."""
    print("clock     moves days ahead, for good; the way back is `groupcode demo --fresh`")
    serial = secrets.randbelow(90_000_000) + 1_000_000
    async with httpx.AsyncClient(timeout=60) as http:
        manager = await open_group(Server(url, sandbox, http), serial)
        await require_tests(manager)
        await watch_a_lapse(manager)
        await be_alerted_and_remind(manager)
        await manager.wait((await manager.now()).replace(hour=9) + timedelta(days=1))
        await manager.client.sign_in()
        await export_yesterday(manager, out)
        await manager.wait((await manager.now()) + timedelta(days=4))
        await manager.client.sign_in()
        await come_back(manager)


async def open_group(server: Server, serial: int) -> Manager:
    """Open a group at noon, whose people were tested at several times; return its manager."""
    now = datetime.fromisoformat(await server.now()).astimezone(ZONE)
    noon = now.replace(hour=12, minute=0, second=0) + timedelta(days=1)
    await server.advance(seconds=(noon - now).total_seconds())
    manager = Manager(*await create_group(server, serial))
    token = await manager.client.invite(manager.group_id)
    for number in range(1, PEOPLE + 1):
        member = await join(server, token, serial + number)
        hours = 30 if number == 1 else 23 if number == 2 else number
        tested_at = (await manager.now() - timedelta(hours=hours)).isoformat()
        tests = [{"result": "NEGATIVE", "tested_at": tested_at}]
        await server.set_record(member.id_number, tests=tests)
    await manager.refresh()
    print(f"opened    a group of {PEOPLE + 1}, refreshed")
    return manager


async def require_tests(manager: Manager) -> None:
    """Look at what a requirement would do, then set it."""
    preview = (await manager.ask(PREVIEW))["requirementPreview"]
    names = [member["person"]["name"] for member in preview["members"]]
    print(f"preview   24 hours would turn {preview['count']} anomalous: {names}")
    payload = await manager.client.change(
        "setRequirement",
        "group { colour colourReasons { reason count } }",
        groupId=manager.group_id,
        natValidity="H24",
    )
    print(f"required  24 hours: {_shown(payload['group'])}")


async def watch_a_lapse(manager: Manager) -> None:
    """Let an hour pass and see a test lapse, without a refresh."""
    updates = manager.client.subscribe(STATUS, id=manager.group_id)
    print(f"watching  {_shown((await anext(updates))['groupStatusChanged'])}")
    await manager.wait(await manager.now() + timedelta(hours=1))
    moved_at = asyncio.get_running_loop().time()
    status = (await anext(updates))["groupStatusChanged"]
    seconds = asyncio.get_running_loop().time() - moved_at
    print(f"lapsed    {_shown(status)} {seconds:.2f} s after its time came")


async def be_alerted_and_remind(manager: Manager) -> None:
    """Get the alert, see why, and remind whoever needs it."""
    client = manager.client
    alert = await _sms(client, "anomaly_alert")
    print(f"alerted   {alert['text']}")
    await client.server.advance(seconds=61)
    await client.sign_in()
    for anomaly in (await manager.ask(EVIDENCE))["anomalies"]["nodes"]:
        [evidence] = anomaly["evidence"]
        name = anomaly["member"]["person"]["name"]
        print(f"why       {name}: {evidence['reason']} since {evidence['since']}")
    audience = (await manager.ask(AUDIENCE))["reminderAudience"]
    payload = await client.change(
        "sendHealthReminders",
        "sent skipped",
        groupId=manager.group_id,
        condition={"noNegativeWithin": "H24"},
    )
    print(f"reminded  {payload['sent']} of {audience['count']}, {payload['skipped']} skipped")


async def export_yesterday(manager: Manager, out: Path) -> None:
    """Export the report of yesterday in both formats."""
    day = (await manager.now()).date() - timedelta(days=1)
    for file_format in ("XLSX", "CSV"):
        payload = await manager.client.change(
            "exportReport",
            "url expiresAt",
            groupId=manager.group_id,
            date=day.isoformat(),
            format=file_format,
        )
        file = await manager.client.server.http.get(payload["url"])
        path = out / f"{day}.{file_format.lower()}"
        path.write_bytes(file.raise_for_status().content)
        print(f"exported  {path} ({len(file.content)} bytes)")


async def come_back(manager: Manager) -> None:
    """Come back after days and be told to refresh."""
    print(f"away      {(await manager.ask(ACTIVITY))['activity']}")
    await manager.refresh()
    print(f"back      {(await manager.ask(ACTIVITY))['activity']}")


async def _sms(client: Client, template: str) -> dict[str, Any]:
    """Wait for the first SMS of a template that someone gets."""
    while not (messages := await client.server.messages(client.phone, template)):
        await asyncio.sleep(0.05)
    return messages[0]


def _shown(status: dict[str, Any]) -> str:
    reasons = {each["reason"]: each["count"] for each in status["colourReasons"]}
    return f"{status['colour']} {reasons}"


def main() -> None:
    """Read the command line and go."""
    parser = argparse.ArgumentParser(description="A manager's week in a minute.")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the server is")
    parser.add_argument("--sandbox", help="where the sandbox is; by default in the server")
    parser.add_argument("--out", type=Path, default=Path(), help="where the reports go")
    parser.add_argument("--wait", type=float, default=30, help="seconds for a server to come up")
    parser.add_argument("--timeout", type=float, default=120, help="seconds for all of it")
    options = parser.parse_args()
    sandbox = options.sandbox or f"{options.url}/sandbox"
    life = live(options.url, sandbox, options.out)
    carry_out(life, [options.url], options.wait, options.timeout)


if __name__ == "__main__":
    main()
