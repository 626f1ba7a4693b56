"""JSON for programs: held to the published schemas, and good on any terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from s7spec.model.diagnostics import Severity
from s7spec.model.ips import ActiveJob, JobPhase
from s7spec.model.ledger import Attempt, AttemptState, FailureClass, OutcomeKind
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.plan import Action, VerdictLevel
from s7spec.model.receipt import RunOutcome, RunReport
from s7spec.model.trace import FieldOrigin, StepKind, VariableOrigin
from s7spec.modifiers.commands import ALL_COMMANDS, Effect, Kind, Use
from s7spec.modifiers.prediction import Color, Flag, Reason
from s7spec.modifiers.preview import NoPreview
from s7spec.pipeline.inspecting import PieceKind
from s7spec.report.json_diagnostics import diagnostics_json
from s7spec.report.json_history import history_json
from s7spec.report.json_ledger import (
    lease_json,
    ledger_check_json,
    ledger_job_json,
    ledger_list_json,
    rebuilt_json,
)
from s7spec.report.json_modifier import modifier_json, modifier_json_line
from s7spec.report.json_rules import rules_json
from s7spec.report.json_run import run_json
from s7spec.report.json_status import status_json
from s7spec.report.json_trace import trace_json
from s7spec.report.modifier_commands import commands_json
from s7spec.report.rule_pages import PAGES
from tests.report.findings import findings
from tests.report.inspections import (
    CANARY,
    everyday,
    everything,
    hostile,
    refused,
    tried,
    unknown,
)
from tests.report.ledgers import (
    hostile_attempts,
    hostile_rebuilt,
    last_attempt,
    lease,
    listing,
    rebuilt,
    special_attempts,
)
from tests.report.runs import (
    attempts,
    events,
    everyday_report,
    hostile_report,
    report_of,
    report_of_every_action,
    report_of_the_rest,
    running,
)
from tests.report.traces import everyday_trace, hostile_trace

_SCHEMAS = Path(__file__).parents[2] / "schemas"
_NAMES = (
    "diagnostics",
    "rules",
    "run",
    "history",
    "status",
    "job-trace",
    "modifier",
    "modifier-commands",
    "ledger-list",
    "ledger-job",
    "ledger-lease",
    "ledger-check",
    "ledger-rebuild",
)


def _status(of: Sequence[Attempt], shown: Sequence[ActiveJob] | None) -> str:
    owners = {each.name: each.key for each in of}
    return "".join(status_json(of, shown, owners, lease() if of else None))


def _job(of: Sequence[Attempt]) -> str:
    return ledger_job_json(of[0].key, of, events(of), b"\x07" * 32)


_DOCUMENTS: dict[str, tuple[str, Callable[[], str]]] = {
    "diagnostics": ("diagnostics", lambda: diagnostics_json(findings())),
    "no-diagnostics": ("diagnostics", lambda: diagnostics_json(())),
    "rules": ("rules", lambda: rules_json(PAGES.values())),
    "run": ("run", lambda: run_json(everyday_report())),
    "hostile-run": ("run", lambda: run_json(hostile_report())),
    "actions-run": ("run", lambda: run_json(report_of_every_action())),
    "partly-stale-run": ("run", lambda: run_json(report_of_the_rest())),
    "empty-run": ("run", lambda: run_json(report_of())),
    "history": ("history", lambda: history_json(attempts(), events(attempts()))),
    "no-history": ("history", lambda: history_json((), {})),
    "history-special": (
        "history",
        lambda: history_json(special_attempts(), events(special_attempts())),
    ),
    "status": ("status", lambda: _status(attempts(), running(attempts()))),
    "unasked-status": ("status", lambda: _status(attempts(), None)),
    "hostile-status": ("status", lambda: _status(hostile_attempts(), ())),
    "ledger-list": ("ledger-list", lambda: "".join(ledger_list_json("acme", "x", listing()))),
    "empty-ledger-list": ("ledger-list", lambda: "".join(ledger_list_json("acme", "x", ()))),
    "long-ledger-list": (
        "ledger-list",
        lambda: "".join(ledger_list_json("acme", "x", listing() * 100)),
    ),
    "ledger-job": ("ledger-job", lambda: _job(special_attempts())),
    "hostile-ledger-job": ("ledger-job", lambda: _job(hostile_attempts())),
    "ledger-lease": ("ledger-lease", lambda: lease_json("a", "x", lease(), has_run_out=True)),
    "no-lease": ("ledger-lease", lambda: lease_json("a", "x", None, has_run_out=False)),
    "ledger-check": ("ledger-check", lambda: ledger_check_json(["page 3 is torn"])),
    "good-ledger-check": ("ledger-check", lambda: ledger_check_json(())),
    "ledger-rebuild": ("ledger-rebuild", lambda: rebuilt_json(rebuilt())),
    "hostile-ledger-rebuild": ("ledger-rebuild", lambda: rebuilt_json(hostile_rebuilt())),
    "job-trace": ("job-trace", lambda: trace_json(everyday_trace("sku-4712-half"))),
    "matrix-trace": ("job-trace", lambda: trace_json(everyday_trace("shop-small"))),
    "trace-with-ledger": (
        "job-trace",
        lambda: trace_json(everyday_trace("shop-small"), last_attempt()),
    ),
    "hostile-trace": ("job-trace", lambda: trace_json(hostile_trace())),
    "modifier": ("modifier", lambda: modifier_json(everything(), tried=tried())),
    "everyday-modifier": ("modifier", lambda: modifier_json(everyday())),
    "unknown-modifier": ("modifier", lambda: modifier_json(unknown())),
    "refused-modifier": ("modifier", lambda: modifier_json(refused())),
    "hostile-modifier": ("modifier", lambda: modifier_json(hostile())),
    "modifier-line": ("modifier", lambda: modifier_json_line(hostile())),
    "modifier-commands": ("modifier-commands", lambda: commands_json(ALL_COMMANDS)),
    "no-status": ("status", lambda: _status((), ())),
}


def _short_attempts() -> tuple[Attempt, ...]:
    """The same with two assets each: a golden that a person can read."""
    return tuple(
        replace(
            each,
            export_job=replace(each.export_job, assets=each.export_job.assets[:2]),
            outcomes=each.outcomes[:2],
        )
        for each in attempts()
    )


def _short_report() -> RunReport:
    report = everyday_report()
    items = tuple(replace(each, outcomes=each.outcomes[:2]) for each in report.items)
    return replace(report, items=items)


_SHORT: dict[str, Callable[[], str]] = {
    "run": lambda: run_json(_short_report()),
    "history": lambda: history_json(_short_attempts(), events(attempts())),
    "status": lambda: _status(_short_attempts(), running(attempts())),
}


def _schema(name: str) -> dict[str, object]:
    schema = json.loads((_SCHEMAS / f"{name}.schema.json").read_text())
    assert isinstance(schema, dict)
    return schema


def _parts(value: object) -> Iterator[dict[str, object]]:
    """Every JSON object in a schema."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _parts(part)
    if isinstance(value, list):
        for part in value:
            yield from _parts(part)


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_document_keeps_to_its_schema(name: str) -> None:
    schema, render = _DOCUMENTS[name]
    errors = list(Draft202012Validator(_schema(schema)).iter_errors(json.loads(render())))
    assert not errors, errors[0]


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_document_prints_anywhere(name: str) -> None:
    text = _DOCUMENTS[name][1]()
    assert text.isascii()
    assert text.endswith("}\n")
    assert text.replace("\n", "").isprintable()
    assert json.loads(text)["format_version"] == "1.0"
    assert next(iter(json.loads(text))) == "format_version"


