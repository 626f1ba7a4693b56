"""Templates as trees: what may stand in them, which names they use, and how they are bounded."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from jinja2 import TemplateSyntaxError, nodes

from s7spec.expand.jinja.functions import FILTER_NAMES, KNOWN_TO_JINJA, TEST_NAMES
from s7spec.expand.jinja.sandbox import TemplateSandbox
from s7spec.expand.problems import Problem, choice_hint
from s7spec.model.rules import Rule

_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name),
    *(nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Keyword),
    *(nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Call, nodes.Getitem, nodes.Getattr),
    *(nodes.Slice, nodes.Concat, nodes.Compare, nodes.Operand, nodes.BinExpr, nodes.UnaryExpr),
)
_STATEMENTS: dict[type[nodes.Node], str] = {
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.With: "with",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "from",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.ScopedEvalContextModifier: "autoescape",
}


Use: TypeAlias = tuple[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A leaf's template. ``uses`` are the names that it sees, each with the key that is taken from
    it first; None where that is not one plain key."""

    tree: nodes.Template
    uses: frozenset[Use]


def parse(
    sandbox: TemplateSandbox, text: str, names: frozenset[str]
) -> Parsed | tuple[Problem, ...]:
    """The tree of ``text``, or everything that can be seen to be wrong without expanding it.

    ``names`` are what templates see here.
    """
    try:
        tree = sandbox.parse(text)
        problems = tuple(_problems(tree, names, _ALLOWED))
    except TemplateSyntaxError as error:
        return (_syntax(error),)
    except (RecursionError, MemoryError):
        return (_too_deep(),)
    except ValueError as error:
        return (_syntax(TemplateSyntaxError(str(error), 1)),)
    if problems:
        return problems
    return Parsed(tree=tree, uses=frozenset(_uses(tree, names)))


def parse_library(sandbox: TemplateSandbox, text: str) -> nodes.Template | tuple[Problem, ...]:
    """The tree of a library of macros, or everything that is wrong with it. Macros see their
    arguments, each other and ``range``."""
    try:
        tree = sandbox.parse(text)
        macros = frozenset(macro.name for macro in tree.find_all(nodes.Macro))
        problems = (*_problems(tree, macros, (*_ALLOWED, nodes.Macro)), *_misplaced(tree))
    except TemplateSyntaxError as error:
        return (_syntax(error),)
    except (RecursionError, MemoryError):
        return (_too_deep(),)
    return problems or tree


def _uses(tree: nodes.Template, names: frozenset[str]) -> Iterator[Use]:
    taken: set[int] = set()
    key: str | None
    for node in tree.find_all(nodes.Expr):
        if isinstance(node, nodes.Getattr):
            owner, key = node.node, node.attr
        elif isinstance(node, nodes.Getitem):
            owner, key = node.node, _constant(node.arg)
        else:
            continue
        if isinstance(owner, nodes.Name) and owner.name in names:
            taken.add(id(owner))
            yield (owner.name, key)
    for name in tree.find_all(nodes.Name):
        if name.name in names and id(name) not in taken:
            yield (name.name, None)


def _constant(node: nodes.Node) -> str | None:
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None


def _misplaced(tree: nodes.Template) -> Iterator[Problem]:
    """A library holds macros, one beside the other, and nothing but comments between them."""
    for node in tree.body:
        is_blank = isinstance(node, nodes.Output) and all(
            isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
        )
        if not (is_blank or isinstance(node, nodes.Macro)):
            yield Problem(
                rule=Rule.TEMPLATE_SYNTAX,
                summary="a library holds macros only: this stands outside of them",
                hint="write {% macro name(...) %} ... {% endmacro %}, and comments as {# ... #}",
                line=_first_line(node),
            )
    top = {id(node) for node in tree.body}
    taken: set[str] = set()
    for macro in tree.find_all(nodes.Macro):
        if id(macro) not in top:
            yield _refused_statement(macro)
        arguments = {argument.name for argument in macro.args}
        if macro.name in taken:
            yield _named_twice(macro, f"two macros are called `{macro.name}`")
        if len(arguments) < len(macro.args):
            yield _named_twice(macro, f"`{macro.name}` has two arguments of one name")
        taken.add(macro.name)


