"""What a storm is made of: how many do what, and what befalls the deployment when."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

KILL: Final = "kill"
REDIS: Final = "redis"
POSTGRES: Final = "postgres"


@dataclass(frozen=True, slots=True)
class Plan:
    """One storm.

    The same seed gives everyone the same choices and troubles the same moments; how they meet
    is the machine's doing, and so is which process works at the moment one is to be killed.
    """

    seed: int = 1
    kills: int = 100
    redis_losses: int = 5
    postgres_restarts: int = 5
    seconds: float = 500.0
    embedded: bool = False
    groups: int = 6
    seats: int = 6  # people who come and go, a group
    contenders: int = 8  # for the last places of the full group
    places: int = 6  # the free places they contend for
    owners: int = 3
    requests_at_once: int = 12

    def chance(self, *names: object) -> Random:
        """A generator of one actor's own: what others do doesn't change what it gives."""
        return Random("/".join(map(str, (self.seed, *names))))

    @property
    def troubles(self) -> list[tuple[float, str]]:
        """What befalls the deployment, and how many seconds after the beginning."""
        return sorted(self._troubles())

    def _troubles(self) -> Iterator[tuple[float, str]]:
        """Spread each kind over the storm, at a random moment of its own share of the time."""
        chance = self.chance("troubles")
        kinds = [(KILL, self.kills)]
        if not self.embedded:
            kinds += [(REDIS, self.redis_losses), (POSTGRES, self.postgres_restarts)]
        for kind, times in kinds:
            share = self.seconds / max(times, 1)
            for number in range(times):
                yield (number + chance.random()) * share, kind


def short(seed: int, *, embedded: bool) -> Plan:
    """The form that the suite runs."""
    return Plan(
        seed=seed,
        kills=6,
        redis_losses=1,
        postgres_restarts=1,
        seconds=9.0,
        embedded=embedded,
        groups=2,
        seats=4,
        contenders=7,
        owners=1,
        requests_at_once=8,
    )
