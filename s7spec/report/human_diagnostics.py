"""Findings for a person at a terminal: what, where, the line itself, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from s7spec.model.diagnostics import Diagnostic, Severity
from s7spec.report.excerpt import excerpt
from s7spec.report.figures import count
from s7spec.report.terminal import EMPTY, Line, Tone, line, paint
from s7spec.report.view import View

_LEAST_GUTTER = 2


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
        yield from _snippet(finding, gutter, view)
    margin = f"{' ' * gutter} = "
    for place in finding.related:
        yield _remark(margin, "note", f"{place.where}: {place.message}", Tone.QUIET)
    for number, text in enumerate((finding.hint or "").splitlines()):
        yield _remark(margin if number == 0 else " " * len(margin), "hint", text, Tone.GOOD)


def tally(findings: Sequence[Diagnostic]) -> str:
    """``2 errors, 1 warning in 2 files``; without files when no finding names one."""
    errors = sum(1 for finding in findings if finding.severity is Severity.ERROR)
    files = {finding.where.path for finding in findings if finding.where is not None}
    text = f"{count(errors, 'error')}, {count(len(findings) - errors, 'warning')}"
    return f"{text} in {count(len(files), 'file')}" if files else text


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
    number = finding.where.line if finding.where else 0
    return max(len(str(number)), _LEAST_GUTTER)


def _snippet(finding: Diagnostic, gutter: int, view: View) -> Iterator[Line]:
    where = finding.where
    if where is None or where.line == 0 or finding.snippet is None:
        return
    shown = excerpt(finding.snippet, where, view, room=view.width - gutter - 3)
    bar = " " * gutter + " |"
    lead = f"{bar} {' ' * shown.indent}"
    carets = (
        (lead, Tone.NOTE),
        ("^" * shown.carets, _tone(finding.severity)),
    )
    yield Line(((bar, Tone.NOTE),))
    yield Line(((f"{where.line:>{gutter}} | ", Tone.NOTE), (shown.code, Tone.PLAIN)), whole=True)
    yield Line(carets, whole=True)


def _remark(margin: str, kind: str, text: str, tone: Tone) -> Line:
    return Line(((margin, Tone.NOTE), (f"{kind}: ", tone)), ((text, Tone.PLAIN),))
