"""``originals``: ``fmt: orig`` hands out the masters as they were uploaded."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.guardrails import Gate
from s7spec.model.manifest import Fmt
from s7spec.model.plan import Verdict
from s7spec.plan.guard.amounts import Amounts
from s7spec.plan.guard.verdicts import LEVELS, about, counted, passed

GUARD = "originals"


def originals_verdicts(amounts: Amounts, gate: Gate) -> Iterator[Verdict]:
    if gate is Gate.ALLOW:
        return
    items = [
        item
        for item in amounts.sending
        if item.export_job is not None and item.export_job.fmt is Fmt.ORIG
    ]
    if items:
        files = sum(len(item.sent_assets) for item in items)
        hands = "hands" if len(items) == 1 else "hand"
        detail = (
            f"{counted(len(items), 'job')} {hands} out {counted(files, 'original')} as uploaded "
            "(fmt: orig)"
        )
        yield about(GUARD, LEVELS[gate], detail, items)
    elif gate is Gate.DENY:
        yield passed(GUARD, "no originals are handed out")
