"""Single expressions: ``when``, ``for_each``, axes, names of selections and arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s7spec.expand.engine import Engine
from s7spec.expand.problems import LeafFailure, LeafProblem, Problem
from s7spec.expand.simple import Path, is_template, simple_pieces, value_of
from s7spec.model.rules import Rule
from s7spec.model.source import Place

_ENTRY = 20
"""Steps of filling in an entry of a list or mapping."""


class SingleFailure(Exception):
    """An expression that has no value: ``problems`` say why."""

    def __init__(self, *problems: LeafProblem) -> None:
        super().__init__(*(found.problem.summary for found in problems))
        self.problems = problems


def evaluate(text: str, place: Place, engine: Engine, scope: Mapping[str, Any]) -> Any:
    """The value of one leaf, whole expressions with their own type. Raises SingleFailure."""
    if not is_template(text):
        return text
    pieces = simple_pieces(text)
    if pieces is not None and len(pieces) == 1 and isinstance(pieces[0], Path):
        try:
            return value_of(pieces[0], scope)
        except LookupError:
            pass  # Jinja knows what is missing
    checked = engine.check(text)
    if checked.problems:
        raise SingleFailure(*(LeafProblem(place=place, problem=p) for p in checked.problems))
    leaves = engine.leaves((text,))
    if leaves is None:
        problem = engine.uncompilable(text) or _too_large()
        raise SingleFailure(LeafProblem(place=place, problem=problem))
    try:
        return leaves.evaluate(engine.scope(scope))[0]
    except LeafFailure as error:
        raise SingleFailure(LeafProblem(place=place, problem=error.problem)) from error


class Allowance:
    """What the arguments of one use of a template may hold together: they are kept until all of
    its jobs are made."""

    def __init__(self) -> None:
        self._left = MAX_ARGUMENTS

    def take(self, value: Any, place: Place) -> None:
        """Raises SingleFailure."""
        ahead = [value]
        for each in ahead:  # grows while it is walked
            self._left -= 1 + (len(each) // 16 if isinstance(each, str) else 0)
            if self._left < 0:
                raise bad_value(
                    place,
                    f"the arguments of this use hold more than {MAX_ARGUMENTS:,} entries",
                    "hand over less, or let the template read a data file itself",
                )
            if isinstance(each, dict):
                ahead += each.values()
            elif isinstance(each, list):
                ahead += each


MAX_ARGUMENTS = 1_000_000


def filled(
    value: Any, place: Place, engine: Engine, scope: Mapping[str, Any], allowance: Allowance
) -> Any:
    """A value with every leaf in it, at any depth, expanded. Raises SingleFailure with all that
    is wrong in it."""
    engine.work.spend(_ENTRY)
    if isinstance(value, str):
        made_of = evaluate(value, place, engine, scope)
        allowance.take(made_of, place)
        return made_of
    if not isinstance(value, Mapping | tuple):
        return value
    pairs = list(value.items() if isinstance(value, Mapping) else enumerate(value))
    problems: list[LeafProblem] = []
    made: list[Any] = []
    for step, below in pairs:
        try:
            made.append(filled(below, place.below(step), engine, scope, allowance))
        except SingleFailure as failure:
            problems += failure.problems
    if problems:
        raise SingleFailure(*problems)
    if isinstance(value, tuple):
        return made
    return dict(zip(value, made, strict=True))


def thawed(value: Any) -> Any:
    """A frozen value as the plain dicts and lists that templates work on."""
    if isinstance(value, Mapping):
        return {key: thawed(below) for key, below in value.items()}
    if isinstance(value, tuple):
        return [thawed(below) for below in value]
    return value


def bad_value(place: Place, summary: str, hint: str) -> SingleFailure:
    problem = Problem(rule=Rule.BAD_EXPANSION, summary=summary, hint=hint)
    return SingleFailure(LeafProblem(place=place, problem=problem))


def _too_large() -> Problem:
    return Problem(
        rule=Rule.TEMPLATE_SYNTAX,
        summary="the template is too large",
        hint="use fewer operators and brackets in it",
    )
