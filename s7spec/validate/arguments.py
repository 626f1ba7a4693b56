"""Arguments of templates against their parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.manifest import ExportTemplate, Param, ParamType, TemplateUse
from s7spec.model.rules import Rule
from s7spec.model.source import JsonValue, Pointer
from s7spec.validate.freezing import frozen
from s7spec.validate.mistakes import Mistake, diagnose
from s7spec.validate.templated import TEMPLATE, holds_template
from s7spec.validate.words import listed, nearest, shown, type_named, type_of

Problem = tuple[str, str, Rule]
"""Summary, hint and rule of what is wrong with a value."""


def check_arguments(use: TemplateUse, template: ExportTemplate) -> tuple[Diagnostic, ...]:
    """Unknown, missing and unfitting arguments. What holds templates is checked when they are
    expanded, with ``argument_problem``."""
    mistakes = [*_unknown(use, template), *_missing(use, template)]
    for param in template.params:
        value = use.arguments.get(param.name)
        is_given = param.name in use.arguments
        problem = _literal_problem(param, value) if is_given else None
        if problem is not None:
            summary, hint, rule = problem
            pointer: Pointer = (*use.place.pointer, "with", param.name)
            mistakes.append(Mistake(rule=rule, pointer=pointer, summary=summary, hint=hint))
    return diagnose(use.place.document, mistakes) if mistakes else ()


def argument_problem(param: Param, value: object) -> Problem | None:
    """What is wrong with a value of ``param``: summary, hint and rule; None when it fits.

    Null fits where the default is null.
    """
    if value is None and param.has_default and param.default is None:
        return None
    if not _is_of(param.type, value):
        return (
            f"the parameter `{param.name}` must be {type_named(param.type)}, not {type_of(value)}",
            _type_hint(param.type, value),
            Rule.WRONG_TYPE,
        )
    if param.choices and not _is_among(frozen(value), param.choices):
        choices = [shown(choice) for choice in param.choices]
        meant = nearest(value, choices) if isinstance(value, str) else None
        return (
            f"`{shown(value)}` is not a choice of the parameter `{param.name}`",
            f"did you mean `{meant}`?"
            if meant
            else f"write {listed([f'`{choice}`' for choice in choices[:20]])}",
            Rule.NOT_ALLOWED,
        )
    return None


def _literal_problem(param: Param, value: JsonValue) -> Problem | None:
    if isinstance(value, str) and TEMPLATE.search(value):
        return None
    if holds_template(value):
        # A list or a mapping stays one, whatever its texts become.
        return argument_problem(_without_choices(param), value)
    return argument_problem(param, value)


def _unknown(use: TemplateUse, template: ExportTemplate) -> Iterator[Mistake]:
    names = [param.name for param in template.params]
    free = [name for name in names if name not in use.arguments]
    for name in use.arguments:
        if name in names:
            continue
        meant = nearest(name, free)
        hint = f"the template {use.template.path} takes no parameters"
        if meant is not None:
            hint = f"did you mean `{meant}`?"
        elif names:
            hint = f"it takes {listed([f'`{known}`' for known in names[:20]], last='and')}"
        yield Mistake(
            rule=Rule.UNKNOWN_KEY,
            pointer=(*use.place.pointer, "with", name),
            summary=f"the template `{template.name}` has no parameter `{shown(name)}`",
            hint=hint,
            on_key=True,
        )


def _missing(use: TemplateUse, template: ExportTemplate) -> Iterator[Mistake]:
    names = [param.name for param in template.params]
    free = [name for name in names if name not in use.arguments]
    misspelt = {nearest(name, free) for name in use.arguments if name not in names}
    for param in template.params:
        is_needed = not param.has_default and param.name not in use.arguments
        if is_needed and param.name not in misspelt:
            yield Mistake(
                rule=Rule.MISSING_KEY,
                pointer=use.place.pointer,
                summary=f"the template `{template.name}` needs the parameter `{param.name}`, "
                f"{type_named(param.type)}",
                hint=f"add with: {{{param.name}: ...}}",
            )


def _without_choices(param: Param) -> Param:
    return Param(name=param.name, place=param.place, type=param.type)


def _is_of(kind: ParamType, value: object) -> bool:
    if kind is ParamType.BOOLEAN or isinstance(value, bool):
        return kind is ParamType.BOOLEAN and isinstance(value, bool)
    if kind is ParamType.INTEGER:
        # JSON Schema takes 20.0 for an integer as well.
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return isinstance(value, _CLASSES[kind])


_CLASSES: dict[ParamType, type | tuple[type, ...]] = {
    ParamType.STRING: str,
    ParamType.NUMBER: (int, float),
    ParamType.ARRAY: (list, tuple),
    ParamType.OBJECT: Mapping,
}


def _is_among(value: JsonValue, choices: tuple[JsonValue, ...]) -> bool:
    """1 and 1.0 are one number to JSON, 1 and true are not."""
    is_truth = isinstance(value, bool)
    return any(value == choice and is_truth == isinstance(choice, bool) for choice in choices)


def _type_hint(kind: ParamType, value: object) -> str:
    if kind is ParamType.STRING and isinstance(value, int | float):
        return f'put quotes around it: "{shown(value)}"'
    if kind in (ParamType.INTEGER, ParamType.NUMBER) and isinstance(value, str):
        return "write a number, without quotes and without a unit"
    return f"write {type_named(kind)}"
