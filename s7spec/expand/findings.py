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
    """Remembers what was said: a matrix would repeat it for every combination. ``libraries`` are
    all that the manifest and its templates use."""

    def __init__(self, libraries: Iterable[SourceFile]) -> None:
        self._libraries = {file.path: file for file in libraries}
        self._said: set[tuple[Rule, Place, str | None]] = set()
        self.met = 0
        """How many times anything was found, also what was said before."""
        self._broken: set[str] = set()
        self._made = 0
        self._told = 0

    def has_news(self) -> bool:
        """Whether anything was found since this was asked last."""
        is_new, self._told = self._made > self._told, self._made
        return is_new

    def was_said(self, rule: Rule, place: Place, about: str) -> bool:
        return (rule, place, about) in self._said

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
        self.met += 1
        said = (found.problem.rule, found.place, about or found.problem.word)
        # That a macro is missing follows from what was said of its library.
        if said in self._said or not self._broken.isdisjoint(found.problem.see[:1]):
            return
        self._said.add(said)
        if use is not None and found.place.document is not use.entry.place.document:
            related = (*related, used_here(use))
        if found.problem.macro_line is not None:
            related = (self._in_macro(*found.problem.macro_line), *related)
        self._made += 1
        yield diagnostic(found, related)

    def _in_macro(self, path: str, line: int) -> RelatedPlace:
        where = SourceRange(path=path, line=line, column=1, end_line=line, end_column=1)
        file = self._libraries.get(path)
        snippet = None if file is None else file.snippet(line)
        message = "in a macro of this library"
        return RelatedPlace(where=where, message=message, snippet=snippet)

    def say_all(self, found: Iterable[LeafProblem], use: Use | None) -> Iterator[Diagnostic]:
        for problem in found:
            yield from self.say(problem, use)

    def of_libraries(self, engine: Engine) -> Iterator[Diagnostic]:
        """What is wrong in the macro libraries of a document."""
        for name, file, problems in engine.broken_libraries():
            self._broken.add(name)
            for problem in problems:
                self._made += 1
                yield _in_library(file, problem)


def related_place(place: Place, message: str) -> RelatedPlace:
    where = place.locate()
    return RelatedPlace(
        where=where, message=message, snippet=place.document.file.snippet(where.line)
    )


def used_here(use: Use) -> RelatedPlace:
    """The entry of ``exports`` that uses the template."""
    words = f", with {', '.join(use.words)}" if use.words else ""
    return related_place(use.entry.place.below("template"), f"the template is used here{words}")


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
