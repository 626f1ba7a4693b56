"""What the ledger holds as the latest of each job, and what runs on the server now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set

from s7spec.model.ips import ActiveJob
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.pipeline.standing import Standing
from s7spec.report.figures import count, moment
from s7spec.report.human_run.leases import lease_line
from s7spec.report.human_run.outcomes import files_text, outcome_counts, own_words, state_span
from s7spec.report.terminal import EMPTY, Line, Tone, column_width, in_column, line, paint
from s7spec.report.view import View
from s7spec.report.visible import named

_ATTEMPT_NAME = re.compile(r"s7-.+-[0-9a-f]{8}-[0-9a-f]{8}-g[0-9]+")
_WIDEST_KEY = 40


def status_text(
    standing: Standing,
    running: Sequence[ActiveJob] | None,
    owners: Mapping[str, JobKey],
    view: View,
    *,
    holder_is_gone: bool = False,
) -> str:
    """One line per job of the ledger, then one per job that runs, ours marked as such.

    ``running`` is None when IPS could not be asked. ``owners`` are the jobs of those of its names
    that the ledger knows. ``holder_is_gone``: whoever holds the lease does not run any more.
    """
    lines = [
        *_ledger_lines(standing, view, holder_is_gone=holder_is_gone),
        EMPTY,
        *_running_lines(standing, running, owners, view),
    ]
    return paint(lines, view)


def _ledger_lines(standing: Standing, view: View, *, holder_is_gone: bool) -> Iterator[Line]:
    counts = sorted(standing.counts.items(), key=lambda each: -each[1])
    text = ", ".join(f"{number:,} {state}" for state, number in counts)
    apart = f", {standing.forgotten:,} forgotten" if standing.forgotten else ""
    title = f"Ledger: {count(standing.jobs, 'job')}{f' ({text})' if text else ''}{apart}"
    yield line(title, Tone.STRONG)
    if standing.lease is not None:
        yield lease_line(standing.lease, view, holder_is_gone=holder_is_gone)
    shown = (*standing.troubled, *standing.ok, *standing.forgotten_ones)
    room = column_width((attempt.key.short for attempt in shown), view, most=_WIDEST_KEY)
    for attempt in standing.troubled:
        yield _ledger_line(attempt, room, view)
    yield from _more(standing.more_troubled, "that did not end ok", view)
    for attempt in standing.ok:
        yield _ledger_line(attempt, room, view)
    yield from _more(standing.more_ok, "ok", view)
    if standing.forgotten:
        yield EMPTY
        yield line(f"Forgotten: {count(standing.forgotten, 'job')}", Tone.QUIET)
    for attempt in standing.forgotten_ones:
        yield _ledger_line(attempt, room, view)
    yield from _more(standing.more_forgotten, "forgotten", view)


def _more(number: int, what: str, view: View) -> Iterator[Line]:
    if number > 0:
        text = f"{view.ellipsis} and {count(number, 'more job')} {what}: `s7spec ledger list`"
        yield line(text, Tone.CAUTION, indent=2)


def _ledger_line(attempt: Attempt, room: int, view: View) -> Line:
    files = files_text(outcome_counts(attempt.outcomes))
    facts = (moment(attempt.updated_at), files, own_words(attempt.message))
    return Line(
        (("  ", Tone.PLAIN), state_span(attempt.state), (" ", Tone.PLAIN)),
        (
            (in_column(attempt.key.short, room, view), Tone.STRONG),
            (f"  {f' {view.dot} '.join(fact for fact in facts if fact)}", Tone.PLAIN),
        ),
    )


def _running_lines(
    standing: Standing,
    running: Sequence[ActiveJob] | None,
    owners: Mapping[str, JobKey],
    view: View,
) -> Iterator[Line]:
    if running is None:
        yield line("On the server now: not known", Tone.CAUTION)
        return
    yield line(f"On the server now: {count(len(running), 'job')}", Tone.STRONG)
    for job in running:
        yield _running_line(job, owners.get(job.originalName), view)
    yield from _not_running(standing, {job.originalName for job in running})


def _not_running(standing: Standing, running: Set[str]) -> Iterator[Line]:
    idle = [head for head in standing.open_heads if head.attempt_name not in running]
    waiting = sum(head.state is AttemptState.SCHEDULED for head in idle)
    if waiting:
        are, them = ("is", "it") if waiting == 1 else ("are", "them")
        yield line(f"{count(waiting, 'job')} {are} scheduled: IPS starts {them} by itself")
    doubtful = sum(head.state.is_in_doubt for head in idle)
    if doubtful:
        whether = "it" if doubtful == 1 else "them"
        text = f"{count(doubtful, 'job')}: nobody knows whether IPS took {whether}; "
        yield line(f"{text}the next `s7spec apply` looks before anything is sent", Tone.CAUTION)
    gone = len(idle) - waiting - doubtful
    if gone:
        are, they = ("is", "it") if gone == 1 else ("are", "they")
        text = f"{count(gone, 'job')} {are} no longer running on IPS; "
        yield line(f"{text}`s7spec apply` records how {they} ended", Tone.CAUTION)


def _running_line(job: ActiveJob, owner: JobKey | None, view: View) -> Line:
    facts = [named(job.originalName), job.state]
    facts += [] if job.progress is None else [f"{job.progress} %"]
    facts += [job.submitUserEmail]
    facts += [] if job.startDate is None else [f"since {moment(job.startDate)}"]
    whose = f"ours: {owner.short}" if owner is not None else _stranger(job.originalName)
    tone = Tone.NOTE if owner is not None else Tone.QUIET
    text = f" {view.dot} ".join(fact for fact in facts if fact)
    return Line((("  ", Tone.PLAIN),), ((whose, tone), (f" {view.dot} {text}", Tone.PLAIN)))


def _stranger(name: str) -> str:
    """A job we know nothing about; one named as ours points at a ledger that we do not read."""
    return "not in this ledger" if _ATTEMPT_NAME.fullmatch(name) else "not ours"
