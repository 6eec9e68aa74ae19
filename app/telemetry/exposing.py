"""Telling it to others: metrics at an address of their own, traces where the environment says."""

import asyncio
import os
from collections.abc import Callable
from typing import Final

import prometheus_client

from app.telemetry import traces
from app.telemetry.metrics import LOOP_LAG

_LOOK_EVERY: Final = 1.0  # seconds


class MetricsAddressTaken(Exception):
    """Nobody can listen there; the message is a sentence for whoever runs the process."""


class TracesUnavailable(Exception):
    """Traces are asked for and can't be had; the message is a sentence for who runs the process."""


def expose_metrics(host: str, port: int) -> None:
    """Answer Prometheus at ``/metrics`` of an address for as long as the process lives.

    A thread does, so that a loop that hangs shows. Raise ``MetricsAddressTaken``.
    """
    try:
        prometheus_client.start_http_server(port, host)
    except OSError as error:
        raise MetricsAddressTaken(
            f"GROUPCODE_METRICS_PORT: port {port} of {host} can't be used"
            f" ({error.strerror or error})."
        ) from None


def wants_traces() -> bool:
    """Return whether the environment asks for traces."""
    exporter = os.environ.get("OTEL_TRACES_EXPORTER", "")
    if exporter == "none" or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    names = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return bool(exporter) or any(os.environ.get(name) for name in names)


def send_traces(process: str) -> None:
    """Trace this process from now on, a ``server`` or ``worker``. Raise ``TracesUnavailable``."""
    try:
        from app.telemetry.spans import Spans, exporter_named  # noqa: PLC0415  # an extra
    except ImportError:
        raise TracesUnavailable(
            "OTEL_*: traces need the packages of groupcode[traces]: install them, or unset these"
            " variables."
        ) from None
    exporter = exporter_named(os.environ.get("OTEL_TRACES_EXPORTER") or "otlp")
    if exporter is None:
        raise TracesUnavailable("OTEL_TRACES_EXPORTER: must be otlp, console or none.")
    traces.use(Spans(exporter, process))


async def measure_loop(look: Callable[[], None]) -> None:
    """Note each second how late the loop is, and what else ``look`` notes, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        look()
        due = loop.time() + _LOOK_EVERY
        await asyncio.sleep(_LOOK_EVERY)
        LOOP_LAG.observe(loop.time() - due)
