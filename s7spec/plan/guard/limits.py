"""``limits``: how much one plan may start or take back at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from s7spec.model.guardrails import Limits
from s7spec.model.plan import PlanItem, Verdict, VerdictLevel
from s7spec.plan.guard.amounts import Amounts
from s7spec.plan.guard.verdicts import counted, names_of

FEWEST_KNOWN = 10
"""Jobs in the ledger below which a percentage says nothing: with three known, one is a third."""


def limit_verdicts(amounts: Amounts, limits: Limits, known: Callable[[], int]) -> Iterator[Verdict]:
    """One for each limit that is set (semantics: section 3, what guardrails count)."""
    yield from _verdict("jobs", limits.jobs, len(amounts.sending), "would be sent")
    files = [each.files for each in amounts.deliveries]
    yield from _verdict(
        "assets",
        limits.assets,
        sum(files),
        "would be exported",
        lambda: _largest(amounts.sending, files),
    )
    yield from _bytes(amounts, limits.bytes)
    yield from _share(len(amounts.sending), limits.pct_of_known, known)
    yield from _verdict(
        "cancels",
        limits.cancels,
        len(amounts.cancelling),
        "would be taken back from IPS",
        lambda: amounts.cancelling,
    )


_UNITS = {"jobs": "job", "assets": "asset", "bytes": "byte", "cancels": "job"}


def _nobody() -> Sequence[PlanItem]:
    return ()


def _verdict(
    name: str,
    allowed: int | None,
    found: int,
    what: str,
    blamed: Callable[[], Sequence[PlanItem]] = _nobody,
) -> Iterator[Verdict]:
    """``blamed`` are looked for where the limit is broken."""
    if allowed is None:
        return
    is_broken = found > allowed
    items = blamed() if is_broken else ()
    yield Verdict(
        guard=f"limits.{name}",
        level=VerdictLevel.DENY if is_broken else VerdictLevel.PASS,
        detail=f"{counted(found, _UNITS[name])} {what}, at most {allowed:,} may be",
        allowed=allowed,
        found=found,
        jobs=names_of(items),
        job_count=len(items),
    )


def _bytes(amounts: Amounts, allowed: int | None) -> Iterator[Verdict]:
    """What nobody can tell the size of may break the limit as well: then nobody knows whether it is
    kept, and it refuses."""
    sizes = [each.likely_bytes for each in amounts.deliveries]
    unforeseen = [each.unforeseen for each in amounts.deliveries]
    for verdict in _verdict(
        "bytes",
        allowed,
        sum(sizes),
        "would be delivered, by estimate",
        lambda: _largest(amounts.sending, sizes),
    ):
        if not any(unforeseen):
            yield verdict
            continue
        files = counted(sum(unforeseen), "file")
        detail = f"{verdict.detail}; {files} beside them nobody can foretell the size of"
        if verdict.refused:
            yield replace(verdict, detail=detail)
            continue
        blamed = _largest(amounts.sending, unforeseen)
        yield replace(
            verdict,
            level=VerdictLevel.DENY,
            detail=f"{detail}, so that nobody knows whether the limit is kept",
            jobs=names_of(blamed),
            job_count=len(blamed),
        )


def _share(sent: int, allowed: int | None, known: Callable[[], int]) -> Iterator[Verdict]:
    """Rounded up: 40.1 % is more than 40 %."""
    if allowed is None:
        return
    jobs = known()
    if jobs < FEWEST_KNOWN:
        yield Verdict(
            guard="limits.pct_of_known",
            level=VerdictLevel.PASS,
            detail=f"not measured: the ledger knows {counted(jobs, 'job')} here, fewer than "
            f"{FEWEST_KNOWN}",
        )
        return
    found = -(-100 * sent // jobs)
    yield Verdict(
        guard="limits.pct_of_known",
        level=VerdictLevel.DENY if found > allowed else VerdictLevel.PASS,
        detail=f"{counted(sent, 'job')} would be sent, {found:,} % of the {jobs:,} that the ledger "
        f"knows, at most {allowed:,} % may be",
        allowed=allowed,
        found=found,
    )


def _largest(items: Sequence[PlanItem], sizes: Sequence[int]) -> tuple[PlanItem, ...]:
    """The largest first: those are looked at."""
    by_size = sorted(zip(items, sizes, strict=True), key=lambda pair: (-pair[1], pair[0].key))
    return tuple(item for item, size in by_size if size)
