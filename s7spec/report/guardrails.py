"""What guardrails say of a plan, in words that all formats share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from s7spec.model.plan import Verdict, VerdictLevel
from s7spec.report.figures import byte_size, number
from s7spec.report.visible import named

TOLD = (VerdictLevel.DENY, VerdictLevel.APPROVED, VerdictLevel.WARN)
"""Levels that get a line of their own, in the order in which they are read."""

IN_SHOW = "s7spec show PLAN.JSON --detail full"
"""Where all is told that a verdict found."""

_PRODUCTION = "production"
_LIMITS = "limits."
_NOT_MEASURED = "not measured: "
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_GUARD = re.compile(r"[a-z][a-z0-9_.]{0,30}(:[a-z][a-z0-9-]{0,62})?")


def of_level(verdicts: Iterable[Verdict], level: VerdictLevel) -> tuple[Verdict, ...]:
    return tuple(verdict for verdict in verdicts if verdict.level is level)


def kept_texts(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """One for each guardrail that found nothing: ``jobs 4 of at most 200``, ``protected``."""
    return tuple(
        _kept_text(verdict)
        for verdict in of_level(verdicts, VerdictLevel.PASS)
        if verdict.guard != _PRODUCTION and not _is_unmeasured(verdict)
    )


def unmeasured_texts(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """One for each guardrail that lets the plan pass because it cannot tell: nobody may take it for
    kept."""
    return tuple(
        f"{verdict.guard.removeprefix(_LIMITS)}: {verdict.detail.removeprefix(_NOT_MEASURED)}"
        for verdict in of_level(verdicts, VerdictLevel.PASS)
        if _is_unmeasured(verdict)
    )


def production_text(verdicts: Iterable[Verdict]) -> str:
    """What a production environment asks for; empty of others."""
    return next((verdict.detail for verdict in verdicts if verdict.guard == _PRODUCTION), "")


def jobs_text(verdict: Verdict, ellipsis: str, *, most: int = 3) -> str:
    """``shop/a, shop/b, … and 7 more``; empty when it names none."""
    shown = ", ".join(named(name) for name in verdict.jobs[:most])
    rest = verdict.job_count - min(most, len(verdict.jobs))
    return f"{shown}, {ellipsis} and {rest:,} more" if shown and rest > 0 else shown


def approval_text(verdict: Verdict) -> str:
    """``approved by anna: the season starts``; empty without approval."""
    given = verdict.approval
    return "" if given is None else f"approved by {given.by}: {given.reason}"


def verdict_text(
    verdict: Verdict, ellipsis: str, *, most: int = 3, all_notes: str = IN_SHOW
) -> str:
    """``protected: 1 protected job is sent (shop/a); approved by anna: the season starts``.
    ``all_notes`` says where those stand that its detail leaves out; empty: below it."""
    jobs = jobs_text(verdict, ellipsis, most=most)
    found = f"{verdict.guard}: {verdict.detail}" + (f" ({jobs})" if jobs else "")
    notes = notes_text(verdict, all_notes)
    return "; ".join(part for part in (found, notes, approval_text(verdict)) if part)


def notes_text(verdict: Verdict, where: str = IN_SHOW) -> str:
    """``all 13: s7spec show PLAN.JSON --detail full``; empty where the detail says them all."""
    is_cut = bool(further_notes(verdict)) and where
    return f"all {verdict.note_count:,}: {where}" if is_cut else ""


def further_notes(verdict: Verdict) -> tuple[str, ...]:
    """All of its notes, where its detail leaves some out."""
    is_cut = any(note not in verdict.detail for note in verdict.notes)
    return verdict.notes if is_cut else ()


def what_to_do(environment: str) -> str:
    """Before the lines of ``approve_lines``."""
    return (
        "Plan less, or change s7spec.yaml; or have exactly this plan approved there, below "
        f"{environment}:"
    )


def approve_lines(
    verdicts: Iterable[Verdict], digest: str | None, *, most: int | None = None
) -> tuple[str, ...]:
    """What would have to stand in s7spec.yaml to let exactly this plan pass, but for the names. A
    plan file may call a guardrail anything: only what can stand there is shown. ``most`` entries,
    and how many are missing then."""
    shown = digest if digest is not None and _DIGEST.fullmatch(digest) else "DIGEST"
    entries = [
        f"  - {{guard: {verdict.guard}, digest: {shown}, by: NAME, reason: WHY}}"
        for verdict in of_level(verdicts, VerdictLevel.DENY)
        if _GUARD.fullmatch(verdict.guard)
    ]
    left_out = 0 if most is None else len(entries) - most
    more = [f"  # and one for each of {left_out:,} more guardrails"] if left_out > 0 else []
    return ("approve:", *entries[:most], *more)


def _is_unmeasured(verdict: Verdict) -> bool:
    """A limit without figures, or one that passes and has something to note."""
    is_limit = verdict.guard.startswith(_LIMITS)
    return bool(verdict.notes) or (is_limit and verdict.found is None)


def _kept_text(verdict: Verdict) -> str:
    if verdict.found is None or verdict.allowed is None:
        return verdict.guard.removeprefix(_LIMITS)
    show = byte_size if verdict.guard == "limits.bytes" else number
    what = verdict.guard.removeprefix(_LIMITS)
    return f"{what} {show(verdict.found)} of at most {show(verdict.allowed)}"
