"""A storm from beginning to end: setup, load with faults, draining, checks."""

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
    check_subscribers,
    read_log,
)
from tools.storm.client import Network
from tools.storm.dashboards import OrganisationView, check_views, dashboards_of
from tools.storm.deployment import Deployment, deployed
from tools.storm.draining import caught_up, drained
from tools.storm.faults import Faults
from tools.storm.limit_checks import Limits
from tools.storm.log_checks import check_logs
from tools.storm.members import MemberScript
from tools.storm.organisation_checks import check_organisations
from tools.storm.organisations import MoveScript, TreeScript
from tools.storm.owners import OwnerScript
from tools.storm.plan import Plan
from tools.storm.recorder import Recorder, key_of
from tools.storm.report import Check
from tools.storm.rows import Database
from tools.storm.setup import Setup, set_up
from tools.storm.sms_checks import check_messages
from tools.storm.state_checks import check_states
from tools.storm.subscribers import Subscriber

_PROGRESS_SECONDS: Final = 5.0
_CATCH_UP_SECONDS: Final = 60.0


class StormRun:
    """One storm on one deployment."""

    def __init__(self, deployment: Deployment, plan: Plan, network: Network) -> None:
        self.deployment, self.plan, self.network = deployment, plan, network
        self.recorder = network.recorder
        self.database = Database(deployment.database_url)
        self.limits = Limits(self.database)
        self.faults = Faults(deployment, plan)
        self.subscribers: dict[str, list[Subscriber]] = {}
        self._began_at = time.monotonic()

    def say(self, what: str) -> None:
        """Print how far it is."""
        print(f"{time.monotonic() - self._began_at:6.1f} s  {what}", flush=True)

    async def run(self) -> list[Check]:
        """Run it; return everything that was checked."""
        self.say("setting up")
        setup = await set_up(self.deployment, self.network, self.plan)
        self.say(
            f"{len(self.recorder.names)} people in {len(setup.targets)} groups: the storm begins"
        )
        dashboards = dashboards_of(setup)
        overseen = [OrganisationView(setup.bureau, organisation_id=setup.top.id)]
        watching = [one.watch() for one in self._subscribe(setup)]
        watching += [one.watch() for one in (*dashboards, *overseen)]
        async with _meanwhile(self.limits.watch(), *watching):
            await self._run_scripts(setup)
            self.say(f"the storm is over: {self._counts()}")
            undone = await drained(self.database, self.say)
            behind = await caught_up(self.database, self.subscribers, _CATCH_UP_SECONDS)
            views = [
                await check_views("groups on dashboards", dashboards, _CATCH_UP_SECONDS),
                await check_views("numbers above, followed", overseen, _CATCH_UP_SECONDS),
            ]
            await self.limits.look()
        self.say("checking")
        return [
            Check("work left undone", 0, len(undone), undone),
            *await self._check(setup, behind),
            *views,
        ]

    def _subscribe(self, setup: Setup) -> Iterable[Subscriber]:
        for target in setup.targets:
            self.subscribers[key_of(target.id)] = some = [
                Subscriber(manager, target.id, self.plan.chance("subscriber", manager.serial))
                for manager in target.managers
            ]
            yield from some

    async def _run_scripts(self, setup: Setup) -> None:
        """Run all scripts while faults are injected; then each ends the step under way."""
        stop = asyncio.Event()
        scripts: list[MemberScript | OwnerScript | MoveScript | TreeScript] = [
            TreeScript(setup, self.plan),
            *(MoveScript(target, self.plan) for target in setup.targets),
        ]
        scripts += [
            MemberScript(target, client, self.plan.chance("member", client.serial))
            for target in setup.targets
            for client in target.members
        ]
        scripts += [
            OwnerScript(owner, friends, self.plan.chance("owner", owner.serial))
            for owner, friends in setup.owners
        ]
        async with _meanwhile(self._tell()), asyncio.TaskGroup() as running:
            for script in scripts:
                running.create_task(script.run(stop))
            await self.faults.inject()
            stop.set()
            for subscriber in chain.from_iterable(self.subscribers.values()):
                subscriber.staying = True

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(_PROGRESS_SECONDS)
            self.say(self._counts())

    def _counts(self) -> str:
        done, plan, recorder = self.faults.done, self.plan, self.recorder
        words = [f"kills {done['kill']}/{plan.kills}"]
        if not plan.embedded:
            words.append(f"redis {done['redis']}/{plan.redis_losses}")
            words.append(f"postgres {done['postgres']}/{plan.postgres_restarts}")
        words += [f"{what} {recorder.total(what)}" for what in ("answered", "refused", "lost")]
        seen = sum(len(one.seen) for some in self.subscribers.values() for one in some)
        return ", ".join([*words, f"events seen {seen}", f"wrong {len(recorder.wrongs)}"])

    async def _check(self, setup: Setup, behind: list[str]) -> list[Check]:
        recorder, database = self.recorder, self.database
        log = await read_log(database)
        return [
            check_answers(recorder),
            *check_log(recorder, log),
            *await check_states(recorder, setup, database),
            *await check_organisations(recorder, setup, database),
            await check_leaves(database, log),
            await check_orphans(database),
            await check_runs(recorder, database),
            *await check_messages(recorder, log, database, self.network),
            check_numbers(log),
            check_subscribers(log, self.subscribers, behind),
            *check_limits(self.limits),
            check_logs(self.deployment.supervisor.folder),
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
async def storm(plan: Plan, folder: Path) -> AsyncIterator[StormRun]:
    """Start the deployment of a storm, and end it all."""
    limits = httpx.Limits(max_connections=4 * plan.requests_at_once)
    async with (
        deployed(folder, embedded=plan.embedded) as deployment,
        httpx.AsyncClient(timeout=60, limits=limits, trust_env=False) as http,
    ):
        requests = asyncio.Semaphore(plan.requests_at_once)
        urls, sandbox = deployment.urls, deployment.sandbox
        network = Network(urls[0], sandbox, http, urls, requests, Recorder())
        yield StormRun(deployment, plan, network)
