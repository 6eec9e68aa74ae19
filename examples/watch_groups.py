"""A dashboard in a terminal: all groups of whoever signs in, live, across restarts of the server.

    python examples/watch_groups.py --url http://127.0.0.1:8000 --phone +8613800000001

One subscription tells of every group's colour; for each group that the viewer manages, another
one tells its events. Stop the server and start it again: both go on where they were, the events
after the last number seen, so that none is lost and none comes twice. It ends with Ctrl+C, or
after ``--seconds``.
"""

import argparse
import asyncio
from contextlib import suppress
from typing import Any

import httpx
from first_red_member import carry_out

from app.client import Client, Server

GROUPS = """subscription Groups {
    viewerGroupsChanged { kind groupId group { name colour viewerRole version } } }"""
EVENTS = """subscription Events($id: ID!, $after: Int, $types: [GroupEventType!]) {
    groupEvents(groupId: $id, after: $after, types: $types) {
        ... on GroupEvent { number type actor } ... on Lagged { number } } }"""
CHOSEN = ["GROUP_UPDATED", "MEMBER_JOINED", "MEMBER_LEFT", "MEMBER_REMOVED", "COLOUR_CHANGED"]


class Dashboard:
    """The groups of one viewer, and who tells the events of each."""

    def __init__(self, viewer: Client, tasks: asyncio.TaskGroup) -> None:
        self.viewer = viewer
        self.tasks = tasks
        self.names: dict[str, str] = {}
        self.shown: dict[str, str] = {}  # the newest line of each
        self.synced: set[str] = set()  # what was told since this connection began
        self.telling: dict[str, asyncio.Task[None]] = {}

    async def watch(self) -> None:
        """Print what becomes of the groups, for as long as the session lasts."""
        async for data in self.viewer.follow(GROUPS):
            self._take(data["viewerGroupsChanged"])

    def _take(self, change: dict[str, Any]) -> None:
        kind, group_id, group = change["kind"], change["groupId"], change["group"]
        if kind == "SYNCED":  # what wasn't told by now left while nobody was connected
            for gone in self.names.keys() - self.synced:
                self._leave(gone)
            self.synced = set()
            print(f"synced    {len(self.names)} groups", flush=True)
        elif kind == "LEFT":
            self._leave(group_id)
        else:
            if kind == "CURRENT":
                self.synced.add(group_id)
            self.names[group_id] = group["name"]
            line = f"{group['name']} {group['colour']}"
            if kind != "CHANGED" or line != self.shown[group_id]:  # more changes than is shown here
                print(f"{kind.lower():9} {line}", flush=True)
            self.shown[group_id] = line
            manages = group["viewerRole"] in ("CREATOR", "ADMIN")
            self._tell_events(group_id, group["version"] if manages else None)

    def _leave(self, group_id: str) -> None:
        self._tell_events(group_id, None)
        print(f"left      {self.names.pop(group_id, group_id)}", flush=True)

    def _tell_events(self, group_id: str, version: int | None) -> None:
        if version is None and group_id in self.telling:
            self.telling.pop(group_id).cancel()
        elif version is not None and group_id not in self.telling:
            telling = self._events_after(group_id, version)
            self.telling[group_id] = self.tasks.create_task(telling)

    async def _events_after(self, group_id: str, version: int) -> None:
        """Print a group's events after the state that was shown, so that none falls between."""

        def moved(data: dict[str, Any]) -> dict[str, Any]:
            return {"after": data["groupEvents"]["number"]}

        given = {"id": group_id, "after": version, "types": CHOSEN}
        async for data in self.viewer.follow(EVENTS, moved, **given):
            event = data["groupEvents"]
            what = event.get("type", "events before are missing")
            who = event.get("actor") or ""
            print(f"event {event['number']:<3} {self.names[group_id]} {what} {who}", flush=True)


async def live(url: str, sandbox: str, phone: str, seconds: float | None) -> None:
    """Sign in by the code that the sandbox shows, and watch."""
    async with httpx.AsyncClient(timeout=60) as http:
        viewer = Client(Server(url, sandbox, http), phone, "", "")
        await viewer.sign_in()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
                await Dashboard(viewer, tasks).watch()


def main() -> None:
    """Read the command line and go."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the server is")
    parser.add_argument("--sandbox", help="where the sandbox is; by default in the server")
    parser.add_argument("--phone", default="+8613800000001", help="who signs in")
    parser.add_argument("--wait", type=float, default=30, help="seconds for a server to come up")
    parser.add_argument("--seconds", type=float, help="how long to watch; left out, for ever")
    options = parser.parse_args()
    sandbox = options.sandbox or f"{options.url}/sandbox"
    life = live(options.url, sandbox, options.phone, options.seconds)
    carry_out(life, [options.url], options.wait, None)


if __name__ == "__main__":
    main()
