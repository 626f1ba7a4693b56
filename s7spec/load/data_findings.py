"""What is wrong in a data file."""

from __future__ import annotations

from functools import cached_property

from s7spec.load.characters import Lines
from s7spec.load.findings import MAX_FINDINGS, StopLoadingError
from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile, SourceRange


class DataFindings:
    """Collects the diagnostics of one data file. Offsets are those of characters in its text."""

    def __init__(self, file: SourceFile, *, rule: Rule = Rule.BAD_DATA) -> None:
        self._file = file
        self._rule = rule
        self._found: list[Diagnostic] = []

    @property
    def all(self) -> tuple[Diagnostic, ...]:
        return tuple(self._found)

    @cached_property
    def lines(self) -> Lines:
        return Lines(self._file.path, self._file.text)

    def whole(self, summary: str, hint: str) -> None:
        """About the file as a whole."""
        self._append(summary, SourceRange(path=self._file.path), hint, ())

    def at(
        self, start: int, end: int, summary: str, hint: str, *, first: tuple[int, int] | None = None
    ) -> None:
        """About a stretch of the text; ``first`` is where the same thing stood before.

        Raises StopLoadingError after ``MAX_FINDINGS``.
        """
        if len(self._found) >= MAX_FINDINGS:
            self.whole(
                f"more than {MAX_FINDINGS} findings: the rest of the file was not read",
                "correct the ones above first",
            )
            raise StopLoadingError
        related: tuple[RelatedPlace, ...] = ()
        if first is not None:
            related = (RelatedPlace(where=self.lines.place(*first), message="first here"),)
        self._append(summary, self.lines.place(start, end), hint, related)

    def at_place(self, where: SourceRange, summary: str, hint: str) -> None:
        """About a place that is known already."""
        self._append(summary, where, hint, ())

    def _append(
        self, summary: str, where: SourceRange, hint: str, related: tuple[RelatedPlace, ...]
    ) -> None:
        self._found.append(
            Diagnostic(
                rule=self._rule,
                summary=summary,
                where=where,
                hint=hint,
                snippet=self._file.snippet(where.line) if where.line else None,
                related=related,
            )
        )
