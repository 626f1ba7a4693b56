"""The rows of the table of jobs: what is filtered and sorted, one short list for each job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from s7spec.model.plan import PlanItem
from s7spec.plan import delivery_of
from s7spec.report.changes import counts_text
from s7spec.report.html.asset_sets import AssetSets
from s7spec.report.html.markup import brief, data, in_turn, plain, plain_name
from s7spec.report.html.numbered import Numbered
from s7spec.report.html.pictures import ContactSheet
from s7spec.report.html.room import Room, SharedTexts
from s7spec.report.plan_outline import Group, asset_counts_of, codes_of, part_text
from s7spec.report.predictions import flag_words
from s7spec.report.symbols import symbol

_UNKNOWN = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRooms:
    """For rows, and for the names of manifests, of which each stands in the page once."""

    rows: Room
    manifests: Room


class Rows:
    """Takes the jobs one by one; what they share is told afterwards, and how many of the last ones
    found no room: ``left_out``."""

    def __init__(
        self, groups: Sequence[Group], sets: AssetSets, sheet: ContactSheet, rooms: RowRooms
    ) -> None:
        self._groups = {
            id(item): number for number, group in enumerate(groups) for item in group.items
        }
        self._sets = sets
        self._sheet = sheet
        self._room = rooms.rows
        self.left_out = 0
        self.manifests = SharedTexts(rooms.manifests)
        self.actions: Numbered[tuple[str, str, str]] = Numbered()
        self.codes: Numbered[str] = Numbered()
        self.asset_notes = SharedTexts(rooms.rows)
        self.looks = SharedTexts(rooms.rows)

    def lines(self, items: Sequence[PlanItem]) -> Iterator[str]:
        """``[manifest, export, action, codes, group, files, bytes, is estimated, assets, what
        becomes of assets, what to look at]``; all but export, files and bytes are numbers of
        values."""
        return in_turn(self._fitting(items))

    def _fitting(self, items: Sequence[PlanItem]) -> Iterator[str]:
        for place, item in enumerate(items):
            row = self._row(item)
            text = self._room.fit(data(row), partial(_brief_row, row))
            if text is None:
                self.left_out = len(items) - place
                return
            yield text

    def _row(self, item: PlanItem) -> list[object]:
        codes = codes_of(item)
        sign = symbol(item.action, codes, unicode=True)
        assets = item.counted_assets
        delivery = delivery_of(item)
        return [
            self.manifests.number(plain_name(item.key.manifest)),
            plain_name(item.key.export),
            self.actions.number((item.action.value, sign, _tone(sign))),
            [self.codes.number(code.value) for code in codes],
            self._groups[id(item)],
            _UNKNOWN if item.export_job is None else len(assets),
            delivery.likely_bytes if delivery.is_told else _UNKNOWN,
            int(delivery.is_estimate),
            self._sets.number(assets) if assets else _UNKNOWN,
            self.asset_notes.number(_asset_note(item)),
            [self.looks.number(each) for each in self._looks(item)],
        ]

    def _looks(self, item: PlanItem) -> Iterator[str]:
        """What a reviewer may want to see all jobs of."""
        if item.key in self._sheet.by_job:
            yield "pictures"
        if item.excluded:
            yield "excluded assets"
        if item.unsafe_modifiers:
            yield "unsafe commands"
        for flag in () if item.predicted is None else item.predicted.flags:
            yield plain(flag_words(flag.flag))


_MOST_NUMBERS = 8


def _brief_row(row: list[object]) -> str:
    return data([*map(_briefly, row)])


def _briefly(cell: object) -> object:
    if isinstance(cell, list):
        return cell[:_MOST_NUMBERS]
    return brief(cell) if isinstance(cell, str) else cell


def _asset_note(item: PlanItem) -> str:
    """``assets: 2 new, 1 changed; sends 2 of 14 assets (repair)``."""
    counts = counts_text(asset_counts_of((item,)))
    part = part_text((item,)) if item.action.sends else ""
    parts = (f"assets: {counts}" if counts else "", f"sends {part}" if part else "")
    return "; ".join(each for each in parts if each)


_TONES = {"+": "new", "~": "change", "↻": "change", "»": "change", "«": "note", "…": "note"}
_TONES |= {"=": "quiet", "-": "gone", "!": "bad"}


def _tone(sign: str) -> str:
    return _TONES[sign]
