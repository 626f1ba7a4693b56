"""What can be said of one command, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.rules import Rule
from s7spec.modifiers.commands import Definition
from s7spec.modifiers.syntax import Command

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Remark:
    """``place`` is the field of the value that it is about, None for the whole command."""

    rule: Rule
    summary: str
    hint: str
    place: int | None = None


def nearest_word(written: str, names: list[str]) -> str | None:
    """The name that was probably meant; case does not count."""
    import difflib  # only here: most modifiers are right

    by_lower = {name.lower(): name for name in names}
    word = written[:40].lower()
    close = difflib.get_close_matches(word, by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def synopsis(definition: Definition) -> str:
    """``fit=mode[,upscale]``."""
    text = ""
    for place, argument in enumerate(definition.arguments):
        comma = "," if place else ""
        text += f"[{comma}{argument.name}]" if argument.optional else f"{comma}{argument.name}"
    return f"{definition.name}={text}"


def shown_command(command: Command) -> str:
    """The command as it was meant, cut to a length that fits into a sentence."""
    if command.value is None:
        return command.name
    if not isinstance(command.value, str):
        return f"{command.name}={command.value.server}{command.value.bracket}..."
    text = f"{command.name}={','.join(command.fields)}"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def listed(words: tuple[str, ...]) -> str:
    """``a, b, c``."""
    return ", ".join(words)
