"""The diff table, row by row: each file in ``cases/`` is a test."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from s7spec.model.job import attempt_name
from s7spec.model.plan import Action, AssetChange, FieldChange, PlanItem, Reason, ReasonCode
from s7spec.plan import REASONS_OF, read_plan, write_plan
from tests.fakes.jobs import job_key
from tests.plan.case_files import CASES, VERSION, Facts, job, known, load, plan_of, view


def items(case: Facts) -> dict[str, PlanItem]:
    plan = plan_of(case)
    assert read_plan(write_plan(plan)) == plan
    return {item.key.short: item for item in plan.items}


def written_change(change: FieldChange) -> str:
    return f"{change.field}: {change.before or 'none'} -> {change.after or 'none'}"


def written_asset(change: AssetChange) -> str:
    assert (change.before is None) == (change.kind == "new")
    assert (change.after is None) == (change.kind == "gone")
    return f"{change.kind} {change.path}"


def check_reasons(found: Iterable[Reason], expected: list[Any]) -> None:
    told = [{"code": wanted} if isinstance(wanted, str) else wanted for wanted in expected]
    assert [reason.code.value for reason in found] == [wanted["code"] for wanted in told]
    for reason, wanted in zip(found, told, strict=True):
        assert wanted.get("detail", "") in reason.detail
        assert reason.detail
        assert [written_change(change) for change in reason.fields] == wanted.get("fields", [])
        assert [written_asset(change) for change in reason.assets] == wanted.get("assets", [])


def check_name(item: PlanItem, wanted: Facts, case: Facts) -> None:
    """``attempt`` is a name as it is, or ``latest``; else the name follows from what is sent, and
    from the key: the job's, or ``name_of``."""
    attempt = wanted.get("attempt")
    if attempt is None:
        sent = item.sent_fingerprint
        assert sent is not None
        owner = job_key(wanted["name_of"]) if "name_of" in wanted else item.key
        assert item.attempt_name == attempt_name(owner, sent, item.generation)
        assert not view(case).knows(item.attempt_name)
    elif attempt == "latest":
        assert item.prior is not None
        assert item.attempt_name == item.prior.attempt_name
    else:
        assert item.attempt_name == attempt


def check_wishes(item: PlanItem, short: str, wanted: Facts, case: Facts) -> None:
    """What is wanted now goes with the item, whatever is done."""
    if item.export_job is None:
        assert short not in case["jobs"]
        return
    now = job(short, case["jobs"][short])
    assert item.export_job == now.export_job
    assert item.fingerprint == item.export_job.fingerprint
    assert (item.timing, item.rerun) == (now.policy.timing, wanted.get("rerun", now.policy.rerun))
    only = None if item.only is None else [asset.path for asset in item.only]
    assert only == wanted.get("only")
    assert item.stops_older == wanted.get("stops_older", False)
    if item.action.sends or "tries" in wanted:
        assert item.tries == wanted.get("tries", 1)


def check_item(short: str, item: PlanItem, wanted: Facts, case: Facts) -> None:
    assert item.action == wanted["action"]
    check_reasons(item.reasons, wanted["reasons"])
    if item.action is Action.FORGET:
        assert (item.attempt_name, item.generation) == ("", 0)
    else:
        assert item.generation == wanted["generation"]
        check_name(item, wanted, case)
    check_wishes(item, short, wanted, case)
    before = wanted.get("moved_from")
    assert item.moved_from == (None if before is None else job_key(before))
    history = before or short
    if history not in case.get("ledger", {}):
        assert item.prior is None
    else:
        assert item.prior is not None
        latest = known(case, history)
        assert (item.prior.attempt_name, item.prior.version) == (latest.name, VERSION)


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
    wrong = [
        f"{action} x {code}"
        for action in Action
        for code in ReasonCode
        if ((action, code) in found) != (code in REASONS_OF[action])
    ]
    assert wrong == []
