"""States and files in words, shared by what reports on runs, history and status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from s7spec.model.ledger import AssetOutcome, AttemptState, OutcomeKind
from s7spec.report.changes import asset_name
from s7spec.report.figures import count
from s7spec.report.terminal import Line, Span, Tone
from s7spec.report.view import View
from s7spec.report.visible import named

STATE_TONES = {
    AttemptState.INTENT: Tone.CAUTION,
    AttemptState.UNKNOWN: Tone.CAUTION,
    AttemptState.ACCEPTED: Tone.NOTE,
    AttemptState.SCHEDULED: Tone.NOTE,
    AttemptState.ACTIVE: Tone.NOTE,
    AttemptState.OK: Tone.GOOD,
    AttemptState.PARTIAL: Tone.CAUTION,
    AttemptState.FAILED: Tone.BAD,
    AttemptState.STOPPED: Tone.BAD,
    AttemptState.CANCELLED: Tone.QUIET,
    AttemptState.REFUSED: Tone.BAD,
}

_KIND_TONES = {
    OutcomeKind.OK: Tone.GOOD,
    OutcomeKind.WARNING: Tone.CAUTION,
    OutcomeKind.ERROR: Tone.BAD,
    OutcomeKind.UNKNOWN: Tone.CAUTION,
}
_WORDS = {
    OutcomeKind.OK: "ok",
    OutcomeKind.WARNING: "with warnings",
    OutcomeKind.ERROR: "failed",
    OutcomeKind.UNKNOWN: "unknown",
}
_NO_ZIP = "the job log names no ZIP"
_URGENCY = (OutcomeKind.ERROR, OutcomeKind.WARNING, OutcomeKind.UNKNOWN)


def outcome_counts(outcomes: Iterable[AssetOutcome]) -> Counter[OutcomeKind]:
    return Counter(outcome.kind for outcome in outcomes)


def files_text(counts: Counter[OutcomeKind]) -> str:
    """``48 files ok``, ``48 files: 46 ok, 1 with warnings, 1 failed``; empty for none."""
    total = counts.total()
    if not total:
        return ""
    if counts[OutcomeKind.OK] == total:
        return f"{count(total, 'file')} ok"
    parts = [f"{counts[kind]:,} {_WORDS[kind]}" for kind in OutcomeKind if counts[kind]]
    return f"{count(total, 'file')}: {', '.join(parts)}"


def own_words(message: str, outcomes: Sequence[AssetOutcome] = ()) -> str:
    """What ``message`` says beyond the lines about ``outcomes``, each thing once.

    An attempt's message is made to be read on its own, so it also tells of its files.
    """
    told = {each.message for each in outcomes if each.kind is not OutcomeKind.OK and each.message}
    rest = f"; {message}; "
    for said in (*_file_sentences(outcomes), *told):
        while f"; {said}; " in rest:
            rest = rest.replace(f"; {said}; ", "; ")
    parts = list(dict.fromkeys(part for part in rest.split("; ") if part))
    kept = [part for part in parts if not any(part in other for other in parts if other != part)]
    if any("no ZIP" in text for text in (*kept, *told) if text != _NO_ZIP):
        kept = [part for part in kept if part != _NO_ZIP]
    return "; ".join(kept)


def outcome_lines(
    outcomes: Sequence[AssetOutcome], view: View, *, most: int, indent: int
) -> Iterator[Line]:
    """Files that did not go well, errors first; the same message about many files said once."""
    told: dict[tuple[OutcomeKind, str], list[str]] = {}
    for outcome in outcomes:
        if outcome.kind is not OutcomeKind.OK:
            name = asset_name(outcome.asset.path)
            told.setdefault((outcome.kind, outcome.message), []).append(name)
    entries = sorted(told.items(), key=lambda entry: _URGENCY.index(entry[0][0]))
    for (kind, message), names in entries[:most]:
        yield _outcome_line(kind, message, names, view, indent=indent)
    rest = sum(len(names) for _, names in entries[most:])
    if rest:
        text = f"{view.ellipsis} and {count(rest, 'more file')} (--format json has all)"
        yield Line(((" " * indent, Tone.PLAIN),), ((text, Tone.CAUTION),))


def url_lines(urls: Sequence[str], *, indent: int) -> Iterator[Line]:
    """Where the archives can be fetched, ready to be copied."""
    for url in urls:
        yield Line(((f"{' ' * indent}zip      ", Tone.QUIET),), ((url, Tone.NOTE),), whole=True)


def _file_sentences(outcomes: Sequence[AssetOutcome]) -> Iterator[str]:
    """The sentences in which an apply sums up the files of a job that ended."""
    failed = [each for each in outcomes if each.kind is OutcomeKind.ERROR]
    silent = sum(each.kind is OutcomeKind.UNKNOWN for each in outcomes)
    if failed:
        counts, first = f"{len(failed)} of {len(outcomes)}", failed[0]
        yield f"{counts} assets failed, first {first.asset.path}: {first.message}"
    if silent:
        yield f"the job log does not mention {silent} of {len(outcomes)} assets"


def state_span(state: AttemptState) -> Span:
    return (f"{state.value:<9}", STATE_TONES[state])


def _outcome_line(
    kind: OutcomeKind, message: str, names: Sequence[str], view: View, *, indent: int
) -> Line:
    subject = named(names[0])
    if len(names) > 1:
        subject += f" {view.ellipsis} ({count(len(names), 'file')})"
    head: tuple[Span, ...] = ((f"{' ' * indent}{kind.value:<8} ", _KIND_TONES[kind]),)
    return Line(head, ((f"{subject}: {message or 'IPS gave no message'}", Tone.PLAIN),))
