"""Whether somebody asks for traces, by the environment variables that OpenTelemetry defines."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.adapters.telemetry.untraced import Tracing, Untraced
from s7spec.adapters.telemetry.variables import EXPORTER, TracingUnusable

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_DISABLED = "OTEL_SDK_DISABLED"
_NONE = "none"


def is_asked_for(environ: Mapping[str, str]) -> bool:
    if environ.get(_DISABLED, "").strip().lower() == "true":
        return False
    exporter = environ.get(EXPORTER, "").strip()
    if exporter:
        return exporter.lower() != _NONE
    return any(environ.get(name) for name in _ENDPOINTS)


def open_tracing(environ: Mapping[str, str]) -> Tracing:
    """What the environment asks for. Raises TracingUnusable."""
    if not is_asked_for(environ):
        return Untraced()
    try:
        from s7spec.adapters.telemetry.spans import Spans
    except ImportError as error:
        raise TracingUnusable(
            f"traces are asked for, but OpenTelemetry cannot be used ({error}): install it with "
            "pip install 's7spec[otel]'"
        ) from error
    from s7spec.adapters.telemetry.exporting import provider_for

    return Spans(provider_for(environ), environ)
