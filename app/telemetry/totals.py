"""What is counted with every answer: plain numbers, which are written out when Prometheus asks.

The counters of prometheus_client take a lock for each number, since any thread may count. These
are added to by one thread, that of the event loop; another only reads them.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

from prometheus_client import REGISTRY
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

Labels: TypeAlias = tuple[str, ...]


class Total(Collector):
    """A counter of what happened, by its labels."""

    def __init__(self, name: str, documentation: str, labels: Sequence[str]) -> None:
        self._about = (name, documentation)
        self._labels = labels
        self._totals: dict[Labels, int] = {}
        REGISTRY.register(self)

    def add(self, *labels: str) -> None:
        """Count one more."""
        self._totals[labels] = self._totals.get(labels, 0) + 1

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Yield what was counted so far."""
        family = CounterMetricFamily(*self._about, labels=self._labels)
        for labels, total in self._totals.copy().items():
            family.add_metric(labels, total)
        yield family


@dataclass(slots=True)
class _Times:
    """How long things of the same labels took: how many up to each bound, and all together."""

    within: list[int]
    seconds: float = 0.0


class TotalTimes(Collector):
    """A histogram of how long things took, by their labels."""

    def __init__(
        self, name: str, documentation: str, labels: Sequence[str], buckets: Sequence[float]
    ) -> None:
        """``buckets``: the bounds, in seconds, from the smallest."""
        self._about = (name, documentation)
        self._labels = labels
        self._bounds = (*buckets, inf)
        self._found: dict[Labels, _Times] = {}
        REGISTRY.register(self)

    def add(self, seconds: float, *labels: str) -> None:
        """Count one that took so long."""
        times = self._found.get(labels)
        if times is None:
            times = self._found[labels] = _Times([0] * len(self._bounds))
        times.within[bisect_left(self._bounds, seconds)] += 1
        times.seconds += seconds

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Yield what was counted so far."""
        family = HistogramMetricFamily(*self._about, labels=self._labels)
        for labels, times in self._found.copy().items():
            family.add_metric(labels, list(self._buckets(times.within)), times.seconds)
        yield family

    def _buckets(self, within: Sequence[int]) -> Iterator[tuple[str, float]]:
        """Yield of each bound how many took no longer."""
        total = 0
        for bound, number in zip(self._bounds, within, strict=True):
            total += number
            yield floatToGoString(bound), total
