"""The faults that a storm injects: killed processes, a lost Redis, a restarted PostgreSQL."""

import asyncio
import time
from collections import Counter
from typing import Final

from tests.support.processes import Process
from tools.storm.deployment import Deployment
from tools.storm.plan import KILL, REDIS, Plan

_EVERY_OTHER: Final = 2  # time PostgreSQL or Redis dies instead of ending in order
_ANY_STATE_EVERY: Final = 5  # one kill in so many may hit a process that is starting


class Faults:
    """Kills processes, empties Redis and restarts PostgreSQL, each at its planned moment."""

    def __init__(self, deployment: Deployment, plan: Plan) -> None:
        self._deployment, self._plan = deployment, plan
        self._chance = plan.chance("killable")
        self.done: Counter[str] = Counter()

    async def inject(self) -> None:
        """Inject all of them, then return."""
        begun_at = time.monotonic()
        for after, kind in self._plan.faults:
            late = time.monotonic() - begun_at - after
            await asyncio.sleep(max(0.0, -late))
            begun_at += max(0.0, late)  # what follows keeps its distance
            if kind == KILL:
                await self._kill()
            else:
                server = self._lose_redis if kind == REDIS else self._restart_postgres
                await asyncio.to_thread(server, crash=self.done[kind] % _EVERY_OTHER == 1)
            self.done[kind] += 1

    async def _kill(self) -> None:
        """Kill one that works by now; now and then one that may be starting still.

        If none works yet, the first that does is let do so for about as long as planned.
        """
        if not self._running():
            while not self._running():
                await asyncio.sleep(0.1)
            await asyncio.sleep(self._chance.uniform(0, 2 * self._plan.seconds / self._plan.kills))
        chosen = self._chance.choice(self._running() or self._deployment.killable)
        self._deployment.supervisor.kill(chosen)

    def _running(self) -> list[Process]:
        killable = self._deployment.killable
        if self.done[KILL] % _ANY_STATE_EVERY == 0:
            return [one for one in killable if not one.ended]
        return [one for one in killable if one.at_work]

    def _lose_redis(self, *, crash: bool) -> None:
        """Empty Redis, or crash it: it keeps nothing on disk and comes back empty."""
        redis = self._deployment.redis
        if redis is None:
            return
        if crash:
            redis.kill()
            redis.restart()
        else:
            redis.flush()

    def _restart_postgres(self, *, crash: bool) -> None:
        """Restart PostgreSQL in order, or crash it and have it recover."""
        postgres = self._deployment.postgres
        if postgres is None:
            return
        if crash:
            postgres.kill()
        postgres.restart()
