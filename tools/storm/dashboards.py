"""Dashboards of all groups of those who manage some, which show in the end what there is."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from app.client import Refused
from app.client.streams import LOST
from tools.storm.client import StormClient
from tools.storm.report import Check
from tools.storm.setup import Setup

_CHANGES: Final = "subscription { viewerGroupsChanged { kind groupId group { name colour } } }"
_GROUPS: Final = "{ me { groups(first: 500) { nodes { id name colour } } } }"
_LOOK_SECONDS: Final = 1.0


@dataclass
class Dashboard:
    """What one viewer was told of their groups: the colour of each."""

    viewer: StormClient
    colours: dict[str, str] = field(default_factory=dict)
    changes: int = 0

    async def watch(self) -> None:
        """Subscribe again and again until cancelled."""
        while True:
            try:
                await self._listen()
            except (*LOST, Refused):
                pass
            await asyncio.sleep(self.viewer.chance.uniform(0.1, 0.5))

    async def _listen(self) -> None:
        """Take changes in until the connection ends."""
        told: set[str] = set()
        async for data in self.viewer.subscribe(_CHANGES):
            change: dict[str, Any] = data["viewerGroupsChanged"]
            kind, group_id = change["kind"], change["groupId"]
            self.changes += 1
            if kind == "SYNCED":
                self.colours = {key: self.colours[key] for key in told}
            elif kind == "LEFT":
                self.colours.pop(group_id, None)
                told.discard(group_id)
            else:
                self.colours[group_id] = change["group"]["colour"]
                told.add(group_id)

    async def truth(self) -> dict[str, str]:
        """Return the colours of the viewer's groups as a query finds them."""
        data = await self.viewer.read(_GROUPS)
        return {node["id"]: node["colour"] for node in data["me"]["groups"]["nodes"]}


def dashboards_of(setup: Setup) -> list[Dashboard]:
    """Return a dashboard of everyone who manages a group, or opens and dissolves some."""
    managers = [manager for target in setup.targets for manager in target.managers]
    return [Dashboard(viewer) for viewer in (*managers, *(owner for owner, _ in setup.owners))]


async def check_dashboards(dashboards: Iterable[Dashboard], seconds: float) -> Check:
    """Each dashboard shows, soon after all is over, the groups that there are in their colours."""
    give_up_at = time.monotonic() + seconds
    expected, found, wrong = 0, 0, []
    for dashboard in dashboards:
        while (truth := await dashboard.truth()) != dashboard.colours:
            if time.monotonic() > give_up_at:
                wrong.append(f"{dashboard.viewer.phone}: {dashboard.colours}, not {truth}")
                break
            await asyncio.sleep(_LOOK_SECONDS)
        expected += len(truth)
        found += len(truth.items() & dashboard.colours.items())
    return Check("groups on dashboards", expected, found, wrong)
