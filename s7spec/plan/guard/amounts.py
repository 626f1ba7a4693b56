"""How much a plan would start and take back, counted once for all guardrails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from s7spec.model.plan import Action, PlanItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """``sending`` go to IPS as new attempts, ``cancelling`` are taken back from it; ``files`` and
    ``file_bytes`` are what is delivered of each that is sent, in their order."""

    sending: tuple[PlanItem, ...]
    cancelling: tuple[PlanItem, ...]
    files: tuple[int, ...]
    file_bytes: tuple[int, ...]


def amounts_of(items: Iterable[PlanItem]) -> Amounts:
    """A job that is rescheduled is not cancelled: it still runs, at another time. A forgotten one
    is not either: nothing happens to it on IPS."""
    items = tuple(items)
    sending = tuple(item for item in items if item.action.sends)
    return Amounts(
        sending=sending,
        cancelling=tuple(item for item in items if _cancels(item)),
        files=tuple(len(item.sent_assets) for item in sending),
        file_bytes=tuple(map(estimated_bytes, sending)),
    )


def estimated_bytes(item: PlanItem) -> int:
    """What is delivered of a job: as foretold, and where nothing is (originals are what they were)
    as much as the sources take. What nobody tells the size of is not in it."""
    if item.predicted is not None and item.predicted.likely_bytes:
        return item.predicted.likely_bytes
    return sum(asset.file_size or 0 for asset in item.sent_assets)


def _cancels(item: PlanItem) -> bool:
    return item.action is Action.CANCEL or item.stops_older
