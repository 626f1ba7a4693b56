"""Ledgers, leases, watches and rebuildings, for the renderers to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from s7spec.model.asset import AssetVersion
from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.ledger import Attempt, AttemptState, FailureClass, Holder, Lease, OutcomeKind
from s7spec.model.rebuilt import FoundName, Rebuilt, Recovered
from s7spec.model.schedule import Timing
from s7spec.pipeline.following import Sighting, Whereabouts
from s7spec.pipeline.last_attempt import LastAttempt
from s7spec.pipeline.ledger_list import ListedJob, listed_jobs
from s7spec.pipeline.standing import Standing, standing_of
from tests.fakes.view import StillView
from tests.report.hostile import HOSTILE
from tests.report.jobs import MUGS, NOW, export_job, key
from tests.report.runs import attempt, attempts, outcome

WHERE = ("acme", "local")


def lease(**changes: object) -> Lease:
    holder = Holder(host="build-7", pid=4711, user="ci", url="https://ci.example.com/runs/7")
    taken = Lease(
        company="acme",
        environment="local",
        fence=3,
        holder=holder,
        taken_at=NOW,
        expires_at=NOW + timedelta(seconds=60),
    )
    return replace(taken, **changes)  # type: ignore[arg-type]


def special_attempts() -> tuple[Attempt, ...]:
    """One job's way through the states that most jobs never see."""
    job = export_job("wid=762&hei=1100")
    good = tuple(outcome(version, OutcomeKind.OK) for version in MUGS[1:3])
    first = attempt("zalando/main", 1, AttemptState.PARTIAL, job, message="2 of 48 assets failed")
    repair = attempt("zalando/main", 2, AttemptState.OK, job, outcomes=good)
    scheduled = attempt("zalando/main", 3, AttemptState.CANCELLED, job, message="taken back")
    return (
        replace(first, failure=FailureClass.ASSETS, ended_at=NOW),
        replace(repair, only=MUGS[1:3], tries=2, ended_at=NOW + timedelta(hours=1)),
        replace(scheduled, timing=Timing(cron="0 0 6 ? * MON-FRI"), rerun="2026-12", ended_at=NOW),
    )


def latest() -> tuple[Attempt, ...]:
    """One for each job: the heads of a small ledger."""
    job = export_job()
    return (
        *attempts()[1:],
        attempt("walmart/b", 1, AttemptState.FAILED, job, message="IPS reports a fatal error"),
        attempt("walmart/c", 1, AttemptState.ACTIVE, job),
        replace(
            attempt("walmart/d", 1, AttemptState.SCHEDULED, job),
            timing=Timing(cron="0 0 6 ? * MON-FRI"),
        ),
    )


def standing(of: Iterable[Attempt] | None = None, *, held: Lease | None = None) -> Standing:
    view = StillView(latest() if of is None else of)
    return standing_of(view, *WHERE, lease=held)


def owners_of(of: Iterable[Attempt]) -> dict[str, object]:
    return {each.name: each.key for each in of}


def last_attempt(**changes: object) -> LastAttempt:
    last = LastAttempt(
        attempt_name="s7-zalando-main-0a1b2c3d-4e5f6a7b-g2",
        generation=2,
        state=AttemptState.PARTIAL,
        forgotten=False,
        at=NOW,
        message="2 of 48 assets failed",
        is_asked_alike=True,
    )
    return replace(last, **changes)  # type: ignore[arg-type]


def listing(of: Iterable[Attempt] | None = None) -> tuple[ListedJob, ...]:
    return tuple(listed_jobs(StillView(latest() if of is None else of)))


def hostile_attempts() -> tuple[Attempt, ...]:
    """Names, messages and URLs that try to be something else, and can be hashed."""
    found = []
    for number, text in enumerate(HOSTILE):
        if "\ud800" in text:
            continue
        version = AssetVersion(path=f"Folder/{text}", type=text)
        one = attempt(
            f"plain/e{number:02}",
            1,
            AttemptState.PARTIAL,
            export_job(f"text={text}", assets=(version,)),
            message=text,
            zip_urls=(f"http://127.0.0.1/{text[:60]}",),
            outcomes=(outcome(version, OutcomeKind.ERROR, text),),
        )
        found.append(replace(one, key=key(text, text), rerun=text, handle=text))
    return tuple(found)


def found(name: str, **changes: object) -> FoundName:
    plain = FoundName(name=name, key=None, phase=JobPhase.ENDED, startDate=NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]


def recovered(name: str, state: AttemptState | None, **changes: object) -> Recovered:
    manifest, _, export = name.partition("/")
    plain = Recovered(
        key=key(manifest, export),
        attempt_name=f"s7-{manifest}-{export}-0a1b2c3d-4e5f6a7b-g2",
        generation=2,
        state=state,
        assets=48,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def rebuilt(**changes: object) -> Rebuilt:
    """Some of everything."""
    main = key("zalando", "main")
    later = found("s7-zalando-main-0a1b2c3d-ffffffff-g1", key=main, startDate=NOW)
    everything = Rebuilt(
        company="acme",
        environment="local",
        since=NOW - timedelta(days=90),
        is_trial=False,
        listed=1204,
        recovered=(
            recovered("zalando/main", AttemptState.OK, overtaken_by=later),
            recovered("zalando/small", AttemptState.ACTIVE),
            recovered("walmart/a", AttemptState.OK, is_doubled=True, message="IPS has 2 jobs"),
        ),
        left=(recovered("walmart/b", None, message="the job of this name is another one"),),
        known=(found("s7-known-0a1b2c3d-4e5f6a7b-g1", key=main),),
        history=(later,),
        undeclared=(found("s7-gone-0a1b2c3d-4e5f6a7b-g1", startDate=None),),
        foreign=1199,
        without=(key("walmart", "c"),),
        unresolved=(key("walmart", "d"),),
    )
    return replace(everything, **changes)  # type: ignore[arg-type]


def hostile_rebuilt() -> Rebuilt:
    names = tuple(found(text, key=key(text, text)) for text in HOSTILE)
    return rebuilt(
        recovered=tuple(
            recovered(f"plain/{text}", AttemptState.OK, message=text, overtaken_by=names[0])
            for text in HOSTILE
        ),
        history=names,
        undeclared=names,
        unresolved=tuple(key(text, text) for text in HOSTILE),
    )


def sightings() -> tuple[Sighting, ...]:
    """One at each place."""
    ended = JobSnapshot(
        originalName="x", jobHandle="j", phase=JobPhase.ENDED, fileErrorCount=2, fatalError=True
    )
    places = tuple(Whereabouts)
    return (
        *(
            Sighting(
                key=key("zalando", f"e{number}"),
                attempt_name=f"s7-zalando-e{number}-0a1b2c3d-4e5f6a7b-g1",
                whereabouts=place,
                percent=40 if place is Whereabouts.AT_WORK else None,
                message="converting" if place is Whereabouts.AT_WORK else "",
            )
            for number, place in enumerate(places)
        ),
        Sighting(
            key=key("zalando", "bad"),
            attempt_name="s7-zalando-bad-0a1b2c3d-4e5f6a7b-g1",
            whereabouts=Whereabouts.ENDED,
            snapshot=ended,
        ),
    )
