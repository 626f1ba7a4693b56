"""The diff table, row by row: each file in ``cases/`` is a test."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.job import ExportJob, attempt_name
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.plan import Action, AssetChange, FieldChange, PlanItem, Reason, ReasonCode
from s7spec.model.preset import Preset
from s7spec.model.project import Limits
from s7spec.plan import REASONS_OF, make_plan, read_plan, write_plan
from tests.fakes.catalog import asset
from tests.fakes.jobs import (
    attempt,
    export_job,
    job_key,
    plan_header,
    resolved_job,
    snapshot_of,
)

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def load(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = yaml.safe_load(path.read_text())
    known = {"about", "ledger", "jobs", "seen", "whole", "expect"}
    assert case.keys() <= known, f"{path.name}: unknown keys {case.keys() - known}"
    return case


def payload(values: Mapping[str, Any]) -> ExportJob:
    macro: str | None = values.get("macro")
    preset = values.get("preset")
    found = values.get("assets")
    return export_job(
        None if found is None else [asset(path, **facts) for path, facts in found.items()],
        fmt=Fmt(values.get("fmt", "convert")),
        is_modifier=values.get("is_modifier", "wid=100"),
        macro=macro,
        preset=None
        if preset is None
        else Preset(name=(macro or "").strip("$"), urlModifier=preset),
        presets=tuple(
            Preset(name=name, urlModifier=text) for name, text in values.get("presets", {}).items()
        ),
        emailSetting=EmailSetting(values.get("emailSetting", "Error")),
    )


def latest(short: str, values: dict[str, Any]) -> Attempt:
    facts = dict(values)
    wanted = payload(facts.pop("payload", {}))
    return attempt(short, wanted, state=AttemptState(facts.pop("state")), version=5, **facts)


def seen(name: str, values: dict[str, Any] | None) -> JobSnapshot | None:
    if values is None:
        return None
    facts = dict(values)
    return JobSnapshot(
        originalName=name, jobHandle="j|7||x|1", phase=JobPhase(facts.pop("phase")), **facts
    )


def items(case: Mapping[str, Any]) -> dict[str, PlanItem]:
    attempts = {short: latest(short, facts) for short, facts in case.get("ledger", {}).items()}
    plan = make_plan(
        jobs=tuple(resolved_job(short, payload(facts)) for short, facts in case["jobs"].items()),
        snapshot=snapshot_of(tuple(attempts[short] for short in sorted(attempts))),
        observed={
            attempts[short].name: seen(attempts[short].name, facts)
            for short, facts in case.get("seen", {}).items()
        },
        header=plan_header(),
        limits=Limits(),
        whole=case.get("whole", True),
    )
    assert read_plan(write_plan(plan)) == plan
    return {item.key.short: item for item in plan.items}


def written_change(change: FieldChange) -> str:
    return f"{change.field}: {change.before or 'none'} -> {change.after or 'none'}"


def written_asset(change: AssetChange) -> str:
    assert (change.before is None) == (change.kind == "new")
    assert (change.after is None) == (change.kind == "gone")
    return f"{change.kind} {change.path}"


def check_reasons(found: Iterable[Reason], expected: list[dict[str, Any]]) -> None:
    for reason, wanted in zip(found, expected, strict=True):
        assert reason.code == wanted["code"]
        assert wanted.get("detail", "") in reason.detail
        assert reason.detail
        assert [written_change(change) for change in reason.fields] == wanted.get("fields", [])
        assert [written_asset(change) for change in reason.assets] == wanted.get("assets", [])


def check_item(short: str, item: PlanItem, wanted: Mapping[str, Any], case: Any) -> None:
    prior = case.get("ledger", {}).get(short)
    assert item.action == wanted["action"]
    check_reasons(item.reasons, wanted["reasons"])
    if item.action is Action.FORGET:
        assert (item.attempt_name, item.generation) == ("", 0)
    else:
        assert item.generation == wanted["generation"]
    is_wanted = wanted.get("wanted", item.action is not Action.FORGET)
    assert (item.export_job is not None) == is_wanted
    if item.export_job is not None:
        assert item.fingerprint == item.export_job.fingerprint
        if wanted.get("attempt") != "latest":
            name = attempt_name(job_key(short), item.export_job.fingerprint, item.generation)
            assert item.attempt_name == name
    if prior is None:
        assert item.prior is None
        return
    assert item.prior is not None
    assert (item.prior.attempt_name, item.prior.version) == (latest(short, prior).name, 5)
    if wanted.get("attempt") == "latest":
        assert item.attempt_name == item.prior.attempt_name


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = load(path)
    found = items(case)
    assert list(found) == sorted(case["expect"])
    for short, wanted in case["expect"].items():
        check_item(short, found[short], wanted, case)


def test_every_pair_of_action_and_reason_has_a_case_or_cannot_be() -> None:
    found = {
        (item.action, reason.code)
        for path in CASES
        for item in items(load(path)).values()
        for reason in item.reasons
    }
    for action in Action:
        for code in ReasonCode:
            possible = code in REASONS_OF[action]
            assert ((action, code) in found) == possible, f"{action} x {code}"
