"""References to variables, and dollar signs that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from s7spec.model.rules import Rule
from s7spec.modifiers.effective import REFERENCE, Said
from s7spec.modifiers.lint.finding import ModifierFinding
from s7spec.modifiers.lint.reading import Reading
from s7spec.modifiers.lint.unsafe import OBJECT
from s7spec.modifiers.syntax import Variable

_ENCODED = re.compile(r"%24[A-Za-z0-9_.-]+%24")


def find_dollars(reading: Reading) -> Iterator[ModifierFinding]:
    """Of what ``is_modifier`` says itself; its variables have been filled in."""
    definitions = _definitions(reading)
    for said in reading.own():
        value = said.command.value
        if isinstance(value, str) and ("$" in value or "%24" in value):
            yield from _of_value(reading, said, value, definitions)


def _definitions(reading: Reading) -> Mapping[str, int]:
    """Where each variable is defined first, by name in lower case."""
    definitions: dict[str, int] = {}
    for place, piece in enumerate(reading.parsed.modifier.pieces):
        if isinstance(piece, Variable):
            definitions.setdefault(piece.name.lower(), place)
    return definitions


def _of_value(
    reading: Reading, said: Said, value: str, definitions: Mapping[str, int]
) -> Iterator[ModifierFinding]:
    names = [name for name in REFERENCE.findall(value) if f"${name.lower()}" != OBJECT]
    for name in names[:1]:
        defined = definitions.get(name.lower())
        # A preset that is not known may define it. What is defined before and still stands here
        # is a nested request, as sources may be.
        if reading.is_complete and (defined is None or defined > said.piece):
            later = defined is not None
            yield _undefined(reading, said, name, is_defined_later=later)
    if not names and "$" in REFERENCE.sub("", value):
        yield ModifierFinding(
            rule=Rule.DOLLAR_IN_VALUE,
            spot=reading.spot_of(said),
            summary=f"a single `$` in the value of {said.command.name} refers to nothing",
            hint="write $name$ for a variable, %24 for the sign itself",
        )
    elif _ENCODED.search(value):
        yield ModifierFinding(
            rule=Rule.DOLLAR_IN_VALUE,
            spot=reading.spot_of(said),
            summary=f"whether `{_ENCODED.findall(value)[0]}` is still taken for a variable is not "
            "documented",
            hint="avoid the sign on both sides of a word",
        )


def _undefined(
    reading: Reading, said: Said, name: str, *, is_defined_later: bool
) -> ModifierFinding:
    when = "is defined only later" if is_defined_later else "is not defined"
    return ModifierFinding(
        rule=Rule.UNDEFINED_VARIABLE,
        spot=reading.spot_of(said),
        summary=f"`${name}$` {when}: it stays in the value of {said.command.name} as it is",
        hint=f"define it before: ${name}=...&{said.command.name}=${name}$",
    )
