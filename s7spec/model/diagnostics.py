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
    """A second place that belongs to a finding: the first use of a duplicate key, say.

    ``snippet`` is the line of text at that place, when there is one.
    """

    where: SourceRange
    message: str
    snippet: str | None = None


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
        return Severity.WARNING if self.rule.is_warning else Severity.ERROR


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file and place, the most specific first; exact repetitions dropped.

    At one place a word stands before the mapping that begins there, a key that should not be
    there before what follows from it, an error before a warning. A finding about a file as a
    whole comes after the places in it. The order depends on nothing but the findings.
    """
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=_order))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in diagnostics)


_ROOT_CAUSES = frozenset({Rule.UNKNOWN_KEY, Rule.DUPLICATE_KEY, Rule.SECRET_IN_YAML})
"""What is wrong with a key itself: the rest at its place often follows from it."""


def _order(finding: Diagnostic) -> tuple[object, ...]:
    where = finding.where or SourceRange(path="")
    return (
        where.path,
        where.line == 0,
        (where.line, where.column),
        max((where.end_line, where.end_column), (where.line, where.column)),
        finding.rule not in _ROOT_CAUSES,
        finding.rule.is_warning,
        finding.rule.id,
        finding.summary,
        finding.hint or "",
        finding.snippet or "",
        tuple((place.where, place.message, place.snippet or "") for place in finding.related),
    )
