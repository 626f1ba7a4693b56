"""What was found in a manifest, said once each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from s7spec.expand.engine import Engine
from s7spec.expand.problems import LeafProblem, Problem, diagnostic
from s7spec.expand.templating import Use
from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.rules import Rule
from s7spec.model.source import Place, SourceFile, SourceRange


class Findings:
    """Remembers what was said: a matrix would repeat it for every combination."""

    def __init__(self) -> None:
        self._said: set[tuple[Rule, Place, str | None]] = set()

    def said(self, found: LeafProblem) -> Diagnostic:
        return diagnostic(found)

    def say(
        self,
        found: LeafProblem,
        use: Use | None,
        related: tuple[RelatedPlace, ...] = (),
        about: str | None = None,
    ) -> Iterator[Diagnostic]:
        """Nothing when it was said before, of the same place and of ``about``. What is found in a
        template names its use as well."""
        said = (found.problem.rule, found.place, about or found.problem.word)
        if said in self._said:
            return
        self._said.add(said)
        if use is not None and found.place.document is not use.entry.place.document:
            related = (*related, used_here(use))
        yield diagnostic(found, related)

    def say_all(self, found: Iterable[LeafProblem], use: Use | None) -> Iterator[Diagnostic]:
        for problem in found:
            yield from self.say(problem, use)

    def of_libraries(self, engine: Engine) -> Iterator[Diagnostic]:
        """What is wrong in the macro libraries of a document."""
        for file, problems in engine.broken_libraries():
            for problem in problems:
                yield _in_library(file, problem)


def used_here(use: Use) -> RelatedPlace:
    """The entry of ``exports`` that uses the template."""
    words = f", with {', '.join(use.words)}" if use.words else ""
    where = use.entry.place.below("template").locate()
    return RelatedPlace(where=where, message=f"the template is used here{words}")


def _in_library(file: SourceFile, problem: Problem) -> Diagnostic:
    line = max(problem.line, 1)
    text = file.line(line) or ""
    column = len(text) - len(text.lstrip()) + 1
    if problem.word is not None and problem.word in text:
        column = text.index(problem.word) + 1
    end = column + len(problem.word) if problem.word and problem.word in text else len(text) + 1
    where = SourceRange(path=file.path, line=line, column=column, end_line=line, end_column=end)
    return Diagnostic(
        rule=problem.rule,
        summary=problem.summary,
        where=where,
        hint=problem.hint,
        snippet=file.snippet(line),
    )
