"""What a watch of a ledger's jobs tells: a line for each change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from s7spec.model.ips import JobSnapshot
from s7spec.pipeline.following import Sighting, Whereabouts
from s7spec.report.figures import count
from s7spec.report.terminal import Line, Span, Tone, line, paint
from s7spec.report.view import View

_TONES = {
    Whereabouts.SCHEDULED: Tone.NOTE,
    Whereabouts.AT_WORK: Tone.NOTE,
    Whereabouts.ENDED: Tone.GOOD,
    Whereabouts.UNSEEN: Tone.CAUTION,
}


def sightings_text(sightings: Iterable[Sighting], at: datetime, view: View) -> str:
    """One line for each, with the time of the look."""
    return paint((_line(each, at, view) for each in sightings), view)


def last_words(sightings: Iterable[Sighting], view: View) -> str:
    """Why the watch ends, and what is left to do."""
    places = [each.whereabouts for each in sightings]
    lines = [line("Nothing of this ledger is at work on IPS any more.", Tone.STRONG)]
    ended = places.count(Whereabouts.ENDED)
    if ended:
        they = "it" if ended == 1 else "they"
        text = f"{count(ended, 'job')} ended, and the ledger does not know yet how: "
        lines.append(line(f"{text}the next `s7spec apply` records what {they} delivered."))
    waiting = places.count(Whereabouts.SCHEDULED)
    if waiting:
        are, them = ("is", "it") if waiting == 1 else ("are", "them")
        text = f"{count(waiting, 'job')} {are} scheduled: IPS starts {them} by itself."
        lines.append(line(text))
    unseen = places.count(Whereabouts.UNSEEN)
    if unseen:
        are, them = ("is", "it") if unseen == 1 else ("are", "them")
        text = f"{count(unseen, 'job')} {are} not shown by IPS: the next `s7spec apply` looks again"
        lines.append(line(f"{text} before anything is sent, and says what became of {them}."))
    return paint(lines, view)


def _line(sighting: Sighting, at: datetime, view: View) -> Line:
    facts: list[str] = []
    if sighting.whereabouts is Whereabouts.AT_WORK:
        facts += [] if sighting.percent is None else [f"{sighting.percent} %"]
        facts += [sighting.message] if sighting.message else []
    tone = _TONES[sighting.whereabouts]
    if sighting.snapshot is not None and sighting.whereabouts is Whereabouts.ENDED:
        trouble = _trouble(sighting.snapshot)
        facts += trouble
        tone = Tone.BAD if trouble else tone
    head: tuple[Span, ...] = (
        (f"{at.astimezone(UTC):%H:%M:%S}  ", Tone.QUIET),
        (f"{sighting.whereabouts.value:<9} ", tone),
    )
    more = f" {view.dot} ".join(facts)
    body: tuple[Span, ...] = ((sighting.key.short, Tone.STRONG),)
    return Line(head, (*body, (f"  {more}", Tone.PLAIN)) if more else body)


def _trouble(ended: JobSnapshot) -> list[str]:
    """Its counters only: what they mean for each file is read when it is recorded."""
    facts = ["IPS reports a fatal error"] if ended.fatalError else []
    if ended.fileErrorCount:
        facts.append(count(ended.fileErrorCount, "error"))
    if ended.fileWarningCount:
        facts.append(count(ended.fileWarningCount, "warning"))
    return facts
