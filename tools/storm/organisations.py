"""Someone who moves a tree of organisations about, and creators who attach their groups to it."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Final

from app.domain.events import EventType
from app.domain.quotas import Quota
from tools.storm.allowed import Allowed
from tools.storm.client import Lost, Outcome
from tools.storm.plan import Plan
from tools.storm.recorder import GroupState, OrganisationState, Recorder, key_of
from tools.storm.setup import FEWEST_ORGANISATIONS, Setup, TargetGroup, create_organisation

_IN_ITSELF: Final = "ORGANISATION_IN_ITSELF"
_NAMES: Final = "query($id: ID!) { organisation(id: $id) { name above { name } } }"
Step = Callable[[], Awaitable[None]]


class TreeScript:
    """Creates, attaches, detaches and dissolves organisations; nobody else changes the tree."""

    def __init__(self, setup: Setup, plan: Plan) -> None:
        self._owner, self._top = setup.bureau, setup.top
        self._most, self._chance = plan.organisations, plan.chance("tree")
        self._recorder: Recorder = self._owner.recorder
        self._allowed = Allowed(Quota.ORGANISATION_ATTACHMENTS)
        self._pause = plan.seconds / (2 * self._allowed.left)  # every other step attaches
        self._made = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until told to stop, or until an answer is lost for good."""
        try:
            await self._begin()
            while not stop.is_set():
                await self._choose()()
                await asyncio.sleep(self._chance.uniform(0, 2 * self._pause))
        except Lost:
            self._doubt()

    async def _begin(self) -> None:
        """Put each below the one before, so that there are levels from the start."""
        for upper, lower in pairwise([*self._recorder.standing.values()]):
            if refused := await self._put_below(lower, upper):
                self._recorder.wrong(f"attaching {lower.name} to {upper.name}: {refused}")

    def _choose(self) -> Step:
        number = len(self._recorder.standing)
        if number < FEWEST_ORGANISATIONS:
            return self._create
        steps = {self._detach: 3, self._look: 3, self._dissolve: 1}
        if self._allowed.left > 0:
            steps |= {self._attach: 4, self._attach_each_other: 2}
        if number < self._most:
            steps[self._create] = 2
        return self._chance.choices([*steps], [*steps.values()])[0]

    def _any(self) -> OrganisationState:
        return self._chance.choice([*self._recorder.standing.values()])

    def _roots(self) -> list[OrganisationState]:
        return [one for one in self._recorder.standing.values() if not one.parent]

    def _check(self, outcome: Outcome, what: str) -> bool:
        """Return whether a change is done, which nothing may refuse, however often it was sent."""
        if not outcome.refused:
            return True
        self._recorder.wrong(f"{what}: {outcome.refused}")
        return False

    async def _create(self) -> None:
        self._made += 1
        await create_organisation(self._owner, f"T{self._owner.serial}-{self._made}")

    async def _attach(self) -> None:
        """Attach one to another, which is refused where that stands below it."""
        lower, upper = self._chance.choice(self._roots()), self._any()
        circle = key_of(lower.id) in self._recorder.path(key_of(upper.id))
        refused = await self._put_below(lower, upper)
        if refused != (_IN_ITSELF if circle else "") and not self._allowed.is_spent(refused):
            self._recorder.wrong(f"attaching {lower.name} to {upper.name}: {refused or 'done'}")

    async def _attach_each_other(self) -> None:
        """Attach two to each other at once: one of them comes to stand below the other."""
        roots = self._roots()
        if len(roots) == 1:
            await self._detach()
            return
        one, two = self._chance.sample(roots, 2)
        refused = await asyncio.gather(self._put_below(one, two), self._put_below(two, one))
        spent = any(map(self._allowed.is_spent, refused))
        if sorted(refused) != ["", _IN_ITSELF] and not spent:
            self._recorder.wrong(f"attaching {one.name} and {two.name} to each other: {refused}")

    async def _put_below(self, lower: OrganisationState, upper: OrganisationState) -> str:
        """Attach one to another; return the code of a refusal, empty if done."""
        outcome = await self._owner.try_change(
            "attachOrganisation",
            "organisation { id }",
            organisationId=lower.id,
            token=upper.token,
        )
        self._allowed.count(outcome)
        if not outcome.refused:
            lower.parent = key_of(upper.id)
        return outcome.refused

    async def _detach(self) -> None:
        """Have one stand alone, which is harmless where it does already."""
        lower = self._any()
        outcome = await self._owner.try_change(
            "detachOrganisation", "organisation { id }", organisationId=lower.id
        )
        if self._check(outcome, f"detaching {lower.name}"):
            lower.parent = ""

    async def _dissolve(self) -> None:
        """Dissolve one, while groups may be on their way to it: what is below stands alone."""
        one = self._chance.choice([o for o in self._recorder.standing.values() if o != self._top])
        given = {"organisationId": one.id, "riskAcknowledged": True}
        given["verificationId"] = await self._owner.verify("DISSOLVE")
        one.ending = True
        fields = "dissolvedOrganisationId"
        outcome = await self._owner.try_change("dissolveOrganisation", fields, **given)
        if not self._check(outcome, f"dissolving {one.name}"):
            return
        one.dissolved = True
        key = key_of(one.id)
        for lower in self._recorder.standing.values():
            if lower.parent == key:
                lower.parent = ""
        for group_id, group in self._recorder.groups.items():
            if group.attached_to == key:
                group.attached_to = ""
                self._recorder.note(EventType.GROUP_DETACHED, group_id)

    async def _look(self) -> None:
        """Any server shows what any other answered: what one is called and stands below."""
        one = self._any()
        _, *above = self._recorder.path(key_of(one.id))
        expected = [self._recorder.organisations[key].name for key in above]
        shown = (await self._owner.read(_NAMES, id=one.id))["organisation"]
        seen = [upper["name"] for upper in shown["above"]]
        if (shown["name"], seen) != (one.name, expected):
            self._recorder.wrong(f"{one.name} stands below {seen}, not {expected}")

    def _doubt(self) -> None:
        self._recorder.tree_doubtful = True
        for group in self._recorder.groups.values():
            group.doubtful |= bool(group.attached_to)


