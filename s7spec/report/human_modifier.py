"""A modifier for people: each piece in words, what comes of a picture, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s7spec.model.diagnostics import Severity
from s7spec.modifiers.lint import PICTURE_RULES
from s7spec.modifiers.preview import NoPreview
from s7spec.pipeline.inspecting import Inspected, InspectedPiece, PieceKind, Tried
from s7spec.report.figures import byte_size, count
from s7spec.report.human_diagnostics import finding_lines
from s7spec.report.modifier_words import doubt_lines, flag_words, outcome_text, source_text
from s7spec.report.terminal import (
    EMPTY,
    Line,
    Span,
    Tone,
    cells,
    in_column,
    labelled,
    line,
    paint,
)
from s7spec.report.view import View

_ROOM = 12
_MOST_CELLS = 24
_GAP = "  "


def modifier_text(inspected: Inspected, view: View, *, tried: Tried | None = None) -> str:
    """Piece by piece, then what it amounts to, then the findings with their carets."""
    return paint(_page(inspected, tried, view), view)


def modifier_of_file_text(inspected: Inspected, view: View, *, path: str) -> str:
    """The same below a title that says where it stands."""
    where = f"{path}:{inspected.line}"
    title = Line(((f"{where}{_GAP}", Tone.NOTE),), ((inspected.text, Tone.STRONG),), whole=True)
    return paint((title, *_page(inspected, None, view)), view)


def modifiers_tally(modifiers: int, with_errors: int, with_warnings: int) -> str:
    """``3 modifiers: 1 with errors, 1 with warnings only``."""
    return (
        f"{count(modifiers, 'modifier')}: {with_errors:,} with errors, "
        f"{with_warnings:,} with warnings only"
    )


def _page(inspected: Inspected, tried: Tried | None, view: View) -> Iterator[Line]:
    if inspected.pieces:
        yield from _pieces(inspected.pieces, view)
        yield EMPTY
    about = [*_amounts_to(inspected), *_tried(tried)]
    yield from about
    if about:
        yield EMPTY
    for finding in inspected.diagnostics:
        yield from finding_lines(finding, view)
        yield EMPTY
    yield _tally(inspected)


def _pieces(pieces: Iterable[InspectedPiece], view: View) -> Iterator[Line]:
    shown = [(_GAP * len(each.presets) + in_column(each.text, 0, view), each) for each in pieces]
    widths = [cells(text) for text, _ in shown]
    width = max((each for each in widths if each <= _MOST_CELLS), default=0)
    for (text, piece), used in zip(shown, widths, strict=True):
        tone = Tone.QUIET if piece.prevails is False else _tone(piece)
        words = ((piece.explanation, _words_tone(piece)), *_remark(piece))
        if used > width:
            yield Line((), ((text, tone),), whole=True)
            yield Line(((" " * width + _GAP, Tone.PLAIN),), words)
        else:
            yield Line(((f"{text}{' ' * (width - used)}{_GAP}", tone),), words)


def _tone(piece: InspectedPiece) -> Tone:
    return Tone.QUIET if piece.kind is PieceKind.COMMENT else Tone.STRONG


def _words_tone(piece: InspectedPiece) -> Tone:
    return Tone.QUIET if piece.prevails is False else Tone.PLAIN


def _remark(piece: InspectedPiece) -> Iterator[Span]:
    if piece.overridden_by is not None:
        yield f" (overridden by {piece.overridden_by})", Tone.QUIET
    if piece.order_is_inferred:
        yield " (order inferred)", Tone.CAUTION


def _amounts_to(inspected: Inspected) -> Iterator[Line]:
    if inspected.canonical:
        yield labelled("canonical", (inspected.canonical, Tone.PLAIN), room=_ROOM, whole=True)
    if inspected.unknown_presets:
        names = ", ".join(f"${name}$" for name in inspected.unknown_presets)
        words = f"{names}: say what they are with --preset NAME=MODIFIER"
        yield labelled("not known", (words, Tone.CAUTION), room=_ROOM)
    if inspected.source is not None:
        yield labelled("source", (source_text(inspected.source), Tone.PLAIN), room=_ROOM)
    yield from _predicted(inspected)
    if isinstance(inspected.preview, NoPreview):
        words = f"none: {inspected.preview.value}"
        yield labelled("preview", (words, Tone.CAUTION), room=_ROOM)
    elif inspected.preview is not None:
        yield labelled("preview", (inspected.preview, Tone.PLAIN), room=_ROOM, whole=True)


def _predicted(inspected: Inspected) -> Iterator[Line]:
    predicted = inspected.predicted
    if predicted is None:
        return
    yield labelled("becomes", (outcome_text(predicted), Tone.STRONG), room=_ROOM)
    spans: list[Span] = []
    for flag, words in flag_words(predicted):
        if spans:
            spans.append((", ", Tone.PLAIN))
        spans.append((words, Tone.CAUTION if flag in PICTURE_RULES else Tone.PLAIN))
    if spans:
        yield labelled("", *spans, room=_ROOM)
    for number, words in enumerate(doubt_lines(predicted)):
        label = "not certain" if number == 0 else ""
        yield labelled(label, (words, Tone.QUIET), room=_ROOM)


def _tried(tried: Tried | None) -> Iterator[Line]:
    if tried is None:
        return
    yield labelled("written", (tried.path, Tone.STRONG), room=_ROOM, whole=True)
    words = (
        f"{tried.width}x{tried.height} pixels, {tried.format} (.{tried.extension}), "
        f"{byte_size(tried.size_bytes)}; {tried.marker}"
    )
    yield labelled("", (words, Tone.PLAIN), room=_ROOM)
    for warning in tried.warnings:
        yield labelled("", (warning, Tone.CAUTION), room=_ROOM)


def _tally(inspected: Inspected) -> Line:
    findings = inspected.diagnostics
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    tone = Tone.BAD if errors else Tone.CAUTION if findings else Tone.GOOD
    text = f"{count(errors, 'error')}, {count(len(findings) - errors, 'warning')}"
    return line(text, tone)
