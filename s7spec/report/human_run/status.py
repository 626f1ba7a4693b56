"""What the ledger holds as the latest of each job, and what runs on the server now."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from s7spec.model.ips import ActiveJob
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.report.figures import count, moment, timing_text
from s7spec.report.human_run.outcomes import files_text, outcome_counts, own_words, state_span
from s7spec.report.terminal import EMPTY, Line, Tone, column_width, in_column, line, paint
from s7spec.report.view import View
from s7spec.report.visible import named

_ATTEMPT_NAME = re.compile(r"s7-.+-[0-9a-f]{8}-[0-9a-f]{8}-g[0-9]+")
_WIDEST_KEY = 40


def status_text(
    attempts: Sequence[Attempt], running: Sequence[ActiveJob] | None, view: View
) -> str:
    """One line per job of the ledger, then one per job that runs, ours marked as such.

    ``running`` is None when IPS could not be asked.
    """
    return paint(
        [*_ledger_lines(attempts, view), EMPTY, *_running_lines(attempts, running, view)], view
    )


def _ledger_lines(attempts: Sequence[Attempt], view: View) -> Iterator[Line]:
    held = [attempt for attempt in attempts if not attempt.forgotten]
    forgotten = [attempt for attempt in attempts if attempt.forgotten]
    counts = Counter(attempt.state.value for attempt in held)
    text = ", ".join(f"{number:,} {state}" for state, number in counts.most_common())
    apart = f", {len(forgotten):,} forgotten" if forgotten else ""
    title = f"Ledger: {count(len(held), 'job')}{f' ({text})' if text else ''}{apart}"
    yield line(title, Tone.STRONG)
    room = column_width((attempt.key.short for attempt in attempts), view, most=_WIDEST_KEY)
    for attempt in held:
        yield _ledger_line(attempt, room, view)
    if forgotten:
        yield EMPTY
        yield line(f"Forgotten: {count(len(forgotten), 'job')}", Tone.QUIET)
    for attempt in forgotten:
        yield _ledger_line(attempt, room, view)


def _ledger_line(attempt: Attempt, room: int, view: View) -> Line:
    files = files_text(outcome_counts(attempt.outcomes))
    starts = ""
    if attempt.state is AttemptState.SCHEDULED and attempt.timing is not None:
        starts = f"IPS starts it {timing_text(attempt.timing)}"
    facts = (moment(attempt.updated_at), starts, files, own_words(attempt.message))
    return Line(
        (("  ", Tone.PLAIN), state_span(attempt.state), (" ", Tone.PLAIN)),
        (
            (in_column(attempt.key.short, room, view), Tone.STRONG),
            (f"  {f' {view.dot} '.join(fact for fact in facts if fact)}", Tone.PLAIN),
        ),
    )


def _running_lines(
    attempts: Sequence[Attempt], running: Sequence[ActiveJob] | None, view: View
) -> Iterator[Line]:
    if running is None:
        yield line("On the server now: not known", Tone.CAUTION)
        return
    yield line(f"On the server now: {count(len(running), 'job')}", Tone.STRONG)
    ours = {attempt.name: attempt.key.short for attempt in attempts}
    for job in running:
        yield _running_line(job, ours.get(job.originalName), view)
    seen = {job.originalName for job in running}
    # What is scheduled stands in another list.
    gone = [
        each
        for each in attempts
        if each.state.is_open and each.state is not AttemptState.SCHEDULED and not each.forgotten
    ]
    gone = [each for each in gone if each.name not in seen]
    if gone:
        are, they = ("is", "it") if len(gone) == 1 else ("are", "they")
        text = f"{count(len(gone), 'job')} {are} no longer running on IPS; "
        yield line(f"{text}`s7spec apply` records how {they} ended", Tone.CAUTION)


def _running_line(job: ActiveJob, known: str | None, view: View) -> Line:
    facts = [named(job.originalName), job.state]
    facts += [] if job.progress is None else [f"{job.progress} %"]
    facts += [job.submitUserEmail]
    facts += [] if job.startDate is None else [f"since {moment(job.startDate)}"]
    whose = f"ours: {known}" if known is not None else _stranger(job.originalName)
    tone = Tone.NOTE if known is not None else Tone.QUIET
    text = f" {view.dot} ".join(fact for fact in facts if fact)
    return Line((("  ", Tone.PLAIN),), ((whose, tone), (f" {view.dot} {text}", Tone.PLAIN)))


def _stranger(name: str) -> str:
    """A job we know nothing about; one named as ours points at a ledger that we do not read."""
    return "not in this ledger" if _ATTEMPT_NAME.fullmatch(name) else "not ours"