@pytest.mark.parametrize(
    "name", ["diagnostics", "run", "history", "status", "job-trace", "modifier"]
)
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.json", _SHORT.get(name, _DOCUMENTS[name][1])())


@pytest.mark.parametrize("name", _NAMES)
def test_schema_helps_editors_and_admits_nothing_else(name: str) -> None:
    schema = _schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for part in _parts(schema):
        properties = part.get("properties")
        if not isinstance(properties, dict) or part.get("type") != "object":
            continue
        assert part["unevaluatedProperties"] is False
        assert part["required"] == list(properties)
        for key, value in properties.items():
            assert value["description"], key
            _assert_examples_hold(schema, key, value)


def _assert_examples_hold(schema: dict[str, object], key: str, value: dict[str, object]) -> None:
    examples = value.get("examples")
    assert isinstance(examples, list), key
    assert examples, key
    validator = Draft202012Validator({**value, "$defs": schema.get("$defs", {})})
    for example in examples:
        assert not list(validator.iter_errors(example)), (key, example)


@pytest.mark.parametrize("name", _NAMES)
def test_schema_refuses_what_is_not_emitted(name: str) -> None:
    schema, render = _DOCUMENTS[name]
    validator = Draft202012Validator(_schema(schema))
    whole = json.loads(render())
    assert not validator.is_valid({**whole, "extra": 1})
    for key in whole:
        assert not validator.is_valid({other: whole[other] for other in whole if other != key})


