"""The grammar of an Image Serving modifier string.

Written from facts: Image Serving section 2, and apart from the compiler's parser on purpose: the
emulator is an independent witness and must be able to disagree with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from s7spec.emulator.render.contract import RenderError

MAX_LENGTH = 32_768
"""Characters a modifier may have, presets expanded; a cap of ours against runaway expansion."""

BUILT_IN_MACROS = frozenset({"shadow", "glow"})
"""Macros of Image Serving's own catalog: no preset of the company, so never expanded here."""

_SHOWN = 100
_CLOSER = {"{": "}", "(": ")"}
_COMMAND_NAME = re.compile(r"[A-Za-z0-9_.-]+")
# Stock presets carry "!" in their names although the grammar does not allow it.
_MACRO = re.compile(r"\$([A-Za-z0-9_.!-]+)\$")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its name as written, and its decoded value (None when there is no ``=``)."""

    name: str
    value: str | None

    @property
    def key(self) -> str:
        """The name as commands are compared: without regard to case."""
        return self.name.lower()

    def __str__(self) -> str:
        """The command as messages show it: printable and short, whatever was decoded."""
        text = self.name if self.value is None else f"{self.name}={self.value}"
        shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:_SHOWN])
        return shown if len(text) <= _SHOWN else f"{shown}..."


def split_modifiers(text: str) -> tuple[str, ...]:
    """Split at ``&`` outside ``{}`` and ``()``; empty modifiers and comments are dropped.

    Raises:
        RenderError: too long, white space or control characters, unbalanced brackets.
    """
    _check_characters(text)
    parts: list[str] = []
    current: list[str] = []
    awaited: list[str] = []
    for char in text:
        if char == "&" and not awaited:
            parts.append("".join(current))
            current = []
            continue
        current.append(char)
        if current[0] != ".":  # a comment runs to the next &, whatever it holds
            _track_bracket(char, awaited)
    if awaited:
        raise RenderError(f"the modifier has an opening bracket without its {awaited[-1]!r}")
    parts.append("".join(current))
    return tuple(part for part in parts if part and not part.startswith("."))


def macro_name(part: str) -> str | None:
    """The lower-case name when a modifier is a macro (``$name$`` alone), else None."""
    match = _MACRO.fullmatch(part)
    return match.group(1).lower() if match else None


def parse_commands(modifier: str) -> tuple[Command, ...]:
    """The commands in order, variables substituted, values percent-decoded.

    ``$name=value`` defines a variable for the values after it; an undefined ``$name$`` in a value
    stays as it is. A built-in macro comes out as a command named ``$name$`` without a value.

    Raises:
        RenderError: not a modifier string, or it holds a preset nobody expanded.
    """
    variables: dict[str, str] = {}
    commands: list[Command] = []
    for part in split_modifiers(modifier):
        name, equals, raw = part.partition("=")
        if not name.startswith("$"):
            commands.append(_command(name, raw if equals else None, variables))
        elif equals:
            variables[_variable_name(name)] = raw
        elif macro_name(part) in BUILT_IN_MACROS:
            commands.append(Command(name=part, value=None))
        else:
            raise RenderError(f"preset {part} is not expanded; presets are expanded before this")
    return tuple(commands)


def _command(name: str, raw: str | None, variables: Mapping[str, str]) -> Command:
    if not _COMMAND_NAME.fullmatch(name):
        raise RenderError(f"{name[:40]!r} is not a command name: letters, digits, '-', '_', '.'")
    if raw is None:
        return Command(name=name, value=None)
    # Layer and effect numbers take no variables.
    if name.lower() not in ("layer", "effect"):
        raw = _substitute(raw, variables)
    return Command(name=name, value=_decode(name, raw))


def _substitute(raw: str, variables: Mapping[str, str]) -> str:
    value = _MACRO.sub(lambda match: variables.get(match.group(1).lower(), match.group(0)), raw)
    if len(value) > MAX_LENGTH:
        raise RenderError(f"a value grows beyond {MAX_LENGTH} characters through its variables")
    return value


def _decode(name: str, raw: str) -> str:
    if _BAD_ESCAPE.search(raw):
        raise RenderError(f"{name}: '%' must be followed by two hex digits (a literal % is %25)")
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RenderError(f"{name}: the percent-encoded value is not UTF-8") from error


def _variable_name(token: str) -> str:
    name = token[1:]
    if not _COMMAND_NAME.fullmatch(name):
        raise RenderError(f"{token[:40]!r} does not define a variable; the form is $name=value")
    return name.lower()


def _track_bracket(char: str, awaited: list[str]) -> None:
    if char in _CLOSER:
        awaited.append(_CLOSER[char])
    elif char in _CLOSER.values() and (not awaited or awaited.pop() != char):
        raise RenderError(f"the modifier has a {char!r} that closes nothing")


def _check_characters(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise RenderError(f"the modifier is longer than {MAX_LENGTH} characters")
    bad = next((char for char in text if char.isspace() or not char.isprintable()), None)
    if bad is not None:
        raise RenderError(
            f"the modifier holds {bad!r}: white space and control characters must be "
            "percent-encoded"
        )
