"""How much is shown, and that what is not shown is said."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s7spec.model.asset import ExcludedAsset
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.ledger import AttemptState, OutcomeKind
from s7spec.model.plan import Action, Plan, ReasonCode
from s7spec.model.receipt import RunOutcome
from s7spec.model.rules import Rule
from s7spec.model.schedule import Timing
from s7spec.report.human_diagnostics import diagnostics_text
from s7spec.report.human_plan import plan_text
from s7spec.report.human_run import history_text, run_text, status_text
from s7spec.report.markdown_plan import plan_markdown
from s7spec.report.plan_outline import for_people
from s7spec.report.view import View
from tests.report.jobs import COMMAND, DIGEST, MUGS, NOW, asset, export_job
from tests.report.ledgers import standing
from tests.report.plans import (
    assets_changed,
    email_changed,
    everyday_plan,
    item,
    large_plan,
    modifier_changed,
    new,
    plan_in_trouble,
    plan_of,
    plan_of_every_action,
    refused_plan,
    told,
    unchanged,
)
from tests.report.runs import attempt, outcome, report_of, run_item

_ACTIONS = "|".join(Action)
_SINGLE = re.compile(rf"^  [^ ] ({_ACTIONS}) +[^ ]+/", re.MULTILINE)
_MANY = re.compile(rf"^  [^ ] (?:{_ACTIONS}) +([\d,]+) jobs", re.MULTILINE)
_QUIET = re.compile(r"^  = ([\d,]+) unchanged", re.MULTILINE)
_STILL = re.compile(r"^unchanged \(([\d,]+) jobs?\)", re.MULTILINE)
_MORE = re.compile(r"^  … and ([\d,]+) more", re.MULTILINE)


def _accounted(text: str) -> int:
    """How many jobs a plan's text speaks of, one way or the other."""
    numbers = [found for part in (_MANY, _QUIET, _STILL, _MORE) for found in part.findall(text)]
    return len(_SINGLE.findall(text)) + sum(int(found.replace(",", "")) for found in numbers)


def _alike(jobs: int, *, manifests: int = 1, ways: int = 1) -> Plan:
    """Jobs that change in so many ways, and one unchanged job per manifest."""
    job = export_job("wid=1")
    items = []
    for manifest in range(manifests):
        for number in range(jobs):
            change = modifier_changed(f"wid=1000&hei={number % ways}", "wid=1200&hei=7")
            items.append(item(f"m{manifest:03}/e{number:04}", Action.SUBMIT, change, job=job))
        items.append(item(f"m{manifest:03}/same", Action.SKIP, unchanged(), job=job))
    return plan_of(*items)


