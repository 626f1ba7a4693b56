"""Findings of modifiers as diagnostics: each said once for each place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.job import ExpandedJob
from s7spec.model.source import masked
from s7spec.modifiers.job_places import finding_place, is_same_for_all
from s7spec.modifiers.lint import NEEDS_PRESETS, ModifierFinding


class Telling:
    """Remembers what was said, so that a matrix does not repeat it for every combination."""

    def __init__(self) -> None:
        self._said: set[tuple[object, ...]] = set()

    def tell(self, job: ExpandedJob, found: Iterable[ModifierFinding]) -> Iterator[Diagnostic]:
        """What was not said of an earlier job of the same export."""
        place = job.settings.place
        here = (place.document.file.path, place.document.index, place.pointer)
        pairs = [(each, (*here, each.rule, each.spot.source, each.spot.piece)) for each in found]
        for finding, key in pairs:
            if key not in self._said:
                yield _diagnostic(job, finding)
        self._said.update(key for _, key in pairs)


def _diagnostic(job: ExpandedJob, finding: ModifierFinding) -> Diagnostic:
    where, document = finding_place(job, finding.spot)
    depends_on_others = finding.rule in NEEDS_PRESETS
    is_same = is_same_for_all(job, finding.spot, whole=depends_on_others)
    which = "" if is_same else f" (job `{job.export}`)"
    return Diagnostic(
        rule=finding.rule,
        summary=masked(finding.summary + which),
        where=where,
        hint=masked(finding.hint),
        snippet=document.file.snippet(where.line),
        related=tuple(_use(job)),
    )


def _use(job: ExpandedJob) -> Iterator[RelatedPlace]:
    """The entry that uses the template the job comes from."""
    used_at = job.settings.used_at
    if used_at is not None and used_at.document is not job.settings.place.document:
        where = used_at.below("template").locate()
        snippet = used_at.document.file.snippet(where.line)
        message = "the template is used here"
        yield RelatedPlace(where=where, message=message, snippet=snippet)
