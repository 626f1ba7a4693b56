"""Commands that reach beyond the asset that is exported (facts: Image Serving section 9).

They are refused unless the manifest allows them by name: one of them can replace every picture of
a job, read another company's assets, or make a server fetch or write something.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from s7spec.model.rules import Rule
from s7spec.modifiers.commands import ALL_COMMANDS, command_named
from s7spec.modifiers.effective import Said, Source
from s7spec.modifiers.filling import Filling, plain_name
from s7spec.modifiers.lint.finding import ModifierFinding, Spot
from s7spec.modifiers.lint.reading import Reading, read
from s7spec.modifiers.syntax import (
    Command,
    Modifier,
    Piece,
    Request,
    Variable,
    leads_elsewhere,
)

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

FOREIGN_URL = "url"
"""Allowed by this name, beside `src` or `mask`: a request to any other server."""


class Unsafe(NamedTuple):
    """A use of a command that has to be allowed under ``name``, and ``what`` it can do."""

    name: str
    what: str


def unsafe_names(text: str, presets: Mapping[str, Modifier] | None = None) -> tuple[str, ...]:
    """What a modifier uses that has to be allowed, each once, in order; also commands that are not
    documented, as they are written. What comes out of a preset is named with it. Variables are
    filled in, into requests as well."""
    reading = read(text, None, presets)
    filling = reading.filling()
    names: dict[str, None] = {}
    for piece in reading.parsed.modifier.pieces:
        names.update(dict.fromkeys(each.name for each in _uses_filled(piece, filling)))
    for said in _all_said(reading):
        for name in _names_of(said.command, filling):
            names[f"{name} in ${said.presets[0]}$" if said.presets else name] = None
    return tuple(names)


def find_unsafe(reading: Reading, allowed: Collection[str]) -> Iterator[ModifierFinding]:
    """What ``is_modifier`` uses and nobody allowed; ``allowed`` are names in lower case."""
    pieces = reading.parsed.modifier.pieces
    if all(piece.__class__ is Command and piece.name in _HARMLESS for piece in pieces):
        return  # as it nearly always is
    told: set[tuple[Spot, str]] = set()
    filling = reading.filling()
    for spot, piece in _in_question(reading):
        for use in _uses_filled(piece, filling):
            if use.name.lower() not in allowed and (spot, use.name) not in told:
                told.add((spot, use.name))
                yield ModifierFinding(
                    rule=Rule.UNSAFE_MODIFIER,
                    spot=spot,
                    summary=f"`{use.name}` {use.what}",
                    hint="if that is wanted, allow it for the export: "
                    f"unsafe_modifiers: [{use.name}]",
                )


def _in_question(reading: Reading) -> Iterator[tuple[Spot, Piece]]:
    """Each piece as it is written, and each command with its variables filled in."""
    pieces = reading.parsed.modifier.pieces
    for index, (piece, span) in enumerate(zip(pieces, reading.parsed.spans, strict=True)):
        yield Spot(source=Source.MODIFIER, start=span.start, end=span.end, piece=index), piece
    # A preset's own source is the company's matter, one that a variable of ours fills is not.
    fills = any(isinstance(piece, Variable) for piece in pieces)
    for said in _all_said(reading) if fills else ():
        if said.source in (Source.MODIFIER, Source.MACRO):
            yield reading.spot_of(said), said.command


def _all_said(reading: Reading) -> Iterator[Said]:
    for field in reading.effective.fields:
        yield field.said
        yield from field.overridden


def _names_of(command: Command, filling: Filling) -> Iterator[str]:
    for use in _uses_filled(command, filling):
        yield use.name
    if command_named(command.name) is None:
        yield command.name


def _uses_filled(piece: Piece, filling: Filling) -> Iterator[Unsafe]:
    """Those of a piece as it is written, and with the variables of its requests filled in. Where
    too much would have to be filled in, that can be any."""
    yield from unsafe_uses(piece)
    filled = filling.of(piece)
    for each in filled.pieces:
        yield from unsafe_uses(each)
    if filled.is_cut:
        for name in (*UNSAFE_COMMANDS, OBJECT, PROFILE_PATH, FOREIGN_URL):
            yield Unsafe(name, "may be said by what variables fill in: too much to look through")


def unsafe_uses(piece: Piece) -> Iterator[Unsafe]:
    """All of a piece, at any depth: who allows a request has not allowed what stands in it."""
    pending: list[Piece] = [piece]
    for piece in pending:  # grows while it is walked
        if isinstance(piece, Variable):
            yield from _of_variable(piece)
        elif isinstance(piece, Command):
            yield from _of_command(piece)
        value = piece.value if isinstance(piece, Variable | Command) else None
        if isinstance(value, Request):
            if leads_elsewhere(value.target) or value.server in _OTHER_SERVERS:
                yield Unsafe(FOREIGN_URL, "makes the server ask another one")
            pending += () if value.modifier is None else value.modifier.pieces


_OTHER_SERVERS = ("ir", "fxg")


def _of_variable(variable: Variable) -> Iterator[Unsafe]:
    if plain_name(variable.name) == OBJECT[1:]:
        yield Unsafe(OBJECT, "stands for the asset: to define it replaces the picture")
    elif isinstance(variable.value, Request):
        yield Unsafe("src", f"a request of its own, in ${variable.name}, replaces the picture")


def _of_command(command: Command) -> Iterator[Unsafe]:
    written = plain_name(command.name)
    name = _BY_LOWER_NAME.get(written)
    if name is not None:
        yield Unsafe(name, UNSAFE_COMMANDS[name])
    elif written == OBJECT:
        yield from _of_variable(Variable(OBJECT[1:], ""))
    elif written == PROFILE_PATH and command.fields and _is_path(command.fields[0]):
        yield Unsafe(PROFILE_PATH, "names its profile by a path on the server")
    else:
        return
    if any(map(leads_elsewhere, command.fields)):
        yield Unsafe(FOREIGN_URL, "makes the server ask another one")


def _is_path(profile: str) -> bool:
    return any(sign in profile for sign in "/\\:") or profile.startswith("..")
