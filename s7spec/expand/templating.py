"""Uses of ExportTemplates: their parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from s7spec.expand.engine import Engine
from s7spec.expand.problems import LeafProblem, Problem
from s7spec.expand.single import SingleFailure, filled, thawed
from s7spec.model.manifest import ExportTemplate, Param, TemplateUse
from s7spec.model.rules import Rule
from s7spec.model.source import Place

CheckArgument: TypeAlias = Callable[[Param, object], tuple[str, str, Rule] | None]
"""Says what is wrong with the value of a parameter: summary, hint and rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of a template, for one combination of the entry that uses it, called ``words``.
    ``scope`` is what the manifest's templates see there."""

    entry: TemplateUse
    params: Mapping[str, Any]
    scope: Mapping[str, Any]
    words: tuple[str, ...]


def params_of(
    entry: TemplateUse,
    template: ExportTemplate,
    engine: Engine,
    scope: Mapping[str, Any],
    check: CheckArgument,
) -> dict[str, Any]:
    """Every parameter's value. Raises SingleFailure with everything that is wrong."""
    params: dict[str, Any] = {}
    problems: list[LeafProblem] = []
    for param in template.params:
        if param.name not in entry.arguments:
            params[param.name] = thawed(param.default)
            continue
        place = entry.place.below("with", param.name)
        try:
            value = filled(entry.arguments[param.name], place, engine, scope)
        except SingleFailure as failure:
            problems += failure.problems
            continue
        params[param.name] = value
        wrong = check(param, value)
        if wrong is not None:
            problems.append(_wrong(place, *wrong))
    if problems:
        raise SingleFailure(*problems)
    return params


def _wrong(place: Place, summary: str, hint: str, rule: Rule) -> LeafProblem:
    return LeafProblem(place=place, problem=Problem(rule=rule, summary=summary, hint=hint))
