"""What a rebuilding of the ledger recovered, and what it could not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from s7spec.model.job import JobKey
from s7spec.model.ledger import AttemptState
from s7spec.model.rebuilt import FoundName, Rebuilt, Recovered
from s7spec.report.figures import count, moment
from s7spec.report.human_run.outcomes import STATE_TONES
from s7spec.report.terminal import EMPTY, Line, Tone, column_width, in_column, line, paint
from s7spec.report.view import View
from s7spec.report.visible import named

_MOST = 40
_WIDEST_KEY = 40


def rebuilt_text(rebuilt: Rebuilt, view: View) -> str:
    """What went into the ledger first, then what is left for people to look at."""
    return paint(_lines(rebuilt, view), view)


def _lines(rebuilt: Rebuilt, view: View) -> Iterator[Line]:
    yield line(_title(rebuilt), Tone.CAUTION if rebuilt.interrupted else Tone.STRONG)
    where = f"{rebuilt.company}/{rebuilt.environment}"
    names = f"IPS lists {count(rebuilt.listed, 'job')} since {moment(rebuilt.since)}"
    yield Line(((where, Tone.NOTE),), ((f" {view.dot} {names}", Tone.PLAIN),))
    yield from _attempts(rebuilt.recovered, view)
    yield from _section("could not be recovered", rebuilt.left, view)
    yield from _overtaken(rebuilt.recovered, view)
    yield EMPTY
    yield from _counts(rebuilt)
    yield from _names("other content or older runs, as history only", rebuilt.history, view)
    yield from _names("of no job that was looked at here", rebuilt.undeclared, view)
    yield from _keys("assets cannot be looked up now", rebuilt.unresolved, view)
    advice = _advice(rebuilt)
    if advice:
        yield EMPTY
        yield line(advice)


def _title(rebuilt: Rebuilt) -> str:
    number = count(len(rebuilt.recovered), "attempt")
    if rebuilt.is_trial:
        return f"Trial, nothing was written: {number} would be recovered"
    if rebuilt.interrupted:
        return f"Interrupted: {number} recovered so far; begin again to go on"
    return f"Rebuilt: {number} recovered, nothing was sent"


def _attempts(recovered: Sequence[Recovered], view: View) -> Iterator[Line]:
    if not recovered:
        return
    yield EMPTY
    room = _room((each.key for each in recovered[:_MOST]), view)
    for each in recovered[:_MOST]:
        yield _attempt(each, room, view)
    yield from _rest(len(recovered), view)


def _section(title: str, attempts: Sequence[Recovered], view: View) -> Iterator[Line]:
    if not attempts:
        return
    yield EMPTY
    yield line(f"{count(len(attempts), 'attempt')} {title}", Tone.BAD)
    room = _room((each.key for each in attempts[:_MOST]), view)
    for each in attempts[:_MOST]:
        yield _attempt(each, room, view)
    yield from _rest(len(attempts), view)


def _attempt(each: Recovered, room: int, view: View) -> Line:
    tone = Tone.QUIET if each.state is None else STATE_TONES[each.state]
    word = "found" if each.state is None else each.state.value
    facts = [f"g{each.generation}", count(each.assets, "asset")]
    facts += ["doubled"] if each.is_doubled else []
    facts += [each.message] if each.message else []
    return Line(
        ((f"  {word:<9} ", tone),),
        (
            (in_column(each.key.short, room, view), Tone.STRONG),
            (f"  {f' {view.dot} '.join(facts)}", Tone.PLAIN),
        ),
    )


def _overtaken(recovered: Iterable[Recovered], view: View) -> Iterator[Line]:
    """Of two runs with different content the later one is what the world saw last."""
    overtaken = [each for each in recovered if each.overtaken_by is not None]
    if not overtaken:
        return
    yield EMPTY
    yield line(f"{count(len(overtaken), 'job')} ran later with other content", Tone.CAUTION)
    for each in overtaken[:_MOST]:
        found = each.overtaken_by
        assert found is not None
        when = "" if found.startDate is None else f", {moment(found.startDate)}"
        yield Line(
            (("  ", Tone.PLAIN),),
            ((each.key.short, Tone.STRONG), (f"  {named(found.name)}{when}", Tone.PLAIN)),
        )
    yield from _rest(len(overtaken), view)
    text = "If what is wanted now is to be delivered once more, say so: `s7spec plan --rerun JOB`."
    yield line(text, indent=2)


def _counts(rebuilt: Rebuilt) -> Iterator[Line]:
    states = Counter(each.state for each in rebuilt.recovered if each.state is not None)
    counts = ", ".join(f"{states[state]:,} {state}" for state in AttemptState if states[state])
    done = "to be recovered" if rebuilt.is_trial else "recovered"
    parts = (
        (len(rebuilt.recovered), f"{done}{f' ({counts})' if counts else ''}"),
        (len(rebuilt.known), "already in the ledger"),
        (rebuilt.doubled, "doubled on IPS"),
        (len(rebuilt.history), "of other content, or older runs"),
        (len(rebuilt.undeclared), "named like ours, of no job here"),
        (rebuilt.foreign, "not ours"),
        (len(rebuilt.without), "declared here, of which IPS shows nothing"),
    )
    for number, what in parts:
        if number:
            yield line(f"{number:>7,}  {what}")


def _names(title: str, names: Sequence[FoundName], view: View) -> Iterator[Line]:
    if not names:
        return
    yield EMPTY
    yield line(f"{count(len(names), 'name')} {title}", Tone.QUIET)
    for found in names[:_MOST]:
        facts = [named(found.name), found.phase.value]
        facts += [] if found.startDate is None else [moment(found.startDate)]
        yield Line((("  ", Tone.PLAIN),), ((f" {view.dot} ".join(facts), Tone.QUIET),))
    yield from _rest(len(names), view)


def _keys(title: str, keys: Sequence[JobKey], view: View) -> Iterator[Line]:
    if not keys:
        return
    yield EMPTY
    yield line(f"{count(len(keys), 'job')} whose {title}", Tone.CAUTION)
    for key in keys[:_MOST]:
        yield line(named(key.short), indent=2)
    yield from _rest(len(keys), view)


def _rest(number: int, view: View) -> Iterator[Line]:
    if number > _MOST:
        text = f"{view.ellipsis} and {number - _MOST:,} more (--format json has all)"
        yield line(text, Tone.CAUTION, indent=2)


def _room(keys: Iterable[JobKey], view: View) -> int:
    return column_width((key.short for key in keys), view, most=_WIDEST_KEY)


def _advice(rebuilt: Rebuilt) -> str:
    if rebuilt.is_trial:
        return "Without --dry-run this is written into the ledger; nothing is sent in any case."
    going = sum(1 for each in rebuilt.recovered if each.state is not None and each.state.is_open)
    if going:
        return "What is still at work, `s7spec apply` follows to its end. `s7spec plan` is next."
    return "`s7spec plan` shows what is left to do."
