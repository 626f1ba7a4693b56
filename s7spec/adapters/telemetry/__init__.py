"""Traces for OpenTelemetry, for those who ask for them; without that nothing of it is imported."""

from s7spec.adapters.telemetry.asking import is_asked_for, open_tracing
from s7spec.adapters.telemetry.untraced import Tracing, Untraced
from s7spec.adapters.telemetry.variables import TracingUnusable

__all__ = ["Tracing", "TracingUnusable", "Untraced", "is_asked_for", "open_tracing"]
