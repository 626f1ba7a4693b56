"""Templates as trees that draw on the budget: see ``expand.budget``.

A round of a loop and a call of a macro cost as much as stands in them, a leaf as much as stands in
it once.
"""

from __future__ import annotations

from typing import Any

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from s7spec.expand.jinja.functions import (
    COMPARE_FILTER,
    LEAF_FILTER,
    SLICE_FILTER,
    SPEND_FILTER,
    STEPS_FILTER,
    TEXT_FILTER,
)

_DEAR: dict[type[nodes.Node], int] = {
    nodes.Filter: 8,
    nodes.Test: 8,
    nodes.Call: 16,
    nodes.Getattr: 6,
    nodes.Getitem: 8,
    nodes.Compare: 6,
    nodes.Concat: 12,
    nodes.Output: 12,
    nodes.For: 20,
    **dict.fromkeys((nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod), 12),
    nodes.Pow: 12,
}
"""Steps of evaluating a node; all others take one."""


def leaf_value(tree: nodes.Template, name: str) -> tuple[list[nodes.Node], nodes.Expr]:
    """A leaf as statements and, after them, the expression that is its value; ``name`` is a
    variable that it may use.

    A template that is one whole ``{{ expression }}`` is that expression: its value keeps its type.
    """
    charging = _Charging()
    if not all(isinstance(output, nodes.Output) for output in tree.body):
        charging.visit(tree)
        made = nodes.AssignBlock(nodes.Name(name, "store"), None, tree.body)
        end = nodes.ExprStmt(_leaf(nodes.Name(name, "load"), charging.weight))
        return [made, end], nodes.Name(name, "load")
    parts = [
        part for output in tree.body if isinstance(output, nodes.Output) for part in output.nodes
    ]
    if len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData):
        expression: nodes.Expr = charging.visit(parts[0])
    else:
        expression = _text_of([charging.visit(part) for part in parts])
    return [], _leaf(expression, charging.weight)


def library_body(tree: nodes.Template) -> list[nodes.Node]:
    """The macros of a library."""
    charged: nodes.Template = _Charging().visit(tree)
    return charged.body


class _Charging(NodeTransformer):
    """``weight`` is what has been visited so far."""

    def __init__(self) -> None:
        self.weight = 0

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        self.weight += _DEAR.get(type(node), 1)
        return super().visit(node, *args, **kwargs)

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802
        before = self.weight
        self.generic_visit(node)
        node.iter = _filter(STEPS_FILTER, node.iter, nodes.Const(1 + self.weight - before))
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Macro:  # noqa: N802
        before = self.weight
        self.generic_visit(node)
        weight = nodes.Const(20 + self.weight - before)
        node.body.insert(0, nodes.ExprStmt(_filter(SPEND_FILTER, weight), lineno=node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        return _text_of(node.nodes)

    def visit_Output(self, node: nodes.Output) -> list[nodes.Output]:  # noqa: N802
        """One for each line with expressions: errors know only the line of their statement."""
        self.generic_visit(node)
        lines: list[tuple[int, list[nodes.Expr]]] = [(node.lineno, [])]
        is_begun = False
        for part in node.nodes:
            if not isinstance(part, nodes.TemplateData):
                line, parts = lines[-1]
                if not is_begun:
                    lines[-1] = (part.lineno or line, parts)
                elif part.lineno not in (None, line):
                    lines.append((part.lineno, []))
                is_begun = True
            lines[-1][1].append(part)
        return [nodes.Output([_text_of(parts, line)], lineno=line) for line, parts in lines]

    def visit_Compare(self, node: nodes.Compare) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        if _is_cheap(node):
            return node
        others = [part for each in node.ops for part in (nodes.Const(each.op), each.expr)]
        return _filter(COMPARE_FILTER, node.expr, *others)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:  # noqa: N802
        """A list: as a key, a tuple is read through at every depth by Python itself, unmeasured."""
        self.generic_visit(node)
        return node if node.ctx != "load" else nodes.List(node.items, lineno=node.lineno)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        bounds = (node.arg.start, node.arg.stop, node.arg.step)
        parts = [nodes.Const(None) if bound is None else bound for bound in bounds]
        return _filter(SLICE_FILTER, node.node, *parts)


_SHORT = 64
"""Characters of a constant that is searched for nothing."""


def _is_cheap(node: nodes.Compare) -> bool:
    """Whether one side of a single comparison is a short constant: Python stops at its end."""
    if len(node.ops) > 1:
        return False
    other = node.ops[0].expr
    if node.ops[0].op not in ("in", "notin"):
        return isinstance(node.expr, nodes.Const) or isinstance(other, nodes.Const)
    is_short = isinstance(other, nodes.Const) and len(str(other.value)) <= _SHORT
    return is_short or (
        isinstance(other, nodes.List | nodes.Tuple)
        and all(isinstance(item, nodes.Const) for item in other.items)
    )


def _leaf(value: nodes.Expr, weight: int) -> nodes.Filter:
    return _filter(LEAF_FILTER, value, nodes.Const(20 + weight))


def _text_of(parts: list[nodes.Expr], line: int | None = None) -> nodes.Expr:
    constants = [
        nodes.Const(part.data) if isinstance(part, nodes.TemplateData) else part for part in parts
    ]
    return _filter(TEXT_FILTER, nodes.List(constants, lineno=line))


def _filter(name: str, value: nodes.Node, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(value, name, list(arguments), [], None, None, lineno=value.lineno)
