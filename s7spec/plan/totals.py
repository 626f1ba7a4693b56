"""How much goes to IPS when a plan is applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from s7spec.model.plan import PlanItem
from s7spec.plan.delivery import delivery_of


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
    deliveries = [delivery_of(item) for item in sent]
    emails = Counter(item.export_job.emailSetting.value for item in sent if item.export_job)
    return SendingTotals(
        jobs=len(sent),
        files=sum(each.files for each in deliveries),
        source_bytes=sum(_source_bytes(item) for item in sent),
        least_bytes=sum(each.least_bytes for each in deliveries),
        likely_bytes=sum(each.likely_bytes for each in deliveries),
        most_bytes=sum(each.most_bytes for each in deliveries),
        unforeseen=sum(each.unforeseen for each in deliveries),
        emails=tuple(
            EmailTotal(emailSetting=setting, jobs=jobs) for setting, jobs in sorted(emails.items())
        ),
    )


def _source_bytes(item: PlanItem) -> int:
    return sum(max(asset.file_size or 0, 0) for asset in item.sent_assets)
