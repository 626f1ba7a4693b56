"""Commands that reach beyond the asset that is exported (facts: Image Serving section 9).

They are refused unless the manifest allows them by name: one of them can replace every picture of
a job, read another company's assets, or make a server fetch or write something.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from s7spec.model.rules import Rule
from s7spec.modifiers.commands import ALL_COMMANDS, command_named
from s7spec.modifiers.effective import Source
from s7spec.modifiers.lint.finding import ModifierFinding, Spot
from s7spec.modifiers.lint.reading import Reading
from s7spec.modifiers.syntax import Command, Modifier, Request, Variable

UNSAFE_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "src": "replaces the picture by another asset, file or URL",
        "mask": "takes its transparency from another asset, file or URL",
        "template": "replaces every picture of the job by a template",
        "locale": "can replace the picture by that of another language",
        "defaultImage": "delivers another picture where one is missing",
        "req": "can ask for something else than the picture, or write on the server",
        "cache": "makes servers do their work again",
    }
)
"""What each command can do, by its documented name in its documented spelling."""

_HARMLESS = frozenset(
    each.name for each in ALL_COMMANDS if each.name not in (*UNSAFE_COMMANDS, "icc")
)
_BY_LOWER_NAME = {name.lower(): name for name in UNSAFE_COMMANDS}

OBJECT = "$object"
"""The variable that stands for the asset: to define it is to replace the picture."""

PROFILE_PATH = "icc"
"""Allowed by this name: an ICC profile by its path on the server."""


def unsafe_names(modifier: Modifier) -> tuple[str, ...]:
    """What ``modifier`` uses that has to be allowed, each once, in order: also commands that are
    not documented, as they are written."""
    names: dict[str, None] = {}
    for piece in modifier.pieces:
        unsafe = _unsafe(piece)
        if unsafe is not None:
            names[unsafe[0]] = None
        elif isinstance(piece, Command) and command_named(piece.name) is None:
            names[piece.name] = None
    return tuple(names)


def find_unsafe(reading: Reading, allowed: Collection[str]) -> Iterator[ModifierFinding]:
    """What ``is_modifier`` uses and nobody allowed; ``allowed`` are names in lower case."""
    if all(
        piece.__class__ is Command and piece.name in _HARMLESS
        for piece in reading.parsed.modifier.pieces
    ):
        return  # as it nearly always is
    pairs = zip(reading.parsed.modifier.pieces, reading.parsed.spans, strict=True)
    for index, (piece, span) in enumerate(pairs):
        unsafe = _unsafe(piece)
        if unsafe is None or unsafe[0].lower() in allowed:
            continue
        name, what = unsafe
        yield ModifierFinding(
            rule=Rule.UNSAFE_MODIFIER,
            spot=Spot(source=Source.MODIFIER, start=span.start, end=span.end, piece=index),
            summary=f"`{name}` {what}",
            hint=f"if that is wanted, allow it for the export: unsafe_modifiers: [{name}]",
        )


def _unsafe(piece: object) -> tuple[str, str] | None:
    """The name to allow, and what the piece can do."""
    if isinstance(piece, Variable):
        if piece.name.lower() == OBJECT[1:]:
            return OBJECT, "stands for the asset: to define it replaces the picture"
        if isinstance(piece.value, Request):
            return "src", f"a request of its own, in ${piece.name}, replaces the picture"
        return None
    if not isinstance(piece, Command):
        return None
    name = _BY_LOWER_NAME.get(piece.name.lower())
    if name is not None:
        return name, _what(name, piece)
    if piece.name.lower() == "icc" and piece.fields and _is_path(piece.fields[0]):
        return PROFILE_PATH, "names its profile by a path on the server"
    return None


def _what(name: str, piece: Command) -> str:
    value = piece.value
    foreign = isinstance(value, Request) and value.is_foreign
    return "makes the server fetch a foreign URL" if foreign else UNSAFE_COMMANDS[name]


def _is_path(profile: str) -> bool:
    return "/" in profile or "\\" in profile or profile.startswith("..")