def _stuck(jobs: int) -> Plan:
    """Jobs that wait for people, each for another reason."""
    codes = (ReasonCode.CANNOT_OBSERVE, ReasonCode.TRIED_ENOUGH, ReasonCode.PERMANENT)
    return plan_of(
        *(
            item(
                f"m{number // 9}/e{number:03}",
                Action.BLOCKED,
                *(told(code, "why") for code in codes[: number % 3 + 1]),
                *([email_changed()] * (number // 3)),
                job=export_job(),
            )
            for number in range(jobs)
        ),
        item("m9/same", Action.SKIP, unchanged(), job=export_job()),
    )


@pytest.mark.parametrize(
    "plan",
    [
        everyday_plan(),
        plan_of_every_action(),
        plan_in_trouble(),
        plan_in_trouble(3),
        _stuck(30),
        _alike(3),
        _alike(412),
        _alike(40, ways=40),
        _alike(5, manifests=3),
        _alike(5, manifests=60),
        _alike(9, manifests=200, ways=9),
        large_plan(),
    ],
    ids=[
        *("everyday", "actions", "trouble", "a little trouble", "stuck", "few"),
        *("alike", "unlike", "three", "sixty", "many", "large"),
    ],
)
@pytest.mark.parametrize("detail", ["job", "full"])
def test_every_job_is_accounted_for(plan: Plan, detail: str) -> None:
    view = View(width=200)
    if detail == "full":
        # What waits for people stands before all others too.
        found = len(_SINGLE.findall(plan_text(plan, view, detail="full")))
        first = len(for_people(plan))
        assert found in {len(plan.items), len(plan.items) + first}
        return
    text = plan_text(plan, view, command=COMMAND, digest=DIGEST)
    assert _accounted(text) == len(plan.items)
    assert len(text.splitlines()) <= 60


def test_alike_changes_are_told_once() -> None:
    text = plan_text(_alike(412), View())
    assert text.count("wid 1000 → 1200") == 1
    assert "~ submit  412 jobs  19,776 files, 79,104 MP  payload-changed" in text
    assert "m000/e0000, m000/e0001, m000/e0002, … and 409 more" in text


def test_two_alike_changes_are_told_job_by_job_and_three_together() -> None:
    assert plan_text(_alike(2), View()).count("wid 1000 → 1200") == 2
    together = plan_text(_alike(3), View())
    assert together.count("wid 1000 → 1200") == 1
    assert "~ submit  3 jobs" in together


def test_one_change_to_many_manifests_is_told_once() -> None:
    changed = modifier_changed("wid=1000", "wid=1200")
    items = [
        item(f"m{number % 3}/e{number:02}", Action.SUBMIT, changed, job=export_job("wid=1200"))
        for number in range(12)
    ]
    text = plan_text(plan_of(*items), View())
    assert text.count("wid 1000 → 1200") == 1
    assert "12 jobs in 3 manifests" in text
    assert "manifests     m0, m1, m2\n" in text
    few = plan_text(plan_of(*items[:9]), View())
    assert few.count("wid 1000 → 1200") == 3


def test_large_plan_is_quick_and_short() -> None:
    plan = large_plan()
    text = plan_text(plan, View(), command=COMMAND, digest=DIGEST)
    assert len(text.splitlines()) <= 60


def test_groups_add_their_assets_up() -> None:
    job = export_job()
    spin = ExcludedAsset(path="F/Spin", type="SpinSet", reason="not supported")
    items = (
        item(f"m/e{number:02}", Action.SUBMIT, assets_changed(), job=job, excluded=(spin,))
        for number in range(30)
    )
    text = plan_text(plan_of(*items), View())
    assert "2 new, 1 changed, 1 gone in each: +" in text
    assert "1 in 30 jobs: Spin (SpinSet: not supported)\n" in text


def test_messages_that_differ_are_counted() -> None:
    items = (
        item(
            f"m/e{number:02}",
            Action.RETRY,
            told(ReasonCode.FAILED, f"fault {number}"),
            job=export_job(),
        )
        for number in range(40)
    )
    assert "fault 0 (and 39 other messages)" in plan_text(plan_of(*items), View())


def test_summary_is_one_line_per_manifest_and_ends_somewhere() -> None:
    text = plan_text(_alike(5, manifests=60), View(), detail="summary")
    assert len(re.findall(r"^  m\d+ ", text, re.MULTILINE)) == 36
    assert "… and 24 more manifests: 120 to submit, 24 unchanged" in text


def test_warnings_and_assumptions_are_capped_aloud() -> None:
    warning = Diagnostic(rule=Rule.EXCLUDED_ASSET, summary="left out")
    plan = replace(everyday_plan(), warnings=(warning,) * 9, assumptions=("unsure",) * 11)
    text = plan_text(plan, View())
    assert text.count("S7W001 left out") == 4
    assert "… and 5 more (--detail full)" in text
    assert text.count("unsure") == 8
    assert "… and 3 more (--detail full)" in text
    assert plan_text(plan, View(), detail="full").count("left out") == 9


@pytest.mark.parametrize("width", [60, 80])
def test_what_was_not_checked_takes_one_line_each(width: int) -> None:
    long = "which commands IPS honours in an export: there is no list of them, so nobody can tell"
    sent = item("m/e", Action.SUBMIT, new(), job=export_job())
    plan = plan_of(sent, assumptions=(long, "zip lifetime"))
    for detail in ("job", "summary"):
        rows = plan_text(plan, View(width=width), detail=detail).splitlines()
        found = [row for row in rows if "which commands" in row or row.endswith("zip lifetime")]
        assert len(found) == 2
        assert found[0].startswith("Not checked   which commands IPS honours in an export")
        assert found[0].endswith("…")
        assert max(map(len, rows)) <= width
        assert f"{' ' * 14}… in full: --detail full" in rows
    assert "nobody can tell" in plan_text(plan, View(width=200), detail="full")
    for wide in (plan_text(plan, View(width=200)), plan_text(plan, View(width=60), detail="full")):
        assert "--detail full" not in wide


def test_what_was_not_checked_matters_only_when_something_is_sent() -> None:
    quiet = item("m/e", Action.SKIP, unchanged(), job=export_job())
    gone = item("m/f", Action.FORGET, told(ReasonCode.NOT_DECLARED, "no manifest declares it"))
    for plan in (plan_of(quiet, assumptions=("x",)), plan_of(gone, assumptions=("x",))):
        assert "Not checked" not in plan_text(plan, View())
        assert "Not checked" not in plan_text(plan, View(), detail="summary")
        assert "Not checked" in plan_text(plan, View(), detail="full")


@pytest.mark.parametrize("detail", ["job", "full", "summary"])
def test_what_only_waits_and_may_be_sent_all_the_same_is_counted(detail: Any) -> None:
    doubt = told(ReasonCode.AMBIGUOUS, "the answer to its submit was lost")
    lost = [item(f"m/e{n}", Action.WAIT, doubt, job=export_job()) for n in range(2)]
    seen = item("m/f", Action.WAIT, told(ReasonCode.IN_FLIGHT, "running"), job=export_job())
    sent = item("m/g", Action.SUPERSEDE, doubt, job=export_job())
    text = plan_text(plan_of(*lost, seen, sent), View(width=200), detail=detail)
    assert (
        "\nMay send      2 jobs again, if IPS still does not show them after the quarantine\n"
        in text
    )
    assert "May send" not in plan_text(plan_of(seen, sent), View(), detail=detail)


def test_unknown_dimensions_are_said() -> None:
    versions = (asset("a"), asset("b", megapixels=None, size=None))
    text = plan_text(
        plan_of(item("m/e", Action.SUBMIT, new(), job=export_job(assets=versions))),
        View(width=200),
    )
    assert "2 assets, 4.0 MP, 1 without dimensions" in text
    assert "at least 1.4 MB of source files" in text


def test_nothing_to_do_says_so_and_offers_no_command() -> None:
    text = plan_text(
        plan_of(item("m/e", Action.SKIP, unchanged(), job=export_job())), View(), command=COMMAND
    )
    assert text.startswith("Nothing to do: 1 unchanged\n")
    assert COMMAND not in text
    assert plan_text(plan_of(), View()).startswith("Nothing to do: no jobs\n")


def test_a_moment_that_has_passed_is_said() -> None:
    past, future = (Timing(at=NOW + timedelta(minutes=each)) for each in (-1, 1))
    late, timely = (
        plan_of(item("m/e", Action.SUBMIT, new(), job=export_job(), timing=at))
        for at in (past, future)
    )
    told_late = "at 2026-11-23 20:14:00 UTC, which has passed: at once"
    for detail in ("job", "full"):
        view = View(width=200)
        assert f"starts        {told_late}" in plan_text(late, view, detail=detail)
        assert "has passed" not in plan_text(timely, view, detail=detail)
    assert f"starts `{told_late}`" in plan_markdown(late, digest=DIGEST, command=None)
    assert "has passed" not in plan_markdown(timely, digest=DIGEST, command=None)


def test_refused_plan_offers_no_command() -> None:
    text = plan_text(refused_plan(), View(), command=COMMAND)
    assert "apply will refuse this plan (exit 6)" in text
    assert COMMAND not in text


@pytest.mark.parametrize("ended", RunOutcome)
def test_every_outcome_says_what_comes_next(ended: RunOutcome) -> None:
    text = run_text(report_of(ended=ended), View())
    advice = text.rstrip().splitlines()[-1]
    assert ("took" in advice) is (ended is RunOutcome.OK)


def test_sent_and_not_waited_for_is_not_done() -> None:
    text = run_text(report_of(run_item("m/e", Action.SUBMIT, AttemptState.ACCEPTED)), View())
    assert text.startswith("Sent, and not waited for: 1 accepted\n")
    assert "s7spec status" in text


def test_forgotten_is_said_in_the_words_of_the_run() -> None:
    late = run_item("m/e", Action.FORGET, None, message="not forgotten yet")
    text = run_text(report_of(late, ended=RunOutcome.INTERRUPTED), View())
    assert text.startswith("Interrupted: 1 not forgotten yet\n")


def test_many_items_and_messages_are_capped_aloud() -> None:
    bad = tuple(
        outcome(version, OutcomeKind.ERROR, f"fault {number}")
        for number, version in enumerate(MUGS)
    )
    items = [
        run_item(f"m/bad{number:03}", Action.SUBMIT, AttemptState.FAILED, outcomes=bad)
        for number in range(120)
    ]
    items += [run_item(f"m/ok{number:03}", Action.SUBMIT, AttemptState.OK) for number in range(90)]
    text = run_text(report_of(*items, ended=RunOutcome.INCOMPLETE), View())
    assert "… and 43 more files (--format json has all)" in text
    assert "… and 20 more jobs (--format json has all)" in text
    assert "… and 50 more jobs (--format json has all)" in text
    assert "5,760 files: 5,760 failed" in text


def test_warnings_alone_are_shown_with_their_job() -> None:
    warned = (
        outcome(MUGS[0], OutcomeKind.WARNING, "flattened"),
        outcome(MUGS[1], OutcomeKind.UNKNOWN),
    )
    text = run_text(
        report_of(run_item("m/e", Action.SUBMIT, AttemptState.OK, outcomes=warned)), View()
    )
    assert "warning  PS_1001_mug: flattened" in text
    assert "unknown  PS_1002_mug: IPS gave no message" in text


def test_nothing_in_the_ledger() -> None:
    assert history_text((), {}, View()) == "No attempts: this was never exported.\n"
    assert (
        status_text(standing(()), (), {}, View()) == "Ledger: 0 jobs\n\nOn the server now: 0 jobs\n"
    )


def test_history_without_events() -> None:
    one = attempt("m/e", 1, AttemptState.REFUSED, export_job(), message="no such company")
    assert "no such company" in history_text((one,), {}, View())


def test_no_findings() -> None:
    assert diagnostics_text((), View()) == "0 errors, 0 warnings\n"


def test_manifests_without_a_change_share_one_line() -> None:
    job = export_job()
    still = [
        item(f"{manifest}/e{number}", Action.SKIP, unchanged(), job=job)
        for manifest in ("amazon", "google")
        for number in range(2)
    ]
    changed = item("zalando/main", Action.SUBMIT, new(), job=job)
    text = plan_text(plan_of(*still, changed), View())
    assert "\nunchanged (4 jobs): amazon, google\n" in text
    assert "amazon.yaml" not in text
    assert "\nzalando (zalando.yaml): 1 to submit\n" in text
