"""References to variables, and dollar signs that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from s7spec.model.rules import Rule
from s7spec.modifiers.effective import Said
from s7spec.modifiers.lint.finding import ModifierFinding
from s7spec.modifiers.lint.reading import Reading
from s7spec.modifiers.lint.unsafe import OBJECT
from s7spec.modifiers.syntax import Variable

_REFERENCE = re.compile(r"\$([A-Za-z0-9_.-]+)\$")
_ENCODED = re.compile(r"%24[A-Za-z0-9_.-]+%24")


def find_dollars(reading: Reading) -> Iterator[ModifierFinding]:
    """Of what ``is_modifier`` says itself; its variables have been filled in."""
    if "$" not in reading.text and "%24" not in reading.text:
        return
    for said in reading.own():
        value = said.command.value
        if isinstance(value, str) and ("$" in value or "%24" in value):
            yield from _of_value(reading, said, value)


def _of_value(reading: Reading, said: Said, value: str) -> Iterator[ModifierFinding]:
    names = [name for name in _REFERENCE.findall(value) if f"${name.lower()}" != OBJECT]
    for name in names[:1]:
        # A preset that is not known may define it.
        if reading.is_complete:
            yield _undefined(reading, said, name)
    if not names and "$" in _REFERENCE.sub("", value):
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


def _undefined(reading: Reading, said: Said, name: str) -> ModifierFinding:
    later = any(
        isinstance(piece, Variable) and piece.name.lower() == name.lower()
        for piece in reading.parsed.modifier.pieces[said.piece :]
    )
    when = "is defined only later" if later else "is not defined"
    return ModifierFinding(
        rule=Rule.UNDEFINED_VARIABLE,
        spot=reading.spot_of(said),
        summary=f"`${name}$` {when}: it stays in the value of {said.command.name} as it is",
        hint=f"define it before: ${name}=...&{said.command.name}=${name}$",
    )
