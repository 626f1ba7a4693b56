"""Findings: what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedPlace:
    """A second place that belongs to a finding: the first use of a duplicate key, say."""

    where: SourceRange
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding. ``snippet`` is the line of text it points at, when there is one."""

    rule: Rule
    summary: str
    where: SourceRange | None = None
    hint: str | None = None
    snippet: str | None = None
    related: tuple[RelatedPlace, ...] = ()

    @property
    def severity(self) -> Severity:
        """Errors have an ``S7E`` rule, warnings an ``S7W`` rule."""
        return Severity.ERROR if self.rule.id.startswith("S7E") else Severity.WARNING


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file, line, column and rule; exact repetitions dropped."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=_position))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in diagnostics)


def _position(finding: Diagnostic) -> tuple[str, int, int, str, str]:
    where = finding.where or SourceRange(path="")
    return (where.path, where.line, where.column, finding.rule.id, finding.summary)
