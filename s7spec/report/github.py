"""Findings as GitHub Actions workflow commands: annotations on the lines of a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from s7spec.model.diagnostics import Diagnostic, Severity
from s7spec.model.source import SourceRange
from s7spec.report.figures import count
from s7spec.report.visible import visible

SHOWN_PER_STEP = 10
"""How many errors, and how many warnings, GitHub shows of one step."""

LONGEST_MESSAGE = 4096
"""Characters; GitHub's runner cuts the rest off an annotation without a word."""

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def diagnostics_github(findings: Sequence[Diagnostic]) -> str:
    """One command per finding, errors first: GitHub drops what is beyond its limit, and a notice
    then says so. Line breaks and signs of the command syntax in the texts are encoded."""
    return "".join(f"{command}\n" for command in _commands(findings))


def _commands(findings: Sequence[Diagnostic]) -> Iterator[str]:
    by_severity = {
        severity: [finding for finding in findings if finding.severity is severity]
        for severity in Severity
    }
    for severity, members in by_severity.items():
        for finding in members:
            yield f"::{severity.value} {_properties(finding)}::{_data(_message(finding))}"
    if any(len(members) > SHOWN_PER_STEP for members in by_severity.values()):
        counts = ", ".join(count(len(members), each.value) for each, members in by_severity.items())
        yield (
            f"::notice title=s7spec::GitHub shows {SHOWN_PER_STEP} errors and {SHOWN_PER_STEP} "
            f"warnings of one step; there are {counts}. All of them are in this log."
        )


def _message(finding: Diagnostic) -> str:
    related = [f"{place.where}: {place.message}" for place in finding.related]
    hint = [f"hint: {finding.hint}"] if finding.hint else []
    text = "\n".join(
        visible(line)
        for each in (finding.summary, *related, *hint)
        for line in _LINE_BREAK.split(each)
    )
    return text if len(text) <= LONGEST_MESSAGE else f"{text[: LONGEST_MESSAGE - 1]}…"


def _properties(finding: Diagnostic) -> str:
    pairs = [*_position(finding.where), ("title", finding.rule.id)]
    return ",".join(f"{name}={_property(value)}" for name, value in pairs)


def _position(where: SourceRange | None) -> list[tuple[str, str]]:
    """GitHub takes columns only within one line; ours are exclusive at the end, as is its own."""
    if where is None:
        return []
    if where.line == 0:
        return [("file", where.path)]
    pairs = [("file", where.path), ("line", str(where.line))]
    if where.end_line > where.line:
        return [*pairs, ("endLine", str(where.end_line))]
    if where.column and where.end_column > where.column:
        return [*pairs, ("col", str(where.column)), ("endColumn", str(where.end_column))]
    return [*pairs, ("col", str(where.column))] if where.column else pairs


def _data(text: str) -> str:
    """What is not a line break has been made visible before."""
    return text.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    shown = visible(text).replace("%", "%25")
    return shown.replace(":", "%3A").replace(",", "%2C")
