"""Runs, history and status say what is so, once, and what comes next."""

from __future__ import annotations

import json
from dataclasses import replace

from s7spec.apply.joblog import read_ending
from s7spec.model.ips import ActiveJob, JobDetail, JobPhase, JobSnapshot
from s7spec.model.ledger import AssetOutcome, Attempt, AttemptEvent, AttemptState
from s7spec.model.plan import Action
from s7spec.model.receipt import RunItem, RunOutcome, RunReport
from s7spec.pipeline.standing import standing_of
from s7spec.report.human_run import history_text, run_text, status_text
from s7spec.report.json_run import run_json
from s7spec.report.json_status import status_json
from s7spec.report.view import View
from tests.fakes.view import StillView
from tests.report.jobs import MUGS, NOW, export_job
from tests.report.ledgers import standing
from tests.report.runs import attempt, report_of, run_item, running

_FOLLOW = "goes on following"
_RETRY = "`s7spec plan` shows what is tried again"
_NO_FILE = "no asset could be exported; so there is no ZIP file"


def _incomplete(*states: AttemptState | None) -> str:
    items = (
        run_item(f"m/e{number}", Action.SUBMIT, state, message="" if state else "not started")
        for number, state in enumerate(states)
    )
    return run_text(report_of(*items, ended=RunOutcome.INCOMPLETE), View())


def test_open_jobs_are_followed_not_retried() -> None:
    text = _incomplete(AttemptState.OK, AttemptState.ACTIVE, AttemptState.ACCEPTED)
    assert "2 jobs are still open: the next `s7spec apply` goes on following them." in text
    assert _RETRY not in text


def test_failed_jobs_are_retried() -> None:
    text = _incomplete(AttemptState.OK, AttemptState.FAILED)
    assert _RETRY in text
    assert _FOLLOW not in text


def test_open_and_failed_jobs_are_told_apart() -> None:
    for other in (AttemptState.FAILED, None):
        text = _incomplete(AttemptState.ACTIVE, other)
        assert "1 job is still open: the next `s7spec apply` goes on following it." in text
        assert _RETRY in text


def _stale(*others: RunItem) -> RunReport:
    items = (
        run_item("m/kept", Action.SKIP, AttemptState.OK, message="the ledger has moved on"),
        run_item("m/sent", Action.SUBMIT, AttemptState.OK, message="planned on no attempt"),
    )
    return report_of(
        *(replace(item, is_stale=True) for item in items),
        *others,
        ended=RunOutcome.STALE,
        message="2 of 5 items no longer fit: nothing was started",
    )


def test_stale_items_are_listed_with_why_and_never_ok() -> None:
    text = run_text(_stale(), View())
    assert text.startswith("Stale plan, nothing was sent\n")
    assert "  stale       m/kept  the ledger has moved on\n" in text
    assert "  stale       m/sent  planned on no attempt\n" in text
    assert " ok" not in text
    document = json.loads(run_json(_stale()))
    assert {item["state"] for item in document["items"]} == {None}
    assert set(document["totals"]["states"].values()) == {0}


def test_what_still_fits_is_shown_with_what_became_of_it() -> None:
    done = run_item("m/done", Action.SUBMIT, AttemptState.OK)
    text = run_text(_stale(done), View())
    assert text.startswith("Stale in part, what no longer fits was left out: 1 ok\n")
    assert "  stale       m/kept  the ledger has moved on\n" in text
    assert "  ok          m/done\n" in text
    document = json.loads(run_json(_stale(done)))
    assert [item["state"] for item in document["items"]] == [None, None, "ok"]
    assert [item["stale"] for item in document["items"]] == [True, True, False]
    assert document["totals"]["states"]["ok"] == 1


def test_words_in_the_ledger_and_blocked_jobs_have_words_of_their_own() -> None:
    items = (
        run_item("m/a", Action.UPDATE_META, None, message="brought up to date in the ledger"),
        run_item("m/b", Action.UPDATE_META, None, message="not brought up to date yet"),
        run_item("m/c", Action.BLOCKED, AttemptState.OK, message="blocked: tried 5 times"),
        run_item("m/d", Action.CANCEL, AttemptState.CANCELLED),
        run_item("m/e", Action.SUBMIT, AttemptState.SCHEDULED),
    )
    rows = run_text(report_of(*items, ended=RunOutcome.INCOMPLETE), View()).splitlines()
    assert "  updated     m/a  brought up to date in the ledger" in rows
    assert "  not updated m/b  not brought up to date yet" in rows
    assert "  blocked     m/c  tried 5 times · the ledger says ok" in rows
    assert "  cancelled   m/d" in rows
    assert "  scheduled   m/e" in rows
    assert "still open" not in "\n".join(rows)


def test_a_job_found_on_the_server_says_so() -> None:
    found = "found on IPS under its name: not sent again"
    text = run_text(
        report_of(
            run_item("m/found", Action.SUBMIT, AttemptState.OK, message=found),
            run_item("m/sent", Action.SUBMIT, AttemptState.OK),
        ),
        View(),
    )
    assert f"  ok          m/found  {found}\n" in text
    assert "  ok          m/sent\n" in text


