"""Each piece of a modifier, and each command there is, in words for people."""

from __future__ import annotations

from s7spec.modifiers.commands import Argument, Definition, command_named
from s7spec.modifiers.commands.wording import FITS, FLAGS, FLIPS, IN_GENERAL, WORDS
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


def describe_command(definition: Definition) -> str:
    """One phrase about the command whatever its value, in which the fields go by their names."""
    general = IN_GENERAL.get(definition.name)
    if general is not None:
        return general
    shown = [*map(_possible, definition.arguments)] + [""] * 10
    value = definition.arguments[0].name
    return WORDS[definition.name].format(*shown, value=value)


def _possible(argument: Argument) -> str:
    *others, last = argument.choices or (argument.name,)
    if not others or len(others) > _MOST_CHOICES:
        return argument.name
    return f"{', '.join(others)} or {last}"


_MOST_CHOICES = 4


def _explained(definition: Definition, command: Command) -> str:
    fields = command.fields
    if not fields or not any(fields):
        return f"{definition.name} without a value"
    if _lacks_a_field(definition, fields):
        return f"{definition.name} with a field missing"
    special = _SPECIAL.get(definition.name)
    return _phrase(definition, fields) if special is None else special(fields)


def _lacks_a_field(definition: Definition, fields: tuple[str, ...]) -> bool:
    for place, argument in enumerate(definition.arguments):
        if not (argument.optional or _field(fields, place)):
            return True
    return False


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


def _scaled(fields: tuple[str, ...]) -> str:
    width, height = fields[:2]
    if width == "0" or height == "0":
        side = f"{height} pixels high" if width == "0" else f"{width} pixels wide"
        return f"the layer scaled to be {side}"
    return f"the layer scaled to {width}x{height} pixels"


def _bounded(fields: tuple[str, ...]) -> str:
    return "JPEG of any size" if fields[0] == "0" else f"JPEG of at most {fields[0]} kilobytes"


def _unsharp(fields: tuple[str, ...]) -> str:
    parts = [f"unsharp mask of amount {fields[0]}"]
    for place, name in ((1, "radius"), (2, "threshold")):
        if _field(fields, place):
            parts.append(f"{name} {fields[place]}")
    return ", ".join(parts)


def _unsharp_of_output(fields: tuple[str, ...]) -> str:
    return f"{_unsharp(fields)}, the radius in shares of the output"


def _field(fields: tuple[str, ...], place: int) -> str:
    return fields[place] if place < len(fields) else ""


_SPECIAL = {
    "fit": _fit,
    "fmt": _format,
    "qlt": _quality,
    "flip": _flip,
    "icc": _profile,
    "size": _scaled,
    "jpegSize": _bounded,
    "op_usm": _unsharp,
    "op_usmR": _unsharp_of_output,
}
