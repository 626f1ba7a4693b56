"""Regular expressions that stand in an expression as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from s7spec.policies.tree import Call, Collection, Constant, Field, Loop, Name, Node


def literal_patterns(tree: Node) -> Iterator[str]:
    """What ``matches`` is given as a text, rather than as what becomes of facts."""
    if isinstance(tree, Call) and tree.function == "matches":
        pattern = tree.arguments[-1]
        if isinstance(pattern, Constant) and pattern.text is not None:
            yield pattern.text
    for part in _parts(tree):
        yield from literal_patterns(part)


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Constant() | Name():
            return ()
        case Field():
            return (node.operand,)
        case Call():
            return node.arguments
        case Collection():
            return node.elements
        case Loop():
            return (node.over, node.start, node.condition, node.step, node.result)
        case _:
            assert_never(node)
