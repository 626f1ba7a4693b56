"""Where templates are expanded; everywhere else they would be taken literally."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from s7spec.model.source import Pointer

TEMPLATE = re.compile(r"\{[{%]")

HINT = (
    "templates work in id, assets, is_modifier, macro, schedule, rerun, code_version, inputs, "
    "matrix axes, for_each, when, with, and in a selection's names, folder, types, exclude and "
    "values; everything else is plain data"
)

_ANY = "*"
_DEEP = "**"
_Tree: TypeAlias = "Mapping[str | int, _Tree]"

_LEAF: _Tree = {}
_LIST: _Tree = {_ANY: _LEAF}
_SELECTION: _Tree = {
    "folder": _LEAF,
    "names": _LIST,
    "exclude": _LIST,
    "types": _LIST,
    "where": {_ANY: {"value": _LEAF}},
}
_SETTINGS: _Tree = {
    "assets": _SELECTION,
    "is_modifier": _LIST,
    "macro": _LEAF,
    "schedule": {"at": _LEAF, "cron": _LEAF},
    "rerun": _LEAF,
    "code_version": _LEAF,
    "inputs": _LIST,
}
_EXPANDED: _Tree = {
    "assets": {_ANY: _SELECTION},
    "defaults": _SETTINGS,
    "exports": {
        _ANY: {
            **_SETTINGS,
            "id": _LEAF,
            "matrix": _LIST,
            "for_each": _LEAF,
            "when": _LEAF,
            "with": {_DEEP: _LEAF},
        }
    },
    # Prose may show how a template is written.
    "metadata": {"description": _LEAF},
    "params": {_ANY: {"description": _LEAF}},
}


def holds_template(value: object) -> bool:
    """True for texts with a template, and for values with such a text at any depth."""
    if isinstance(value, str):
        return "{" in value and TEMPLATE.search(value) is not None
    if isinstance(value, Mapping):
        return any(map(holds_template, value.values()))
    return isinstance(value, list | tuple) and any(map(holds_template, value))


def has_idle_template(value: object) -> bool:
    """Whether a document holds a template that nobody expands, without keeping track of where:
    nearly always there is none."""
    ahead: list[tuple[Any, _Tree | None]] = [(value, _EXPANDED)]
    for here, tree in ahead:  # grows while it is walked
        if tree is not None and _DEEP in tree:
            continue
        for step, below in here.items() if type(here) is dict else enumerate(here):
            if type(below) is str:
                if "{" in below and TEMPLATE.search(below) and _below(tree, step) is None:
                    return True
            elif type(below) is dict or type(below) is list:
                ahead.append((below, _below(tree, step)))
    return False


def _below(tree: _Tree | None, step: str | int) -> _Tree | None:
    return None if tree is None else tree.get(step, tree.get(_ANY))


def is_expanded(pointer: Pointer) -> bool:
    """Whether a text at ``pointer`` is expanded (or plainly meant as a text)."""
    tree = _EXPANDED
    for step in pointer:
        if _DEEP in tree:
            return True
        below = _below(tree, step)
        if below is None:
            return False
        tree = below
    return True
