"""The storm from beginning to end: the scene, the weather, the calm, the proof."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Final

import httpx

from tools.storm.checks import (
    check_answers,
    check_leaves,
    check_limits,
    check_log,
    check_numbers,
    check_orphans,
    check_runs,
    check_watchers,
    read_log,
)
from tools.storm.ledger import Ledger, key_of
from tools.storm.limits import Limits
from tools.storm.logs import check_logs
from tools.storm.messages import check_messages
from tools.storm.owners import Owner
from tools.storm.phone import Net
from tools.storm.plan import Plan
from tools.storm.quiet import calm, caught_up
from tools.storm.report import Check
from tools.storm.rows import Database
from tools.storm.scene import Scene, set_scene
from tools.storm.seats import Seat
from tools.storm.stage import Stage, set_stage
from tools.storm.states import check_states
from tools.storm.troubles import Troubles
from tools.storm.watchers import Watcher

_PROGRESS_SECONDS: Final = 5.0
_CATCH_UP_SECONDS: Final = 60.0


class Storm:
    """One storm on one deployment."""

    def __init__(self, stage: Stage, plan: Plan, net: Net) -> None:
        self.stage, self.plan, self.net = stage, plan, net
        self.ledger = net.ledger
        self.database = Database(stage.database_url)
        self.limits = Limits(self.database)
        self.troubles = Troubles(stage, plan)
        self.watchers: dict[str, list[Watcher]] = {}
        self._begun_at = time.monotonic()

    def say(self, what: str) -> None:
        """Tell the one who waits."""
        print(f"{time.monotonic() - self._begun_at:6.1f} s  {what}", flush=True)

    async def pass_over(self) -> list[Check]:
        """Let it happen; answers everything that was checked."""
        self.say("setting the scene")
        scene = await set_scene(self.stage, self.net, self.plan)
        self.say(f"{len(self.ledger.names)} people in {len(scene.teams)} groups: the storm begins")
        watching = [one.watch() for one in self._subscribe(scene)]
        async with _meanwhile(self.limits.watch(), *watching):
            await self._rage(scene)
            self.say(f"the storm is over: {self._counts()}")
            undone = await calm(self.database, self.say)
            behind = await caught_up(self.database, self.watchers, _CATCH_UP_SECONDS)
            await self.limits.look()
        self.say("checking")
        return [
            Check("work left undone", 0, len(undone), undone),
            *await self._check(scene, behind),
        ]

    def _subscribe(self, scene: Scene) -> Iterable[Watcher]:
        for team in scene.teams:
            self.watchers[key_of(team.id)] = some = [
                Watcher(manager, team.id, self.plan.chance("watcher", manager.number))
                for manager in team.managers
            ]
            yield from some

    async def _rage(self, scene: Scene) -> None:
        """Everyone acts while the troubles befall; then each ends the step under way."""
        over = asyncio.Event()
        actors: list[Seat | Owner] = [
            Seat(team, phone, self.plan.chance("seat", phone.serial))
            for team in scene.teams
            for phone in team.comers
        ]
        actors += [
            Owner(owner, friends, self.plan.chance("owner", owner.serial))
            for owner, friends in scene.owners
        ]
        async with _meanwhile(self._tell()), asyncio.TaskGroup() as acting:
            for actor in actors:
                acting.create_task(actor.live(over))
            await self.troubles.befall()
            over.set()
            for watcher in chain.from_iterable(self.watchers.values()):
                watcher.staying = True

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(_PROGRESS_SECONDS)
            self.say(self._counts())

    def _counts(self) -> str:
        done, plan, ledger = self.troubles.done, self.plan, self.ledger
        words = [f"kills {done['kill']}/{plan.kills}"]
        if not plan.embedded:
            words.append(f"redis {done['redis']}/{plan.redis_losses}")
            words.append(f"postgres {done['postgres']}/{plan.postgres_restarts}")
        words += [f"{what} {ledger.total(what)}" for what in ("answered", "refused", "lost")]
        seen = sum(len(one.seen) for some in self.watchers.values() for one in some)
        return ", ".join([*words, f"events seen {seen}", f"wrong {len(ledger.wrongs)}"])

    async def _check(self, scene: Scene, behind: list[str]) -> list[Check]:
        ledger, database = self.ledger, self.database
        log = await read_log(database)
        return [
            check_answers(ledger),
            *check_log(ledger, log),
            *await check_states(ledger, scene, database),
            await check_leaves(database, log),
            await check_orphans(database),
            await check_runs(ledger, database),
            *await check_messages(ledger, log, database, self.net),
            check_numbers(log),
            check_watchers(log, self.watchers, behind),
            *check_limits(self.limits),
            check_logs(self.stage.supervisor.folder),
        ]


@asynccontextmanager
async def _meanwhile(*doing: Awaitable[Any]) -> AsyncIterator[None]:
    """Do these until the context ends; one that fails fails all."""
    tasks = [asyncio.ensure_future(one) for one in doing]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, Exception):
            raise outcome


@asynccontextmanager
async def storm(plan: Plan, folder: Path) -> AsyncIterator[Storm]:
    """Set the stage of a storm, and clear it away."""
    limits = httpx.Limits(max_connections=4 * plan.requests_at_once)
    async with (
        set_stage(folder, embedded=plan.embedded) as stage,
        httpx.AsyncClient(timeout=60, limits=limits, trust_env=False) as http,
    ):
        places = asyncio.Semaphore(plan.requests_at_once)
        net = Net(stage.urls, stage.sandbox, http, places, Ledger())
        yield Storm(stage, plan, net)
