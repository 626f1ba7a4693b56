"""Image Presets: expanding macros and joining them with the modifier string."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from s7spec.emulator.render.contract import RenderError
from s7spec.emulator.render.modifier import (
    BUILT_IN_MACROS,
    MAX_LENGTH,
    macro_name,
    split_modifiers,
)

_MAX_DEPTH = 16


def effective_modifier(
    is_modifier: str | None, macro: str | None, presets: Mapping[str, str]
) -> str:
    """``is_modifier`` followed by the macro, presets expanded in place: the later command wins.

    The macro coming last agrees with the one documented outcome (its format wins); for the other
    commands the order is inferred (facts: Image Serving section 3). Preset names are compared
    without regard to case; ``macro`` is ``$name$`` or ``name``. Comments and empty modifiers do
    not survive.

    Raises:
        RenderError: unknown preset, presets that contain each other, a malformed modifier.
    """
    known = {name.strip("$").lower(): (name, text) for name, text in presets.items()}
    parts = list(split_modifiers(is_modifier or ""))
    if macro:
        parts.append(_macro_token(macro))
    return "&".join(_bounded(_expand(tuple(parts), known, ())))


def _macro_token(macro: str) -> str:
    token = f"${macro.strip('$')}$"
    if macro_name(token) is None:
        raise RenderError(f"macro {macro[:60]!r} is not one preset name, such as $zoom$")
    return token


def _expand(
    parts: tuple[str, ...], known: Mapping[str, tuple[str, str]], within: tuple[str, ...]
) -> Iterator[str]:
    for part in parts:
        name = macro_name(part)
        if name is None or (name in BUILT_IN_MACROS and name not in known):
            yield part
            continue
        if name in within or len(within) >= _MAX_DEPTH:
            raise RenderError(f"preset {part} contains itself, or nests deeper than {_MAX_DEPTH}")
        yield ""  # counts the expansion, so that presets of presets of nothing stay bounded too
        text = _lookup(name, known)
        yield from _expand(split_modifiers(text), known, (*within, name))


def _lookup(name: str, known: Mapping[str, tuple[str, str]]) -> str:
    if name in known:
        return known[name][1]
    near = [known[match][0] for match in get_close_matches(name, known)]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise RenderError(f"unknown Image Preset ${name}$ among {len(known)} presets{hint}")


def _bounded(parts: Iterator[str]) -> Iterator[str]:
    budget = MAX_LENGTH
    for part in parts:
        budget -= len(part) + 1
        if budget < 0:
            raise RenderError(f"the presets expand to more than {MAX_LENGTH} characters")
        if part:
            yield part
