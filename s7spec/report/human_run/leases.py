"""Who holds the lease of an environment, in a line or in full."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from s7spec.model.ledger import Holder, Lease
from s7spec.report.figures import duration, moment
from s7spec.report.terminal import Line, Tone, labelled, line, paint
from s7spec.report.view import View

_GONE = "on this machine, and not running any more: `s7spec ledger unlock` gives it back"


def lease_line(lease: Lease, view: View, *, holder_is_gone: bool = False) -> Line:
    """For reports that tell more than that. ``holder_is_gone``: it is known that it does not run
    any more."""
    facts = [
        f"since {moment(lease.taken_at)}",
        f"until {moment(lease.expires_at)}",
        *([lease.holder.url] if lease.holder.url else []),
    ]
    who = (f"Lease: {holder_text(lease.holder)}", Tone.NOTE)
    gone = f" {view.dot} {_GONE}" if holder_is_gone else ""
    told = f" {view.dot} {f' {view.dot} '.join(facts)}"
    return Line((), (who, (told, Tone.PLAIN), (gone, Tone.CAUTION)))


def lease_text(
    lease: Lease | None, where: str, now: datetime, view: View, *, holder_is_gone: bool = False
) -> str:
    """All that is known of a lease. ``where`` is its company and environment."""
    return paint(_lines(lease, where, now, holder_is_gone=holder_is_gone), view)


def holder_text(holder: Holder) -> str:
    return f"{holder.user}@{holder.host} (pid {holder.pid})"


def _lines(
    lease: Lease | None, where: str, now: datetime, *, holder_is_gone: bool
) -> Iterator[Line]:
    if lease is None:
        yield line(f"Nobody holds the lease of {where}")
        return
    yield line(f"The lease of {where} is held", Tone.STRONG)
    yield labelled("holder", (holder_text(lease.holder), Tone.NOTE), indent=2)
    if holder_is_gone:
        yield labelled("", (_GONE, Tone.CAUTION), indent=2)
    if lease.holder.url:
        yield labelled("run", (lease.holder.url, Tone.NOTE), indent=2, whole=True)
    yield labelled("since", (moment(lease.taken_at), Tone.PLAIN), indent=2)
    yield labelled("until", _until(lease, now), indent=2)


def _until(lease: Lease, now: datetime) -> tuple[str, Tone]:
    """A lease is renewed as long as its holder lives: one that ran out is of a dead one."""
    if lease.expires_at <= now:
        ago = duration(lease.expires_at, now)
        return f"{moment(lease.expires_at)}: it ran out {ago} ago, the next apply takes it", (
            Tone.CAUTION
        )
    left = duration(now, lease.expires_at)
    return f"{moment(lease.expires_at)}, in {left} if it is not renewed", Tone.PLAIN
