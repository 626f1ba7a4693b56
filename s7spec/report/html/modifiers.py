"""What prevails in the modifiers of jobs, as the plan says it: each once, however many jobs use it.

Commands, who says them and what they override are those of the plan's document. What is added are
words about what each does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from s7spec.model.effective import EffectiveCommand
from s7spec.model.job import ExportJob
from s7spec.model.plan import PlanItem
from s7spec.modifiers import Command, preset_modifiers
from s7spec.modifiers.explaining import explain_piece
from s7spec.modifiers.lint import read
from s7spec.pipeline.inspecting.pieces import words_in_force
from s7spec.report.html.markup import data, in_turn, plain, plain_name
from s7spec.report.html.numbered import Numbered
from s7spec.report.html.room import Room, bytes_of

_Key: TypeAlias = tuple[str | None, str | None, tuple[EffectiveCommand, ...]]
NONE, NO_ROOM = 0, -1
"""Of jobs of which the plan tells no modifier, and of those that found no room."""

_NUMBER_WIDTH = 8


class ExplainedModifiers:
    """Numbers for modifiers, counted from 1; their commands are kept once as well.

    Jobs share what a plan says of their modifier as objects: those are looked at first. Of a plan
    that was read from a file they are merely equal.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._by_id: dict[int, int] = {}
        self._numbers: dict[_Key, int] = {}
        self._pieces: Numbered[str] = Numbered()
        self._rows: list[list[int]] = []

    def number(self, item: PlanItem) -> int:
        commands, job = item.effective, item.export_job
        if not commands or job is None:
            return NONE
        known = self._by_id.get(id(commands))
        if known is None:
            known = self._by_id[id(commands)] = self._number(commands, job)
        return known

    def lines(self) -> Iterator[str]:
        """``[command, what it does, who says it, what it overrides, is that inferred]`` of each,
        then the commands of each modifier in their order."""
        yield '{"pieces":['
        yield from in_turn(self._pieces.values)
        yield '],"rows":['
        yield from in_turn(map(data, self._rows))
        yield "]}"

    def _number(self, commands: tuple[EffectiveCommand, ...], job: ExportJob) -> int:
        key = (job.is_modifier, job.macro, commands)
        known = self._numbers.get(key)
        if known is None:
            known = self._numbers[key] = self._explain(commands, job)
        return known

    def _explain(self, commands: tuple[EffectiveCommand, ...], job: ExportJob) -> int:
        if not self._room.take(_NUMBER_WIDTH * len(commands)):
            return NO_ROOM
        presets = job.presets if job.preset is None else (job.preset, *job.presets)
        reading = read(job.is_modifier, job.macro, preset_modifiers(presets))
        row = []
        for command, words in _with_words(commands, words_in_force(reading)):
            piece = data(_piece(command, words))
            before = len(self._pieces)
            number = self._pieces.number(piece)
            if number == before and not self._room.take(bytes_of(piece)):
                self._pieces.forget_since(number)
                return NO_ROOM
            row.append(number)
        self._rows.append(row)
        return len(self._rows)


def _with_words(
    commands: Sequence[EffectiveCommand], in_force: Mapping[str, Sequence[str]]
) -> Iterator[tuple[EffectiveCommand, str]]:
    """Layers can say the same, with different effect: the first of one text has the first words."""
    said, told = Counter(each.command for each in commands), Counter[str]()
    for each in commands:
        text = each.command
        words = in_force.get(text, ())
        yield each, words[told[text]] if len(words) == said[text] else _words(text)
        told[text] += 1


def _words(command: str) -> str:
    """Of a command that the job's own texts do not give: only its text is known."""
    name, sign, value = command.partition("=")
    return explain_piece(Command(name, value if sign else None))


def _piece(command: EffectiveCommand, words: str) -> list[object]:
    return [
        plain_name(command.command),
        plain(words),
        plain(command.origin),
        [plain(text) for text in command.overrides],
        int(command.order_is_inferred),
    ]
