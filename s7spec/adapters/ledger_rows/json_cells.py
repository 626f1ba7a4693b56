"""What cells hold as JSON, back to nouns: a plan reads as many payloads as it finds jobs to send.

All of it raises ValueError for what no writer of ours wrote.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, TypeAlias

import msgspec

from s7spec.adapters.ledger_rows.cells import MOST
from s7spec.model.asset import AssetVersion
from s7spec.model.job import ExportJob
from s7spec.model.ledger import AssetOutcome, OutcomeKind
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.preset import Preset

_SETS, _LONGEST = 64, 2**16
"""So many sets of assets, of so many bytes, are remembered: the jobs of an export mostly share
theirs, and stand beside each other."""

_Whole: TypeAlias = Annotated[int, msgspec.Meta(ge=-MOST, le=MOST)]
_AssetCells: TypeAlias = tuple[str, str, _Whole | None, _Whole | None, _Whole | None, _Whole | None]
_OutcomeCells: TypeAlias = tuple[
    OutcomeKind, str, str, str, _Whole | None, _Whole | None, _Whole | None, _Whole | None
]
_PresetCells: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Payload:
    """The fields of ``ExportJob.canonical``; those that are not always there have a default."""

    assets: msgspec.Raw
    emailSetting: EmailSetting
    fmt: Fmt
    is_modifier: str | None
    macro: str | None
    preset: _PresetCells | None
    presets: tuple[_PresetCells, ...] = ()
    code_version: str | None = None
    inputs: dict[str, str] = field(default_factory=dict)


_payload = msgspec.json.Decoder(_Payload).decode
_asset_cells = msgspec.json.Decoder(tuple[_AssetCells, ...]).decode
_outcome_cells = msgspec.json.Decoder(tuple[_OutcomeCells, ...]).decode
_texts = msgspec.json.Decoder(tuple[str, ...]).decode


def payload_from(text: str) -> ExportJob:
    """Reads what ``ExportJob.canonical`` wrote."""
    told = _payload(text)
    return ExportJob(
        fmt=told.fmt,
        is_modifier=told.is_modifier,
        macro=told.macro,
        preset=None if told.preset is None else Preset.of_cells(*told.preset),
        emailSetting=told.emailSetting,
        assets=_assets(bytes(told.assets)),
        presets=tuple(Preset.of_cells(*cells) for cells in told.presets),
        code_version=told.code_version,
        inputs=tuple(sorted(told.inputs.items())),
    )


def assets_from(text: str) -> tuple[AssetVersion, ...]:
    """A list of the rows that ``AssetVersion.cells`` gives."""
    return _assets(text.encode())


def outcomes_from(text: str) -> tuple[AssetOutcome, ...]:
    """A list of rows: kind, message, and what ``AssetVersion.cells`` gives."""
    if text == "[]":
        return ()
    return tuple(
        AssetOutcome(
            kind=kind,
            message=message,
            asset=AssetVersion.of_cells(path, asset_type, modified, size, width, height),
        )
        for kind, message, path, asset_type, modified, size, width, height in _outcome_cells(text)
    )


def texts_from(text: str) -> tuple[str, ...]:
    return _texts(text)


def _assets(cells: bytes) -> tuple[AssetVersion, ...]:
    return _remembered(cells) if len(cells) <= _LONGEST else _assets_anew(cells)


@lru_cache(maxsize=_SETS)
def _remembered(cells: bytes) -> tuple[AssetVersion, ...]:
    return _assets_anew(cells)


def _assets_anew(cells: bytes) -> tuple[AssetVersion, ...]:
    return tuple(AssetVersion.of_cells(*each) for each in _asset_cells(cells))
