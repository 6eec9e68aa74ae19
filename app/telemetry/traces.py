"""Traces, where the standard variables of OpenTelemetry ask for them; else they cost nothing.

Set OTEL_EXPORTER_OTLP_ENDPOINT, or OTEL_TRACES_EXPORTER=console; the others are as OpenTelemetry's
documents say. Attributes are names and numbers of ours, never what a client sent.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import Enum
from typing import Final, Protocol, TypeAlias

Attributes: TypeAlias = Mapping[str, str | int]

_NOTHING: Final = nullcontext()


class Side(Enum):
    """On which side of a call a span is; the names are OpenTelemetry's kinds."""

    INTERNAL = "INTERNAL"
    SERVER = "SERVER"
    CLIENT = "CLIENT"
    CONSUMER = "CONSUMER"


class Tracing(Protocol):
    """What takes spans; each function is described at the one below that calls it."""

    def span(
        self, name: str, side: Side, attributes: Attributes, parent: str | None
    ) -> AbstractContextManager[None]:
        """Return a span."""

    def note(self, attributes: Attributes) -> None:
        """Note more about the current span."""

    def note_past(self, name: str, seconds: float, attributes: Attributes) -> None:
        """Note a span that ended."""

    def traceparent(self) -> str | None:
        """Return the current trace as text."""


_tracing: Tracing | None = None


def use(tracing: Tracing | None) -> None:
    """Give the spans of this process to ``tracing``; None ends that."""
    global _tracing  # noqa: PLW0603  # one process is traced or not
    _tracing = tracing


def span(
    name: str,
    side: Side = Side.INTERNAL,
    attributes: Attributes | None = None,
    parent: str | None = None,
) -> AbstractContextManager[None]:
    """Return the span of what is done within it.

    ``parent``: the trace to go on with, as ``traceparent`` told it elsewhere.
    """
    if _tracing is None:
        return _NOTHING
    return _tracing.span(name, side, attributes or {}, parent)


def is_on() -> bool:
    """Return whether this process is traced."""
    return _tracing is not None


def note(**attributes: str | int) -> None:
    """Note more about the span that is current."""
    if _tracing is not None:
        _tracing.note(attributes)


def note_past(name: str, seconds: float, attributes: Attributes) -> None:
    """Note a call of ours that ended just now, and took so long."""
    if _tracing is not None:
        _tracing.note_past(name, seconds, attributes)


def traceparent() -> str | None:
    """Return what goes on with the current trace elsewhere; None where there is none."""
    return _tracing.traceparent() if _tracing is not None else None
