"""A quick look at a value: most are right, and that is soon seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

from s7spec.modifiers.colors import is_color
from s7spec.modifiers.commands.definition import Argument, Definition, Kind

_Check: TypeAlias = Callable[[str], bool]

_SHORT_REAL = re.compile(r"-?[0-9]{1,7}(?:\.[0-9]{1,7})?").fullmatch
"""So short that a float holds it as exactly as bounds need it."""
_DIGITS = 9


def is_as_usual(definition: Definition, fields: tuple[str, ...]) -> bool:
    """Whether ``fields``, decoded, are all within what is documented, in its own spelling. False
    says nothing: ``check_arguments`` knows."""
    if definition.takes_one_text:
        return definition.arguments[0].kind is Kind.COLOR and is_color(",".join(fields))
    checks, needed = _checks_of(definition)
    if not needed <= len(fields) <= len(checks):
        return False
    for check, field in zip(checks, fields, strict=False):  # noqa: SIM110 faster than all()
        if not check(field):
            return False
    return True


@cache
def _checks_of(definition: Definition) -> tuple[tuple[_Check, ...], int]:
    """A check for each argument, and how many fields must be there."""
    arguments = definition.arguments
    checks = tuple(_optional(_check(each)) if each.optional else _check(each) for each in arguments)
    return checks, sum(not each.optional for each in arguments)


def _optional(check: _Check) -> _Check:
    return lambda text: not text or check(text)


def _check(argument: Argument) -> _Check:
    return _BY_KIND[argument.kind](argument)


def _whole_number(argument: Argument) -> _Check:
    least = argument.least or 0
    if argument.above is not None:
        least = max(least, argument.above + 1)
    most = float("inf") if argument.most is None else argument.most

    def check(text: str) -> bool:
        return (
            len(text) <= _DIGITS
            and text.isascii()
            and text.isdigit()
            and least <= int(text) <= most
        )

    return check if argument.other_than is None else _never


def _real_number(argument: Argument) -> _Check:
    least = float("-inf") if argument.least is None else argument.least
    most = float("inf") if argument.most is None else argument.most
    above = float("-inf") if argument.above is None else argument.above
    below = float("inf") if argument.below is None else argument.below

    def check(text: str) -> bool:
        if _SHORT_REAL(text) is None:
            return False
        number = float(text)
        return least <= number <= most and above < number < below

    return check


def _choice(argument: Argument) -> _Check:
    return frozenset(argument.choices).__contains__


def _color(_: Argument) -> _Check:
    return is_color


def _never(_: str) -> bool:
    return False


def _never_of(_: Argument) -> _Check:
    return _never


_BY_KIND: Mapping[Kind, Callable[[Argument], _Check]] = MappingProxyType(
    {
        Kind.INTEGER: _whole_number,
        Kind.REAL: _real_number,
        Kind.CHOICE: _choice,
        Kind.COLOR: _color,
        Kind.WORDS: _never_of,
    }
)
