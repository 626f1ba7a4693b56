"""policies: the language of ``policies`` in s7spec.yaml, which is CEL, and what it may speak about.

Only here is CEL imported, and only when there is an expression. It is typed, ends always, and
reaches nothing but the facts it is given: plans are made of checkouts nobody has reviewed yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from s7spec.model.guardrails import PolicyScope

FACTS: Mapping[PolicyScope, Mapping[str, str]] = {
    PolicyScope.JOB: {
        "company": "string",
        "environment": "string",
        "job.manifest": "string",
        "job.export": "string",
        "job.action": "string",
        "job.sends": "bool",
        "job.reasons": "list(string)",
        "job.fmt": "string",
        "job.is_modifier": "string",
        "job.macro": "string",
        "job.modifier": "map(string, string)",
        "job.commands": "list(string)",
        "job.unsafe_modifiers": "list(string)",
        "job.emailSetting": "string",
        "job.assets": "int",
        "job.bytes": "int",
        "job.unforeseen": "int",
        "job.flags": "map(string, int)",
        "job.tries": "int",
        "job.scheduled": "bool",
    },
    PolicyScope.PLAN: {
        "company": "string",
        "environment": "string",
        "plan.jobs": "int",
        "plan.sends": "int",
        "plan.assets": "int",
        "plan.bytes": "int",
        "plan.unforeseen": "int",
        "plan.cancels": "int",
        "plan.known": "int",
        "plan.warnings": "int",
        "plan.actions": "map(string, int)",
    },
}
"""Names and types that an expression of each scope may use. Each name is a variable of its own, so
that a slip of the pen is found before anything is evaluated."""

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
    """An expression that has no value for these facts: a key that is not there, a division by 0."""


class Expression:
    """A condition, ready to be asked."""

    def __init__(self, compiled: Any, error_type: Any) -> None:
        self._compiled = compiled
        self._error_type = error_type

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether it is true of these. Raises PolicyFailedError."""
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


@lru_cache(maxsize=256)
def compile_policy(when: str, scope: PolicyScope) -> Expression:
    """Raises BadExpressionError for what is no CEL, uses what there is not, or is no condition."""
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
    return Expression(compiled, cel.Type.ERROR)


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
