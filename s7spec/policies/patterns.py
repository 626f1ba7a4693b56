"""Regular expressions that stand in an expression as they are, and what they unfold to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod
from typing import assert_never

from s7spec.policies.tree import Call, Collection, Constant, Field, Loop, Name, Node

MOST_REPEATS = 1000
"""More CEL refuses, also of repetitions within each other."""

_REPEAT = re.compile(r"\{(\d*),?(\d*)\}", re.ASCII)
_DIGITS = len(str(MOST_REPEATS))
_CLASS = re.compile(r"\\p", re.IGNORECASE)


def repeats_in(pattern: str) -> int:
    """How often a part of it stands in what it unfolds to, at most: ``(a{2}){3}`` is six of a."""
    counts = [max(map(_count, pair)) for pair in _REPEAT.findall(pattern)]
    # Only groups can be repeated that have repetitions in them.
    found = prod(counts) if "){" in pattern else max(counts, default=1)
    return min(found, MOST_REPEATS)


def _count(digits: str) -> int:
    return max(int(digits or 1), 1) if len(digits) <= _DIGITS else MOST_REPEATS


def classes_in(pattern: str) -> int:
    """``\\pL``, ``\\P{Greek}``: with hundreds of ranges each."""
    return len(_CLASS.findall(pattern))


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
