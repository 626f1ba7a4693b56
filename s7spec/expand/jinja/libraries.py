"""Libraries of macros: Jinja files whose macros a document's templates call."""

from __future__ import annotations

from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import Template, nodes

from s7spec.expand.budget import Work
from s7spec.expand.jinja.charging import library_body
from s7spec.expand.jinja.failures import LIBRARY
from s7spec.expand.jinja.language import parse_library
from s7spec.expand.jinja.sandbox import GLOBALS, TemplateSandbox
from s7spec.expand.jinja.templates import COMPILATION_ERRORS
from s7spec.expand.problems import Problem
from s7spec.model.rules import Rule

_COMPILER = TemplateSandbox(Work())


def macros_of(
    sandbox: TemplateSandbox, path: str, text: str
) -> dict[str, Any] | tuple[Problem, ...]:
    """The macros of a library by name, tied to ``sandbox``; or everything that is wrong."""
    code = _compiled(path, text)
    if isinstance(code, tuple):
        return code
    template = Template.from_code(sandbox, code, {})
    context = template.new_context(dict(GLOBALS), shared=True)
    for _ in template.root_render_func(context):
        pass
    return {name: context.vars[name] for name in sorted(context.exported_vars)}


@lru_cache(maxsize=256)
def _compiled(path: str, text: str) -> CodeType | tuple[Problem, ...]:
    tree = parse_library(_COMPILER, text)
    if isinstance(tree, tuple):
        return tree
    try:
        bounded = nodes.Template(library_body(tree), lineno=1)
        bounded.set_environment(_COMPILER)
        return _COMPILER.compile(bounded, path, f"{LIBRARY}{path}")
    except COMPILATION_ERRORS:
        return (
            Problem(
                rule=Rule.TEMPLATE_SYNTAX,
                summary="the library is too large or nested too deeply",
                hint="use fewer brackets, operators and statements in one macro",
            ),
        )
