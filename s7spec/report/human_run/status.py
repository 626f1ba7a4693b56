"""What the ledger holds as the latest of each job, and what runs on the server now."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from s7spec.model.ips import ActiveJob
from s7spec.model.ledger import Attempt
from s7spec.report.figures import count, moment
from s7spec.report.human_run.outcomes import files_text, outcome_counts, state_span
from s7spec.report.terminal import EMPTY, Line, Tone, column_width, in_column, line, paint
from s7spec.report.view import View
from s7spec.report.visible import named

_ATTEMPT_NAME = re.compile(r"s7-.+-[0-9a-f]{8}-[0-9a-f]{8}-g[0-9]+")
_WIDEST_KEY = 40


def status_text(attempts: Sequence[Attempt], running: Sequence[ActiveJob], view: View) -> str:
    """One line per job of the ledger, then one per job that runs, ours marked as such."""
    return paint(
        [*_ledger_lines(attempts, view), EMPTY, *_running_lines(attempts, running, view)], view
    )


def _ledger_lines(attempts: Sequence[Attempt], view: View) -> Iterator[Line]:
    counts = Counter(attempt.state.value for attempt in attempts)
    text = ", ".join(f"{number:,} {state}" for state, number in counts.most_common())
    yield line(f"Ledger: {count(len(attempts), 'job')}{f' ({text})' if text else ''}", Tone.STRONG)
    if not attempts:
        return
    room = column_width((attempt.key.short for attempt in attempts), view, most=_WIDEST_KEY)
    for attempt in attempts:
        facts = [moment(attempt.updated_at), files_text(outcome_counts(attempt.outcomes))]
        facts += [attempt.message, "forgotten" if attempt.forgotten else ""]
        yield Line(
            (("  ", Tone.PLAIN), state_span(attempt.state), (" ", Tone.PLAIN)),
            (
                (in_column(attempt.key.short, room, view), Tone.STRONG),
                (f"  {f' {view.dot} '.join(fact for fact in facts if fact)}", Tone.PLAIN),
            ),
        )


def _running_lines(
    attempts: Sequence[Attempt], running: Sequence[ActiveJob], view: View
) -> Iterator[Line]:
    yield line(f"On the server now: {count(len(running), 'job')}", Tone.STRONG)
    ours = {attempt.name: attempt.key.short for attempt in attempts}
    for job in running:
        known = ours.get(job.originalName)
        facts = [named(job.originalName), job.state]
        facts += [] if job.progress is None else [f"{job.progress} %"]
        facts += [job.submitUserEmail]
        facts += [] if job.startDate is None else [f"since {moment(job.startDate)}"]
        whose = f"ours: {known}" if known is not None else _stranger(job.originalName)
        tone = Tone.NOTE if known is not None else Tone.QUIET
        text = f" {view.dot} ".join(fact for fact in facts if fact)
        yield Line((("  ", Tone.PLAIN),), ((whose, tone), (f" {view.dot} {text}", Tone.PLAIN)))


def _stranger(name: str) -> str:
    """A job we know nothing about; one named as ours points at a ledger that we do not read."""
    return "not in this ledger" if _ATTEMPT_NAME.fullmatch(name) else "not ours"
