"""What can be said of one command by itself."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from s7spec.model.rules import Rule
from s7spec.modifiers.commands import (
    ALL_COMMANDS,
    Argument,
    Definition,
    Kind,
    Use,
    command_named,
    is_as_usual,
)
from s7spec.modifiers.formats import format_named
from s7spec.modifiers.lint.fields import remarks_on_fields
from s7spec.modifiers.lint.regions import ABOVE_ZERO, remarks_on_palette, remarks_on_regions
from s7spec.modifiers.lint.remark import Remark, nearest_word, shown_command
from s7spec.modifiers.lint.unsafe import UNSAFE_COMMANDS
from s7spec.modifiers.syntax import Command

_QUESTIONABLE = ("req", "dpr", "op_noise", "scl")
_WITHOUT_USE = (Use.NO, Use.NO_SINGLE_LAYER)
# Of others there may be something to say although their value is right.
_SPEAK_FOR_THEMSELVES = {
    each.name: each
    for each in ALL_COMMANDS
    if each.name not in ("fmt", "resMode", "quantize", *ABOVE_ZERO, *_QUESTIONABLE)
    and each.use not in _WITHOUT_USE
}
_MEANS_OTHERS = ("sharp", "trilin")
_PICTURES = ("img", "mask", "tmb")


def is_beyond_remark(command: Command) -> bool:
    """Whether it is soon seen that ``remarks_on`` has nothing to say. False says nothing."""
    definition = _SPEAK_FOR_THEMSELVES.get(command.name)
    return definition is not None and is_as_usual(definition, command.fields)


@lru_cache(maxsize=8192)
def remarks_on(command: Command) -> tuple[Remark, ...]:
    """Of a command whose variables have been filled in. What is broken in itself is not looked at
    further."""
    definition = command_named(command.name)
    if definition is None:
        return (_unknown(command),)
    return (
        *remarks_on_fields(command, definition),
        *remarks_on_regions(command, definition),
        *(remarks_on_palette(command) if definition.name == "quantize" else ()),
        *_of_words(command, definition),
    )


def _of_words(command: Command, definition: Definition) -> Iterator[Remark]:
    """Spelling, and commands that are questionable whatever they say."""
    if command.name != definition.name:
        yield Remark(
            Rule.MODIFIER_SPELLING,
            f"`{command.name}` is documented as `{definition.name}`",
            f"write {definition.name}",
        )
    fields = command.fields
    for place, (argument, written) in enumerate(zip(definition.arguments, fields, strict=False)):
        if argument.kind is Kind.CHOICE and written:
            yield from _of_choice(definition, argument, written, place)
    if definition.name in _QUESTIONABLE or definition.use in _WITHOUT_USE:
        yield from _of_use(definition, shown_command(command), fields[0] if fields else "")


def _of_use(definition: Definition, said: str, first: str) -> Iterator[Remark]:
    if definition.name == "scl":
        yield from _of_scl(said, first)
    elif definition.name == "op_noise":
        if first not in ("", "0"):
            yield Remark(
                Rule.NOISE,
                f"`{said}`: noise is random, each run delivers other pictures",
                "leave it out where files are compared, or accept that they never are the same",
            )
    elif definition.name == "dpr" and first.lower() == "on":
        yield Remark(
            Rule.NO_PICTURE,
            f"`{said}` lets the device of whoever asks decide on the size",
            "leave it out: an export has no device",
            0,
        )
    elif definition.name == "req":
        if first and first.lower() not in _PICTURES:
            yield Remark(
                Rule.NO_PICTURE,
                f"`{said}` asks for something else than the picture",
                "leave it out: an export delivers pictures",
                0,
            )
    elif definition.name not in UNSAFE_COMMANDS:
        yield Remark(
            Rule.NOT_FOR_EXPORTS,
            f"`{said}`: an export is not known to have a use for {definition.name}",
            "leave it out: it is for deliveries to browsers, or for pictures of several layers",
        )


def _of_choice(
    definition: Definition, argument: Argument, written: str, place: int
) -> Iterator[Remark]:
    if written in argument.choices:
        if definition.name == "resMode" and written in _MEANS_OTHERS:
            hint = "write one of bilin, bicub, sharp2, bisharp"
            summary = f"`{definition.name}={written}` is not in the reference any more"
            yield Remark(Rule.MODIFIER_SPELLING, summary, hint, place)
        return
    documented = next((each for each in argument.choices if each.lower() == written.lower()), None)
    if documented is None and definition.name == "fmt" and place == 0:
        format_ = format_named(written)
        documented = None if format_ is None else format_.name
    if documented is not None:
        summary = f"`{written}` of {definition.name} is documented as `{documented}`"
        yield Remark(Rule.MODIFIER_SPELLING, summary, f"write {documented}", place)


_MOST_TIMES = 1000
"""Beyond that nobody meant to enlarge, and a reciprocal helps nobody."""


def _of_scl(said: str, written: str) -> Iterator[Remark]:
    try:
        factor = float(written)
    except ValueError:
        return
    if 0 < factor < 1 / _MOST_TIMES:
        summary = (
            f"`{said}` makes the picture more than {_MOST_TIMES:,} times as large: scl divides"
        )
        yield Remark(Rule.SCL_ENLARGES, summary, "write scl=1 for the picture's own size", 0)
    elif 0 < factor < 1:
        yield Remark(
            Rule.SCL_ENLARGES,
            f"`{said}` makes the picture {1 / factor:.3g} times as large: scl divides",
            f"write scl={_plain(1 / factor)} for a smaller picture, scl=1 for its own size",
            0,
        )


def _plain(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _unknown(command: Command) -> Remark:
    names = [each.name for each in ALL_COMMANDS]
    near = nearest_word(command.name, names)
    hint = f"did you mean `{near}`?" if near else "it is in no reference of Image Serving."
    allow = f" If your company has it, allow it: unsafe_modifiers: [{command.name[:40]}]"
    return Remark(Rule.MODIFIER_WORD, f"unknown command `{command.name[:60]}`", hint + allow)
