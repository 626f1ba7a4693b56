"""Comments that ask for silence about a warning, and what is left after they were heard."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from s7spec.model.diagnostics import Diagnostic, Severity, in_order
from s7spec.model.rules import SEEN_OFFLINE, Rule
from s7spec.model.source import SourceRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """One rule of one comment ``# s7spec: ignore=S7W001 reason=...``.

    ``where`` is the rule's ID in the comment. It speaks for ``first_line`` to ``last_line``,
    1-based and inclusive; both are 0 when no line belongs to the comment.
    """

    rule: Rule
    reason: str
    where: SourceRange
    first_line: int = 0
    last_line: int = 0
    snippet: str | None = None


def apply_ignores(
    diagnostics: Iterable[Diagnostic],
    ignores: Iterable[Ignore],
    *,
    looked_for: frozenset[Rule] = SEEN_OFFLINE,
) -> tuple[Diagnostic, ...]:
    """``diagnostics`` without the ignored ones, and a warning for each ignore without effect.

    An ignore counts as unused only when this run could have found its rule: the rule is among
    ``looked_for``, and the file has no error that cut the search short. One that stands above
    nothing is unused in any case. In order.
    """
    findings = tuple(diagnostics)
    asked = tuple(ignores)
    if not asked:
        return in_order(findings)
    covered = _Covered(asked)
    left = [finding for finding in findings if finding not in covered]
    broken = {
        finding.where.path
        for finding in findings
        if finding.where is not None and finding.severity is Severity.ERROR
    }
    told = _lines_told(findings)
    unused = (
        _unused(ignore)
        for ignore in asked
        if not _has_effect(ignore, told)
        and (
            ignore.first_line == 0
            or (ignore.rule in looked_for and ignore.where.path not in broken)
        )
    )
    return in_order((*left, *unused))


def ignored_by(
    diagnostics: Iterable[Diagnostic], ignores: Iterable[Ignore]
) -> tuple[Diagnostic, ...]:
    """What ``apply_ignores`` leaves out, in the order given."""
    covered = _Covered(ignores)
    return tuple(finding for finding in diagnostics if finding in covered)


class _Covered:
    """The lines of each file and rule that ignores speak for, as stretches that do not touch:
    a generated file may hold thousands of them."""

    def __init__(self, ignores: Iterable[Ignore]) -> None:
        self._stretches: dict[tuple[str, Rule], list[tuple[int, int]]] = {}
        for ignore in sorted(ignores, key=lambda each: each.first_line):
            stretches = self._stretches.setdefault((ignore.where.path, ignore.rule), [])
            if stretches and ignore.first_line <= stretches[-1][1]:
                first, last = stretches.pop()
                stretches.append((first, max(last, ignore.last_line)))
            else:
                stretches.append((ignore.first_line, ignore.last_line))

    def __contains__(self, finding: Diagnostic) -> bool:
        where = finding.where
        if where is None or where.line == 0 or not finding.rule.can_be_ignored:
            return False
        stretches = self._stretches.get((where.path, finding.rule), [])
        index = bisect_right(stretches, where.line, key=lambda stretch: stretch[0]) - 1
        return index >= 0 and where.line <= stretches[index][1]


def _lines_told(findings: Iterable[Diagnostic]) -> Mapping[tuple[str, Rule], list[int]]:
    """For each file and rule the lines of its findings, ascending."""
    lines: dict[tuple[str, Rule], list[int]] = {}
    for finding in findings:
        if finding.where is not None:
            lines.setdefault((finding.where.path, finding.rule), []).append(finding.where.line)
    return {key: sorted(each) for key, each in lines.items()}


def _has_effect(ignore: Ignore, told: Mapping[tuple[str, Rule], list[int]]) -> bool:
    if ignore.first_line == 0:
        return False
    lines = told.get((ignore.where.path, ignore.rule), [])
    index = bisect_left(lines, ignore.first_line)
    return index < len(lines) and lines[index] <= ignore.last_line


def _unused(ignore: Ignore) -> Diagnostic:
    if ignore.first_line == 0:
        summary = f"the ignore of {ignore.rule.id} stands above nothing"
        hint = "put it on the line of the finding, or directly above it without a blank line"
    else:
        summary = f"there is no {ignore.rule.id} to ignore here"
        hint = "remove it: the reason for it has gone, or it stands on the wrong line"
    return Diagnostic(
        rule=Rule.UNUSED_IGNORE,
        summary=summary,
        where=ignore.where,
        hint=hint,
        snippet=ignore.snippet,
    )
