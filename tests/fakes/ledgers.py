"""Steps on any ledger, each a transaction of its own, and what its heads must look like."""

from dataclasses import replace
from datetime import datetime, timedelta

from s7spec.model.fingerprint import FINGERPRINT_VERSION
from s7spec.model.job import attempt_name
from s7spec.model.ledger import (
    AssetOutcome,
    Attempt,
    AttemptState,
    FailureClass,
    Holder,
    JobHead,
    Lease,
    OutcomeKind,
)
from s7spec.model.preset import Preset
from s7spec.model.schedule import Timing
from s7spec.ports import Ledger
from tests.fakes.clock import NOON
from tests.fakes.jobs import COMPANY, ENVIRONMENT, HOLDER, attempt, export_job, job_key

LEASE_SECONDS = 60


def take(
    ledger: Ledger, *, holder: Holder = HOLDER, after: float = 0, environment: str = ENVIRONMENT
) -> Lease:
    """The lease, ``after`` so many seconds past noon."""
    now = NOON + timedelta(seconds=after)
    return ledger.acquire(COMPANY, environment, holder=holder, now=now, seconds=LEASE_SECONDS)


def intend(
    ledger: Ledger,
    lease: Lease,
    wanted: Attempt | None = None,
    *,
    prior: Attempt | None = None,
    spec_digest: bytes | None = None,
) -> Attempt:
    with ledger.writing(lease) as writer:
        return writer.intend(
            wanted or attempt(),
            prior=None if prior is None else prior.prior,
            spec_digest=spec_digest,
        )


def record(ledger: Ledger, lease: Lease, changed: Attempt) -> Attempt:
    with ledger.writing(lease) as writer:
        return writer.record(changed)


def end(
    ledger: Ledger,
    lease: Lease,
    intended: Attempt,
    state: AttemptState = AttemptState.OK,
    *,
    at: datetime = NOON,
) -> Attempt:
    return record(ledger, lease, replace(intended, state=state, updated_at=at, ended_at=at))


def forget(ledger: Ledger, lease: Lease, latest: Attempt, *, at: datetime = NOON) -> None:
    with ledger.writing(lease) as writer:
        writer.forget(latest.key, prior=latest.prior, at=at, message="not declared any more")


def move(ledger: Ledger, lease: Lease, latest: Attempt, to: str) -> Attempt:
    with ledger.writing(lease) as writer:
        writer.move(latest.key, to=job_key(to), prior=latest.prior, at=NOON)
    return ledger.attempts(job_key(to))[-1]


def heads(ledger: Ledger, company: str = COMPANY, environment: str = ENVIRONMENT) -> list[JobHead]:
    with ledger.reading(company, environment) as view:
        return list(view.heads())


def head_of(latest: Attempt) -> JobHead:
    return JobHead(
        key=latest.key,
        attempt_name=latest.name,
        version=latest.version,
        generation=latest.generation,
        state=latest.state,
        forgotten=latest.forgotten,
        wanted=latest.wanted,
        fingerprint_version=FINGERPRINT_VERSION,
        rerun=latest.rerun,
        ended_at=latest.ended_at,
    )


def full(short: str = "shop/main") -> Attempt:
    """An attempt in which no field is as it is by default."""
    view = Preset(name="view", urlModifier="text=Mütze&wid=3")
    payload = export_job(is_modifier="$view$&bgc=255,255,255", presets=(view,))
    part = payload.assets[:1]
    key = job_key(short)
    sent = replace(payload, assets=part).fingerprint
    return Attempt(
        name=attempt_name(key, sent, 7),
        key=key,
        generation=7,
        fingerprint=sent,
        export_job=payload,
        state=AttemptState.PARTIAL,
        intended_at=NOON,
        updated_at=NOON + timedelta(microseconds=7),
        handle="j|7|x||",
        run_handle="j|7||x|1",
        message="half\nof it",
        zip_urls=("https://a.example/1.zip", "https://a.example/2.zip"),
        outcomes=tuple(
            AssetOutcome(asset=replace(part[0], width=None), kind=kind, message=f"{kind}: 'ok' | ü")
            for kind in OutcomeKind
        ),
        only=part,
        timing=Timing(cron="0 0 6 ? * MON-FRI"),
        rerun="2026-07 »again«",
        tries=3,
        ended_at=NOON + timedelta(seconds=1, microseconds=999_999),
        failure=FailureClass.ASSETS,
    )


def fill(ledger: Ledger) -> None:
    """Two attempts of one job, the first ended; and one of everything else there can be."""
    lease = take(ledger)
    first = end(ledger, lease, intend(ledger, lease))
    second = intend(ledger, lease, attempt(generation=2), prior=first, spec_digest=bytes(32))
    end(ledger, lease, second)
    intend(ledger, lease, full("shop/part"))
    forget(ledger, lease, intend(ledger, lease, attempt("shop/gone")))
    move(ledger, lease, intend(ledger, lease, attempt("shop/old")), "shop/new")
    take(ledger, environment="production")
