"""The commands that modifiers can use: a table for people, a document for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from s7spec.modifiers.commands import Argument, Definition, Use
from s7spec.modifiers.explaining import describe_command
from s7spec.modifiers.lint import UNSAFE_COMMANDS
from s7spec.modifiers.lint.remark import synopsis
from s7spec.report.json_document import document
from s7spec.report.terminal import EMPTY, Line, Tone, column_width, in_column, line, paint
from s7spec.report.view import View

_MOST_CELLS = 24


def commands_text(commands: Sequence[Definition], view: View) -> str:
    """One row for each command, by what it is about."""
    return paint(_rows(commands, view), view)


def commands_json(commands: Iterable[Definition]) -> str:
    """All that is known of each command (schemas/modifier-commands.schema.json)."""
    return document({"commands": [_command(each) for each in commands]})


def _rows(commands: Sequence[Definition], view: View) -> Iterator[Line]:
    written = [synopsis(each) for each in commands]
    short = [each for each in written if len(each) <= _MOST_CELLS]
    width = column_width(short, view, most=_MOST_CELLS)
    for text, command in zip(written, commands, strict=True):
        words = ((describe_command(command), Tone.PLAIN), (_note(command), Tone.CAUTION))
        if len(text) > width:
            yield line(text, Tone.STRONG, whole=True)
            text = ""
        yield Line(
            ((f"{in_column(text, width, view) if text else ' ' * width}  ", Tone.STRONG),), words
        )
    yield EMPTY
    yield line("s7spec modifier 'wid=800&fmt=png' explains a whole modifier", Tone.QUIET)


def _note(command: Definition) -> str:
    if command.name in UNSAFE_COMMANDS:
        return " (has to be allowed)"
    if command.use in (Use.NO, Use.NO_SINGLE_LAYER):
        return " (not for exports)"
    return ""


def _command(command: Definition) -> dict[str, object]:
    return {
        "name": command.name,
        "synopsis": synopsis(command),
        "words": describe_command(command),
        "effect": command.effect.value,
        "use": command.use.value,
        "has_to_be_allowed": command.name in UNSAFE_COMMANDS,
        "arguments": [_argument(each) for each in command.arguments],
    }


def _argument(argument: Argument) -> dict[str, object]:
    return {
        "name": argument.name,
        "kind": argument.kind.value,
        "optional": argument.optional,
        "least": argument.least,
        "above": argument.above,
        "most": argument.most,
        "below": argument.below,
        "other_than": argument.other_than,
        "choices": list(argument.choices),
    }
