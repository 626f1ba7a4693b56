"""Image presets by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from s7spec.model.preset import Preset, preset_key
from s7spec.modifiers.parsing import parse_modifier
from s7spec.modifiers.syntax import Macro, Modifier, Request, Span

# facts: Image Serving section 2. Stock presets begin with `!`.
_MACRO = re.compile(r"\$?([A-Za-z0-9_.!-]+)\$?").fullmatch


def normalise_macro(text: str) -> str:
    """``name`` and ``$name$`` are the same preset; returns ``$name$``.

    Raises ValueError for anything else: one ``$`` only, blanks, several names.
    """
    found = _MACRO(text)
    if found is None or text.startswith("$") != text.endswith("$"):
        raise ValueError(
            f"`{text}` is not the name of an image preset: write $name$, made of letters, digits, "
            "`-`, `_`, `.` and `!`"
        )
    return f"${found[1]}$"


_WRITTEN = re.compile(r"\$[A-Za-z0-9_.!-]+\$").fullmatch


_LOOKS_LIKE_ONE = re.compile(r"\$[A-Za-z0-9_.!-]+\$(?=[&)}]|\Z)").search


class MacroUse(NamedTuple):
    """A preset that a modifier names, without its ``$`` signs, and where it stands in the text."""

    name: str
    span: Span


def macros_in(text: str) -> tuple[MacroUse, ...]:
    """The presets that a modifier names, in order; also those of its nested requests.

    A nested request that begins with ``/`` is one to another company (facts: Image Serving section
    9), whose presets are its own: they are not among them. Nor is what only looks like a preset.
    """
    if _LOOKS_LIKE_ONE(text) is None:
        return ()
    parsed = parse_modifier(text)
    return tuple(_uses(text, parsed.modifier, parsed.spans))


def _uses(text: str, modifier: Modifier, spans: tuple[Span, ...]) -> Iterator[MacroUse]:
    for piece, span in zip(modifier.pieces, spans, strict=True):
        if isinstance(piece, Macro):
            if _WRITTEN(text, span.start, span.end):
                yield MacroUse(piece.name, span)
            continue
        request = getattr(piece, "value", None)
        if not isinstance(request, Request) or request.modifier is None:
            continue
        if not request.target.startswith("/"):
            yield from _uses(text, request.modifier, span.inside)


def preset_modifiers(presets: Iterable[Preset]) -> Mapping[str, Modifier]:
    """What each preset says, by its name in lower case without the ``$`` signs."""
    return {
        preset_key(preset.name): parse_modifier(preset.urlModifier).modifier for preset in presets
    }
