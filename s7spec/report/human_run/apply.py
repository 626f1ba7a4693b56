"""What an apply did, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from s7spec.model.ledger import AttemptState, OutcomeKind
from s7spec.model.plan import Action, Verdict, VerdictLevel
from s7spec.model.receipt import RunItem, RunOutcome, RunReport
from s7spec.report.figures import count, duration, moment
from s7spec.report.guardrails import TOLD, of_level, verdict_text
from s7spec.report.human_run.outcomes import (
    STATE_TONES,
    files_text,
    outcome_counts,
    outcome_lines,
    own_words,
    url_lines,
)
from s7spec.report.terminal import EMPTY, Line, Tone, column_width, in_column, labelled, line, paint
from s7spec.report.view import View

_INDENT = 14
_MOST_MESSAGES = 5
_MOST_TROUBLED = 100
_MOST_OK = 40
_MOST_VERDICTS = 5
_WIDEST_KEY = 40
_FORGOTTEN = "forgotten"
_FOR_PEOPLE = {Action.CONFLICT: "in conflict", Action.BLOCKED: "blocked"}
_DECIDE = "Jobs that are blocked or in conflict wait for people: each says why."

_TITLES = {
    RunOutcome.OK: ("Done", Tone.GOOD),
    RunOutcome.INCOMPLETE: ("Incomplete, not everything was delivered", Tone.BAD),
    RunOutcome.STALE: ("Stale plan, nothing was sent", Tone.BAD),
    RunOutcome.REFUSED: ("Refused by a guardrail, nothing was sent", Tone.BAD),
    RunOutcome.AMBIGUOUS: ("Held, it is not known what became of a job", Tone.CAUTION),
    RunOutcome.INTERRUPTED: ("Interrupted", Tone.CAUTION),
}
_NEXT = {
    RunOutcome.OK: "",
    RunOutcome.INCOMPLETE: (
        "`s7spec plan` shows what is tried again, and what waits for people; `s7spec apply` tries "
        "it again."
    ),
    RunOutcome.STALE: "Plan again: what the plan was made on has changed since.",
    RunOutcome.REFUSED: (
        "Select fewer jobs with --select, change the guardrails in s7spec.yaml, or have the plan "
        "approved there by its digest: `s7spec plan` shows how."
    ),
    RunOutcome.AMBIGUOUS: (
        "Each held job says why. The next plan and apply look for it by its name; once you know "
        "that IPS does not have it, `--rerun JOB` has it sent."
    ),
    RunOutcome.INTERRUPTED: (
        "Jobs that IPS has taken go on there. Plan and apply again: those are followed, the rest "
        "is sent; nothing is sent twice."
    ),
}


def run_text(report: RunReport, view: View) -> str:
    """Troubled jobs first with what IPS said about their files, then the rest, then totals."""
    return paint(_lines(report, view), view)


def _lines(report: RunReport, view: View) -> Iterator[Line]:
    title, tone, advice = _verdict(report)
    done = [item for item in report.items if not item.is_stale]
    counts = _items_text(done)
    yield line(f"{title}: {counts}" if counts else title, tone)
    took = duration(report.started_at, report.ended_at)
    where = ((f"{report.company}/{report.environment}", Tone.NOTE),)
    when = f" {view.dot} {moment(report.started_at)} {view.dot} took {took}"
    yield Line((), (*where, (when, Tone.PLAIN)))
    told = list(_guardrails(report.verdicts, view))
    if report.message and not (told and report.outcome is RunOutcome.REFUSED):
        yield line(report.message, Tone.STRONG)
    yield from told
    stale = [item for item in report.items if item.is_stale]
    yield from _section(stale, _stale_lines, view, most=_MOST_TROUBLED)
    yield from _results(done, view)
    if advice:
        yield EMPTY
    for sentence in advice:
        yield line(sentence)


def _guardrails(verdicts: Sequence[Verdict], view: View) -> Iterator[Line]:
    """What refused the plan, was approved, or is warned of, in this order."""
    told = [verdict for level in TOLD for verdict in of_level(verdicts, level)]
    for verdict in told[:_MOST_VERDICTS]:
        label, tone = _GUARDRAILS[verdict.level]
        yield labelled(
            label, (verdict_text(verdict, view.ellipsis, all_notes="--format json"), tone), room=10
        )
    rest = len(told) - _MOST_VERDICTS
    if rest > 0:
        text = f"{view.ellipsis} and {rest:,} more of the guardrails (--format json has all)"
        yield line(text, Tone.CAUTION)


_GUARDRAILS = {
    VerdictLevel.DENY: ("Refused", Tone.BAD),
    VerdictLevel.APPROVED: ("Approved", Tone.CAUTION),
    VerdictLevel.WARN: ("Warned", Tone.CAUTION),
}


def _results(items: Sequence[RunItem], view: View) -> Iterator[Line]:
    news = [item for item in items if _is_news(item)]
    troubled = sorted((item for item in news if not _went_well(item)), key=_waits_for_nobody)
    well = [item for item in news if _went_well(item)]
    yield from _section(troubled, _item_lines, view, most=_MOST_TROUBLED)
    yield from _section(well, _item_lines, view, most=_MOST_OK)
    yield from _totals(items)


def _verdict(report: RunReport) -> tuple[str, Tone, tuple[str, ...]]:
    """Title, its tone and what to do next. Jobs that were sent and not waited for are not done."""
    going = sum(map(_is_open, report.items))
    if report.outcome is RunOutcome.OK and going:
        advice = "`s7spec status` shows how they go; `s7spec apply` follows them to their end."
        return "Sent, and not waited for", Tone.NOTE, (advice,)
    title, tone = _TITLES[report.outcome]
    if report.outcome is RunOutcome.STALE and not all(item.is_stale for item in report.items):
        title = "Stale in part, what no longer fits was left out"
    if report.outcome is RunOutcome.INCOMPLETE:
        return title, tone, _advice(report.items, going)
    advice = _NEXT[report.outcome]
    return title, tone, (advice,) if advice else ()


def _advice(items: Sequence[RunItem], going: int) -> tuple[str, ...]:
    """Open jobs are followed, never sent again; what waits for people is not retried either. Only
    what else fell short is."""
    advice = []
    if any(item.action in _FOR_PEOPLE for item in items):
        advice.append(_DECIDE)
    if going:
        are, them = ("is", "it") if going == 1 else ("are", "them")
        advice.append(
            f"{count(going, 'job')} {are} still open: "
            f"the next `s7spec apply` goes on following {them}."
        )
    others = [
        item
        for item in items
        if item.action not in (Action.SKIP, *_FOR_PEOPLE) and not _is_open(item)
    ]
    if not advice or not all(map(_went_well, others)):
        advice.append(_NEXT[RunOutcome.INCOMPLETE])
    return tuple(advice)


def _is_open(item: RunItem) -> bool:
    """Still to be followed: what is scheduled, IPS starts by itself."""
    if item.is_stale or item.state is None or item.action in (Action.SKIP, Action.BLOCKED):
        return False
    return item.state.is_open and item.state is not AttemptState.SCHEDULED


def _is_news(item: RunItem) -> bool:
    return item.action is not Action.SKIP or bool(item.message)


def _waits_for_nobody(item: RunItem) -> bool:
    return item.action not in _FOR_PEOPLE


def _items_text(items: Sequence[RunItem]) -> str:
    words = Counter(_word(item) for item in items if item.action is not Action.SKIP)
    skipped = sum(1 for item in items if item.action is Action.SKIP)
    parts = [f"{number:,} {word}" for word, number in words.most_common()]
    return ", ".join([*parts, *([f"{skipped:,} unchanged"] if skipped else [])])


def _word(item: RunItem) -> str:
    """The state; of what is only written into the ledger, whether it was; of what waits for
    people, that it does."""
    if item.action is Action.FORGET:
        return item.message or _FORGOTTEN
    if item.action is Action.UPDATE_META:
        return "not updated" if _is_undone(item) else "updated"
    if item.action in _FOR_PEOPLE:
        return _FOR_PEOPLE[item.action]
    if item.action is Action.SKIP:
        return "unchanged"
    return "not started" if item.state is None else item.state.value


def _went_well(item: RunItem) -> bool:
    if item.action in _FOR_PEOPLE:
        return False
    if item.action in (Action.FORGET, Action.SKIP):
        return True
    if item.action is Action.UPDATE_META:
        return not _is_undone(item)
    if item.state is AttemptState.SCHEDULED:
        return True
    if item.state is AttemptState.CANCELLED:
        return item.action is Action.CANCEL
    clean = all(outcome.kind is OutcomeKind.OK for outcome in item.outcomes)
    return item.state is AttemptState.OK and clean


def _is_undone(item: RunItem) -> bool:
    """Of a word in the ledger, which has no attempt to tell by."""
    return item.message.startswith("not ")


def _section(
    items: Sequence[RunItem],
    lines_of: Callable[[RunItem, int, View], Iterator[Line]],
    view: View,
    *,
    most: int,
) -> Iterator[Line]:
    if not items:
        return
    yield EMPTY
    room = column_width((item.key.short for item in items[:most]), view, most=_WIDEST_KEY)
    for item in items[:most]:
        yield from lines_of(item, room, view)
    rest = len(items) - most
    if rest > 0:
        text = f"{view.ellipsis} and {count(rest, 'more job')} (--format json has all)"
        yield line(text, Tone.CAUTION, indent=2)


def _stale_lines(item: RunItem, room: int, view: View) -> Iterator[Line]:
    """Why it no longer fits; the state it has in the ledger is of an earlier run."""
    yield _own_line("stale", Tone.BAD, item, item.message, room, view)


def _item_lines(item: RunItem, room: int, view: View) -> Iterator[Line]:
    tone = Tone.QUIET if item.state is None else STATE_TONES[item.state]
    files = files_text(outcome_counts(item.outcomes))
    message = own_words(item.message, item.outcomes)
    word, state = _word(item), ""
    if item.action is Action.FORGET:
        word = _FORGOTTEN if message in ("", _FORGOTTEN) else item.action.value
        message = "" if word == _FORGOTTEN else message
    elif item.action in _FOR_PEOPLE:
        word, tone = item.action.value, Tone.BAD
        message = message.removeprefix("blocked: ")
        state = "" if item.state is None else f"the ledger says {item.state}"
    facts = f" {view.dot} ".join(part for part in (files, message, state) if part)
    yield _own_line(word, tone, item, facts, room, view)
    yield from outcome_lines(item.outcomes, view, most=_MOST_MESSAGES, indent=_INDENT)
    yield from url_lines(item.zip_urls, indent=_INDENT)


def _own_line(word: str, tone: Tone, item: RunItem, facts: str, room: int, view: View) -> Line:
    key = in_column(item.key.short, room, view)
    return Line(((f"  {word:<11} ", tone),), ((key, Tone.STRONG), (f"  {facts}", Tone.PLAIN)))


def _totals(items: Sequence[RunItem]) -> Iterator[Line]:
    news = [item for item in items if item.action is not Action.SKIP]
    counts = outcome_counts(outcome for item in news for outcome in item.outcomes)
    archives = sum(len(item.zip_urls) for item in news)
    if counts.total() or archives:
        yield EMPTY
        parts = (files_text(counts), count(archives, "archive"))
        yield line("; ".join(part for part in parts if part))
