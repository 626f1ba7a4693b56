"""Uses of ExportTemplates: their parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from s7spec.expand.engine import Engine
from s7spec.expand.problems import LeafProblem, Problem
from s7spec.expand.single import Allowance, SingleFailure, filled, thawed
from s7spec.model.manifest import ExportTemplate, Param, ParamType, TemplateUse
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
    allowance = Allowance()
    params: dict[str, Any] = {}
    problems: list[LeafProblem] = []
    for param in template.params:
        if param.name not in entry.arguments:
            params[param.name] = thawed(param.default)
            continue
        place = entry.place.below("with", param.name)
        try:
            value = filled(entry.arguments[param.name], place, engine, scope, allowance)
        except SingleFailure as failure:
            problems += failure.problems
            continue
        params[param.name] = value
        wrong = check(param, value)
        if wrong is not None:
            problems.append(_wrong(place, *_with_filter(wrong, param, entry, value)))
    if problems:
        raise SingleFailure(*problems)
    return params


def _with_filter(
    wrong: tuple[str, str, Rule], param: Param, entry: TemplateUse, value: object
) -> tuple[str, str, Rule]:
    """What is wrong with a value that an expression gave: the hint says how it gives another."""
    summary, hint, rule = wrong
    stated = entry.arguments[param.name]
    match = _WHOLE.fullmatch(stated) if isinstance(stated, str) else None
    if rule is not Rule.WRONG_TYPE or match is None:
        return wrong
    inner = match[1] if _SHORT.fullmatch(match[1]) else "..."
    filtered = _FILTERS.get(param.type)
    if param.type is ParamType.ARRAY:
        is_mapping = isinstance(value, Mapping)
        keys = f" (of its keys: {{{{ {inner} | list }}}})" if is_mapping else ""
        hint = f"make a list of it: {{{{ [{inner}] }}}}{keys}"
    elif filtered is not None and isinstance(value, str | int | float):
        hint = f"turn it into {filtered[1]}: {{{{ {inner} | {filtered[0]} }}}}"
    return summary, hint, rule


_WHOLE = re.compile(r"\s*\{\{-?\s*(.*?)\s*-?\}\}\s*", re.DOTALL)
_SHORT = re.compile(r"[\w.\[\]'\"]{1,60}")
_FILTERS = {
    ParamType.INTEGER: ("int", "a whole number"),
    ParamType.NUMBER: ("float", "a number"),
    ParamType.STRING: ("string", "a text"),
}


def _wrong(place: Place, summary: str, hint: str, rule: Rule) -> LeafProblem:
    return LeafProblem(place=place, problem=Problem(rule=rule, summary=summary, hint=hint))
