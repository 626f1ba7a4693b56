"""Modifiers of jobs, explained command by command: each once, however many jobs use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from s7spec.model.job import ExportJob
from s7spec.model.preset import Preset
from s7spec.modifiers import preset_modifiers
from s7spec.modifiers.lint import read
from s7spec.pipeline.inspecting import LONGEST, InspectedPiece
from s7spec.pipeline.inspecting.pieces import pieces_of
from s7spec.report.html.markup import data, in_turn, plain
from s7spec.report.html.numbered import Numbered, Room, bytes_of

_Key: TypeAlias = tuple[str, str, tuple[Preset, ...]]
_Piece: TypeAlias = tuple[str, str, str, str]
NONE = -1
"""Of jobs without a modifier, and of those that found no room."""


class ExplainedModifiers:
    """Numbers for modifiers with what their presets said; their pieces are kept once as well."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._numbers: dict[_Key, int] = {}
        self._pieces: Numbered[_Piece] = Numbered()
        self._rows: list[list[int]] = []

    def number(self, job: ExportJob) -> int:
        presets = job.presets if job.preset is None else (job.preset, *job.presets)
        key = (job.is_modifier or "", job.macro or "", presets)
        if key not in self._numbers:
            self._numbers[key] = self._explain(*key)
        return self._numbers[key]

    def lines(self) -> Iterator[str]:
        """``[text, words, who says it, what becomes of it]`` of each piece, then the pieces of each
        modifier in their order."""
        yield '{"pieces":['
        yield from in_turn(map(data, self._pieces.values))
        yield '],"rows":['
        yield from in_turn(map(data, self._rows))
        yield "]}"

    def _explain(self, text: str, macro: str, presets: tuple[Preset, ...]) -> int:
        if not (text or macro) or len(text) > LONGEST or not self._room.take(len(text) + 40):
            return NONE
        reading = read(text, macro or None, preset_modifiers(presets))
        told = map(_told, pieces_of(reading))
        row = []
        for piece in told:
            before = len(self._pieces)
            row.append(self._pieces.number(piece))
            if len(self._pieces) > before:
                self._room.take(sum(map(bytes_of, piece)))
        self._rows.append(row)
        return len(self._rows) - 1


def _told(piece: InspectedPiece) -> _Piece:
    remarks = []
    if piece.overridden_by is not None:
        remarks.append(f"overridden by {piece.overridden_by}")
    if piece.order_is_inferred:
        remarks.append("which of them prevails is inferred")
    texts = (piece.text, piece.explanation, piece.origin, "; ".join(remarks))
    text, words, origin, remark = map(plain, texts)
    return text, words, origin, remark
