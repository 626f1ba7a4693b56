"""Each piece of a modifier in words for people."""

from __future__ import annotations

from s7spec.modifiers.commands import Definition, command_named
from s7spec.modifiers.commands.wording import FITS, FLAGS, FLIPS, WORDS
from s7spec.modifiers.formats import format_named
from s7spec.modifiers.syntax import Command, Comment, Macro, Piece, Request, Variable

_UPSCALES = {"0": "never enlarged", "1": "enlarged if need be"}
_CHROMA = {"0": "colours halved", "1": "colours in full"}
_INTENTS = {
    "perceptual": "perceptual",
    "relative": "relative colorimetric",
    "saturation": "saturation",
    "absolute": "absolute colorimetric",
}
_PIXEL_TYPES = {"rgb": "RGB", "gray": "grayscale", "cmyk": "CMYK"}


def explain_piece(piece: Piece) -> str:
    """One phrase, without a full stop; unknown commands are said to be unknown. Never raises."""
    if isinstance(piece, Macro):
        return f"the image preset {piece.name}, its commands standing here"
    if isinstance(piece, Comment):
        return "a comment: servers pass over it"
    if isinstance(piece, Variable):
        return f"what ${piece.name}$ stands for in the commands after it"
    definition = command_named(piece.name)
    if definition is None:
        return "unknown: no reference of Image Serving has this command"
    if isinstance(piece.value, Request):
        target = piece.value.target
        return f"{_phrase(definition, ())}: {target}" if target else _phrase(definition, ())
    return _explained(definition, piece)


def _explained(definition: Definition, command: Command) -> str:
    fields = command.fields
    if not fields or not any(fields):
        return f"{definition.name} without a value"
    special = _SPECIAL.get(definition.name)
    return _phrase(definition, fields) if special is None else special(fields)


def _phrase(definition: Definition, fields: tuple[str, ...]) -> str:
    shown = [
        FLAGS.get(field, field) if argument.choices == ("0", "1") else field
        for argument, field in zip(definition.arguments, fields, strict=False)
    ]
    shown += [""] * 10  # fields that were left out
    return WORDS[definition.name].format(*shown, value=",".join(fields))


def _fit(fields: tuple[str, ...]) -> str:
    words = FITS.get(fields[0].lower(), f"mode `{fields[0]}`")
    upscales = _UPSCALES.get(_field(fields, 1))
    return words if upscales is None else f"{words}, {upscales}"


def _format(fields: tuple[str, ...]) -> str:
    format_ = format_named(fields[0])
    if format_ is None:
        return f"unknown format `{fields[0]}`"
    transparency = ", with transparency" if format_.alpha else ""
    pixel_type = _PIXEL_TYPES.get(_field(fields, 1).lower(), "")
    compression = _field(fields, 2).lower()
    parts = [f"a file in the format {format_.name}{transparency}", pixel_type]
    parts += [f"compression {compression}" if compression else ""]
    return ", ".join(part for part in parts if part)


def _quality(fields: tuple[str, ...]) -> str:
    chroma = _CHROMA.get(_field(fields, 1))
    words = f"quality {fields[0]} of 100"
    return words if chroma is None else f"{words}, {chroma}"


def _flip(fields: tuple[str, ...]) -> str:
    return f"mirrored {FLIPS.get(fields[0].lower(), fields[0])}"


def _profile(fields: tuple[str, ...]) -> str:
    intent = _INTENTS.get(_field(fields, 1).lower())
    words = f"colours converted to the profile {fields[0]}"
    return words if intent is None else f"{words}, {intent}"


def _field(fields: tuple[str, ...], place: int) -> str:
    return fields[place] if place < len(fields) else ""


_SPECIAL = {"fit": _fit, "fmt": _format, "qlt": _quality, "flip": _flip, "icc": _profile}
