"""Compiled leaves: several templates run as one, and one by one when something fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import Template, TemplateError, nodes

from s7spec.expand.bounds import BoundsError
from s7spec.expand.budget import FAILURE, Work
from s7spec.expand.jinja.charging import leaf_value
from s7spec.expand.jinja.failures import explained
from s7spec.expand.jinja.language import Parsed, parse
from s7spec.expand.jinja.sandbox import GLOBALS, TemplateSandbox
from s7spec.expand.problems import Checked, LeafFailure, Problem
from s7spec.model.rules import Rule

Scope = MutableMapping[str, Any]
"""What templates see: plain dicts, lists and scalars by name."""

EVALUATION_ERRORS = (
    *(TemplateError, BoundsError, ArithmeticError, LookupError, TypeError, ValueError),
    *(AttributeError, AssertionError, RecursionError, MemoryError),
)
"""Everything an expression over plain values can raise."""

COMPILATION_ERRORS = (TemplateError, SyntaxError, ValueError, RecursionError, MemoryError)

_COMPILER = TemplateSandbox(Work())
"""Parses and compiles, never runs: it keeps no state."""


class Leaves:
    """Compiled templates, tied to one sandbox. Raises one of COMPILATION_ERRORS."""

    def __init__(self, sandbox: TemplateSandbox, texts: tuple[str, ...]) -> None:
        self._sandbox = sandbox
        self._texts = texts
        self._all = _template(sandbox, texts)
        self._each: list[Template | None] = [None] * len(texts)

    def evaluate(self, scope: Scope) -> list[Any]:
        """The values of all leaves, in order. Raises LeafFailure."""
        try:
            return _run(self._all, scope)
        except EVALUATION_ERRORS as error:
            raise LeafFailure(self._explained(error, scope)) from error

    def each(self, scope: Scope) -> Iterator[tuple[Any, Problem | None]]:
        """The value of every leaf, each tried on its own, or what is wrong with it."""
        for index, text in enumerate(self._texts):
            template = self._each[index] or _template(self._sandbox, (text,))
            self._each[index] = template
            try:
                yield _run(template, scope)[0], None
            except EVALUATION_ERRORS as error:
                yield None, self._explained(error, scope)

    def _explained(self, error: Exception, scope: Scope) -> Problem:
        self._sandbox.budget.renew()
        self._sandbox.budget.work.spend(FAILURE)
        return explained(error, scope)


@lru_cache(maxsize=4096)
def check(text: str, names: frozenset[str]) -> Checked:
    """What can be said about a leaf whatever the values."""
    parsed = parse(_COMPILER, text, names)
    if isinstance(parsed, Parsed):
        return Checked(uses=parsed.uses)
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


def _run(template: Template, scope: Scope) -> list[Any]:
    context = template.new_context(scope, shared=True)  # type: ignore[arg-type]
    for _ in template.root_render_func(context):
        pass
    values: list[Any] = context.vars["result"]
    return values


def _template(sandbox: TemplateSandbox, texts: tuple[str, ...]) -> Template:
    return Template.from_code(sandbox, _code(texts), {})


@lru_cache(maxsize=4096)
def _code(texts: tuple[str, ...]) -> CodeType:
    """One module whose ``result`` is the list of the leaves' values."""
    body: list[nodes.Node] = []
    values: list[nodes.Expr] = []
    for index, text in enumerate(texts):
        statements, value = leaf_value(_COMPILER.parse(text), f"_leaf{index}")
        body += statements
        values.append(value)
    body.append(nodes.Assign(nodes.Name("result", "store"), nodes.List(values)))
    tree = nodes.Template(body, lineno=1)
    tree.set_environment(_COMPILER)
    tree.set_lineno(1)
    return _COMPILER.compile(tree, "manifest", "<manifest>")


def functions() -> Mapping[str, Any]:
    """What every template may call."""
    return GLOBALS
