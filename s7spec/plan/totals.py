"""How much goes to IPS when a plan is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from s7spec.model.manifest import Fmt
from s7spec.model.plan import PlanItem


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailTotal:
    """So many jobs are sent with this ``emailSetting``."""

    emailSetting: str
    jobs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingTotals:
    """Of all jobs that are sent: each asset of each job is one file to deliver.

    ``source_bytes`` are those of the assets whose size IPS tells. ``likely_bytes`` is what all
    files together take, at least and at most as said beside it: exactly the source for originals,
    an estimate for converted ones. ``unforeseen`` files are not in it: nobody can tell their size.
    ``emails`` are sorted by setting.
    """

    jobs: int
    files: int
    source_bytes: int
    least_bytes: int
    likely_bytes: int
    most_bytes: int
    unforeseen: int
    emails: tuple[EmailTotal, ...]


def sending_totals(items: Iterable[PlanItem]) -> SendingTotals:
    """Items that send nothing do not count."""
    sent = [item for item in items if item.action.sends and item.export_job is not None]
    sizes = [_bytes_of(item) for item in sent]
    emails = Counter(item.export_job.emailSetting.value for item in sent if item.export_job)
    return SendingTotals(
        jobs=len(sent),
        files=sum(len(item.sent_assets) for item in sent),
        source_bytes=sum(_source_bytes(item) for item in sent),
        least_bytes=sum(least for least, _, _, _ in sizes),
        likely_bytes=sum(likely for _, likely, _, _ in sizes),
        most_bytes=sum(most for _, _, most, _ in sizes),
        unforeseen=sum(unforeseen for *_, unforeseen in sizes),
        emails=tuple(
            EmailTotal(emailSetting=setting, jobs=jobs) for setting, jobs in sorted(emails.items())
        ),
    )


def _source_bytes(item: PlanItem) -> int:
    return sum(asset.file_size or 0 for asset in item.sent_assets)


def _bytes_of(item: PlanItem) -> tuple[int, int, int, int]:
    """At least, likely and at most; and of how many files that cannot be told."""
    job, predicted = item.export_job, item.predicted
    files = len(item.sent_assets)
    if job is not None and job.fmt is Fmt.ORIG:
        exact = _source_bytes(item)
        return exact, exact, exact, sum(asset.file_size is None for asset in item.sent_assets)
    if predicted is None or not predicted.likely_bytes:
        return 0, 0, 0, files
    known = predicted.least_bytes, predicted.likely_bytes, predicted.most_bytes
    return *known, predicted.unknown
