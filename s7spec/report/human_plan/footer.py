"""What a reviewer must know besides the jobs: volume, e-mails, warnings, guardrails."""

from __future__ import annotations

from collections.abc import Iterator

from s7spec.model.plan import Plan, Verdict, VerdictLevel
from s7spec.plan import sending_totals
from s7spec.report.guardrails import (
    TOLD,
    approve_lines,
    further_notes,
    kept_texts,
    of_level,
    production_text,
    unmeasured_texts,
    verdict_text,
    what_to_do,
)
from s7spec.report.human_diagnostics import finding_lines
from s7spec.report.plan_outline import again_text, email_text, sending
from s7spec.report.terminal import EMPTY, Line, Span, Tone, cut, labelled, line
from s7spec.report.view import View
from s7spec.report.visible import visible
from s7spec.report.volume import delivered_text, total_text

_MOST_WARNINGS = 4
_MOST_ASSUMPTIONS = 8
_MOST_VERDICTS = 3
_MOST_APPROVALS = 12
_ROOM = 14

IN_FULL = "in full: --detail full"
"""Said where sentences are cut off."""


def footer_lines(
    plan: Plan, view: View, *, command: str | None, digest: str | None, full: bool
) -> Iterator[Line]:
    """Everything below the jobs. Refusals and the next command come last: they are read."""
    jobs = sending(plan)
    if jobs:
        yield labelled("To send", (total_text(jobs), Tone.PLAIN))
        sent = sending_totals(jobs)
        delivered = delivered_text(sent)
        if delivered:
            yield labelled("To deliver", (delivered, Tone.PLAIN))
        yield labelled("E-mail", (email_text(sent), Tone.PLAIN))
    again = again_text(plan)
    if again:
        yield labelled("May send", (again, Tone.CAUTION))
    yield from _warning_lines(plan, view, full=full)
    yield from _assumption_lines(plan, view, full=full)
    yield from _guardrail_lines(plan, view, full=full)
    yield from _next_lines(plan, view, command=command, digest=digest, full=full)


def _warning_lines(plan: Plan, view: View, *, full: bool) -> Iterator[Line]:
    if full:
        for finding in plan.warnings:
            yield from finding_lines(finding, view)
            yield EMPTY
        return
    label = "Warnings"
    for finding in plan.warnings[:_MOST_WARNINGS]:
        place = f" ({finding.where})" if finding.where else ""
        yield _listed(label, (f"{finding.rule.id} ", Tone.CAUTION), finding.summary + place)
        label = ""
    rest = len(plan.warnings) - _MOST_WARNINGS
    if rest > 0:
        yield _more(rest, view)


def _assumption_lines(plan: Plan, view: View, *, full: bool) -> Iterator[Line]:
    """In full, or how each begins: and then only where something would be sent."""
    if not full and not sending(plan):
        return
    label = "Not checked"
    room = max(view.width - _ROOM, _ROOM)
    shown = plan.assumptions if full else plan.assumptions[:_MOST_ASSUMPTIONS]
    was_cut = False
    for text in shown:
        brief = text if full else cut(text, room, view)
        was_cut = was_cut or not (full or brief == visible(text, unicode=view.unicode))
        yield labelled(label, (brief, Tone.PLAIN), room=_ROOM, whole=not full)
        label = ""
    rest = len(plan.assumptions) - len(shown)
    if rest > 0:
        yield _more(rest, view)
    elif was_cut:
        yield labelled("", (f"{view.ellipsis} {IN_FULL}", Tone.CAUTION))


def _guardrail_lines(plan: Plan, view: View, *, full: bool) -> Iterator[Line]:
    """What is denied comes first; of what was not found, that it was looked for."""
    for level in TOLD:
        verdicts = of_level(plan.verdicts, level)
        shown = verdicts if full else verdicts[:_MOST_VERDICTS]
        for verdict in shown:
            label, tone = _LEVELS[level]
            most = len(verdict.jobs) if full else 3
            all_notes = "" if full else "--detail full"
            text = verdict_text(verdict, view.ellipsis, most=most, all_notes=all_notes)
            yield labelled(label, (text, tone))
            if full:
                yield from _note_lines(verdict, view)
        if len(verdicts) > len(shown):
            yield _more(len(verdicts) - len(shown), view)
    kept = kept_texts(plan.verdicts)
    if kept:
        yield labelled("Guards kept", ("; ".join(kept), Tone.PLAIN))
    unmeasured = unmeasured_texts(plan.verdicts)
    if unmeasured:
        yield labelled("Not measured", ("; ".join(unmeasured), Tone.CAUTION))
    production = production_text(plan.verdicts)
    if production:
        yield labelled("Production", (production, Tone.CAUTION))


def _note_lines(verdict: Verdict, view: View) -> Iterator[Line]:
    notes = further_notes(verdict)
    for note in notes:
        yield labelled("", (f"- {note}", Tone.PLAIN))
    if notes and verdict.note_count > len(notes):
        yield _more(verdict.note_count - len(notes), view)


_LEVELS = {
    VerdictLevel.DENY: ("REFUSED", Tone.BAD),
    VerdictLevel.APPROVED: ("Approved", Tone.CAUTION),
    VerdictLevel.WARN: ("Warned", Tone.CAUTION),
}


def _next_lines(
    plan: Plan, view: View, *, command: str | None, digest: str | None, full: bool
) -> Iterator[Line]:
    if plan.is_refused:
        yield EMPTY
        yield line("apply will refuse this plan (exit 6).", Tone.BAD)
        yield line(what_to_do(plan.header.environment))
        texts = approve_lines(plan.verdicts, digest)
        shown = texts if full else texts[: _MOST_APPROVALS + 1]
        for text in shown:
            yield line(text, Tone.STRONG, indent=2, whole=True)
        if len(texts) > len(shown):
            rest = f"{view.ellipsis} and {len(texts) - len(shown):,} more (--detail full)"
            yield line(rest, Tone.CAUTION, indent=4)
    elif plan.has_changes and command is not None:
        yield EMPTY
        yield line("To do exactly this:")
        yield line(command, Tone.STRONG, indent=2, whole=True)


def _listed(label: str, mark: Span, text: str) -> Line:
    return labelled(label, mark, (text, Tone.PLAIN))


def _more(rest: int, view: View) -> Line:
    return labelled("", (f"{view.ellipsis} and {rest:,} more (--detail full)", Tone.CAUTION))
