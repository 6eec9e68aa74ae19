"""One organisation above some of the groups, and what its owner sees of them (R45, R48)."""

from collections import Counter

from tools.simulate.compare import Findings
from tools.simulate.model import Model
from tools.simulate.state import Group
from tools.simulate.users import User

_SHOWN = """query($id: ID!) { organisation(id: $id) { colour groupCount
    colourReasons { colour groupCount } colourCounts { colour groups } } }"""


class Bureau:
    """An organisation, its owner, and the groups that come to it and leave it."""

    owner: User

    def __init__(self, model: Model, findings: Findings) -> None:
        self.model, self.findings = model, findings
        self._id = ""

    async def begin(self, owner: User) -> None:
        """Its owner creates it."""
        self.owner = owner
        await self.owner.identify()
        made = await self.owner.change("createOrganisation", "organisation { id }", name="教育局")
        self._id = made["organisation"]["id"]

    async def move(self, group: Group, creator: User) -> None:
        """A group's creator attaches it, and whoever is in it is told; or detaches it."""
        if group.attached:
            await creator.change("detachGroup", "group { id }", groupId=group.id)
        else:
            made = await self.owner.change(
                "createOrganisationCode", "code { token }", organisationId=self._id
            )
            token = made["code"]["token"]
            await creator.change("attachGroup", "group { id }", groupId=group.id, token=token)
            self.model.tell("group_overseen", {one.phone for one in group.members.values()})
        group.attached = not group.attached

    async def compare(self) -> None:
        """Compare what the owner sees with the groups that are attached."""
        shown = (await self.owner.ask(_SHOWN, id=self._id))["organisation"]
        below = [group for group in self.model.current_groups() if group.attached]
        colours = Counter(group.colour for group in below)
        worst = next((one for one in ("RED", "YELLOW") if colours[one]), "GREEN")
        counts = {one["colour"]: one["groups"] for one in shown["colourCounts"] if one["groups"]}
        amiss = {one["colour"]: one["groupCount"] for one in shown["colourReasons"]}
        seen = (shown["colour"], shown["groupCount"], counts, amiss)
        expected_amiss = {one: count for one, count in colours.items() if one != "GREEN"}
        expected = (worst, len(below), dict(colours), expected_amiss)
        self.findings.check("R48 organisation", 0, self.model.now, expected, seen)
