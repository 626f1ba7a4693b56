"""Reads the end of a job from its log: what became of each asset, and of the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from s7spec.model.asset import Asset, AssetVersion
from s7spec.model.ips import JobDetail, JobSnapshot
from s7spec.model.ledger import AssetOutcome, AttemptState, FailureClass, OutcomeKind

_WORSE = (OutcomeKind.UNKNOWN, OutcomeKind.OK, OutcomeKind.WARNING, OutcomeKind.ERROR)
_ERROR_ENDINGS = ("Error", "Failure", "Failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """``outcomes`` are in the payload's order, one for each asset. ``awaits_zip``: the log names
    no ZIP, and nothing in it says why, so its line may still come."""

    state: AttemptState
    outcomes: tuple[AssetOutcome, ...]
    message: str = ""
    awaits_zip: bool = False
    failure: FailureClass | None = None


def read_ending(
    seen: JobSnapshot, wanted: tuple[AssetVersion, ...], assets: tuple[Asset, ...]
) -> Ending:
    """``assets`` are those looked up in this run, if any: log lines are matched by their handles
    first, else by name, since handles differ between sessions (facts: IPS API section 8)."""
    lines = _lines_by_asset(seen.details, wanted, assets)
    outcomes = tuple(_outcome(version, lines.get(version, ())) for version in wanted)
    strays = [
        detail
        for detail in seen.details
        if _kind(detail) is OutcomeKind.ERROR and not any(detail in own for own in lines.values())
    ]
    state = _state(seen, outcomes, strays)
    return Ending(
        state=state,
        outcomes=outcomes,
        message=_message(seen, outcomes, strays),
        awaits_zip=_awaits_zip(seen, outcomes, strays),
        failure=_failure(seen, state),
    )


def _lines_by_asset(
    details: Iterable[JobDetail], wanted: tuple[AssetVersion, ...], assets: tuple[Asset, ...]
) -> dict[AssetVersion, list[JobDetail]]:
    by_handle = {asset.handle: asset.version for asset in assets}
    by_name = {version.path.rsplit("/", 1)[-1]: version for version in wanted}
    lines: dict[AssetVersion, list[JobDetail]] = {}
    for detail in details:
        if _is_zip(detail):
            continue
        version = by_handle.get(detail.assetHandle or "") or by_name.get(detail.assetName or "")
        if version is not None:
            lines.setdefault(version, []).append(detail)
    return lines


def _is_zip(detail: JobDetail) -> bool:
    """The archive's own lines; their assetName is its URL (facts: IPS API section 9)."""
    is_url = (detail.assetName or "").startswith(("http://", "https://"))
    return is_url or detail.assetType == "ExportJobZip" or detail.logType.startswith("ZipFile")


def _kind(detail: JobDetail) -> OutcomeKind | None:
    """By the end of logType: the list is open, its endings are not (facts: sections 7 and 9)."""
    if detail.logType.endswith(_ERROR_ENDINGS):
        return OutcomeKind.ERROR
    if detail.logType.endswith("Warning"):
        return OutcomeKind.WARNING
    if detail.logType.endswith("Success"):
        return OutcomeKind.OK
    return None


def _outcome(version: AssetVersion, lines: Iterable[JobDetail]) -> AssetOutcome:
    """The worst line about an asset counts."""
    worst, message = OutcomeKind.UNKNOWN, "the job log does not mention it"
    for line in lines:
        kind = _kind(line)
        if kind is not None and _WORSE.index(kind) > _WORSE.index(worst):
            worst, message = kind, line.logMessage
    return AssetOutcome(asset=version, kind=worst, message=message)


def _state(
    seen: JobSnapshot, outcomes: tuple[AssetOutcome, ...], strays: list[JobDetail]
) -> AttemptState:
    if any(_is_stop(detail) for detail in seen.details):
        return AttemptState.STOPPED
    if seen.fatalError:
        return AttemptState.FAILED
    if not seen.zip_urls:
        return AttemptState.FAILED
    kinds = [outcome.kind for outcome in outcomes]
    unsure = OutcomeKind.UNKNOWN in kinds and not _counters_vouch(seen, kinds)
    if OutcomeKind.ERROR not in kinds and not strays and not seen.fileErrorCount and not unsure:
        return AttemptState.OK
    return AttemptState.FAILED if set(kinds) == {OutcomeKind.ERROR} else AttemptState.PARTIAL


def _failure(seen: JobSnapshot, state: AttemptState) -> FailureClass | None:
    if state is AttemptState.OK:
        return None
    if state is AttemptState.STOPPED:
        return FailureClass.STOPPED
    if seen.fatalError:
        return FailureClass.FATAL
    return FailureClass.ASSETS if seen.zip_urls else FailureClass.NO_ARCHIVE


def _counters_vouch(seen: JobSnapshot, kinds: list[OutcomeKind]) -> bool:
    """True when there are successes without a line, enough for every asset without one.

    Warnings never add to that: a warned file counts as a success as well. The ZIP counts as one
    more success (facts: IPS API section 9).
    """
    told = sum(_kind(detail) in (OutcomeKind.OK, OutcomeKind.WARNING) for detail in seen.details)
    untold_zip = not any(_is_zip(detail) for detail in seen.details)
    return seen.fileSuccessCount - told >= kinds.count(OutcomeKind.UNKNOWN) + untold_zip


def _awaits_zip(
    seen: JobSnapshot, outcomes: tuple[AssetOutcome, ...], strays: list[JobDetail]
) -> bool:
    explained = (
        seen.fatalError
        or any(_is_stop(detail) for detail in seen.details)
        or any(_is_zip(detail) for detail in strays)
        or all(outcome.kind is OutcomeKind.ERROR for outcome in outcomes)
    )
    return not seen.zip_urls and not explained


def _is_stop(detail: JobDetail) -> bool:
    """FileCancel is documented; other spellings of a stop are not, so any of them is taken."""
    return "Cancel" in detail.logType or "Stop" in detail.logType


def _message(seen: JobSnapshot, outcomes: tuple[AssetOutcome, ...], strays: list[JobDetail]) -> str:
    failed = [outcome for outcome in outcomes if outcome.kind is OutcomeKind.ERROR]
    silent = sum(outcome.kind is OutcomeKind.UNKNOWN for outcome in outcomes)
    parts = [detail.logMessage for detail in seen.details if _is_stop(detail)]
    if seen.fatalError and not parts:
        parts.append("IPS reports a fatal error")
    if failed:
        first = failed[0]
        parts.append(
            f"{len(failed)} of {len(outcomes)} assets failed, "
            f"first {first.asset.path}: {first.message}"
        )
    parts += dict.fromkeys(stray.logMessage for stray in strays)
    if silent:
        parts.append(f"the job log does not mention {silent} of {len(outcomes)} assets")
    if _awaits_zip(seen, outcomes, strays):
        parts.append("IPS ended the job, but its log names no ZIP")
    elif not seen.zip_urls:
        parts.append("the job log names no ZIP")
    return "; ".join(parts)
