"""The variables of OpenTelemetry that we look at ourselves, and what can be wrong with them."""

EXPORTER = "OTEL_TRACES_EXPORTER"
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")


class TracingUnusable(Exception):
    """Traces were asked for, and cannot be made. ``str()`` is one plain sentence."""
