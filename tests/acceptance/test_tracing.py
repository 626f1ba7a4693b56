"""Traces of whole commands, for those who ask for them; for all others they do not exist."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.acceptance.conftest import Command
from tests.fakes.collector import collector

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

PROGRAM = """\
import sys
{before}
from s7spec.cli.boundary import run
code = run(sys.argv[1:])
print("loaded:", any(name.startswith("opentelemetry") for name in sys.modules), file=sys.stderr)
sys.exit(code)
"""


def _run(*arguments: str, before: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(before=before), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environ},
    )


def _spans(heard: list[tuple[str, dict[str, str], bytes]]) -> list[Span]:
    requests = [ExportTraceServiceRequest.FromString(body) for _, _, body in heard]
    return [
        span
        for request in requests
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def _text(span: Span, name: str) -> str:
    return next((each.value.string_value for each in span.attributes if each.key == name), "")


def test_an_apply_is_one_trace(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = "canary-9f2c"
    (project / "catalog" / "catalog.yaml").write_text(
        "company: {name: Acme, number: 110, rootPath: Acme/}\n"
        f"users: [{{email: ci@example.com, password: {canary}, firstName: C, lastName: I,"
        " role: IpsCompanyAdmin}]\n"
    )
    monkeypatch.setenv("S7SPEC_USER", "ci@example.com")
    monkeypatch.setenv("S7SPEC_PASSWORD", canary)
    with collector() as (url, heard):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        monkeypatch.setenv("TRACEPARENT", PARENT)
        assert s7spec("apply", "--yes").code == 0
    spans = _spans(heard)
    assert {span.trace_id.hex() for span in spans} == {PARENT.split("-")[1]}
    (run,) = [span for span in spans if span.name == "s7spec apply"]
    assert run.parent_span_id.hex() == PARENT.split("-")[2]
    jobs = {span.span_id: span for span in spans if span.name == "export job"}
    assert {_text(job, "s7spec.job") for job in jobs.values()} == {
        f"Acme/local/shop/{name}" for name in ("large", "small", "masters")
    }
    assert {job.parent_span_id for job in jobs.values()} == {run.span_id}
    calls = [span for span in spans if span.name.startswith("ips.")]
    submits = [span for span in calls if span.name == "ips.submitJob"]
    assert sorted(jobs) == sorted(span.parent_span_id for span in submits)
    assert all(span.parent_span_id in {run.span_id, *jobs} for span in calls)
    assert any(span.name == "ips.searchAssets" for span in calls)
    assert not any(canary.encode() in body for _, _, body in heard)


def test_a_failed_command_is_a_failed_span(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collector() as (url, heard):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        assert s7spec("plan", "--env", "stranger").code == 3
    (run,) = [span for span in _spans(heard) if span.name == "s7spec plan"]
    assert (run.status.code, run.status.message) == (2, "invalid")


def test_nothing_is_imported_unasked(project: Path) -> None:
    done = _run("apply", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith("loaded: False\n")


def test_asked_for_and_not_installed(project: Path) -> None:
    """Said, and nothing is left undone for it."""
    done = _run(
        *("apply", "--yes"),
        before="sys.modules['opentelemetry'] = None",
        OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9",
    )
    assert done.returncode == 0, done.stderr
    assert "no traces: traces are asked for, but OpenTelemetry cannot be used" in done.stderr
    assert "pip install 's7spec[otel]'" in done.stderr
    assert "Done: 3 ok" in done.stdout


def test_a_collector_that_is_away_keeps_nobody(project: Path) -> None:
    done = _run("apply", "--yes", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr
    assert "Done: 3 ok" in done.stdout
    assert done.stderr.count("traces: not all of them could be sent") == 1
    assert "Traceback" not in done.stderr
    assert "127.0.0.1:9" not in done.stderr


def test_an_exporter_that_is_not_known(project: Path) -> None:
    done = _run("plan", OTEL_TRACES_EXPORTER="zipkin")
    assert done.returncode == 0
    assert "no traces: OTEL_TRACES_EXPORTER=zipkin" in done.stderr


def test_spans_on_the_console_leave_stdout_alone(project: Path) -> None:
    done = _run("plan", "--format", "json", OTEL_TRACES_EXPORTER="console")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["items"]
    assert '"name": "s7spec plan"' in done.stderr
