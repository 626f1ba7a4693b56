"""Compiled leaves: all templates of an export run as one, and one by one when something fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import Template, TemplateError, nodes

from s7spec.expand.bounds import BoundsError, Unprintable
from s7spec.expand.language import Parsed, as_expression, as_statements, parse
from s7spec.expand.problems import Problem, choice_hint
from s7spec.expand.sandbox import (
    GLOBALS,
    NAMES_THEMSELVES,
    Missing,
    MissingNameError,
    TemplateSandbox,
)
from s7spec.model.rules import Rule

Scope = MutableMapping[str, Any]
"""What templates see: plain dicts, lists and scalars by name."""

EVALUATION_ERRORS = (
    *(TemplateError, BoundsError, ArithmeticError, LookupError, TypeError, ValueError),
    *(AttributeError, RecursionError, MemoryError),
)
"""Everything an expression over plain values can raise."""


COMPILATION_ERRORS = (TemplateError, SyntaxError, ValueError, RecursionError, MemoryError)

_COMPILER = TemplateSandbox()
"""Parses and compiles, never runs: it keeps no state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The names a leaf uses, or what is wrong with it."""

    names: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


class Leaves:
    """The compiled templates of an export, tied to one sandbox.

    Raises one of COMPILATION_ERRORS.
    """

    def __init__(self, sandbox: TemplateSandbox, texts: tuple[str, ...]) -> None:
        self._sandbox = sandbox
        self._texts = texts
        self._all = _template(sandbox, texts) if texts else None
        self._each: list[Template | None] = [None] * len(texts)

    def evaluate(self, scope: Scope) -> list[Any]:
        """The values of all leaves, in order. Raises one of EVALUATION_ERRORS."""
        if self._all is None:
            return []
        self._sandbox.budget.renew()
        return _run(self._all, scope)

    def each(self, scope: Scope) -> Iterator[tuple[Any, Exception | None]]:
        """The value of every leaf, each tried on its own, or the error in its place."""
        for index, text in enumerate(self._texts):
            template = self._each[index] or _template(self._sandbox, (text,))
            self._each[index] = template
            try:
                self._sandbox.budget.renew()
                yield _run(template, scope)[0], None
            except EVALUATION_ERRORS as error:
                yield None, error


@lru_cache(maxsize=4096)
def check(text: str) -> Checked:
    """What can be said about a leaf whatever the values."""
    parsed = parse(_COMPILER, text)
    if isinstance(parsed, Parsed):
        return Checked(names=parsed.names)
    return Checked(problems=parsed)


def uncompilable(text: str) -> Problem | None:
    """What is wrong with a leaf that parses but that Python cannot compile, if anything."""
    try:
        _code((text,))
    except COMPILATION_ERRORS:
        return Problem(
            rule=Rule.TEMPLATE_SYNTAX,
            summary="the template is too large or nested too deeply",
            hint="use fewer brackets, operators and statements in one template",
        )
    return None


def explained(error: Exception, scope: Mapping[str, Any]) -> Problem:
    """One of EVALUATION_ERRORS in words."""
    if isinstance(error, MissingNameError):
        return _missing(error, scope)
    if isinstance(error, BoundsError):
        return Problem(
            rule=Rule.TEMPLATE_FAILED,
            summary=f"the template {error}",
            hint="templates fill in values: move long texts and lists out of them",
        )
    words = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    hint = "check the types: ~ joins anything to text, |int and |float make numbers of texts"
    if isinstance(error, Unprintable):
        hint = error.hint
    return Problem(
        rule=Rule.TEMPLATE_FAILED, summary=f"the template cannot be evaluated: {words}", hint=hint
    )


def _missing(error: MissingNameError, scope: Mapping[str, Any]) -> Problem:
    container = error.container
    if container is NAMES_THEMSELVES:
        return Problem(
            rule=Rule.UNDEFINED_NAME,
            summary=f"`{error.name}` is undefined at this point of the template",
            hint="names of {% for %} live inside of the loop only",
            word=error.name,
        )
    path = _path_of(container, scope)
    if path == "matrix" and not container:
        return Problem(
            rule=Rule.UNDEFINED_NAME,
            summary=f"`matrix.{error.name}` is undefined: this export has no `matrix`",
            hint="add a matrix to the export, or use `vars`",
            word=error.name,
        )
    if isinstance(container, dict):
        names = [str(name) for name in container]
        owner = f"`{path}`" if path else "the mapping"
        otherwise = f"{owner} has" if names else f"{owner} is empty:"
        return Problem(
            rule=Rule.UNDEFINED_NAME,
            summary=f"`{f'{path}.' if path else ''}{error.name}` is undefined",
            hint=choice_hint(error.name, names, otherwise),
            word=error.name,
        )
    kinds = {str: "a text", int: "a number", float: "a number", list: "a list", bool: "true/false"}
    kind = "nothing (null)" if container is None else kinds.get(type(container), "this value")
    return Problem(
        rule=Rule.UNDEFINED_NAME,
        summary=f"`{error.name}` is undefined: {kind} has no such part",
        hint="check what stands before the dot or in front of the bracket",
        word=error.name,
    )


def _path_of(container: object, scope: Mapping[str, Any]) -> str | None:
    """``matrix`` or ``matrix.size``: what people call a mapping of the scope."""
    for name, value in scope.items():
        if value is container:
            return name
        for key, below in value.items() if isinstance(value, dict) else ():
            if below is container and isinstance(below, dict):
                return f"{name}.{key}"
    return None


def _run(template: Template, scope: Scope) -> list[Any]:
    context = template.new_context(scope, shared=True)  # type: ignore[arg-type]
    for _ in template.root_render_func(context):
        pass
    values: list[Any] = context.vars["result"]
    for value in values:
        if isinstance(value, Missing):
            raise value.failure()
    return values


def _template(sandbox: TemplateSandbox, texts: tuple[str, ...]) -> Template:
    return Template.from_code(sandbox, _code(texts), {})


@lru_cache(maxsize=4096)
def _code(texts: tuple[str, ...]) -> CodeType:
    """One module whose ``result`` is the list of the leaves' values."""
    body: list[nodes.Node] = []
    values: list[nodes.Expr] = []
    for index, text in enumerate(texts):
        leaf = _COMPILER.parse(text)
        expression = as_expression(leaf)
        if expression is None:
            name = f"_leaf{index}"
            body.append(nodes.AssignBlock(nodes.Name(name, "store"), None, as_statements(leaf)))
            expression = nodes.Name(name, "load")
        values.append(expression)
    body.append(nodes.Assign(nodes.Name("result", "store"), nodes.List(values)))
    tree = nodes.Template(body, lineno=1)
    tree.set_environment(_COMPILER)
    tree.set_lineno(1)
    return _COMPILER.compile(tree, "manifest", "<manifest>")


def new_scope(values: Mapping[str, Any]) -> dict[str, Any]:
    """A scope with the functions that every template may call."""
    return {**GLOBALS, **values}


def thawed(value: Any) -> Any:
    """A frozen value as the plain dicts and lists that templates work on."""
    if isinstance(value, Mapping):
        return {key: thawed(below) for key, below in value.items()}
    if isinstance(value, tuple):
        return [thawed(below) for below in value]
    return value
