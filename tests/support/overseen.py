"""A tree of organisations with groups whose members are made up, for who adds and subtracts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

from app.domain.groups import GroupType, Requirement
from app.domain.health import HealthCode, TestResult, TestSummary
from app.domain.judging import MemberFacts, MemberState, judge_group
from app.domain.statistics import statistics_of
from app.models.groups import Group
from app.resolvers.ids import decode_id, encode_id
from app.services.health.counts import keep_day, keep_shown
from app.services.kernel.unit import unit_of_work
from tests.support.disclosure import Counts, Name
from tests.support.in_process import env_of
from tests.support.organisations import an_organisation, attach_organisation
from tests.support.person import Person
from tests.support.shown_writes import by_hand

STATISTICS: Final = """statistics { suppressed roundedTo groupsCounted groupsLeftOut memberCount
    byHealthCode { healthCode count } byTest { window result count } byDoses { doses count } }"""
ANSWER: Final = f"""query($id: ID!) {{ organisation(id: $id) {{ memberCount {STATISTICS}
    colourCounts {{ colour groups members }} trend(days: 9) {{ date {STATISTICS} }}
    groups(first: 100) {{ nodes {{ id colour memberCount {STATISTICS} }} }} }} }}"""
_AGES: Final = (1, 30, 50, 100, 200, None)  # hours since the newest test


def counts_in(statistics: dict[str, Any] | None) -> Counts | None:
    """The counts of an answer, by table and what they are of; None where none is shown."""
    if statistics is None or statistics["suppressed"]:
        return None
    counts: dict[Name, int] = {}
    for line in statistics["byHealthCode"]:
        counts["code", line["healthCode"]] = line["count"]
    for line in statistics["byTest"]:
        counts["test", f"{line['window']} {line['result']}"] = line["count"]
    for line in statistics["byDoses"]:
        counts["doses", str(line["doses"])] = line["count"]
    return counts


@dataclass
class MadeUpGroup:
    """A group below an organisation, who is in it, and where it stood on which day."""

    id: UUID
    organisation: str
    members: list[MemberState]
    days: dict[str, str] = field(default_factory=dict)

    @property
    def node_id(self) -> str:
        return encode_id("OverseenGroup", self.id)


@dataclass
class MadeUpTree:
    """Organisations by name, each with the one above it, and groups that change."""

    owner: Person
    random: Random
    above: dict[str, str | None] = field(default_factory=dict)
    groups: list[MadeUpGroup] = field(default_factory=list)

    async def grow(self, creator_id: UUID, sizes: list[int]) -> None:
        """Make five organisations in three levels, and groups of these sizes below them."""
        for place, upper in enumerate((None, 0, 0, 1, 1)):
            made, known = await an_organisation(self.owner, f"局{place}"), list(self.above)
            self.above[made] = None if upper is None else known[upper]
            if upper is not None:
                await attach_organisation(self.owner, made, self.owner, known[upper])
        now = env_of(self.owner.world).clock.now()
        for size in sizes:
            group = MadeUpGroup(uuid4(), self.random.choice(list(self.above)), [])
            group.members = [self._member() for _ in range(size)]
            self.groups.append(group)
            async with by_hand(group.id):
                await Group.create(
                    id=group.id,
                    creator_id=creator_id,
                    name=f"班{len(self.groups)}",
                    type=GroupType.SCHOOL,
                    address="广州",
                    organisation_id=decode_id(group.organisation, "Organisation"),
                    attached_at=now,
                    created_at=now,
                )
            await self.judge(group, of_the_day=False)

    def _member(self) -> MemberState:
        now = env_of(self.owner.world).clock.now()
        rare = self.random.random() < 0.1
        code = self.random.choice(["YELLOW", "RED", "UNKNOWN"]) if rare else "GREEN"
        age = self.random.choice(_AGES) if self.random.random() < 0.2 else 1
        at = None if age is None else now - timedelta(hours=age)
        negative = self.random.random() > 0.01
        result = None if at is None else TestResult.NEGATIVE if negative else TestResult.POSITIVE
        tests = TestSummary(result, at, at)
        facts = MemberFacts(uuid4(), HealthCode(code), tests)
        doses = self.random.choices(range(6), [1, 1, 3, 20, 2, 1])[0]
        return MemberState(facts, None, doses, None, None)

    async def judge(self, group: MadeUpGroup, *, of_the_day: bool) -> None:
        """Keep the counts of a group as its judgement does, and at a refresh those of the day."""
        async with unit_of_work(env_of(self.owner.world), group.id) as unit:
            unit.changes(group.id)
            facts = [member.facts for member in group.members]
            colour = judge_group(Requirement(), facts, unit.now).colour
            await Group.filter(id=group.id).update(colour=colour)
            row = await Group.get(id=group.id)
            await keep_shown(unit, row, group.members)
            if of_the_day:
                statistics = statistics_of(group.members, unit.now)
                await keep_day(unit, row, unit.today, unit.now, statistics)
                group.days[str(unit.today)] = group.organisation

    async def step(self, *, of_the_day: bool) -> None:
        """Change a few members of some groups, move one group elsewhere, and judge those."""
        for group in self.random.sample(self.groups, k=len(self.groups) // 2):
            change = self.random.random()
            if change < 0.3 and group.members:
                group.members.pop(self.random.randrange(len(group.members)))
            elif change < 0.6:
                group.members.append(self._member())
            else:
                group.members[self.random.randrange(len(group.members))] = self._member()
            await self.judge(group, of_the_day=of_the_day)
        moved = self.random.choice(self.groups)
        moved.organisation = self.random.choice(list(self.above))
        key = decode_id(moved.organisation, "Organisation")
        async with by_hand(moved.id):
            now = env_of(self.owner.world).clock.now()
            await Group.filter(id=moved.id).update(organisation_id=key, attached_at=now)
        await self.judge(moved, of_the_day=of_the_day)

    def below(self, organisation: str) -> list[MadeUpGroup]:
        """The groups below an organisation, at whatever depth."""
        return [group for group in self.groups if organisation in self._path(group.organisation)]

    def below_on(self, day: str, organisation: str) -> list[MadeUpGroup]:
        """The groups that stood below an organisation at their refresh of a day."""
        return [one for one in self.groups if organisation in self._path(one.days.get(day))]

    def _path(self, organisation: str | None) -> list[str]:
        return [] if organisation is None else [organisation, *self._path(self.above[organisation])]