def test_what_was_forgotten_keeps_the_columns() -> None:
    items = (
        run_item("everything/alles", Action.FORGET, None, message="already forgotten"),
        run_item("m/e", Action.FORGET, None, message="forgotten"),
        run_item("m/f", Action.SUBMIT, AttemptState.OK),
    )
    rows = run_text(report_of(*items), View()).splitlines()
    assert "  forget      everything/alles  already forgotten" in rows
    assert "  forgotten   m/e" in rows
    assert "  ok          m/f" in rows


def _failed() -> tuple[tuple[AssetOutcome, ...], str]:
    """An ending as an apply reads it off a job log that says everything twice."""
    details = (
        JobDetail(logType="ExportError", logMessage=_NO_FILE, assetName="PS_1001_mug"),
        JobDetail(logType="ExportError", logMessage=_NO_FILE),
    )
    seen = JobSnapshot(
        originalName="s7-x",
        jobHandle="j",
        phase=JobPhase.ENDED,
        fatalError=True,
        fileErrorCount=1,
        details=details,
    )
    ending = read_ending(seen, MUGS[:2], ())
    assert ending.message.count(_NO_FILE) == 2
    assert "names no ZIP" in ending.message
    assert "does not mention 1 of 2" in ending.message
    return ending.outcomes, ending.message


def _assert_said_once(text: str) -> None:
    assert "IPS reports a fatal error" in text
    assert "assets failed" not in text
    for once in (_NO_FILE, "IPS reports", "ZIP", "does not mention", ": 1 failed"):
        assert text.count(once) == 1, once


def test_a_failed_job_says_each_thing_once() -> None:
    outcomes, message = _failed()
    item = run_item("m/e", Action.SUBMIT, AttemptState.FAILED, message=message, outcomes=outcomes)
    text = run_text(report_of(item, ended=RunOutcome.INCOMPLETE), View(width=200))
    _assert_said_once(text.partition("m/e")[2].partition("\n\n")[0])


def test_a_failed_attempt_says_each_thing_once() -> None:
    outcomes, message = _failed()
    one = attempt("m/e", 1, AttemptState.FAILED, export_job(), message=message, outcomes=outcomes)
    events = tuple(
        AttemptEvent(attempt_name=one.name, version=n, state=state, at=NOW, message=text)
        for n, (state, text) in enumerate(
            [
                (AttemptState.ACCEPTED, "queued"),
                (AttemptState.ACTIVE, "queued"),
                (AttemptState.FAILED, message),
            ]
        )
    )
    text = history_text((one,), {one.name: events}, View(width=200))
    _assert_said_once(text)
    assert text.count("queued") == 1


def _ledger() -> tuple[Attempt, ...]:
    job = export_job()
    return (
        attempt("m/done", 1, AttemptState.OK, job),
        attempt("m/old", 1, AttemptState.OK, job, forgotten=True),
        attempt("m/lost", 1, AttemptState.UNKNOWN, job),
        attempt("m/runs", 1, AttemptState.ACTIVE, job),
    )


def _status(ledger: tuple[Attempt, ...], running: tuple[ActiveJob, ...] | None) -> str:
    owners = {each.name: each.key for each in ledger}
    return status_text(standing(ledger), running, owners, View(width=200))


def test_status_tells_what_ended_unrecorded_and_what_is_forgotten() -> None:
    ledger = _ledger()
    text = _status(ledger, running(ledger))
    assert text.startswith("Ledger: 3 jobs (1 ok, 1 unknown, 1 active), 1 forgotten\n")
    assert "\nForgotten: 1 job\n  ok        m/old " in text
    doubt = "1 job: nobody knows whether IPS took it; the next `s7spec apply` looks before anything"
    assert doubt in text
    assert "no longer" not in text
    none = _status(ledger, ())
    assert doubt in none
    assert "1 job is no longer running on IPS; `s7spec apply` records how it ended" in none
    assert "no longer" not in _status(ledger[:2], ())


def test_what_is_scheduled_did_not_end() -> None:
    waiting = attempt("m/later", 1, AttemptState.SCHEDULED, export_job())
    text = _status((waiting,), ())
    assert text.endswith("1 job is scheduled: IPS starts it by itself\n")


def test_status_without_an_answer_of_ips() -> None:
    text = _status(_ledger(), None)
    assert text.endswith("\nOn the server now: not known\n")
    assert "no longer" not in text
    document = json.loads("".join(status_json(_ledger(), None, {}, None)))
    assert document["running"] is None


def test_a_large_ledger_is_counted_and_cut() -> None:
    job = export_job(assets=MUGS[:1])
    many = tuple(attempt(f"m/e{n:03}", 1, AttemptState.OK, job) for n in range(100))
    bad = tuple(attempt(f"n/e{n:03}", 1, AttemptState.FAILED, job) for n in range(300))
    text = _status((*many, *bad), ())
    assert text.startswith("Ledger: 400 jobs (300 failed, 100 ok)\n")
    assert "  … and 100 more jobs that did not end ok: `s7spec ledger list`\n" in text
    assert "  … and 60 more jobs ok: `s7spec ledger list`\n" in text


def test_only_what_is_shown_is_read() -> None:
    job = export_job(assets=MUGS[:1])
    view = StillView(attempt(f"m/e{n:03}", 1, AttemptState.OK, job) for n in range(100))
    shown = standing_of(view, "acme", "local")
    assert len(view.read) == len(shown.ok) == 40
