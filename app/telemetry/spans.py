"""Spans of OpenTelemetry: the one module that needs its packages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from time import time_ns

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app.telemetry.traces import Attributes, Side

_PARENT = "traceparent"
_carrying = TraceContextTextMapPropagator()


def exporter_named(name: str) -> SpanProcessor | None:
    """Return what sends spans to where OTEL_TRACES_EXPORTER says; None if it isn't known."""
    if name == "otlp":
        return BatchSpanProcessor(OTLPSpanExporter())
    return BatchSpanProcessor(ConsoleSpanExporter()) if name == "console" else None


class Spans:
    """Spans of one process; see ``traces.py``."""

    def __init__(self, processor: SpanProcessor, process: str) -> None:
        name = os.environ.get("OTEL_SERVICE_NAME") or f"groupcode-{process}"
        about = {SERVICE_NAME: name, SERVICE_VERSION: version("groupcode")}
        provider = TracerProvider(resource=Resource.create(about))
        provider.add_span_processor(processor)
        self._tracer = provider.get_tracer("groupcode")

    @contextmanager
    def span(
        self, name: str, side: Side, attributes: Attributes, parent: str | None
    ) -> Iterator[None]:
        """Hold a span open; of an error only its type is told, the message may quote an input."""
        with self._tracer.start_as_current_span(
            name,
            context=_carrying.extract({_PARENT: parent}) if parent else None,
            kind=SpanKind[side.value],
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as current:
            try:
                yield
            except BaseException as error:
                current.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def note(self, attributes: Attributes) -> None:
        """Note more about the current span."""
        get_current_span().set_attributes(attributes)

    def note_past(self, name: str, seconds: float, attributes: Attributes) -> None:
        """Note a call that ended just now."""
        ended = time_ns()
        began = ended - int(seconds * 1e9)
        span = self._tracer.start_span(
            name, kind=SpanKind.CLIENT, attributes=attributes, start_time=began
        )
        span.end(ended)

    def traceparent(self) -> str | None:
        """Return the current trace as the header of that name has it."""
        carrier: dict[str, str] = {}
        _carrying.inject(carrier)
        return carrier.get(_PARENT)
