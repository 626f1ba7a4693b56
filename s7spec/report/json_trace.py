"""Where a job comes from, for programs (schemas/job-trace.schema.json)."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.model.effective import EffectiveCommand
from s7spec.model.source import JsonValue
from s7spec.model.trace import FieldTrace, JobTrace, Step, VariableTrace
from s7spec.pipeline.last_attempt import LastAttempt
from s7spec.report.figures import iso
from s7spec.report.json_document import document, key_fields, place_fields
from s7spec.report.trace_values import Secrets

MOST_ITEMS = 100
"""A list or mapping of more is left out: its place says where to read it."""


def trace_json(trace: JobTrace, last: LastAttempt | None = None) -> str:
    """The whole trace, and what the ledger knows of the job. Values that look like credentials are
    masked."""
    secrets = Secrets.of(trace)
    pen = _Pen(secrets)
    key = {name: secrets.mask(part) for name, part in key_fields(trace.key).items()}
    return document(
        {
            "job": "/".join(key.values()),
            **key,
            "where": place_fields(trace.manifest),
            "fields": [pen.field(field) for field in trace.fields],
            "effective": [pen.effective(each) for each in trace.effective],
            "steps": [pen.step(step) for step in trace.steps],
            "ledger": None if last is None else pen.last(last),
        }
    )


class _Pen:
    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def field(self, field: FieldTrace) -> dict[str, object]:
        return {
            "name": field.name,
            "value": self._value(field.value, field.name),
            "origin": field.origin.value,
            "where": place_fields(field.where),
            "written": self._value(field.written, field.name),
            "variables": [self.variable(each) for each in field.variables],
            "parts": [self.field(part) for part in field.parts],
        }

    def variable(self, variable: VariableTrace) -> dict[str, object]:
        written = variable.written
        return {
            "path": variable.path,
            "value": self._value(variable.value, variable.path),
            "items": _size(variable.value),
            "origin": variable.origin.value,
            "where": place_fields(variable.where),
            "label": variable.label,
            "written": None if written is None else self._secrets.mask(written),
            "variables": [self.variable(each) for each in variable.variables],
        }

    def effective(self, each: EffectiveCommand) -> dict[str, object]:
        return {
            "command": self._secrets.mask(each.command),
            "origin": each.origin,
            "overrides": [self._secrets.mask(text) for text in each.overrides],
            "order_is_inferred": each.order_is_inferred,
        }

    def step(self, step: Step) -> dict[str, object]:
        return {
            "kind": step.kind.value,
            "name": step.name,
            "where": place_fields(step.where),
            "written": None if step.written is None else self._secrets.mask(step.written),
            "variables": [self.variable(each) for each in step.variables],
        }

    def last(self, last: LastAttempt) -> dict[str, object]:
        return {
            "attempt_name": self._secrets.mask(last.attempt_name),
            "generation": last.generation,
            "state": last.state.value,
            "forgotten": last.forgotten,
            "at": iso(last.at),
            "message": self._secrets.mask(last.message),
            "asked_alike": last.is_asked_alike,
        }

    def _value(self, value: JsonValue, name: str) -> object:
        size = _size(value)
        if size is not None and size > MOST_ITEMS:
            return None
        return _plain(self._secrets.masked_value(value, name))


def _size(value: JsonValue) -> int | None:
    return len(value) if isinstance(value, Mapping | tuple) else None


def _plain(value: JsonValue) -> object:
    if isinstance(value, Mapping):
        return {key: _plain(below) for key, below in value.items()}
    if isinstance(value, tuple):
        return [_plain(below) for below in value]
    return value
