"""Values whose fields are each in order and make no sense together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from s7spec.model.rules import Rule
from s7spec.modifiers.commands import Definition
from s7spec.modifiers.lint.remark import Remark, shown_command, synopsis
from s7spec.modifiers.syntax import Command

ABOVE_ZERO: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {"crop": (2, 3), "cropN": (2, 3), "rgn": (2, 3), "rect": (4,)}
)
"""Fields that nothing documents to be above 0, but that leave no picture when they are not."""

_COLORS_FROM = 3
_MOST_COLORS = 256
_IS_HEX = re.compile(r"[0-9A-Fa-f]{6}").fullmatch


def remarks_on_regions(command: Command, definition: Definition) -> Iterator[Remark]:
    """Regions without an extent."""
    fields = command.fields
    for place in ABOVE_ZERO.get(definition.name, ()):
        if place < len(fields) and _is_not_above_zero(fields[place]):
            name = definition.arguments[place].name
            yield Remark(
                Rule.MODIFIER_NUMBER,
                f"`{shown_command(command)}`: {name} is above 0, or nothing of the picture is left",
                f"write {synopsis(definition)}, {name} being above 0",
                place,
            )


def remarks_on_palette(command: Command) -> Iterator[Remark]:
    """Of `quantize`: the colours that are listed."""
    fields = command.fields
    colors = fields[_COLORS_FROM:]
    most = int(fields[2]) if len(fields) > 2 and fields[2].isdecimal() else _MOST_COLORS
    for place, color in enumerate(colors, _COLORS_FROM):
        if not _IS_HEX(color):
            yield Remark(
                Rule.MODIFIER_WORD,
                f"`{shown_command(command)}`: `{color[:20]}` is no colour of a palette",
                "write six hexadecimal digits without 0x, as in ff8800",
                place,
            )
            return
    if len(colors) > most:
        yield Remark(
            Rule.MODIFIER_NUMBER,
            f"`{shown_command(command)}`: {len(colors)} colours for a palette of {most}",
            "list fewer colours, or let numColors be greater",
            _COLORS_FROM,
        )


def _is_not_above_zero(text: str) -> bool:
    try:
        return float(text) <= 0
    except ValueError:
        return False  # said of the number itself
