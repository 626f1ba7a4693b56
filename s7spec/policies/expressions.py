"""Expressions: compiled once, asked often."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from s7spec.model.guardrails import PolicyScope
from s7spec.policies.effort import MOST_BYTES, effort_of, is_cheap, size_of_fact
from s7spec.policies.facts import FACTS
from s7spec.policies.patterns import literal_patterns
from s7spec.policies.tree import Node, UnreadableError, read_tree

_COMPILE_ERROR = re.compile(r"<input>:(-?\d+):(-?\d+): (.*)")
_CODE = re.compile(r"^[A-Z_]+: | \[[A-Z_]+\]$")


class BadExpressionError(ValueError):
    """An expression that is none. ``line`` and ``column`` are within it, from 1; ``unknown`` is the
    name that it uses and that there is not."""

    def __init__(self, summary: str, *, line: int = 1, column: int = 1, unknown: str = "") -> None:
        super().__init__(summary)
        self.line = line
        self.column = column
        self.unknown = unknown


class PolicyFailedError(Exception):
    """An expression that has no value for these facts: a key that is not there, a division by 0,
    more than an evaluation may take."""


class Expression:
    """A condition, ready to be asked."""

    def __init__(self, compiled: Any, error_type: Any, tree: Node) -> None:
        self._compiled = compiled
        self._error_type = error_type
        self._tree = None if is_cheap(tree) else tree

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether it is true of these. Raises PolicyFailedError."""
        if self._tree is not None:
            sizes = {name: size_of_fact(value) for name, value in facts.items()}
            if effort_of(self._tree, sizes) > MOST_BYTES:
                raise PolicyFailedError(_TOO_MUCH)
        try:
            value = self._compiled.eval(data=facts)
        except MemoryError as error:
            raise PolicyFailedError("it takes more memory than there is") from error
        except (RuntimeError, TypeError) as error:
            # TypeError: half a character in a name; CEL has Unicode only.
            raise PolicyFailedError(_plain(str(error).partition("\n")[0])) from error
        if value.type() == self._error_type:
            raise PolicyFailedError(_plain(str(value.value())))
        return bool(value.value())


_TOO_MUCH = (
    f"it may take more than {MOST_BYTES // 1024**2} MB: what it makes in its loops grows with each "
    "round, or regular expressions unfold to that much"
)


@lru_cache(maxsize=256)
def compile_policy(when: str, scope: PolicyScope) -> Expression:
    """Raises BadExpressionError for what is no CEL, uses what there is not, is no condition, or
    takes too much whatever it is asked about."""
    from cel_expr_python import cel

    environment = _environment(scope)
    try:
        compiled = environment.compile(when)
    except TypeError as error:
        raise BadExpressionError("it is not Unicode text") from error
    except RuntimeError as error:
        raise _bad_expression(str(error)) from error
    if compiled.return_type() != cel.Type.BOOL:
        kind = str(compiled.return_type().name()).lower()
        raise BadExpressionError(f"it gives a value of type {kind}, not true or false")
    tree = _bounded_tree(compiled)
    _check_patterns(tree, when)
    return Expression(compiled, cel.Type.ERROR, tree)


def _bounded_tree(compiled: Any) -> Node:
    try:
        tree = read_tree(compiled.serialize())
    except UnreadableError as error:
        raise BadExpressionError(f"nobody can tell how much it takes: {error}") from error
    if effort_of(tree, {}) > MOST_BYTES:
        raise BadExpressionError(_TOO_MUCH)
    return tree


def _check_patterns(tree: Node, when: str) -> None:
    """CEL looks at a regular expression only when it needs it: that is too late for a slip of the
    pen. Raises BadExpressionError."""
    from cel_expr_python import cel

    for pattern in dict.fromkeys(literal_patterns(tree)):
        tried = _trial().eval(data={"pattern": pattern})
        if tried.type() == cel.Type.ERROR:
            start = max(when.find(pattern), 0)
            raise BadExpressionError(
                _plain(str(tried.value())),
                line=when.count("\n", 0, start) + 1,
                column=start - when.rfind("\n", 0, start),
            )


@lru_cache(maxsize=1)
def _trial() -> Any:
    """Matches nothing against a pattern."""
    from cel_expr_python import cel

    return cel.NewEnv(variables={"pattern": cel.Type.STRING}).compile("''.matches(pattern)")


@lru_cache(maxsize=2)
def _environment(scope: PolicyScope) -> Any:
    from cel_expr_python import cel

    text, number = cel.Type.STRING, cel.Type.INT
    types = {
        "string": text,
        "int": number,
        "bool": cel.Type.BOOL,
        "list(string)": cel.Type.List(text),
        "map(string, string)": cel.Type.Map(text, text),
        "map(string, int)": cel.Type.Map(text, number),
    }
    return cel.NewEnv(variables={name: types[kind] for name, kind in FACTS[scope].items()})


def _bad_expression(message: str) -> BadExpressionError:
    """What the parser lists of all that it would have taken helps nobody."""
    found = _COMPILE_ERROR.search(message)
    if found is None:
        return BadExpressionError(_plain(message.partition("\n")[0]))
    summary = found[3].partition(" (in container")[0].partition(" expecting {")[0]
    unknown = re.search(r"undeclared reference to '([^']*)'", summary)
    return BadExpressionError(
        _plain(summary),
        line=max(int(found[1]), 1),
        column=max(int(found[2]), 1),
        unknown=unknown[1] if unknown else "",
    )


def _plain(message: str) -> str:
    return _CODE.sub("", message).strip()
