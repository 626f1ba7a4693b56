"""Plan items, put together: what a job wants, and what is done about it."""

from __future__ import annotations

from s7spec.model.asset import AssetVersion
from s7spec.model.job import JobKey, ResolvedJob, attempt_name
from s7spec.model.ledger import Attempt, JobHead, Prior
from s7spec.model.plan import Action, PlanItem, Reason
from s7spec.model.policy import Supersede
from s7spec.plan.evidence import Evidence


def item_of(
    job: ResolvedJob,
    action: Action,
    reasons: tuple[Reason, ...],
    *,
    attempt_name: str,
    generation: int,
    latest: Attempt | JobHead | None,
    only: tuple[AssetVersion, ...] | None = None,
    tries: int = 1,
) -> PlanItem:
    """About a job that is declared. A ``rerun`` token that is declared no more stays known: to put
    it back asks for nothing."""
    rerun = job.policy.rerun
    if rerun is None and latest is not None:
        rerun = latest.rerun
    return PlanItem(
        key=job.key,
        action=action,
        reasons=reasons,
        attempt_name=attempt_name,
        generation=generation,
        fingerprint=job.export_job.fingerprint,
        export_job=job.export_job,
        prior=None if latest is None else latest.prior,
        origin=job.origin,
        excluded=job.excluded,
        unsafe_modifiers=job.unsafe_modifiers,
        predicted=job.predicted,
        spec_digest=None if job.spec_digest is None else job.spec_digest.hex(),
        only=only,
        timing=job.policy.timing,
        rerun=rerun,
        tries=tries,
        stops_older=action is Action.SUPERSEDE
        and job.policy.supersede is Supersede.STOP_AND_SUBMIT,
    )


def about(
    job: ResolvedJob,
    latest: Attempt | JobHead,
    action: Action,
    reasons: tuple[Reason, ...],
    *,
    only: tuple[AssetVersion, ...] | None = None,
) -> PlanItem:
    """About a declared job's latest attempt: nothing new is sent."""
    name = latest.attempt_name if isinstance(latest, JobHead) else latest.name
    return item_of(
        job,
        action,
        reasons,
        attempt_name=name,
        generation=latest.generation,
        latest=latest,
        only=only,
        tries=1 if isinstance(latest, JobHead) else latest.tries,
    )


def new_attempt(
    job: ResolvedJob,
    latest: Attempt,
    evidence: Evidence,
    reasons: tuple[Reason, ...],
    *,
    action: Action,
    only: tuple[AssetVersion, ...] | None = None,
    tries: int = 1,
) -> PlanItem:
    """A deliberate new run: the next generation of what is sent."""
    sent = job.export_job.narrowed(only).fingerprint
    generation = evidence.next_generation(job.key, sent)
    return item_of(
        job,
        action,
        reasons,
        attempt_name=attempt_name(job.key, sent, generation),
        generation=generation,
        latest=latest,
        only=only,
        tries=tries,
    )


def undeclared(
    key: JobKey,
    action: Action,
    reasons: tuple[Reason, ...],
    *,
    prior: Prior,
    generation: int = 0,
) -> PlanItem:
    """About a job that no manifest declares; with a ``generation`` it is about its attempt."""
    return PlanItem(
        key=key,
        action=action,
        reasons=reasons,
        attempt_name=prior.attempt_name if generation else "",
        generation=generation,
        fingerprint=None,
        export_job=None,
        prior=prior,
    )
