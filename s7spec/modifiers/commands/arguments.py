"""The fields of a command's value beside what is documented of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from s7spec.modifiers.colors import is_color
from s7spec.modifiers.commands.definition import Argument, Definition, Kind

# A plus sign would be a blank (facts: Image Serving section 2).
_INTEGER = re.compile(r"-?[0-9]{1,18}").fullmatch
_REAL = re.compile(r"-?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})").fullmatch


class Fault(StrEnum):
    """What is wrong with a field."""

    OUT_OF_RANGE = "out of range"
    NO_NUMBER = "no number"
    NO_COLOR = "no colour"
    UNKNOWN_CHOICE = "unknown choice"
    MISSING = "missing"
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentProblem:
    """``place`` counts the fields of the value from 0; it is the first one over when there are too
    many. ``argument`` is None then."""

    fault: Fault
    place: int
    argument: Argument | None
    written: str


def check_arguments(definition: Definition, fields: tuple[str, ...]) -> Iterator[ArgumentProblem]:
    """What contradicts the documented kinds, bounds and choices, field by field.

    ``fields`` are decoded, without references to variables. Choices are compared without their
    case: whether it matters is not documented (facts: Image Serving section 2).
    """
    if definition.takes_one_text:
        fields = (",".join(fields),) if fields else ()
    for place, argument in enumerate(definition.arguments):
        written = fields[place] if place < len(fields) else ""
        if written:
            fault = _fault(argument, written)
        else:
            fault = None if argument.optional else Fault.MISSING
        if fault is not None:
            yield ArgumentProblem(fault=fault, place=place, argument=argument, written=written)
    over = len(definition.arguments)
    if len(fields) > over and definition.arguments[-1].kind is not Kind.WORDS:
        yield ArgumentProblem(fault=Fault.TOO_MANY, place=over, argument=None, written=fields[over])


def _fault(argument: Argument, written: str) -> Fault | None:
    if argument.kind is Kind.CHOICE:
        known = written.lower() in map(str.lower, argument.choices)
        return None if known else Fault.UNKNOWN_CHOICE
    if argument.kind is Kind.COLOR:
        return None if is_color(written) else Fault.NO_COLOR
    if argument.kind is Kind.WORDS:
        return None
    number: int | Decimal
    if argument.kind is Kind.INTEGER:
        if _INTEGER(written) is None:
            return Fault.NO_NUMBER
        number = int(written)
    else:
        if _REAL(written) is None:
            return Fault.NO_NUMBER
        number = Decimal(written)
    return None if _is_within(argument, number) else Fault.OUT_OF_RANGE


def _is_within(argument: Argument, number: int | Decimal) -> bool:
    return (
        (argument.least is None or number >= argument.least)
        and (argument.above is None or number > argument.above)
        and (argument.most is None or number <= argument.most)
        and (argument.below is None or number < argument.below)
        and number != argument.other_than
    )
