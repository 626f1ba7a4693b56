"""``protected``: jobs that are neither sent nor taken back without approval."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from s7spec.model.job import JobKey
from s7spec.model.plan import Verdict, VerdictLevel
from s7spec.plan.guard.amounts import Amounts
from s7spec.plan.guard.verdicts import about, counted, passed

GUARD = "protected"


def protected_verdicts(
    amounts: Amounts, patterns: tuple[str, ...], matches: Callable[[JobKey, str], bool]
) -> Iterator[Verdict]:
    if not patterns:
        return
    touched = {item.key: item for item in (*amounts.sending, *amounts.cancelling)}
    items = [
        touched[key]
        for key in sorted(touched)
        if any(matches(key, pattern) for pattern in patterns)
    ]
    if not items:
        yield passed(GUARD, "no protected job is sent or taken back")
        return
    are = "is" if len(items) == 1 else "are"
    detail = f"{counted(len(items), 'protected job')} {are} sent or taken back"
    yield about(GUARD, VerdictLevel.DENY, detail, items)
