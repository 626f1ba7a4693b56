"""What a job went through: every attempt, what was different about it, what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from s7spec.model.job import ExportJob, JobKey
from s7spec.model.ledger import Attempt, AttemptEvent
from s7spec.report.changes import asset_name, payload_difference
from s7spec.report.figures import count, moment
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
_MOST_NAMES = 5


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
        how_many = (f": {count(len(members), 'attempt')}", Tone.QUIET)
        yield Line((), ((str(key), Tone.STRONG), how_many))
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
    yield labelled("sent", (_payload_text(attempt), Tone.PLAIN), indent=_INDENT)
    yield from _circumstances(attempt, view)
    if before is not None:
        for change in payload_difference(before, job):
            yield labelled(change.field, (change.text(view.arrow), Tone.CAUTION), indent=_INDENT)
    yield from outcome_lines(attempt.outcomes, view, most=_MOST_MESSAGES, indent=_INDENT)
    yield from url_lines(attempt.zip_urls, indent=_INDENT)


def _payload_text(attempt: Attempt) -> str:
    job = attempt.export_job
    parts = [job.fmt.value, *(part for part in (job.is_modifier, job.macro) if part)]
    assets = count(len(job.assets), "asset")
    if attempt.only is not None:
        assets = f"{len(attempt.only):,} of {assets}"
    return f"{' '.join(parts)}, {assets}, e-mail {job.emailSetting.value}"


def _circumstances(attempt: Attempt, view: View) -> Iterator[Line]:
    """What was special about it; of most attempts nothing was."""
    facts = []
    if attempt.only is not None:
        names = [named(asset_name(asset.path)) for asset in attempt.only]
        rest = len(names) - _MOST_NAMES
        more = [f"{view.ellipsis} {rest:,} more"] if rest > 0 else []
        facts.append(("only", ", ".join([*names[:_MOST_NAMES], *more])))
    if attempt.tries > 1:
        facts.append(("tries", f"number {attempt.tries} in a row for the same content"))
    if attempt.timing is not None:
        facts.append(("timing", attempt.timing.words()))
    if attempt.rerun is not None:
        facts.append(("rerun", named(attempt.rerun)))
    if attempt.failure is not None:
        facts.append(("failure", attempt.failure.value))
    for label, text in facts:
        yield labelled(label, (text, Tone.PLAIN), indent=_INDENT)


def _event_lines(attempt: Attempt, events: Sequence[AttemptEvent]) -> Iterator[Line]:
    """Each message once; the attempt's own stands with the attempt already."""
    told = {attempt.message}
    for event in events:
        head = ((f"{' ' * _INDENT}{moment(event.at)}  ", Tone.QUIET),)
        message = "" if event.message in told else own_words(event.message)
        told.add(event.message)
        yield Line(head, (state_span(event.state), (f" {message}", Tone.PLAIN)))
