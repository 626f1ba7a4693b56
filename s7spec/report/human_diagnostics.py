"""Findings for a person at a terminal: what, where, the line itself, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from s7spec.model.diagnostics import Diagnostic, RelatedPlace, Severity
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.report.excerpt import excerpt
from s7spec.report.figures import count
from s7spec.report.terminal import EMPTY, Line, Tone, line, paint
from s7spec.report.view import View

_LEAST_GUTTER = 2
_NAMED = 4


def diagnostics_text(findings: Sequence[Diagnostic], view: View) -> str:
    """Each finding with its place, its line and carets, then one line that counts them all."""
    return paint(_lines(findings, view), view)


def finding_lines(finding: Diagnostic, view: View) -> Iterator[Line]:
    """One finding, without the blank line after it."""
    tone = _tone(finding.severity)
    yield Line(
        ((f"{finding.severity}[{finding.rule.id}]: ", tone),), ((finding.summary, Tone.STRONG),)
    )
    gutter = _gutter(finding)
    if finding.where is not None:
        yield Line(
            ((f"{' ' * gutter}--> ", Tone.NOTE),), ((str(finding.where), Tone.PLAIN),), whole=True
        )
        yield from _snippet(finding.where, finding.snippet, gutter, _tone(finding.severity), view)
    margin = f"{' ' * gutter} = "
    for place in finding.related:
        yield from _note(place, gutter, view)
    for number, text in enumerate((finding.hint or "").splitlines()):
        yield _remark(margin if number == 0 else " " * len(margin), "hint", text, Tone.GOOD)


def tally(findings: Sequence[Diagnostic]) -> str:
    """``2 errors, 1 warning in 2 files``; without files when no finding names one."""
    errors = sum(1 for finding in findings if finding.severity is Severity.ERROR)
    files = {finding.where.path for finding in findings if finding.where is not None}
    text = f"{count(errors, 'error')}, {count(len(findings) - errors, 'warning')}"
    return f"{text} in {count(len(files), 'file')}" if files else text


def more_about(findings: Sequence[Diagnostic]) -> str:
    """Where to read on, in one line: the rules of these findings, the first few of them; "" when
    there is nothing more to say."""
    rules = [rule for rule in dict.fromkeys(f.rule for f in findings) if rule is not Rule.USAGE]
    if not rules:
        return ""
    others = [rule.id for rule in rules[1:_NAMED]]
    more = f" (also {', '.join(others)})" if others else ""
    return f"for more: s7spec explain {rules[0].id}{more}"


def _lines(findings: Sequence[Diagnostic], view: View) -> Iterator[Line]:
    for finding in findings:
        yield from finding_lines(finding, view)
        yield EMPTY
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    tone = Tone.BAD if failed else Tone.CAUTION if findings else Tone.GOOD
    yield line(tally(findings), tone)


def _tone(severity: Severity) -> Tone:
    return Tone.BAD if severity is Severity.ERROR else Tone.CAUTION


def _gutter(finding: Diagnostic) -> int:
    places = [place.where for place in finding.related if place.snippet is not None]
    numbers = [where.line for where in (finding.where, *places) if where is not None]
    return max(len(str(max(numbers, default=0))), _LEAST_GUTTER)


def _note(place: RelatedPlace, gutter: int, view: View) -> Iterator[Line]:
    """A second place: with its line of text when there is one, else in one line."""
    margin = f"{' ' * gutter} = "
    if place.snippet is None or place.where.line == 0:
        yield _remark(margin, "note", f"{place.where}: {place.message}", Tone.QUIET)
        return
    yield _remark(margin, "note", place.message, Tone.QUIET)
    yield Line(((f"{' ' * gutter}--> ", Tone.NOTE),), ((str(place.where), Tone.PLAIN),), whole=True)
    yield from _snippet(place.where, place.snippet, gutter, Tone.NOTE, view)


def _snippet(
    where: SourceRange, text: str | None, gutter: int, tone: Tone, view: View
) -> Iterator[Line]:
    if where.line == 0 or text is None:
        return
    shown = excerpt(text, where, view, room=view.width - gutter - 3)
    bar = " " * gutter + " |"
    lead = f"{bar} {' ' * shown.indent}"
    carets = (
        (lead, Tone.NOTE),
        ("^" * shown.carets, tone),
    )
    yield Line(((bar, Tone.NOTE),))
    yield Line(((f"{where.line:>{gutter}} | ", Tone.NOTE), (shown.code, Tone.PLAIN)), whole=True)
    yield Line(carets, whole=True)


def _remark(margin: str, kind: str, text: str, tone: Tone) -> Line:
    return Line(((margin, Tone.NOTE), (f"{kind}: ", tone)), ((text, Tone.PLAIN),))
