"""The jobs of a ledger, a line each: there may be a hundred thousand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from s7spec.pipeline.ledger_list import ListedJob
from s7spec.report.figures import count, moment
from s7spec.report.human_run.outcomes import state_span
from s7spec.report.terminal import Line, Tone, column_width, in_column, line, paint
from s7spec.report.view import View

_WIDEST_KEY = 48
_PIECE = 500
"""Lines painted at a time. The first piece tells how wide the column of names is."""


def ledger_list_text(jobs: Iterable[ListedJob], view: View) -> Iterator[str]:
    """In pieces; the last one counts them."""
    rest = iter(jobs)
    counts: Counter[str] = Counter()
    room = 0
    while piece := tuple(islice(rest, _PIECE)):
        room = room or column_width((job.head.key.short for job in piece), view, most=_WIDEST_KEY)
        counts.update("forgotten" if job.head.forgotten else job.head.state for job in piece)
        yield paint((_line(job, room, view) for job in piece), view)
    states = ", ".join(f"{number:,} {state}" for state, number in counts.most_common())
    total = count(counts.total(), "job")
    yield paint([line(f"{total}: {states}" if states else total, Tone.STRONG)], view)


def _line(job: ListedJob, room: int, view: View) -> Line:
    head = job.head
    facts = [f"g{head.generation}"]
    facts += [] if job.at is None else [moment(job.at)]
    facts += ["forgotten"] if head.forgotten else []
    return Line(
        (state_span(head.state), (" ", Tone.PLAIN)),
        (
            (in_column(head.key.short, room, view), Tone.STRONG),
            (f"  {f' {view.dot} '.join(facts)}", Tone.PLAIN),
        ),
    )
