"""Which assets of a job are delivered already, so that only the others need be sent."""

from __future__ import annotations

from dataclasses import replace

from s7spec.model.asset import AssetVersion
from s7spec.model.job import ExportJob, ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState, OutcomeKind
from s7spec.model.policy import OnTouch

_DELIVERED = (OutcomeKind.OK, OutcomeKind.WARNING)


def undelivered(latest: Attempt) -> tuple[AssetVersion, ...] | None:
    """The assets of an ended attempt's job that were not delivered, neither by it nor before it;
    None when its job log does not tell of each (semantics: section 5, partial-unknown)."""
    if latest.state is AttemptState.OK:
        return ()
    if latest.state is not AttemptState.PARTIAL:
        return latest.sent
    told = {outcome.asset: outcome.kind for outcome in latest.outcomes}
    kinds = [told.get(asset, OutcomeKind.UNKNOWN) for asset in latest.sent]
    if OutcomeKind.UNKNOWN in kinds:
        return None
    return tuple(
        asset for asset, kind in zip(latest.sent, kinds, strict=True) if kind not in _DELIVERED
    )


def still_to_send(job: ResolvedJob, latest: Attempt) -> tuple[AssetVersion, ...] | None:
    """The assets the job wants and nobody delivered with these settings; None when they cannot be
    told apart: other settings, or a job log that does not tell."""
    missing = undelivered(latest)
    if missing is None or not _is_asked_alike(job.export_job, latest.export_job):
        return None
    delivered = set(latest.export_job.assets) - set(missing)
    if job.policy.on_touch is OnTouch.SKIP:
        contents = {_content(asset) for asset in delivered}
        return tuple(asset for asset in job.export_job.assets if _content(asset) not in contents)
    return tuple(asset for asset in job.export_job.assets if asset not in delivered)


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


def _is_asked_alike(before: ExportJob, after: ExportJob) -> bool:
    return _bare(before) == _bare(after)


def _bare(job: ExportJob) -> str:
    """The data fingerprint of what is asked for, whatever it is asked of."""
    return replace(job, assets=()).fingerprint.data


def _content(asset: AssetVersion) -> AssetVersion:
    """All that IPS tells of an asset's content but when it was touched last."""
    return replace(asset, last_modified_ms=None)
