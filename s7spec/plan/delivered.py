"""Which assets of a job are delivered already, so that only the others need be sent."""

from __future__ import annotations

from dataclasses import replace

from s7spec.model.asset import AssetVersion
from s7spec.model.job import ExportJob, ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState, OutcomeKind
from s7spec.model.policy import OnTouch

_DELIVERED = (OutcomeKind.OK, OutcomeKind.WARNING)


def undelivered(latest: Attempt) -> tuple[AssetVersion, ...]:
    """The assets that an ended or stopped attempt sent and did not deliver; what its job has beyond
    those was delivered before it. All that it sent when its job log does not tell of each
    (semantics: section 5, partial-unknown)."""
    if latest.state is AttemptState.OK:
        return ()
    if latest.state is not AttemptState.PARTIAL:
        return latest.sent
    told = {outcome.asset: outcome.kind for outcome in latest.outcomes}
    kinds = [told.get(asset, OutcomeKind.UNKNOWN) for asset in latest.sent]
    if OutcomeKind.UNKNOWN in kinds:
        return latest.sent
    missing = tuple(
        asset for asset, kind in zip(latest.sent, kinds, strict=True) if kind not in _DELIVERED
    )
    # Something failed, and it was none of the assets that the job log tells of: who knows which.
    return missing or latest.sent


def still_to_send(job: ResolvedJob, latest: Attempt) -> tuple[AssetVersion, ...] | None:
    """The assets the job wants and nobody delivered with these settings; None when that is all of
    them: nothing is, or it was delivered with other settings."""
    if not _is_asked_alike(job.export_job, latest.export_job):
        return None
    delivered = set(latest.export_job.assets) - set(undelivered(latest))
    return _part_of(job, _others(job, delivered))


def brings_all(job: ResolvedJob, latest: Attempt) -> bool:
    """True when the job wants nothing that would not be delivered once ``latest`` has ended well,
    perhaps less."""
    if not _is_asked_alike(job.export_job, latest.export_job):
        return False
    return not _others(job, set(latest.export_job.assets))


def as_they_are_now(
    job: ResolvedJob, assets: tuple[AssetVersion, ...] | None
) -> tuple[AssetVersion, ...] | None:
    """Those of the job's assets that stand where these did; None when that is all of them."""
    if assets is None:
        return None
    places = {(asset.path, asset.type) for asset in assets}
    return _part_of(
        job,
        tuple(each for each in job.export_job.assets if (each.path, each.type) in places),
    )


def is_same_but_touched(job: ResolvedJob, latest: Attempt) -> bool:
    """True when nothing differs but the lastModified of assets, and that is to be passed over."""
    if job.policy.on_touch is not OnTouch.SKIP:
        return False
    before, after = latest.export_job, job.export_job
    return (
        _is_asked_alike(before, after)
        and before.fingerprint.data != after.fingerprint.data
        and [_content(asset) for asset in before.assets]
        == [_content(asset) for asset in after.assets]
    )


def _others(job: ResolvedJob, delivered: set[AssetVersion]) -> tuple[AssetVersion, ...]:
    """What the job wants beyond these, by what a touch counts for."""
    assets = job.export_job.assets
    if job.policy.on_touch is OnTouch.SKIP:
        contents = {_content(asset) for asset in delivered}
        return tuple(asset for asset in assets if _content(asset) not in contents)
    return tuple(asset for asset in assets if asset not in delivered)


def _part_of(job: ResolvedJob, assets: tuple[AssetVersion, ...]) -> tuple[AssetVersion, ...] | None:
    return None if len(assets) == len(job.export_job.assets) else assets


def _is_asked_alike(before: ExportJob, after: ExportJob) -> bool:
    return _bare(before) == _bare(after)


def _bare(job: ExportJob) -> str:
    """The data fingerprint of what is asked for, whatever it is asked of."""
    return replace(job, assets=()).fingerprint.data


def _content(asset: AssetVersion) -> AssetVersion:
    """All that IPS tells of an asset's content but when it was touched last."""
    return replace(asset, last_modified_ms=None)
