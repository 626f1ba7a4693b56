"""Small damage to a document, as a slip of the hand or of a script would do it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

STRANGE: list[Any] = [
    *(None, True, False, 0, -1, 3.5, 10**12, "", "x", "{{ vars.x }}", "{{ matrix.y }}", "{{", "%}"),
    *("a b", "../..", "ü", "orig", "convert", "\n", [], {}, ["x"], [[]], {"a": 1}, [{}, 1], [None]),
    *("{% for i in range(3) %}{{ i }}{% endfor %}", "{{ 'a' * 99999999 }}", "{{ env }}", "$", "&"),
]


def mutants(value: object, random: Random, count: int) -> Iterator[Any]:
    """``count`` copies of ``value``, each damaged in one place."""
    for _ in range(count):
        mutant = copy.deepcopy(value)
        containers = [c for c in _containers(mutant) if c]
        _damage(random.choice(containers), random)
        yield mutant


def _damage(container: Any, random: Random) -> None:
    keys = list(container) if isinstance(container, dict) else list(range(len(container)))
    key = random.choice(keys)
    match random.choice(["drop", "retype", "misspell", "swap", "double"]):
        case "drop":
            del container[key]
        case "misspell" if isinstance(key, str) and key:
            position = random.randrange(len(key))
            container[key[:position] + key[position + 1 :]] = container.pop(key)
        case "swap":
            other = random.choice(keys)
            container[key], container[other] = container[other], container[key]
        case "double" if isinstance(container, list):
            container.append(copy.deepcopy(container[key]))
        case _:
            container[key] = copy.deepcopy(random.choice(STRANGE))


def _containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for below in value.values() if isinstance(value, dict) else value:
            yield from _containers(below)
