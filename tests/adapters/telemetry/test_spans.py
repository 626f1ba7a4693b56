"""A run as spans: in memory, and over the wire to a collector on this machine."""

from __future__ import annotations

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from s7spec.adapters.telemetry import TracingUnusable, Untraced, is_asked_for, open_tracing
from s7spec.adapters.telemetry.spans import Spans
from s7spec.apply import ThreadCrew
from s7spec.model.ledger import AttemptState
from s7spec.model.plan import Action
from s7spec.model.receipt import RunItem
from s7spec.ports import IpsUnreachable
from tests.fakes.collector import collector
from tests.fakes.jobs import job_key

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def kept() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def spans_into(kept: InMemorySpanExporter, **environ: str) -> Spans:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    return Spans(provider, environ)


def item(short: str, state: AttemptState | None, *, number: int = 1, message: str = "") -> RunItem:
    return RunItem(
        key=job_key(short),
        action=Action.SUBMIT,
        attempt_name=f"s7-{short.replace('/', '-')}-0a1b2c3d-4e5f6a7b-g{number}",
        state=state,
        message=message,
    )


def by_name(kept: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in kept.get_finished_spans()}


def parent_of(span: ReadableSpan) -> int | None:
    return None if span.parent is None else span.parent.span_id


def id_of(span: ReadableSpan) -> int:
    assert span.context is not None
    return int(span.context.span_id)


def test_a_run_has_a_span_and_knows_how_it_ended(kept: InMemorySpanExporter) -> None:
    spans = spans_into(kept)
    with spans.run("apply", "37deb34778a81595"):
        spans.planned(2, 20)
        spans.said("something")
        spans.waits("the ledger is empty", seconds=300)
        spans.ended("incomplete", 5)
    (span,) = kept.get_finished_spans()
    assert span.name == "s7spec apply"
    assert span.attributes is not None
    assert span.attributes["s7spec.exit_code"] == 5
    assert span.attributes["s7spec.run"] == "37deb34778a81595"
    assert span.status.status_code is StatusCode.ERROR
    assert [event.name for event in span.events] == ["begun", "said", "waiting"]
    assert span.parent is None


@pytest.mark.parametrize(("outcome", "code"), [("ok", 0), ("changes", 2)])
def test_a_good_end_is_no_error(kept: InMemorySpanExporter, outcome: str, code: int) -> None:
    spans = spans_into(kept)
    with spans.run("plan", "x"):
        spans.ended(outcome, code)
    assert kept.get_finished_spans()[0].status.status_code is StatusCode.UNSET


def test_jobs_have_spans_below_the_run(kept: InMemorySpanExporter) -> None:
    spans = spans_into(kept)
    with spans.run("apply", "x"):
        spans.moved(item("m/a", AttemptState.INTENT), assets=3)
        spans.progressed(job_key("m/a"), 40, "converting")
        spans.moved(item("m/b", AttemptState.INTENT), assets=1)
        spans.moved(item("m/c", None), assets=1)
        spans.moved(item("m/a", AttemptState.OK), assets=3)
        spans.moved(item("m/b", AttemptState.FAILED, message="too large"), assets=1)
    first, second, run = kept.get_finished_spans()
    assert [first.name, second.name] == ["export job"] * 2
    assert parent_of(first) == parent_of(second) == id_of(run)
    assert first.attributes is not None
    assert first.attributes["s7spec.job"] == "Acme/local/m/a"
    assert first.attributes["s7spec.state"] == "ok"
    assert [event.name for event in first.events] == ["intent", "progress", "ok"]
    assert first.status.status_code is StatusCode.UNSET
    assert second.status.description == "too large"


def test_what_replaces_an_older_attempt_has_a_span_of_its_own(kept: InMemorySpanExporter) -> None:
    spans = spans_into(kept)
    with spans.run("apply", "x"):
        spans.moved(item("m/a", AttemptState.ACTIVE, number=1), assets=3)
        spans.moved(item("m/a", AttemptState.INTENT, number=2), assets=3)
    assert len(kept.get_finished_spans()) == 3


def test_open_jobs_end_with_the_run(kept: InMemorySpanExporter) -> None:
    spans = spans_into(kept)

    def interrupted() -> None:
        with spans.run("apply", "x"):
            spans.moved(item("m/a", AttemptState.ACTIVE), assets=3)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [span.name for span in kept.get_finished_spans()] == ["export job", "s7spec apply"]