def _enums(name: str) -> set[tuple[str | None, ...]]:
    return {
        tuple(part["enum"])
        for part in _parts(_schema(name))
        if isinstance(part.get("enum"), list)
        if isinstance(part["enum"], list)
    }


def test_schema_enums_are_the_models() -> None:
    states: tuple[str, ...] = tuple(state.value for state in AttemptState)
    kinds = tuple(kind.value for kind in OutcomeKind)
    payload = {tuple(fmt.value for fmt in Fmt), tuple(each.value for each in EmailSetting)}
    actions = tuple(action.value for action in Action)
    outcomes = tuple(outcome.value for outcome in RunOutcome)
    assert _enums("diagnostics") == {tuple(severity.value for severity in Severity)}
    failures = (*(failure.value for failure in FailureClass), None)
    levels = tuple(level.value for level in VerdictLevel)
    assert _enums("run") == {(*states, None), kinds, actions, outcomes, levels}
    assert _enums("history") == {states, kinds, failures} | payload
    assert _enums("ledger-job") == _enums("history")
    assert _enums("status") == {states, kinds, failures}
    assert _enums("ledger-list") == {states}
    assert _enums("ledger-rebuild") == {
        (*states, None),
        tuple(phase.value for phase in JobPhase),
    }
    origins = tuple(origin.value for origin in VariableOrigin)
    writers = tuple(origin.value for origin in FieldOrigin)
    steps = tuple(kind.value for kind in StepKind)
    assert _enums("job-trace") == {origins, writers, steps, states}


def test_enums_about_modifiers_are_the_codes() -> None:
    assert _enums("modifier") == {
        tuple(severity.value for severity in Severity),
        tuple(kind.value for kind in PieceKind),
        tuple(flag.name.lower() for flag in Flag),
        tuple(reason.name.lower() for reason in Reason),
        (*(color.value for color in Color), None),
        (*(why.value for why in NoPreview), None),
    }
    assert _enums("modifier-commands") == {
        tuple(each.value for each in Effect),
        tuple(each.value for each in Use),
        tuple(each.value for each in Kind),
    }


def test_a_modifier_in_a_line_is_the_same_and_one_line() -> None:
    line = modifier_json_line(hostile())
    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(modifier_json(hostile()))


def test_no_secret_of_a_modifier_comes_out() -> None:
    text = modifier_json(hostile())
    assert CANARY not in text
    assert "********" in text


def test_findings_are_described_as_everywhere() -> None:
    own, all_ = _schema("modifier")["$defs"], _schema("diagnostics")["$defs"]
    assert isinstance(own, dict)
    assert isinstance(all_, dict)
    assert {key: own[key] for key in all_} == all_


def test_shared_definitions_are_the_same() -> None:
    """Each schema stands alone; what they have in common must not drift apart."""
    definitions: dict[str, object] = {}
    for name in ("run", "history", "status", "ledger-job", "ledger-list"):
        shared = _schema(name)["$defs"]
        assert isinstance(shared, dict)
        for key in ("asset", "outcome", "fingerprint"):
            if key in shared:
                assert definitions.setdefault(key, shared[key]) == shared[key], (name, key)
    assert len(definitions) == 3


def test_counts_and_flags() -> None:
    found = json.loads(diagnostics_json(findings()))
    assert (found["valid"], found["error_count"], found["warning_count"]) == (False, 6, 1)
    assert json.loads(diagnostics_json(findings()[-1:]))["valid"] is True
    run = json.loads(run_json(everyday_report()))
    assert run["totals"]["files"] == {"ok": 93, "warning": 1, "error": 2, "unknown": 0}
    assert run["totals"]["items"] == 7
    assert sum(run["totals"]["states"].values()) == 5


def test_status_says_which_running_job_is_ours() -> None:
    status = json.loads(_status(attempts(), running(attempts())))
    assert [job["job"] for job in status["running"]] == ["acme/local/walmart/a", None, None]


def test_nothing_is_lost_in_json() -> None:
    """JSON carries the very text; only people get it made visible."""
    found = json.loads(diagnostics_json(findings()))
    assert found["diagnostics"][3]["summary"] == findings()[3].summary
    assert "\x1b[31m" in found["diagnostics"][3]["snippet"]
