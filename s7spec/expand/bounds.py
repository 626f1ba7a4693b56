"""What a template may cost.

What bounds it: a leaf's source is short (the schema's maxLength); statements that keep state
(set, macros, includes) are refused; every loop, filter, test, comparison, operator and call draws
on a budget (``expand.budget``), and what could be large in one step is measured here before it is
made.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

MAX_TEXT = 64 * 1024
"""Characters of one text."""
MAX_ITEMS = 100_000
"""Entries of one list, and of one range: as many as a data file may have rows."""
MAX_BITS = 64
"""Of a whole number."""
_MAX_WIDTH = 100


class BoundsError(Exception):
    """A template wants more than it may have. ``str()`` says of what."""


class Unprintable(TypeError):
    """A value that is no text, number or truth value stands where text is made."""

    def __init__(self, value: object) -> None:
        super().__init__(f"{_name(value)} cannot be put into a text")
        self.hint = "use one entry of it, or |join(',') to make a text of a list"
        if value is None:
            self.hint = "give it a value, or say what to take instead: |default('...', true)"


def printed(value: Any) -> str:
    """A value as text: YAML's words for truth values, numbers without exponents.

    Raises Unprintable for nothing (null), lists, mappings and everything else.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        number = Decimal(repr(value))
        if number.is_finite():
            return format(number, "f")
    raise Unprintable(value)


def bounded_range(*bounds: Any) -> range:
    """``range`` of at most MAX_ITEMS whole numbers."""
    numbers = range(*bounds)
    check_items(len(numbers))
    return numbers


def replaced(text: str, old: str, new: str, count: int = -1) -> str:
    """``str.replace``, measured first."""
    found = text.count(old)
    if count >= 0:
        found = min(found, count)
    _check_text(len(text) + found * (len(new) - len(old)))
    return text.replace(old, new, found)


def formatted(pattern: str, arguments: Any) -> str:
    """``pattern % arguments``, measured first. Raises Unprintable for lists and the like."""
    conversions = _CONVERSION.findall(pattern)
    for conversion in conversions:
        widths = re.findall(r"\d+", re.sub(r"\(.*?\)", "", conversion))
        if "*" in conversion or any(int(width[:9]) > _MAX_WIDTH for width in widths):
            raise BoundsError(f"formats to more than {_MAX_WIDTH} characters")
    if isinstance(arguments, list):  # what is written (1, 2) in a template
        arguments = tuple(arguments)
    each = arguments if isinstance(arguments, tuple) else (arguments,)
    if isinstance(arguments, dict):
        each = tuple(arguments.values())
    longest = max((len(printed(argument)) for argument in each), default=0)
    _check_text(len(pattern) + len(conversions) * (longest + _MAX_WIDTH))
    return str(pattern % arguments)


_CONVERSION = re.compile(r"%(?:\([^)]*\))?[#0\- +]*[\d*]*(?:\.[\d*]*)?")


def operate(operator: str, left: Any, right: Any) -> Any:
    """``left operator right``, measured first where the result could be large."""
    if operator == "*":
        _check_product(left, right)
    elif operator == "+" and not isinstance(left, int | float):
        _check_sum(left, right)
    elif operator == "**":
        _check_power(left, right)
    elif operator == "%" and isinstance(left, str):
        return formatted(left, right)
    return _OPERATORS[operator](left, right)


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "//": lambda left, right: left // right,
    "%": lambda left, right: left % right,
    "**": lambda left, right: left**right,
}


def _check_product(left: Any, right: Any) -> None:
    for sequence, times in ((left, right), (right, left)):
        if isinstance(times, int) and isinstance(sequence, str):
            _check_text(len(sequence) * times)
        elif isinstance(times, int) and isinstance(sequence, list | tuple):
            check_items(len(sequence) * times)


def _check_sum(left: Any, right: Any) -> None:
    if isinstance(left, str) and isinstance(right, str):
        _check_text(len(left) + len(right))
    elif isinstance(left, list | tuple) and isinstance(right, list | tuple):
        check_items(len(left) + len(right))


def _check_power(base: Any, exponent: Any) -> None:
    if isinstance(base, int) and isinstance(exponent, int):
        bits = max(base.bit_length(), 1) * abs(exponent)
        if bits > 4 * MAX_BITS:
            raise BoundsError("makes a number that is too large")


def _check_text(length: int) -> None:
    if length > MAX_TEXT:
        raise BoundsError(f"makes a text of more than {MAX_TEXT // 1024} KiB")


def check_items(count: int) -> None:
    if count > MAX_ITEMS:
        raise BoundsError(f"makes a list of more than {MAX_ITEMS:,} entries")


def _name(value: Any) -> str:
    if value is None:
        return "nothing (null)"
    names = {dict: "a mapping", list: "a list", tuple: "a list", float: "infinity or not-a-number"}
    return names.get(type(value), "something that is no value")
