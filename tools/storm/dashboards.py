"""What viewers follow live, which shows in the end what there is.

Dashboards of all groups of those who manage some, and one organisation.
"""

import asyncio
import time
from abc import ABC, abstractmethod
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
_NUMBERS: Final = "colour groupCount memberCount"
_TURNS: Final = f"""subscription($id: ID!) {{ organisationStatusChanged(organisationId: $id) {{
    organisation {{ {_NUMBERS} }} }} }}"""
_ORGANISATION: Final = f"query($id: ID!) {{ organisation(id: $id) {{ {_NUMBERS} }} }}"
_LOOK_SECONDS: Final = 1.0


@dataclass
class View(ABC):
    """What one viewer was shown, each thing by its name."""

    viewer: StormClient
    shown: dict[str, object] = field(default_factory=dict)

    async def watch(self) -> None:
        """Subscribe again and again until cancelled."""
        while True:
            try:
                await self._listen()
            except (*LOST, Refused):
                pass
            await asyncio.sleep(self.viewer.chance.uniform(0.1, 0.5))

    @abstractmethod
    async def _listen(self) -> None:
        """Take changes in until the connection ends."""

    @abstractmethod
    async def truth(self) -> dict[str, object]:
        """Return the same as a query finds it."""


class Dashboard(View):
    """The colour of each group of the viewer's."""

    async def _listen(self) -> None:
        """Take changes in until the connection ends."""
        told: set[str] = set()
        async for data in self.viewer.subscribe(_CHANGES):
            change: dict[str, Any] = data["viewerGroupsChanged"]
            kind, group_id = change["kind"], change["groupId"]
            if kind == "SYNCED":
                self.shown = {key: self.shown[key] for key in told}
            elif kind == "LEFT":
                self.shown.pop(group_id, None)
                told.discard(group_id)
            else:
                self.shown[group_id] = change["group"]["colour"]
                told.add(group_id)

    async def truth(self) -> dict[str, object]:
        """Return the colours of the viewer's groups as a query finds them."""
        data = await self.viewer.read(_GROUPS)
        return {node["id"]: node["colour"] for node in data["me"]["groups"]["nodes"]}


@dataclass
class OrganisationView(View):
    """The colour and the numbers of one organisation (R48)."""

    organisation_id: str = field(kw_only=True)

    async def _listen(self) -> None:
        """Take changes in until the connection ends."""
        async for data in self.viewer.subscribe(_TURNS, id=self.organisation_id):
            self.shown = data["organisationStatusChanged"]["organisation"]

    async def truth(self) -> dict[str, object]:
        """Return the numbers as a query finds them."""
        data = await self.viewer.read(_ORGANISATION, id=self.organisation_id)
        numbers: dict[str, object] = data["organisation"]
        return numbers


def dashboards_of(setup: Setup) -> list[Dashboard]:
    """Return a dashboard of everyone who manages a group, or opens and dissolves some."""
    managers = [manager for target in setup.targets for manager in target.managers]
    return [Dashboard(viewer) for viewer in (*managers, *(owner for owner, _ in setup.owners))]


async def check_views(name: str, views: Iterable[View], seconds: float) -> Check:
    """Each view shows, soon after all is over, what there is."""
    give_up_at = time.monotonic() + seconds
    expected, found, wrong = 0, 0, []
    for view in views:
        while (truth := await view.truth()) != view.shown:
            if time.monotonic() > give_up_at:
                wrong.append(f"{view.viewer.phone}: {view.shown}, not {truth}")
                break
            await asyncio.sleep(_LOOK_SECONDS)
        expected += len(truth)
        found += len(truth.items() & view.shown.items())
    return Check(name, expected, found, wrong)
