"""The modifiers of jobs held against the Image Serving language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from s7spec.lint.telling import Telling
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob
from s7spec.model.preset import Preset, preset_key
from s7spec.model.rules import Rule
from s7spec.modifiers import macros_in, preset_modifiers
from s7spec.modifiers.lint import NEEDS_PRESETS, ModifierFinding, lint_modifier

_KNOWN = 4096
"""Different modifiers whose findings are remembered. Most manifests have a handful."""
MOST_TOLD = 200
"""Findings of one modifier: nobody reads more, and a text may be all mistakes."""
_FEW = 20
"""Findings of one modifier that are worth remembering."""
MOST_CHARACTERS = 20_000_000
"""Of modifiers with errors, or with warnings beyond their first thousand: the jobs after them are
not looked at any more."""
_USUAL = 1_000

_Asked: TypeAlias = tuple[str | None, str | None, tuple[str, ...]]


class JobLint:
    """Says each finding once for each place, however many jobs come from there."""

    def __init__(self, presets: Iterable[Preset] | None = None) -> None:
        """``presets`` are the company's, or None when nothing is known of them."""
        self._presets = None if presets is None else preset_modifiers(presets)
        self._known: dict[_Asked, tuple[ModifierFinding, ...]] = {}
        self._telling = Telling()
        self._met_unknown = False
        self._left = MOST_CHARACTERS

    @property
    def unseen(self) -> frozenset[Rule]:
        """Rules that may be broken unseen: a job uses a preset of which nothing is known."""
        return NEEDS_PRESETS if self._met_unknown else frozenset()

    def findings(self, job: ExpandedJob) -> Iterator[Diagnostic]:
        """What is to be said of a job and was not said of one before."""
        text, macro = job.is_modifier, job.macro
        if text is None and macro is None:
            return
        asked = (text, macro, job.settings.unsafe_modifiers)
        found = self._known.get(asked)
        if found is None:
            if self._left < 0:
                return
            found = self._found(asked)
            if self._left < 0:
                yield _too_many(job)
        if found:
            yield from self._telling.tell(job, found)

    def _uses_unknown(self, text: str, macro: str | None) -> bool:
        names = [use.name for use in macros_in(text)] + ([] if macro is None else [macro])
        return any(preset_key(name) not in (self._presets or ()) for name in names)

    def _found(self, asked: _Asked) -> tuple[ModifierFinding, ...]:
        if len(self._known) >= _KNOWN:
            self._known.clear()
        text, macro, allowed = asked
        if not self._met_unknown:
            self._met_unknown = self._uses_unknown(text or "", macro)
        found = lint_modifier(text, macro, presets=self._presets, allowed=allowed)[:MOST_TOLD]
        if len(found) <= _FEW:
            self._known[asked] = found
        self._left -= _cost(text or "", found)
        return found


def _cost(text: str, found: tuple[ModifierFinding, ...]) -> int:
    """Characters that count: warnings alone must never end in an error, unless somebody is at it
    on purpose."""
    if any(not finding.rule.is_warning for finding in found):
        return len(text) + 1
    return max(0, len(text) - _USUAL) if found else 0


def _too_many(job: ExpandedJob) -> Diagnostic:
    place = job.place_of("is_modifier")
    where = place.locate()
    return Diagnostic(
        rule=Rule.TEMPLATE_FAILED,
        summary=f"modifiers of {MOST_CHARACTERS:,} characters have findings: those of the jobs "
        f"from `{job.key.short}` on were not looked at",
        where=where,
        hint="correct the ones above first",
        snippet=place.document.file.snippet(where.line),
    )
