"""Whatever may be wanted, known and seen, by chance.

Seeded by hypothesis: drawing each part from it would take a hundred times as long.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

from s7spec.model.asset import AssetVersion
from s7spec.model.ips import JobEcho, JobPhase, JobSnapshot, KnownJob
from s7spec.model.job import ExportJob, ResolvedJob, attempt_name
from s7spec.model.ledger import (
    AssetOutcome,
    Attempt,
    AttemptState,
    FailureClass,
    OutcomeKind,
)
from s7spec.model.manifest import EmailSetting
from s7spec.model.policy import JobPolicy, Mode, OnPartial, OnTouch, Supersede
from s7spec.model.schedule import Timing
from s7spec.model.sight import Listing, Observed, Sight, Unobserved
from s7spec.plan import Evidence, Surgery
from tests.fakes.catalog import asset
from tests.fakes.clock import NOON
from tests.fakes.jobs import attempt, export_job, job_key, resolved_job
from tests.fakes.view import StillView
from tests.plan.world import End

Item = TypeVar("Item")

SHORTS = tuple(f"shop/{name}" for name in "abcdef")
TIMINGS = (None, None, Timing(at=NOON + timedelta(days=1)), Timing(cron="0 0 6 ? * *"))

_VERSIONS = tuple(
    tuple(
        asset(f"Acme/{name}", last_modified_ms=modified, file_size=size).version
        for modified, size in ((1, 10), (2, 10), (3, 20))
    )
    for name in "pqrs"
)
"""Four assets; of each the first two differ in lastModified only."""

_USUAL_ASSETS = tuple(versions[0] for versions in _VERSIONS[:3])


def some(chance: Random, things: Sequence[Item]) -> list[Item]:
    """In their order."""
    return [thing for thing in things if chance.random() < 0.5]


def payload(chance: Random) -> ExportJob:
    assets = _USUAL_ASSETS
    if chance.random() < 0.6:
        assets = tuple(chance.choice(versions) for versions in some(chance, _VERSIONS))
    plain = export_job(
        (),
        is_modifier=chance.choice(["wid=1", "wid=1", "wid=2"]),
        emailSetting=chance.choice([EmailSetting.ERROR, EmailSetting.ERROR, EmailSetting.ALL]),
    )
    return plain.narrowed(assets or _USUAL_ASSETS)


def policy(chance: Random) -> JobPolicy:
    return JobPolicy(
        mode=chance.choice(list(Mode)),
        on_partial=chance.choice(list(OnPartial)),
        on_touch=chance.choice(list(OnTouch)),
        supersede=chance.choice(list(Supersede)),
        max_age=chance.choice([None, None, timedelta(days=1)]),
        max_attempts=chance.choice([1, 3, 100]),
        rerun=chance.choice([None, "a", "b"]),
        rerun_on_email=chance.random() < 0.3,
        timing=chance.choice(TIMINGS),
    )


def part(chance: Random, job: ExportJob) -> tuple[AssetVersion, ...] | None:
    """Some of the assets; None: all."""
    kept = tuple(some(chance, job.assets))
    return kept if 0 < len(kept) < len(job.assets) else None


def outcomes(chance: Random, sent: tuple[AssetVersion, ...]) -> tuple[AssetOutcome, ...]:
    kinds = (*OutcomeKind, OutcomeKind.OK, OutcomeKind.ERROR)
    return tuple(AssetOutcome(asset=each, kind=chance.choice(kinds)) for each in sent)


def recorded(chance: Random, short: str) -> Attempt:
    wanted = payload(chance)
    only = part(chance, wanted) if chance.random() < 0.4 else None
    return attempt(
        short,
        wanted,
        state=chance.choice(list(AttemptState)),
        generation=chance.randint(1, 4),
        version=chance.randint(0, 9),
        forgotten=chance.random() < 0.2,
        only=only,
        timing=chance.choice(TIMINGS),
        rerun=chance.choice([None, "a"]),
        tries=chance.randint(1, 4),
        ended_at=chance.choice([None, NOON, NOON - timedelta(days=2)]),
        failure=chance.choice([None, None, *FailureClass]),
        outcomes=outcomes(chance, wanted.narrowed(only).assets) if chance.random() < 0.7 else (),
    )


def ledger(chance: Random) -> StillView:
    latest = [recorded(chance, short) for short in some(chance, SHORTS)]
    names = {each.name for each in latest}
    earlier = [recorded(chance, chance.choice(SHORTS)) for _ in range(chance.randint(0, 6))]
    return StillView(
        latest,
        earlier=[each for each in earlier if each.name not in names],
        older=[each.key for each in latest if chance.random() < 0.1],
    )


def sight(chance: Random, of: Attempt) -> Sight:
    luck = chance.random()
    if luck < 0.3:
        return Unobserved(why="no route") if luck < 0.1 else None
    echo = JobEcho(
        fmt=None,
        is_modifier=of.export_job.is_modifier,
        macro=None,
        emailSetting=None,
        assets=chance.choice([len(of.sent), len(of.sent), 99]),
    )
    return JobSnapshot(
        originalName=of.name,
        jobHandle="j|7||x|1",
        phase=chance.choice(list(JobPhase)),
        copies=chance.choice([1, 1, 1, 2]),
        echo=chance.choice([None, echo]),
    )


def listing(chance: Random, jobs: Sequence[ResolvedJob], known: Sequence[str]) -> Listing | None:
    """Names of what is wanted, in any generation, and of what the ledger knows."""
    if chance.random() < 0.5:
        return None
    wanted = [
        attempt_name(
            job.key,
            job.export_job.narrowed(part(chance, job.export_job)).fingerprint,
            chance.randint(1, 6),
        )
        for job in jobs
    ]
    names = some(chance, [*wanted, *wanted[:1], *known])
    return Listing(
        KnownJob(originalName=name, jobHandle=f"j|{number}", phase=JobPhase.ACTIVE)
        for number, name in enumerate(names)
    )


def surgery(chance: Random) -> Surgery:
    keys = [job_key(short) for short in SHORTS]
    if chance.random() < 0.4:
        return Surgery()
    return Surgery(
        moved={chance.choice(keys): chance.choice(keys) for _ in range(chance.randint(0, 3))},
        forgotten=frozenset(some(chance, keys[:2])),
        adopted={
            chance.choice(keys): chance.choice(["archive-1", "archive-2"])
            for _ in range(chance.randint(0, 2))
        },
    )


def wanted_jobs(chance: Random) -> tuple[ResolvedJob, ...]:
    """In any order."""
    shorts = some(chance, SHORTS)
    chance.shuffle(shorts)
    return tuple(resolved_job(each, payload(chance), policy=policy(chance)) for each in shorts)


def evidence(chance: Random, jobs: Sequence[ResolvedJob]) -> Evidence:
    view = ledger(chance)
    seen: dict[str, Sight] = {each.name: sight(chance, each) for each in view.open_attempts()}
    known = [head.attempt_name for head in view.heads()]
    return Evidence(
        view=view,
        observed=Observed(attempts=seen, listing=listing(chance, jobs, known)),
        now=NOON,
        forced=frozenset(job.key for job in jobs if chance.random() < 0.2),
        surgery=surgery(chance),
        hold=chance.random() < 0.3,
    )


def end(chance: Random, sent: tuple[AssetVersion, ...]) -> End:
    """Any end; what the job log says goes with the state, or it says nothing."""
    told = outcomes(chance, sent)
    kinds = {each.kind for each in told}
    good = {OutcomeKind.OK, OutcomeKind.WARNING}
    if kinds <= good:
        return End(state=AttemptState.OK, outcomes=told)
    if chance.random() < 0.25:
        bad = (AttemptState.FAILED, AttemptState.STOPPED, AttemptState.REFUSED)
        return End(state=chance.choice(bad))
    state = AttemptState.PARTIAL if kinds & good else AttemptState.FAILED
    return End(state=state, outcomes=told)


def end_or_none(chance: Random, sent: tuple[AssetVersion, ...]) -> End | None:
    return end(chance, sent) if chance.random() < 0.8 else None
