"""One simulation: who does what when, by the seed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from app.models.groups import Group as GroupRow
from app.models.health import HealthRecord
from app.models.leaves import FormerMember
from app.models.people import Person as PersonRow
from tools.simulate.actions import Actions
from tools.simulate.compare import Findings, compare_group, compare_messages
from tools.simulate.model import Model
from tools.simulate.organisations import Bureau
from tools.simulate.server import SimulatedServer, serving
from tools.simulate.state import ZONE, Group, Member

START = datetime(2026, 3, 2, 0, 30, 17, tzinfo=UTC)  # a Monday morning in Guangzhou
_NEXT = "query($id: ID!) { group(id: $id) { refresh { nextScheduledAt } } }"
_STEP = timedelta(hours=1)


@dataclass(frozen=True)
class Plan:
    """How large the simulation is."""

    seed: int
    days: int
    groups: int
    largest: int

    def sizes(self, random: Random) -> list[int]:
        """How many people each group grows to: a few large ones, many small ones."""
        sizes = []
        for number in range(self.groups):
            share = random.random()
            most = self.largest if number % 20 == 0 else self.largest // 8 if share < 0.2 else 16
            sizes.append(random.randint(min(3, most), max(3, most)))
        return sizes


class Simulation:
    """One simulation under way."""

    def __init__(self, plan: Plan, server: SimulatedServer) -> None:
        self.plan, self.server = plan, server
        self.random = Random(plan.seed)
        self.findings = Findings()
        self.model = Model(START)
        self.actions = Actions(server, self.model, self.findings, self.random)
        self.bureau = Bureau(self.model, self.findings)
        self.done: Counter[str] = Counter()
        self.silent: dict[str, datetime] = {}

    async def run(self, progress: Callable[[float], None]) -> None:
        """Create the groups, let the days pass, and compare everything at last."""
        sizes = self.plan.sizes(self.random)
        await self.bureau.begin(await self.actions.newcomer())
        for number, size in enumerate(sizes, start=1):
            group = await self.actions.create_group(number)
            await self._read_schedule(group)
            for _ in range(size // 2):
                await self._join(group)
            await self._pass(timedelta(minutes=self.random.randint(1, 5), milliseconds=400))
            progress(0.3 * number / len(sizes))
        end = self.model.now + timedelta(days=self.plan.days)
        begun = self.model.now
        while self.model.now < end:
            pause = self.random.randint(30, min(5000, 100_000 // self.plan.groups))
            await self._pass(timedelta(seconds=pause, milliseconds=70))
            await self._act_once(sizes)
            progress(0.3 + 0.6 * min((self.model.now - begun) / (end - begun), 1))
        await self._compare_everything()
        await self._erase_everything(progress)

    async def _pass(self, time: timedelta) -> None:
        """Let time pass for both, an hour at most at once, stopping at midnight."""
        until = self.model.now + time
        while self.model.now < until:
            midnight = (self.model.now.astimezone(ZONE) + timedelta(days=1)).replace(
                hour=0, minute=0, second=0, microsecond=0
            )
            step = min(until, self.model.now + _STEP, midnight)
            await self.server.pass_until(step)
            self.model.advance(step)
            for group in self.model.current_groups():
                if step == midnight or group.scheduled_at > self.model.now + timedelta(days=2):
                    await self._read_schedule(group)

    async def _read_schedule(self, group: Group) -> None:
        creator = self.actions.user(group.creator())
        shown = await creator.ask(_NEXT, id=group.id)
        group.scheduled_at = datetime.fromisoformat(shown["group"]["refresh"]["nextScheduledAt"])

    async def _join(self, group: Group) -> None:
        if self.model.provider_down:
            return
        someone = await self.actions.newcomer()
        if self.random.random() < 0.2:
            await self.actions.enrol(group, someone)
            self.done["enrolled"] += 1
        else:
            await self.actions.join(group, someone)
            self.done["joined"] += 1

    async def _act_once(self, sizes: list[int]) -> None:
        groups = self.model.current_groups()
        if not groups:
            return
        group = self.random.choice(groups)
        for _ in range(1 + len(self.model.people) // 20):
            await self.actions.new_record(self.random.choice(self.model.people))
        kind = self.random.choices(
            (
                "join",
                "refresh",
                "remind",
                "require",
                "leave",
                "withdraw",
                "end",
                "remove",
                "appoint",
                "back",
                "phone",
                "dissolve",
                "down",
                "silence",
                "alerts",
                "excuse",
                "attach",
            ),
            (20, 30, 10, 4, 12, 4, 10, 3, 3, 5, 8, 0.4, 1.5, 2, 5, 6, 4),
        )[0]
        self.done[kind] += 1
        await self._do(kind, group, sizes[group.number - 1])
        await self.bureau.compare()
        if not group.dissolved:
            await compare_group(
                self.findings, self.model, group, self.actions.user(group.creator())
            )

    async def _do(self, kind: str, group: Group, size: int) -> None:
        if kind == "join" and len(group.members) < size:
            await self._join(group)
        elif kind == "phone":
            await self._change_phone(group)
        elif kind == "back":
            await self._join_again(group)
        elif kind == "down":
            await self._switch_provider()
        elif kind == "silence":
            self.silent[group.id] = self.model.now + timedelta(days=self.random.randint(2, 6))
        elif kind != "refresh" or self.silent.get(group.id, START) <= self.model.now:
            await self._manage(kind, group)

    async def _manage(self, kind: str, group: Group) -> None:
        actions = {
            "refresh": self.actions.refresh,
            "remind": self.actions.remind,
            "require": self.actions.require,
            "dissolve": self.actions.dissolve,
            "attach": self._attach,
            "alerts": self._choose_alerts,
        }
        plain = [one for one in group.members.values() if one.role == "MEMBER"]
        if kind in actions:
            await actions[kind](group)
        elif plain:
            await self._change_member(kind, group, self.random.choice(plain))

    async def _attach(self, group: Group) -> None:
        await self.bureau.move(group, self.actions.user(group.creator()))

    async def _choose_alerts(self, group: Group) -> None:
        await self.actions.choose_alerts(group, self.random.choice(group.managers()))

    async def _change_member(self, kind: str, group: Group, member: Member) -> None:
        waiting = [one for one in group.members.values() if one.leave_due]
        match kind:
            case "leave" if member.leave_due is None:
                await self.actions.ask_to_leave(group, member)
            case "withdraw" if not member.withheld:
                await self.actions.withdraw(group, member)
            case "end" if waiting:
                chosen = self.random.choice(waiting)
                if self.random.random() < 0.4 and not chosen.withheld:
                    await self.actions.cancel_leave(chosen)
                else:
                    await self.actions.complete_leave(group, chosen)
            case "excuse" if not member.withheld:
                await self.actions.excuse(group, member)
            case "remove":
                await self.actions.remove(group, member)
            case "appoint" if not member.enrolled and len(group.managers()) < 4:
                await self.actions.appoint(group, member)

    async def _change_phone(self, group: Group) -> None:
        """Someone is reached elsewhere; one who withdrew doesn't consent anew for that (R42)."""
        member = self.random.choice(list(group.members.values()))
        if member.withheld or self.random.random() < 0.7:
            await self.actions.change_phone(member)
        else:
            await self.actions.join_for_phone(group, member)

    async def _join_again(self, group: Group) -> None:
        """A former member joins again, or someone of another group joins this one, too."""
        here = {one.person.number for one in group.members.values()}
        others = [
            user
            for number, user in self.actions.users.items()
            if number not in here and user.person.number == number and user.refresh_token
        ]
        if others and not self.model.provider_down and len(group.members) < 490:
            await self.actions.join(group, self.random.choice(others))

    async def _switch_provider(self) -> None:
        """The provider fails for good answers, or recovers."""
        self.model.provider_down = not self.model.provider_down
        faults = {"health": {"status": 403}} if self.model.provider_down else {}
        await self.server.faults(**faults)

    async def _compare_everything(self) -> None:
        for group in self.model.current_groups():
            creator = self.actions.user(group.creator())
            await compare_group(self.findings, self.model, group, creator)
        compare_messages(self.findings, self.model, await self.server.messages())

    async def _erase_everything(self, progress: Callable[[float], None]) -> None:
        """Dissolve all groups, wait 31 days, and find nothing of them (R8, R34)."""
        for group in self.model.current_groups():
            await self.actions.dissolve(group)
        progress(0.95)
        await self.server.pass_until(self.model.now + timedelta(days=31))
        self.model.now += timedelta(days=31)
        left = {
            "groups": await GroupRow.all().count(),
            "former members": await FormerMember.all().count(),
            "health records": await HealthRecord.all().count(),
            "people without an account": await PersonRow.filter(accounts__id__isnull=True).count(),
        }
        for what, count in left.items():
            self.findings.check(f"R34 erased {what}", 0, self.model.now, 0, count)


async def simulate(plan: Plan, folder: Path, progress: Callable[[float], None]) -> Simulation:
    """Run one simulation in a folder of its own."""
    async with serving(folder, START, plan.seed) as server:
        simulation = Simulation(plan, server)
        await simulation.run(progress)
        return simulation
