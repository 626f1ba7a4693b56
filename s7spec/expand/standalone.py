"""Leaves of what is not expanded: templates by themselves, and documents with other mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from s7spec.expand.budget import Work, WorkExceeded
from s7spec.expand.engine import Engine
from s7spec.expand.findings import Findings
from s7spec.expand.problems import LeafProblem, Problem, choice_hint, diagnostic, nearest_name
from s7spec.expand.simple import MAPPING_METHODS, is_template
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import JsonValue, Place, Pointer, SourceDocument, SourceFile

_ASKS_WHETHER_IT_IS_THERE = re.compile(r"\|\s*(?:d|default)\b|\bdefined\b")


def check_leaves(
    leaves: Iterable[tuple[Place, str]],
    declared: Mapping[str, Mapping[str, JsonValue]],
    libraries: Mapping[str, SourceFile],
) -> Iterator[Diagnostic]:
    """What is wrong with the texts of a template whatever its parameters are: their syntax, and
    names that it does not declare. ``declared`` are its ``params``, ``vars`` and ``data`` by name.
    """
    engine = Engine(libraries, has_params=True, work=Work())
    try:
        yield from Findings(libraries.values()).of_libraries(engine)
        for place, text in leaves:
            for problem in _problems(text, engine, declared) if is_template(text) else ():
                yield diagnostic(LeafProblem(place=place, problem=problem))
    except WorkExceeded:
        return  # expanding it says so, of whoever uses it


def _problems(
    text: str, engine: Engine, declared: Mapping[str, Mapping[str, JsonValue]]
) -> Iterator[Problem]:
    checked = engine.check(text)
    yield from checked.problems
    if checked.problems or _ASKS_WHETHER_IT_IS_THERE.search(text):
        return
    for owner, name in sorted((owner, key) for owner, key in checked.uses if key is not None):
        known = declared.get(owner)
        if known is not None and name not in known and name not in MAPPING_METHODS:
            otherwise = f"`{owner}` has" if known else f"this template declares no `{owner}`:"
            yield Problem(
                rule=Rule.UNDEFINED_NAME,
                summary=f"`{owner}.{name}` is undefined: the template does not declare it",
                hint=choice_hint(name, [*known], otherwise),
                word=name,
                see=(owner, *nearest_name(name, known)),
            )


_KEYS_WITH_TEMPLATES = ("assets", "defaults", "exports")


def find_broken_leaves(document: SourceDocument) -> Iterator[Diagnostic]:
    """Templates that cannot be parsed, or use filters and statements there are not: they are wrong
    whatever else is, so that nobody has to mend one thing to be told of the next."""
    value = document.value
    if not isinstance(value, dict) or "{" not in document.file.text:
        return
    libraries = value.get("libraries")
    names = libraries if isinstance(libraries, dict) else {}
    nothing = SourceFile(path="", text="")
    engine = Engine(dict.fromkeys(map(str, names), nothing), has_params=True, work=Work())
    try:
        for key in _KEYS_WITH_TEMPLATES:
            for text, pointer in _templates(value.get(key), (key,)):
                place = Place(document=document, pointer=pointer)
                for problem in engine.check(text).problems:
                    if problem.rule is Rule.TEMPLATE_SYNTAX:
                        yield diagnostic(LeafProblem(place=place, problem=problem))
    except WorkExceeded:
        return  # there is more to say about such a document than this


def _templates(value: object, pointer: Pointer) -> Iterator[tuple[str, Pointer]]:
    if isinstance(value, str):
        if is_template(value):
            yield value, pointer
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _templates(below, (*pointer, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _templates(below, (*pointer, index))