def _first_line(node: nodes.Node) -> int:
    """The line of the first character that is no blank: a text begins where a tag before it
    ends."""
    for part in node.nodes if isinstance(node, nodes.Output) else ():
        if not isinstance(part, nodes.TemplateData):
            return part.lineno
        blanks = len(part.data) - len(part.data.lstrip())
        if blanks < len(part.data):
            return part.lineno + part.data.count("\n", 0, blanks)
    return node.lineno


def _named_twice(macro: nodes.Macro, summary: str) -> Problem:
    return Problem(
        rule=Rule.TEMPLATE_SYNTAX,
        summary=summary,
        hint="only the last one would count: give one of them another name",
        word=macro.name,
        line=macro.lineno,
    )


def _problems(
    tree: nodes.Template, names: frozenset[str], allowed: tuple[type[nodes.Node], ...]
) -> Iterator[Problem]:
    """Depth first, so that the first problem in the text comes first."""
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"} | {"loop"}
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.Name) and node.ctx == "load":
            if node.name not in own and node.name not in (*names, "range"):
                yield _unknown_name(node, names, own - {"loop"})
        elif isinstance(node, nodes.Filter) and node.name not in FILTER_NAMES:
            yield _unknown_function("filter", node.name, FILTER_NAMES, node.lineno)
        elif isinstance(node, nodes.Test) and node.name not in TEST_NAMES:
            yield _unknown_function("test", node.name, TEST_NAMES, node.lineno)
        elif isinstance(node, nodes.Const) and _is_endless(node.value):
            yield _endless_number(node)
        elif not isinstance(node, allowed):
            yield _refused_statement(node)


def _is_endless(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _endless_number(node: nodes.Const) -> Problem:
    return Problem(
        rule=Rule.TEMPLATE_SYNTAX,
        summary="a number in the template is too large to be kept",
        hint="write a smaller one",
        line=node.lineno,
    )


def _unknown_name(node: nodes.Name, names: frozenset[str], own: set[str]) -> Problem:
    hint = choice_hint(node.name, [*sorted(names), "range", *sorted(own)], "templates see")
    if node.name == "params":
        hint = "`params` are those of an ExportTemplate; in a manifest use `vars`"
    return Problem(
        rule=Rule.UNDEFINED_NAME,
        summary=f"`{node.name}` is undefined in this template",
        hint=hint,
        word=node.name,
        line=node.lineno,
    )


def _unknown_function(kind: str, name: str, known: frozenset[str], line: int) -> Problem:
    if name in KNOWN_TO_JINJA:
        return Problem(
            rule=Rule.TEMPLATE_SYNTAX,
            summary=f"the {kind} `{name}` of Jinja cannot be used in manifests",
            hint="expansion depends on nothing but the manifest, and stays small: use another one",
            word=name,
            line=line,
        )
    return Problem(
        rule=Rule.UNDEFINED_NAME,
        summary=f"there is no {kind} `{name}`",
        hint=choice_hint(name, sorted(known), f"known {kind}s are"),
        word=name,
        line=line,
    )


def _refused_statement(node: nodes.Node) -> Problem:
    word = _STATEMENTS.get(type(node), type(node).__name__)
    return Problem(
        rule=Rule.TEMPLATE_SYNTAX,
        summary=f"`{word}` cannot be used in a manifest's templates",
        hint="use {{ }}, {% if %} and {% for %}; put shared values under `vars`, macros into a "
        "library",
        word=word,
        line=node.lineno,
    )


def _syntax(error: TemplateSyntaxError) -> Problem:
    message = (error.message or "it is not complete").split(". ")[0].rstrip(".")
    quoted = re.search(r"got '(.+?)'|tag '(.+?)'|unexpected (?:char )?'(.+?)'", message)
    word = next(filter(None, quoted.groups()), None) if quoted else None
    hint = "check that every {{ has its }}, every quote and bracket its counterpart"
    innermost = re.search(r"needs to be closed is '(\w+)'", error.message or "")
    if innermost:
        block = {"elif": "if", "else": "if"}.get(innermost[1], innermost[1])
        hint = f"close {{% {block} %}} with {{% end{block} %}}"
    return Problem(
        rule=Rule.TEMPLATE_SYNTAX,
        summary=f"the template cannot be parsed: {message[:1].lower()}{message[1:]}",
        hint=hint,
        word=word,
        line=error.lineno,
    )


def _too_deep() -> Problem:
    return Problem(
        rule=Rule.TEMPLATE_SYNTAX,
        summary="the template is nested too deeply",
        hint="use fewer brackets and operators in one expression",
    )
