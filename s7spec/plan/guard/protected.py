"""``protected``: jobs that are neither sent nor taken back without approval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from s7spec.model.plan import Action, Plan, PlanItem, Verdict, VerdictLevel
from s7spec.plan.guard.amounts import Amounts
from s7spec.plan.guard.circumstances import Circumstances, IdleTerms, Standing
from s7spec.plan.guard.verdicts import about, counted, noted

GUARD = "protected"


def protected_verdicts(
    plan: Plan, amounts: Amounts, terms: tuple[str, ...], circumstances: Circumstances
) -> Iterator[Verdict]:
    """Where nobody can tell whether a job is protected, it is. What is forgotten or goes on under
    another name changes nothing on IPS: that it is protected no more is only said."""
    if not terms:
        return
    touched = {item.key: item for item in (*amounts.sending, *amounts.cancelling)}
    standings = {key: circumstances.standing(key) for key in sorted(touched)}
    denied = [touched[key] for key in standings if standings[key] is not Standing.FREE]
    lost = [item for item in plan.items if _loses_protection(item, circumstances)]
    idle = circumstances.idle()
    unknown = sum(1 for item in (*denied, *lost) if _is_unknown(item, circumstances))
    parts = (
        *_touched_words(denied),
        *_lost_words(lost),
        *_unknown_words(unknown),
        *_idle_words(idle),
    )
    detail = "; ".join(parts or ("no protected job is sent or taken back",))
    level = _level(denied, lost, idle)
    yield noted(about(GUARD, level, detail, denied or lost), idle.notes)


def _level(denied: Sequence[PlanItem], lost: Sequence[PlanItem], idle: IdleTerms) -> VerdictLevel:
    if denied:
        return VerdictLevel.DENY
    return VerdictLevel.WARN if lost or (idle.notes and idle.is_sure) else VerdictLevel.PASS


def _loses_protection(item: PlanItem, circumstances: Circumstances) -> bool:
    if item.action is Action.FORGET:
        return circumstances.standing(item.key) is not Standing.FREE
    if item.moved_from is None or circumstances.standing(item.key) is not Standing.FREE:
        return False
    return circumstances.standing(item.moved_from) is not Standing.FREE


def _is_unknown(item: PlanItem, circumstances: Circumstances) -> bool:
    return circumstances.standing(item.key) is Standing.UNKNOWN


def _touched_words(items: Sequence[PlanItem]) -> Iterator[str]:
    if items:
        are = "is" if len(items) == 1 else "are"
        yield f"{counted(len(items), 'protected job')} {are} sent or taken back"


def _unknown_words(number: int) -> Iterator[str]:
    if number:
        are, their = ("is", "its") if number == 1 else ("are", "their")
        yield f"{number:,} of them {are} taken for protected: {their} manifest is not there to tell"


def _lost_words(items: Sequence[PlanItem]) -> Iterator[str]:
    forgotten = sum(1 for item in items if item.action is Action.FORGET)
    moved = len(items) - forgotten
    if forgotten:
        are = "is" if forgotten == 1 else "are"
        yield (
            f"{counted(forgotten, 'protected job')} {are} forgotten: what comes back under another "
            "name may not be protected"
        )
    if moved:
        goes = "goes" if moved == 1 else "go"
        yield f"{counted(moved, 'protected job')} {goes} on under a name that is not protected"


def _idle_words(idle: IdleTerms) -> Iterator[str]:
    if idle.notes:
        more = len(idle.notes) - 1
        yield idle.notes[0] + (f"; and {more:,} more such terms" if more else "")
