"""The spans of jobs: from the first word about an attempt to its end."""

from __future__ import annotations

from opentelemetry.context import Context
from opentelemetry.trace import Span, Status, StatusCode, Tracer

from s7spec.model.job import JobKey
from s7spec.model.ledger import AttemptState
from s7spec.model.receipt import RunItem

_WELL = (AttemptState.OK, AttemptState.CANCELLED)


class JobSpans:
    """One open span for each job. A job that replaces an older attempt has one for each of them.
    Only the thread that observes the run changes them."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._open: dict[JobKey, tuple[str, Span]] = {}

    def span(self, key: JobKey) -> Span | None:
        found = self._open.get(key)
        return None if found is None else found[1]

    def moved(self, item: RunItem, assets: int, above: Context) -> None:
        state = item.state
        if state is None:
            return
        name, span = self._open.get(item.key, ("", None))
        if span is None or name != item.attempt_name:
            if span is not None:
                span.end()
            span = self._begin(item, assets, above)
        span.add_event(state.value, {"message": item.message} if item.message else {})
        span.set_attribute("s7spec.state", state.value)
        if state.is_open and state is not AttemptState.SCHEDULED:
            return
        if not state.is_open and state not in _WELL:
            span.set_status(Status(StatusCode.ERROR, item.message or state.value))
        del self._open[item.key]
        span.end()

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        span = self.span(key)
        if span is not None and percent is not None:
            span.add_event("progress", {"percent": percent, "message": message})

    def end_all(self) -> None:
        """What is still open is left to IPS, or to a later run."""
        for _, span in self._open.values():
            span.end()
        self._open.clear()

    def _begin(self, item: RunItem, assets: int, above: Context) -> Span:
        key = item.key
        span = self._tracer.start_span(
            "export job",
            context=above,
            attributes={
                "s7spec.job": str(key),
                "s7spec.manifest": key.manifest,
                "s7spec.export": key.export,
                "s7spec.action": item.action.value,
                "s7spec.attempt": item.attempt_name,
                "s7spec.assets": assets,
            },
        )
        self._open[key] = (item.attempt_name, span)
        return span
