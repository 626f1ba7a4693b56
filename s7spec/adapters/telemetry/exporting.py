"""Where spans go. Everything that OpenTelemetry's own variables say is left to its SDK: endpoint,
headers, certificates, time limits, batches, sampling, resource and service name."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SpanExporter,
)

from s7spec import __version__
from s7spec.adapters.telemetry.variables import EXPORTER, PROTOCOLS, TracingUnusable

_HTTP = "http/protobuf"
_SERVICE = {"service.name": "s7spec", "service.version": __version__}


def provider_for(environ: Mapping[str, str]) -> TracerProvider:
    """Raises TracingUnusable for exporters that are not known here."""
    named = environ.get(EXPORTER, "").strip() or "otlp"
    exporters = [_exporter(name.strip(), environ) for name in named.split(",")]
    # Resource.create puts what the environment says above this.
    provider = TracerProvider(resource=_resource(environ), shutdown_on_exit=False)
    for exporter in exporters:
        provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _resource(environ: Mapping[str, str]) -> Resource:
    """Ours, unless the environment names the service otherwise."""
    stated = environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    has_name = environ.get("OTEL_SERVICE_NAME") or "service.name=" in stated
    ours = {key: value for key, value in _SERVICE.items() if not (has_name and "name" in key)}
    return Resource.create(ours)


def _exporter(name: str, environ: Mapping[str, str]) -> SpanExporter:
    match name.lower():
        case "otlp" | "otlp_proto_http":
            _check_protocol(environ)
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

            try:
                return OTLPSpanExporter()
            except ValueError as error:
                raise TracingUnusable(f"traces cannot be sent: {error}") from error
        case "console":
            # Standard output is for data.
            return ConsoleSpanExporter(out=sys.stderr)
    raise TracingUnusable(f"{EXPORTER}={name}: there are otlp, console and none")


def _check_protocol(environ: Mapping[str, str]) -> None:
    for variable in PROTOCOLS:
        protocol = environ.get(variable, "").strip()
        if protocol == _HTTP:
            return
        if protocol:
            raise TracingUnusable(f"{variable}={protocol}: traces are sent as {_HTTP} only")