class MoveScript:
    """A creator attaches their group and detaches it, as does who dissolves what is above it."""

    def __init__(self, target: TargetGroup, plan: Plan) -> None:
        self._target, self._chance = target, plan.chance("move", target.name)
        self._recorder: Recorder = target.creator.recorder
        self._allowed = Allowed(Quota.GROUP_ATTACHMENTS)
        self._pause = plan.seconds / (2 * self._allowed.left)  # every other step attaches

    @property
    def _group(self) -> GroupState:
        return self._recorder.groups[key_of(self._target.id)]

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until told to stop, an answer is lost for good, or no more may be attached.

        The group is attached in the end, so that there is something to compare.
        """
        try:
            while not stop.is_set() and self._allowed.left > 0:
                await (self._detach() if self._group.attached_to else self._attach())
                await asyncio.sleep(self._chance.uniform(0, 2 * self._pause))
            if not self._group.attached_to:
                await self._attach()
        except Lost:
            self._group.doubtful = True

    async def _attach(self) -> None:
        open_ = [one for one in self._recorder.standing.values() if one.token]
        upper = self._chance.choice(open_)
        outcome = await self._target.creator.try_change(
            "attachGroup", "group { id }", groupId=self._target.id, token=upper.token
        )
        self._allowed.count(outcome)
        if outcome.refused:
            gone = upper.ending and outcome.refused == "ORGANISATION_CODE_NOT_FOUND"
            if not gone and not self._allowed.is_spent(outcome.refused):
                self._recorder.wrong(f"attaching to {upper.name}: {outcome.refused}")
            return
        self._note(EventType.GROUP_ATTACHED)
        self._group.doubtful |= self._recorder.tree_doubtful
        if upper.dissolved:  # after it was attached, for it was
            self._note(EventType.GROUP_DETACHED)
        else:
            self._group.attached_to = key_of(upper.id)

    async def _detach(self) -> None:
        outcome = await self._target.creator.try_change(
            "detachGroup", "group { id }", groupId=self._target.id
        )
        if outcome.refused:
            self._recorder.wrong(f"detaching {self._target.name}: {outcome.refused}")
        elif self._group.attached_to:  # else it was detached by who dissolved the organisation
            self._group.attached_to = ""
            self._note(EventType.GROUP_DETACHED)

    def _note(self, event: EventType) -> None:
        self._recorder.note(event, key_of(self._target.id))
