"""What befalls the deployment while the storm lasts."""

import asyncio
import time
from collections import Counter
from typing import Final

from tools.storm.plan import KILL, REDIS, Plan
from tools.storm.stage import Stage

# Every other time the server itself dies.
_EVERY_OTHER: Final = 2


class Troubles:
    """Kills processes, empties Redis and restarts PostgreSQL, each at its planned moment."""

    def __init__(self, stage: Stage, plan: Plan) -> None:
        self._stage, self._plan = stage, plan
        self._chance = plan.chance("victims")
        self.done: Counter[str] = Counter()

    async def befall(self) -> None:
        """Let all of it happen, then return."""
        begun_at = time.monotonic()
        for after, kind in self._plan.troubles:
            await asyncio.sleep(max(0.0, begun_at + after - time.monotonic()))
            if kind == KILL:
                await self._kill()
            else:
                server = self._lose_redis if kind == REDIS else self._restart_postgres
                await asyncio.to_thread(server, crash=self.done[kind] % _EVERY_OTHER == 1)
            self.done[kind] += 1

    async def _kill(self) -> None:
        """Kill one that runs; if all are down, wait until one is up."""
        while not (running := [one for one in self._stage.victims if not one.ended]):
            await asyncio.sleep(0.05)
        self._stage.supervisor.kill(self._chance.choice(running))

    def _lose_redis(self, *, crash: bool) -> None:
        """Empty Redis, or crash it: it keeps nothing on disk and comes back empty."""
        redis = self._stage.redis
        if redis is None:
            return
        if crash:
            redis.kill()
            redis.restart()
        else:
            redis.flush()

    def _restart_postgres(self, *, crash: bool) -> None:
        """Restart PostgreSQL decently, or crash it and have it recover."""
        postgres = self._stage.postgres
        if postgres is None:
            return
        if crash:
            postgres.kill()
        postgres.restart()
