"""Which variables a template uses, each with all the steps it takes into the value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import nodes

from s7spec.expand.budget import Work
from s7spec.expand.jinja.sandbox import TemplateSandbox
from s7spec.expand.simple import Path, is_template, simple_pieces

MISSING = object()
"""There is no value at a path."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII).fullmatch


def paths_in(text: str, values: Mapping[str, Any], libraries: frozenset[str]) -> tuple[Path, ...]:
    """The paths of a template that has been expanded before, in the order of the text, each once.

    ``values`` is what it sees: a key that is itself a variable (``vars.colours[params.name]``) is
    looked up there. A macro is the path ``library.macro``.
    """
    if not is_template(text):
        return ()
    pieces = simple_pieces(text)
    if pieces is not None:
        return tuple(dict.fromkeys(piece for piece in pieces if isinstance(piece, Path)))
    tree = TemplateSandbox(Work()).parse(text)
    stored = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    names = frozenset((*values, *libraries)) - stored
    return tuple(dict.fromkeys(_Walk(names, libraries, values).below(tree)))


def value_at(path: Path, values: Mapping[str, Any]) -> Any:
    """The value at a path, or MISSING."""
    return value_below(values.get(path.name, MISSING), path.steps)


def value_below(value: Any, steps: tuple[str | int, ...]) -> Any:
    """What the steps lead to from ``value`` on, or MISSING."""
    for step in steps:
        if not isinstance(value, Mapping | list | tuple):
            return MISSING
        container: Any = value
        try:
            value = container[step]
        except (LookupError, TypeError):
            return MISSING
    return value


def dotted(*steps: str | int) -> str:
    """``with.sizes[0].wid``, ``each['column two']``."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif not text:
            text = step
        else:
            text += f".{step}" if _IDENTIFIER(step) else f"[{step!r}]"
    return text


class _Walk:
    """Through a tree, each name with the longest chain of keys behind it."""

    def __init__(
        self, names: frozenset[str], libraries: frozenset[str], values: Mapping[str, Any]
    ) -> None:
        self._names = names
        self._libraries = libraries
        self._values = values

    def below(self, node: nodes.Node) -> Iterator[Path]:
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr | nodes.Getitem):
            yield from self._called(node.node)
            arguments = (*node.args, *(keyword.value for keyword in node.kwargs))
            for argument in arguments:
                yield from self.below(argument)
            return
        if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            path = self._chain(node)
            if path is not None:
                yield path
            yield from self._inside(node, has_path=path is not None)
            return
        for child in node.iter_child_nodes():
            yield from self.below(child)

    def _called(self, function: nodes.Getattr | nodes.Getitem) -> Iterator[Path]:
        """A macro is named with its library; a method is no part of a path."""
        path = self._chain(function)
        if path is not None and path.name in self._libraries:
            yield Path(path.name, path.steps[:1])
        else:
            yield from self.below(function.node)

    def _inside(self, node: nodes.Node, *, has_path: bool) -> Iterator[Path]:
        """The variables among the keys of a chain; what a chain begins with, if that is no name."""
        while isinstance(node, nodes.Getattr | nodes.Getitem):
            if isinstance(node, nodes.Getitem):
                yield from self.below(node.arg)
            node = node.node
        if not has_path and not isinstance(node, nodes.Name):
            yield from self.below(node)

    def _chain(self, node: nodes.Node) -> Path | None:
        """None when it does not begin with one of the names."""
        found = self._followed(node)
        return None if found is None else found[0]

    def _followed(self, node: nodes.Node) -> tuple[Path, bool] | None:
        """The path of a chain, and whether it is all of it: a key may not be known."""
        if isinstance(node, nodes.Name):
            return (Path(node.name, ()), True) if node.name in self._names else None
        if not isinstance(node, nodes.Getattr | nodes.Getitem):
            return None
        before = self._followed(node.node)
        if before is None or not before[1]:
            return before
        path, _ = before
        step = node.attr if isinstance(node, nodes.Getattr) else self._key(node.arg)
        return (path, False) if step is None else (Path(path.name, (*path.steps, step)), True)

    def _key(self, node: nodes.Node) -> str | int | None:
        """A key that is written out, or the value of the variable that stands for it."""
        if isinstance(node, nodes.Const):
            value = node.value
        else:
            path = self._chain(node)
            value = None if path is None else value_at(path, self._values)
        return value if isinstance(value, str | int) else None
