"""What a storm is made of: how many do what, and which faults are injected when."""

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

    The same seed gives everyone the same choices and each fault the same moment; how they meet
    is the machine's doing, and so is which process works at the moment one is to be killed.
    """

    seed: int = 1
    kills: int = 100
    redis_losses: int = 5
    postgres_restarts: int = 5
    seconds: float = 500.0
    embedded: bool = False
    groups: int = 6
    members: int = 6  # who join and leave, a group
    contenders: int = 8  # for the last free places of the full group
    free_places: int = 6  # how many free places they contend for
    owners: int = 3
    organisations: int = 5  # at most at once, all of one owner; never more than levels allowed
    requests_at_once: int = 12

    def chance(self, *names: object) -> Random:
        """Return a random generator of one script's own: others don't change what it gives."""
        return Random("/".join(map(str, (self.seed, *names))))

    @property
    def faults(self) -> list[tuple[float, str]]:
        """Return the faults, each with the seconds after the beginning."""
        return sorted(self._faults())

    def _faults(self) -> Iterator[tuple[float, str]]:
        """Spread each kind over the storm, at a random moment of its own share of the time."""
        chance = self.chance("faults")
        kinds = [(KILL, self.kills)]
        if not self.embedded:
            kinds += [(REDIS, self.redis_losses), (POSTGRES, self.postgres_restarts)]
        for kind, times in kinds:
            share = self.seconds / max(times, 1)
            for number in range(times):
                yield (number + chance.random()) * share, kind


def short(seed: int, *, embedded: bool) -> Plan:
    """Return the short form, which the suite runs."""
    return Plan(
        seed=seed,
        kills=4,
        redis_losses=1,
        postgres_restarts=1,
        seconds=6.0,
        embedded=embedded,
        groups=2,
        members=4,
        contenders=7,
        owners=1,
        organisations=4,
        requests_at_once=8,
    )
