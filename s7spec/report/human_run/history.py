"""What a job went through: every attempt, what was different about it, what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from s7spec.model.job import ExportJob, JobKey
from s7spec.model.ledger import Attempt, AttemptEvent
from s7spec.report.changes import payload_difference
from s7spec.report.figures import count, moment, timing_text
from s7spec.report.human_run.outcomes import (
    STATE_TONES,
    files_text,
    outcome_counts,
    outcome_lines,
    own_words,
    state_span,
    url_lines,
)
from s7spec.report.terminal import EMPTY, Line, Tone, labelled, line, paint
from s7spec.report.view import View
from s7spec.report.visible import named

_INDENT = 6
_MOST_MESSAGES = 5


def history_text(
    attempts: Sequence[Attempt], events: Mapping[str, Sequence[AttemptEvent]], view: View
) -> str:
    """Attempts in the order given, by job; ``events`` by attempt name."""
    if not attempts:
        return paint([line("No attempts: this was never exported.")], view)
    return paint(_lines(attempts, events, view), view)


def _lines(
    attempts: Sequence[Attempt], events: Mapping[str, Sequence[AttemptEvent]], view: View
) -> Iterator[Line]:
    by_job: dict[JobKey, list[Attempt]] = {}
    for attempt in attempts:
        by_job.setdefault(attempt.key, []).append(attempt)
    for position, (key, members) in enumerate(by_job.items()):
        if position:
            yield EMPTY
        yield Line(
            ((str(key), Tone.STRONG),), ((f": {count(len(members), 'attempt')}", Tone.QUIET),)
        )
        before: ExportJob | None = None
        for number, attempt in enumerate(members, start=1):
            yield EMPTY
            yield from _attempt_lines(number, attempt, before, view)
            yield from _event_lines(attempt, events.get(attempt.name, ()))
            before = attempt.export_job


def _attempt_lines(
    number: int, attempt: Attempt, before: ExportJob | None, view: View
) -> Iterator[Line]:
    job = attempt.export_job
    message = own_words(attempt.message, attempt.outcomes)
    facts = [attempt.name, files_text(outcome_counts(attempt.outcomes)), message]
    if attempt.forgotten:
        facts.append("forgotten")
    text = f" {view.dot} ".join(fact for fact in facts if fact)
    state = (f"{attempt.state.value:<9} ", STATE_TONES[attempt.state])
    yield Line(((f"  {number}  ", Tone.STRONG), state), ((text, Tone.PLAIN),))
    yield labelled("sent", (_sent_text(attempt), Tone.PLAIN), indent=_INDENT)
    if before is not None:
        for change in payload_difference(before, job):
            yield labelled(change.field, (change.text(view.arrow), Tone.CAUTION), indent=_INDENT)
    yield from outcome_lines(attempt.outcomes, view, most=_MOST_MESSAGES, indent=_INDENT)
    yield from url_lines(attempt.zip_urls, indent=_INDENT)


def _sent_text(attempt: Attempt) -> str:
    """What was asked for, of which assets, and what was special about this attempt."""
    job = attempt.export_job
    payload = " ".join((job.fmt.value, *(part for part in (job.is_modifier, job.macro) if part)))
    part = "" if attempt.only is None else f"{len(attempt.only):,} of "
    parts = [
        payload,
        f"{part}{count(len(job.assets), 'asset')}",
        f"e-mail {job.emailSetting.value}",
    ]
    if attempt.timing is not None:
        parts.append(f"to start {timing_text(attempt.timing)}")
    if attempt.rerun is not None:
        parts.append(f"rerun {named(attempt.rerun)}")
    if attempt.tries > 1:
        parts.append(f"try {attempt.tries}")
    return ", ".join(parts)


def _event_lines(attempt: Attempt, events: Sequence[AttemptEvent]) -> Iterator[Line]:
    """Each message once; the attempt's own stands with the attempt already."""
    told = {attempt.message}
    for event in events:
        head = ((f"{' ' * _INDENT}{moment(event.at)}  ", Tone.QUIET),)
        message = "" if event.message in told else own_words(event.message)
        told.add(event.message)
        yield Line(head, (state_span(event.state), (f" {message}", Tone.PLAIN)))
