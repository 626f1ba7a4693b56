"""Findings about one modifier, at their places in its text or in the macro beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile, SourceRange
from s7spec.modifiers import Macro
from s7spec.modifiers.effective import Source
from s7spec.modifiers.lint import ModifierFinding, Reading
from s7spec.pipeline.inspecting.nouns import Surroundings
from s7spec.pipeline.inspecting.secrets import without_secrets

MOST_TOLD = 500
"""Findings of one modifier: beyond that nobody reads on."""

_MACRO = "macro"
_NEAR = 3
_REFRESH = "`s7spec presets --save` brings the snapshot up to date"

# What counts as the end of a line somewhere. A modifier is one line, also where it should not be.
_LINE_BREAK = re.compile(r"[\r\n]")


class Places:
    """Where a modifier and its macro stand. ``line`` is the modifier's in a file, None for one
    that was given by itself."""

    def __init__(self, text: str, macro: str, *, path: str, line: int | None) -> None:
        self.line = line
        self._files = {
            Source.MODIFIER: SourceFile(path=path, text=_LINE_BREAK.sub(" ", text)),
            Source.MACRO: SourceFile(path=_MACRO, text=macro),
        }
        self._snippets: dict[Source, str] = {}

    def told(self, finding: ModifierFinding) -> Diagnostic:
        spot = finding.spot
        return self._at(
            spot.source,
            spot.start,
            spot.end,
            finding.rule,
            without_secrets(finding.summary),
            without_secrets(finding.hint),
        )

    def refused(self, summary: str, hint: str) -> Diagnostic:
        """About the text as a whole."""
        end = max(len(self._files[Source.MODIFIER].text), 1)
        return self._at(Source.MODIFIER, 0, end, Rule.MODIFIER_SYNTAX, summary, hint)

    def unknown_presets(
        self, reading: Reading, names: Iterable[str], around: Surroundings
    ) -> Iterator[Diagnostic]:
        """Presets that the modifier or the macro name and the snapshot does not hold. Those that
        only other presets name are the company's matter."""
        unknown = frozenset(names)
        for parsed, source in (
            (reading.parsed, Source.MODIFIER),
            (reading.parsed_macro, Source.MACRO),
        ):
            for piece, span in zip(parsed.modifier.pieces, parsed.spans, strict=True):
                if isinstance(piece, Macro) and piece.name in unknown:
                    summary = f"image preset `${piece.name}$` is not in {around.snapshot}"
                    hint = _meant(piece.name, around)
                    rule = Rule.UNKNOWN_PRESET_OFFLINE
                    yield self._at(source, span.start, span.end, rule, summary, hint)

    def in_order(self, findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The order of the text, the macro last; of very many the first ``MOST_TOLD`` and one that
        stands for the rest."""
        told = sorted(findings, key=_order)
        return tuple(told if len(told) <= MOST_TOLD else (*told[:MOST_TOLD], _rest(told)))

    def _at(
        self, source: Source, start: int, end: int, rule: Rule, summary: str, hint: str
    ) -> Diagnostic:
        file = self._files[source]
        line = self.line if source is Source.MODIFIER and self.line else 1
        where = SourceRange(
            path=file.path, line=line, column=start + 1, end_line=line, end_column=end + 1
        )
        return Diagnostic(
            rule=rule, summary=summary, where=where, hint=hint, snippet=self._snippet(source)
        )

    def _snippet(self, source: Source) -> str:
        """Made once: a long line may have as many findings as characters."""
        if source not in self._snippets:
            line = self._files[source].snippet(1) or ""
            self._snippets[source] = without_secrets(line)
        return self._snippets[source]


def _rest(told: Sequence[Diagnostic]) -> Diagnostic:
    """One finding for all that are left out: an error if one of them is."""
    left = told[MOST_TOLD:]
    worst = min(left, key=lambda finding: finding.rule.is_warning)
    summary = f"{worst.summary}; {len(left) - 1:,} more findings are left out"
    return replace(worst, summary=summary)


def _order(finding: Diagnostic) -> tuple[object, ...]:
    where = finding.where
    assert where is not None, "every finding here has a place"
    return where.path == _MACRO, where.column, finding.rule.is_warning, finding.rule.id


def _meant(name: str, around: Surroundings) -> str:
    import difflib  # only here: most presets are there

    near = difflib.get_close_matches(name.lower(), tuple(around.presets or ()), n=_NEAR)
    meant = ", ".join(f"${around.spellings.get(each, each)}$" for each in near)
    return f"did you mean {meant}? If it is new on IPS: {_REFRESH}" if near else _REFRESH
