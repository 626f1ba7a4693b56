"""What is wrong with a template, and where in the manifest's text that is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from s7spec.model.diagnostics import Diagnostic, RelatedPlace
from s7spec.model.rules import Rule
from s7spec.model.source import Place, Pointer, SourceDocument, SourceRange, masked, text_in_comment
from s7spec.modifiers.placing import place_in_leaf


class Stretch(NamedTuple):
    """A part of what a modifier's leaf became."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """``word`` is the part of the template to point at, ``line`` the leaf's line it is on.

    Lines count from 1; 0 is unknown. With ``on_key`` the leaf's key is the place. ``macro_line`` is
    the path and line of the macro that it happened in. ``see`` are the names that lead to what was
    probably meant, or to where such names are defined: ``("vars", "season")``. ``stretch`` is the
    part of the expanded leaf that is wrong.
    """

    rule: Rule
    summary: str
    hint: str
    word: str | None = None
    line: int = 0
    on_key: bool = False
    macro_line: tuple[str, int] | None = None
    see: tuple[str, ...] = ()
    stretch: Stretch | None = None


class Irregular(Exception):
    """Not covered by the short way: see ``expand.filling.pieces``."""


class LeafFailure(Exception):
    """A leaf cannot be evaluated: ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafProblem:
    """A problem and the leaf that has it."""

    place: Place
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The names a leaf uses, each with the key taken from it first (None: any), or what is wrong
    with it whatever the values."""

    uses: frozenset[tuple[str, str | None]] = frozenset()
    problems: tuple[Problem, ...] = ()


def diagnostic(found: LeafProblem, related: tuple[RelatedPlace, ...] = ()) -> Diagnostic:
    """Points at the leaf, or more exactly at the word in it; and at what it is about, elsewhere."""
    found = _of_comment(found)
    problem, document = found.problem, found.place.document
    leaf = found.place.locate(key=problem.on_key)
    if problem.stretch is not None:
        where = place_in_leaf(found.place, *problem.stretch)
    else:
        where = leaf if problem.on_key else _narrowed(document, leaf, problem)
    return Diagnostic(
        rule=problem.rule,
        summary=masked(problem.summary),
        where=where,
        hint=problem.hint,
        snippet=document.file.snippet(where.line),
        related=(*related, *_definition(found)),
    )


def _of_comment(found: LeafProblem) -> LeafProblem:
    """A null of which the text shows that somebody wrote it as ``colour: #fff``."""
    problem, document = found.problem, found.place.document
    if "nothing (null)" not in problem.summary or problem.see:
        return found
    leaf = _value_at(document.value, found.place.pointer)
    for path in _VARS.findall(leaf) if isinstance(leaf, str) else ():
        names = tuple(path.split("."))
        if _value_at(document.value, names) is None:
            line = document.locate(names, key=True).line
            text = text_in_comment(document.file.line(line) or "")
            if text is not None:
                hint = f'a # after a blank begins a comment: put quotes around it: "{text}"'
                return replace(found, problem=replace(problem, hint=hint, see=names))
    return found


_VARS = re.compile(r"\bvars(?:\.\w+)+")


def _value_at(value: Any, pointer: Pointer) -> Any:
    for step in pointer:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return None
    return value


def _definition(found: LeafProblem) -> Iterator[RelatedPlace]:
    """Where ``see`` leads to in the document of the leaf, as far as it says anything there."""
    names, document = found.problem.see, found.place.document
    if names[:1] not in (("vars",), ("matrix",)):
        return
    pointer: Pointer = found.place.pointer[:2] if names[0] == "matrix" else ()
    value: Any = document.value
    for step in pointer:
        value = value[step]
    known = 0
    for name in names:
        if isinstance(value, list):
            at = _holder(value, name)
            pointer, value = (*pointer, at), value[at] if value else None
        if not isinstance(value, dict) or name not in value:
            break
        pointer, value, known = (*pointer, name), value[name], known + 1
    if known:
        where = document.locate(pointer, key=True)
        yield RelatedPlace(
            where=where,
            message=f"`{'.'.join(names[:known])}` is defined here",
            snippet=document.file.snippet(where.line),
        )


def _holder(items: list[Any], name: str) -> int:
    """The first item that has ``name``, else the first one there is (or would be)."""
    holders = [at for at, item in enumerate(items) if isinstance(item, dict) and name in item]
    return holders[0] if holders else 0


def choice_hint(word: str, choices: Sequence[str], otherwise: str) -> str:
    """``did you mean `x`?``, or ``otherwise`` and all the choices."""
    for near in nearest_name(word, choices):
        return f"did you mean `{near}`?"
    return f"{otherwise} {', '.join(f'`{choice}`' for choice in choices[:40]) or 'nothing'}"


_MOST_COMPARED = 500


def nearest_name(word: str, choices: Iterable[str]) -> list[str]:
    """The choice that was probably meant, if any. Of very many choices only some are compared."""
    import difflib  # only here: most manifests are right

    word = word[:100]
    most = max(2, len(word) // 2)
    near = (choice for choice in choices if abs(len(choice) - len(word)) <= most)
    return difflib.get_close_matches(
        word, list(itertools.islice(near, _MOST_COMPARED)), n=1, cutoff=0.6
    )


def _narrowed(document: SourceDocument, leaf: SourceRange, problem: Problem) -> SourceRange:
    numbers = range(leaf.line, leaf.end_line + 1) if leaf.line else ()
    lines = [document.file.line(number) or "" for number in numbers]
    if not lines:
        return leaf
    first = _first_line(lines, leaf, problem.line)
    for number, start, text in _template_parts(lines, leaf, first):
        for match in _uses(problem.word, text):
            return SourceRange(
                path=leaf.path,
                line=number,
                column=start + match.start() + 1,
                end_line=number,
                end_column=start + match.end() + 1,
            )
    if first == 0:
        return leaf
    number = leaf.line + first
    text = lines[first]
    column = len(text) - len(text.lstrip()) + 1
    return SourceRange(
        path=leaf.path, line=number, column=column, end_line=number, end_column=len(text) + 1
    )


def _first_line(lines: list[str], leaf: SourceRange, line: int) -> int:
    """Which of ``lines`` holds the template's ``line``: known for literal blocks only."""
    is_literal = lines[0][leaf.column - 1 : leaf.column] == "|"
    return min(line, len(lines) - 1) if is_literal else 0


def _template_parts(
    lines: list[str], leaf: SourceRange, first: int
) -> Iterator[tuple[int, int, str]]:
    """Line number, offset and text of what stands within template brackets."""
    is_open = False
    for index in range(first, len(lines)):
        start = leaf.column - 1 if index == 0 else 0
        end = leaf.end_column - 1 if leaf.line + index == leaf.end_line else len(lines[index])
        for match in _BRACKETS.finditer(lines[index], start, end):
            if is_open and match.start() > start:
                yield leaf.line + index, start, lines[index][start : match.start()]
            is_open = match[0] in ("{{", "{%")
            start = match.end()
        if is_open and start < end:
            yield leaf.line + index, start, lines[index][start:end]


_BRACKETS = re.compile(r"\{\{|\}\}|\{%|%\}")


def _uses(word: str | None, text: str) -> Iterable[re.Match[str]]:
    """Uses of ``word`` as a name, attributes and keys before anything else."""
    if word is None:
        return ()
    name = re.escape(word)
    patterns = (rf"(?<=\.){name}(?!\w)", rf"(?<=['\"]){name}(?=['\"])", rf"(?<!\w){name}(?!\w)")
    matches = (re.search(pattern, text) for pattern in patterns)
    return [match for match in matches if match is not None][:1]