def test_calls_belong_to_what_they_are_made_for(kept: InMemorySpanExporter) -> None:
    spans = spans_into(kept)

    def ask() -> str:
        with spans.call("getActiveJobs"):
            return "answer"

    with spans.run("apply", "x"):
        with spans.call("searchAssets"):
            pass
        crew = spans.crew(ThreadCrew(2))
        crew.start(ask, "nobody's")
        (answer,) = crew.answers(20)
        crew.close()
    assert answer.value == "answer"
    found = by_name(kept)
    run = id_of(found["s7spec apply"])
    for name in ("ips.searchAssets", "ips.getActiveJobs"):
        assert parent_of(found[name]) == run
        assert found[name].kind is SpanKind.CLIENT


def test_a_failed_call_says_so_without_more_than_its_sentence(kept: InMemorySpanExporter) -> None:
    spans = spans_into(kept)

    def failing() -> None:
        with spans.run("apply", "x"), spans.call("submitJob"):
            try:
                raise ValueError("canary-9f2c")
            except ValueError as error:
                raise IpsUnreachable("no connection") from error

    with pytest.raises(IpsUnreachable):
        failing()
    span = by_name(kept)["ips.submitJob"]
    assert span.status.description == "no connection"
    assert "canary" not in span.to_json()


def test_a_longer_trace_is_continued(kept: InMemorySpanExporter) -> None:
    spans = spans_into(kept, TRACEPARENT=PARENT)
    with spans.run("apply", "x"):
        pass
    (span,) = kept.get_finished_spans()
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == PARENT.split("-")[1]
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == PARENT.split("-")[2]


@pytest.mark.parametrize("parent", ["", "nonsense", "00-0-0-00", PARENT.replace("00-", "ff-", 1)])
def test_a_parent_that_is_none_begins_a_trace(kept: InMemorySpanExporter, parent: str) -> None:
    spans = spans_into(kept, TRACEPARENT=parent, TRACESTATE="a=b")
    with spans.run("apply", "x"):
        pass
    assert kept.get_finished_spans()[0].parent is None


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, False),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_SERVICE_NAME": "x", "TRACEPARENT": PARENT}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
    ],
)
def test_nobody_is_traced_who_does_not_ask(environ: dict[str, str], asked: bool) -> None:
    assert is_asked_for(environ) is asked
    if not asked:
        assert isinstance(open_tracing(environ), Untraced)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "there are otlp, console and none"),
        ({"OTEL_TRACES_EXPORTER": "otlp,jaeger"}, "jaeger"),
        (
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "http/protobuf only",
        ),
    ],
)
def test_what_cannot_be_done_is_said(environ: dict[str, str], said: str) -> None:
    with pytest.raises(TracingUnusable, match=said):
        open_tracing(environ)


def test_spans_reach_a_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    with collector() as (url, heard):
        variables = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": url,
            "OTEL_EXPORTER_OTLP_HEADERS": "x-team=dam",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=ci",
            "TRACEPARENT": PARENT,
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        tracing = open_tracing(variables)
        with tracing.run("apply", "x"), tracing.call("submitJob"):
            pass
        tracing.close()
    ((path, headers, body),) = heard
    assert path == "/v1/traces"
    assert {name.lower(): value for name, value in headers.items()}["x-team"] == "dam"
    request = ExportTraceServiceRequest.FromString(body)
    (resource,) = request.resource_spans
    told = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert told["service.name"] == "s7spec"
    assert told["deployment.environment"] == "ci"
    spans = [span for scope in resource.scope_spans for span in scope.spans]
    assert {span.name for span in spans} == {"s7spec apply", "ips.submitJob"}
    assert {span.trace_id.hex() for span in spans} == {PARENT.split("-")[1]}


def test_a_service_may_be_called_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    with collector() as (url, heard):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        monkeypatch.setenv("OTEL_SERVICE_NAME", "exports")
        tracing = open_tracing({"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_SERVICE_NAME": "exports"})
        with tracing.run("plan", "x"):
            pass
        tracing.close()
    request = ExportTraceServiceRequest.FromString(heard[0][2])
    told = {e.key: e.value.string_value for e in request.resource_spans[0].resource.attributes}
    assert told["service.name"] == "exports"
