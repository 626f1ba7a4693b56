"""Runs, attempts and running jobs, for the renderers to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from s7spec.model.asset import AssetVersion
from s7spec.model.ips import ActiveJob
from s7spec.model.job import ExportJob, attempt_name
from s7spec.model.ledger import (
    AssetOutcome,
    Attempt,
    AttemptEvent,
    AttemptState,
    OutcomeKind,
)
from s7spec.model.plan import (
    Action,
    Verdict,
)
from s7spec.model.receipt import RunItem, RunOutcome, RunReport
from tests.report.hostile import HOSTILE, hostile_plan
from tests.report.jobs import MUGS, NOW, ZIP, export_job, key
from tests.report.plans import grants, passes, refusals


def outcome(version: AssetVersion, kind: OutcomeKind, message: str = "") -> AssetOutcome:
    return AssetOutcome(asset=version, kind=kind, message=message)


def mixed_outcomes() -> tuple[AssetOutcome, ...]:
    """48 files: 45 ok, one warning, two that failed for one reason."""
    good = tuple(outcome(version, OutcomeKind.OK) for version in MUGS[3:])
    return (
        outcome(MUGS[0], OutcomeKind.WARNING, "alpha was flattened"),
        outcome(MUGS[1], OutcomeKind.ERROR, "image is over 100 megapixels"),
        outcome(MUGS[2], OutcomeKind.ERROR, "image is over 100 megapixels"),
        *good,
    )


def run_item(
    name: str,
    action: Action,
    state: AttemptState | None,
    *,
    message: str = "",
    zip_urls: tuple[str, ...] = (),
    outcomes: tuple[AssetOutcome, ...] = (),
) -> RunItem:
    manifest, _, export = name.partition("/")
    return RunItem(
        key=key(manifest, export),
        action=action,
        attempt_name="" if state is None else f"s7-{manifest}-{export}-0a1b2c3d-4e5f6a7b-g1",
        state=state,
        message=message,
        zip_urls=zip_urls,
        outcomes=outcomes,
    )


def report_of(
    *items: RunItem,
    ended: RunOutcome = RunOutcome.OK,
    message: str = "",
    verdicts: tuple[Verdict, ...] = (),
) -> RunReport:
    return RunReport(
        company="acme",
        environment="local",
        started_at=NOW,
        ended_at=NOW + timedelta(seconds=69),
        outcome=ended,
        items=items,
        message=message,
        verdicts=verdicts,
    )


def everyday_report() -> RunReport:
    good = tuple(outcome(version, OutcomeKind.OK) for version in MUGS)
    return report_of(
        run_item(
            "archive/originals", Action.SUBMIT, AttemptState.OK, zip_urls=(ZIP,), outcomes=good
        ),
        run_item(
            "walmart/a",
            Action.RETRY,
            AttemptState.FAILED,
            message="IPS ended it with a fatal error",
        ),
        run_item(
            "walmart/b",
            Action.WAIT,
            AttemptState.UNKNOWN,
            message="the answer to its submit was lost",
        ),
        run_item("walmart/c", Action.SUBMIT, None, message="not started after the failure above"),
        run_item("walmart/gone", Action.FORGET, None),
        run_item("walmart/s01", Action.SKIP, AttemptState.OK),
        run_item(
            "zalando/main",
            Action.SUBMIT,
            AttemptState.PARTIAL,
            zip_urls=(ZIP,),
            outcomes=mixed_outcomes(),
        ),
        ended=RunOutcome.INCOMPLETE,
        message="1 job failed, and --fail-fast was given",
        verdicts=(*grants(), *passes()),
    )


def refused_report() -> RunReport:
    """Nothing was begun: more guardrails stand against it than are shown."""
    return report_of(
        ended=RunOutcome.REFUSED,
        message="guardrails refuse the plan: limits.jobs: 3 jobs would be sent, at most 2 may be",
        verdicts=(*refusals(), *grants(), *passes()),
    )


def report_of_every_action() -> RunReport:
    """What becomes of each action, well and otherwise."""
    good = tuple(outcome(version, OutcomeKind.OK) for version in MUGS[:2])
    ok = AttemptState.OK
    return report_of(
        run_item("shop/adopted", Action.ADOPT, ok, message="found on IPS", outcomes=good),
        run_item(
            "shop/blocked", Action.BLOCKED, AttemptState.ACTIVE, message="blocked: no route to IPS"
        ),
        run_item("shop/cancelled", Action.CANCEL, AttemptState.CANCELLED, message="taken back"),
        run_item(
            "shop/doubled",
            Action.CONFLICT,
            ok,
            message="IPS has 2 jobs of this name",
            outcomes=good,
        ),
        run_item("shop/forgotten", Action.FORGET, None, message="forgotten"),
        run_item("shop/mail", Action.UPDATE_META, None, message="brought up to date in the ledger"),
        run_item("shop/mail-late", Action.UPDATE_META, None, message="not brought up to date yet"),
        run_item("shop/nightly", Action.SUBMIT, AttemptState.SCHEDULED),
        run_item("shop/renamed", Action.SKIP, ok, message="has the history of old/renamed now"),
        run_item("shop/repaired", Action.REPAIR, ok, outcomes=good, zip_urls=(ZIP,)),
        run_item("shop/rescheduled", Action.RESCHEDULE, AttemptState.SCHEDULED),
        run_item(
            "shop/retaken",
            Action.RESCHEDULE,
            AttemptState.CANCELLED,
            message="not sent: the run was interrupted",
        ),
        run_item("shop/retried", Action.RETRY, AttemptState.FAILED, message="the disk is full"),
        run_item("shop/same", Action.SKIP, ok),
        run_item("shop/scheduled", Action.SKIP, AttemptState.SCHEDULED),
        run_item("shop/superseded", Action.SUPERSEDE, AttemptState.ACTIVE),
        run_item("shop/waits", Action.WAIT, ok, outcomes=good),
        ended=RunOutcome.INCOMPLETE,
    )


def report_of_the_rest() -> RunReport:
    """One item was stale, the others were done."""
    late = run_item(
        "shop/late", Action.SUBMIT, AttemptState.OK, message="planned on none, but the ledger has"
    )
    return report_of(
        replace(late, is_stale=True),
        run_item("shop/main", Action.SUBMIT, AttemptState.OK),
        run_item("shop/same", Action.SKIP, AttemptState.OK),
        ended=RunOutcome.STALE,
        message="1 of 3 items no longer fit: left out",
    )


def attempt(
    name: str,
    generation: int,
    state: AttemptState,
    job: ExportJob,
    *,
    message: str = "",
    zip_urls: tuple[str, ...] = (),
    outcomes: tuple[AssetOutcome, ...] = (),
    forgotten: bool = False,
) -> Attempt:
    manifest, _, export = name.partition("/")
    job_key = key(manifest, export)
    return Attempt(
        name=attempt_name(job_key, job.fingerprint, generation),
        key=job_key,
        generation=generation,
        fingerprint=job.fingerprint,
        export_job=job,
        state=state,
        intended_at=NOW,
        updated_at=NOW + timedelta(minutes=generation),
        version=2,
        handle="j|110|x||",
        run_handle=None,
        message=message,
        zip_urls=zip_urls,
        outcomes=outcomes,
        forgotten=forgotten,
    )


def attempts() -> tuple[Attempt, ...]:
    """Two attempts of one job with different payloads, one of another."""
    good = tuple(outcome(version, OutcomeKind.OK) for version in MUGS)
    return (
        attempt(
            "zalando/main",
            1,
            AttemptState.PARTIAL,
            export_job("wid=762&hei=1100"),
            message="2 of 48 files failed",
            zip_urls=(ZIP,),
            outcomes=mixed_outcomes(),
        ),
        attempt(
            "zalando/main",
            2,
            AttemptState.OK,
            export_job("wid=800&hei=1100"),
            zip_urls=(ZIP,),
            outcomes=good,
        ),
        attempt("walmart/a", 1, AttemptState.ACTIVE, export_job(None), forgotten=True),
    )


def events(of: Sequence[Attempt]) -> dict[str, tuple[AttemptEvent, ...]]:
    """Each attempt's way to where it is."""
    return {
        each.name: (
            AttemptEvent(attempt_name=each.name, version=0, state=AttemptState.INTENT, at=NOW),
            AttemptEvent(
                attempt_name=each.name,
                version=1,
                state=each.state,
                at=NOW + timedelta(seconds=41),
                message="seen on the server",
            ),
        )
        for each in of
    }


def running(of: Sequence[Attempt]) -> tuple[ActiveJob, ...]:
    """The last of our attempts, one of another ledger, and a publish job of somebody else."""
    names = (of[-1].name, "s7-other-main-0a1b2c3d-4e5f6a7b-g3", "Publish \x1b[2Jall")
    return tuple(
        ActiveJob(
            originalName=name,
            jobHandle=f"j|110||{name}|7",
            state="Active",
            submitUserEmail="dam@example.com",
            description="",
            progress=None if position else 40,
            startDate=NOW if position else None,
        )
        for position, name in enumerate(names)
    )


def hostile_report() -> RunReport:
    """Names, messages and URLs that try to be something else."""
    items = tuple(
        run_item(
            f"plain/{text}",
            Action.SUBMIT,
            AttemptState.PARTIAL,
            message=text,
            zip_urls=(f"http://127.0.0.1/{text[:60]}",),
            outcomes=(outcome(AssetVersion(path=text, type=text), OutcomeKind.ERROR, text),),
        )
        for text in HOSTILE
    )
    return report_of(
        *items,
        ended=RunOutcome.INCOMPLETE,
        message=HOSTILE[7],
        verdicts=hostile_plan().verdicts,
    )
