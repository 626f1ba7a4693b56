"""A run as spans: one for the command, below it one for each job, and one for each request to IPS
below the job it is made for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry.context import Context, attach, detach
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from s7spec import __version__
from s7spec.adapters.telemetry.job_spans import JobSpans
from s7spec.adapters.telemetry.troubles import Troubles
from s7spec.apply import Crew
from s7spec.apply.crew import Answer
from s7spec.apply.flight import Flight
from s7spec.model.job import JobKey
from s7spec.model.plan import Plan
from s7spec.model.receipt import RunItem
from s7spec.plan import plan_digest
from s7spec.ports import PortError

_FLUSH_SECONDS = 4.0
"""Within what a CI leaves to a cancelled job; nobody waits longer for a collector that is away."""

_GOOD = (0, 2)


class Spans:
    """See ``untraced.Tracing``. TRACEPARENT and TRACESTATE of the environment make the command a
    part of a longer trace."""

    def __init__(self, provider: TracerProvider, environ: Mapping[str, str]) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("s7spec", __version__)
        carrier = {"traceparent": environ.get("TRACEPARENT", "")}
        carrier["tracestate"] = environ.get("TRACESTATE", "")
        self._above = TraceContextTextMapPropagator().extract(carrier)
        self._run: Span | None = None
        self._context: Context = self._above
        self._jobs = JobSpans(self._tracer)
        self._troubles = Troubles()

    @contextmanager
    def run(self, command: str, run_id: str) -> Iterator[None]:
        span = self._tracer.start_span(
            f"s7spec {command}",
            context=self._above,
            attributes={"s7spec.command": command, "s7spec.run": run_id},
        )
        self._run = span
        self._context = set_span_in_context(span, self._above)
        token = attach(self._context)
        try:
            yield
        finally:
            self._jobs.end_all()
            span.end()
            detach(token)

    @contextmanager
    def call(self, operation: str) -> Iterator[None]:
        with self._tracer.start_as_current_span(
            f"ips.{operation}",
            kind=SpanKind.CLIENT,
            attributes={"rpc.system": "soap", "rpc.service": "IpsApi", "rpc.method": operation},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except PortError as error:
                # One plain sentence without secrets; the exception itself may quote more.
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(Status(StatusCode.ERROR, str(error)))
                raise

    def crew(self, crew: Crew) -> Crew:
        return _TracedCrew(crew, self._context_of)

    def plan(self, plan: Plan) -> None:
        if self._run is None:
            return
        header = plan.header
        self._run.set_attributes(
            {
                "s7spec.company": header.company,
                "s7spec.environment": header.environment,
                "s7spec.digest": plan_digest(plan),
                "s7spec.jobs": len(plan.items),
            }
        )

    def ended(self, outcome: str, exit_code: int) -> None:
        if self._run is None:
            return
        self._run.set_attributes({"s7spec.outcome": outcome, "s7spec.exit_code": exit_code})
        if exit_code not in _GOOD:
            self._run.set_status(Status(StatusCode.ERROR, outcome))

    def close(self) -> str:
        """A collector that does not answer must not keep the command: the rest is lost then."""
        sending = threading.Thread(target=self._provider.shutdown, name="traces", daemon=True)
        sending.start()
        sending.join(_FLUSH_SECONDS)
        if not sending.is_alive() and not self._troubles.seen:
            return ""
        return (
            "not all of them could be sent: is there a collector at the endpoint? (-v tells more)"
        )

    # The observer

    def planned(self, jobs: int, assets: int) -> None:
        if self._run is not None:
            self._run.add_event("begun", {"s7spec.jobs": jobs, "s7spec.assets": assets})

    def moved(self, item: RunItem, *, assets: int) -> None:
        self._jobs.moved(item, assets, self._context)

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        self._jobs.progressed(key, percent, message)

    def said(self, message: str) -> None:
        if self._run is not None:
            self._run.add_event("said", {"message": message})

    def silent(self, error: PortError, *, seconds: float, patience: float) -> None:
        if self._run is not None:
            self._run.add_event("silent", {"message": str(error), "seconds": seconds})

    def answers(self, seconds: float) -> None:
        if self._run is not None:
            self._run.add_event("answers", {"seconds": seconds})

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        span = self._run if key is None else self._jobs.span(key)
        if span is not None:
            span.add_event("waiting", {"message": message, "seconds": seconds})

    def _context_of(self, token: object) -> Context:
        """Where a call belongs: below its job, once there is a span of that; else below the run."""
        span = self._jobs.span(token.item.key) if isinstance(token, Flight) else None
        return self._context if span is None else set_span_in_context(span, self._context)


@dataclass(frozen=True, slots=True)
class _TracedCrew:
    """Calls are made in other threads, which know nothing of the spans of ours."""

    of: Crew
    context_of: Callable[[object], Context]

    @property
    def has_room(self) -> bool:
        return self.of.has_room

    def start(self, call: Callable[[], object], token: object) -> None:
        context = self.context_of(token)

        def traced() -> object:
            attached = attach(context)
            try:
                return call()
            finally:
                detach(attached)

        self.of.start(traced, token)

    def answers(self, seconds: float) -> Iterator[Answer]:
        return self.of.answers(seconds)

    def wake(self) -> None:
        self.of.wake()

    def close(self) -> None:
        self.of.close()
