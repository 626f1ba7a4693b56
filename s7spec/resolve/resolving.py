"""Jobs with selections become jobs with assets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from s7spec.model.diagnostics import Diagnostic, in_order
from s7spec.model.job import (
    Asset,
    AssetVersion,
    ExcludedAsset,
    ExpandedJob,
    ExportJob,
    Preset,
    ResolvedJob,
)
from s7spec.model.manifest import Fmt, OnUnsupported, Selection
from s7spec.ports import AssetCatalog
from s7spec.resolve import findings
from s7spec.resolve.exportable import why_not
from s7spec.resolve.inventory import (
    MAX_ASSETS,
    Inventory,
    bare,
    is_wanted,
    preset_key,
    take_inventory,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """``jobs`` sorted by key, without those that have errors; all ``presets`` by name."""

    jobs: tuple[ResolvedJob, ...]
    presets: tuple[Preset, ...]
    diagnostics: tuple[Diagnostic, ...]


def resolve(jobs: Iterable[ExpandedJob], catalog: AssetCatalog) -> Resolution:
    """Looks up assets and presets. The user's mistakes come back as diagnostics, all of them;
    errors of the catalog port pass through."""
    ordered = sorted(jobs, key=lambda job: job.key)
    inventory = take_inventory(ordered, catalog)
    resolver = _Resolver(inventory)
    resolved = [resolver.resolved(job) for job in ordered]
    return Resolution(
        jobs=tuple(job for job in resolved if job is not None),
        presets=tuple(inventory.presets[name] for name in sorted(inventory.presets)),
        diagnostics=in_order(resolver.diagnostics),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stock:
    """The assets of one selection: those that can be exported, and the others with the reason."""

    good: tuple[Asset, ...]
    versions: tuple[AssetVersion, ...]
    refused: tuple[tuple[Asset, str], ...]


class _Resolver:
    """Collects findings, and shares the assets of a selection among all jobs that take it."""

    def __init__(self, inventory: Inventory) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._inventory = inventory
        self._stocks: dict[tuple[Selection, Fmt], _Stock] = {}

    def resolved(self, job: ExpandedJob) -> ResolvedJob | None:
        problems = self._unknown_names(job)
        preset, finding = self._preset(job)
        problems += finding
        assets, excluded, unsupported = self._exportable(job)
        problems += unsupported
        if not assets and not problems:
            problems.append(findings.nothing_selected(job, excluded, self._inventory))
        if len(assets) > MAX_ASSETS:
            problems.append(findings.too_many(job, len(assets)))
        self.diagnostics += problems
        self.diagnostics += (findings.left_out(job, asset) for asset in excluded)
        if problems:
            return None
        return ResolvedJob(
            key=job.key,
            origin=job.origin,
            export_job=self._payload(job, preset),
            assets=assets,
            excluded=excluded,
        )

    def _unknown_names(self, job: ExpandedJob) -> list[Diagnostic]:
        selection = job.selection
        return [
            findings.unknown_name(job, index, self._inventory)
            for index, name in enumerate(selection.names)
            if is_wanted(name, selection) and name not in self._inventory.by_name
        ]

    def _preset(self, job: ExpandedJob) -> tuple[Preset | None, list[Diagnostic]]:
        if job.macro is None:
            return None, []
        preset = self._inventory.presets.get(preset_key(job.macro))
        if preset is None:
            return None, [findings.unknown_preset(job, job.macro, self._inventory)]
        return preset, []

    def _exportable(
        self, job: ExpandedJob
    ) -> tuple[tuple[Asset, ...], tuple[ExcludedAsset, ...], list[Diagnostic]]:
        """What can be exported, what is left out with a warning, and what is in the way."""
        stock = self._stock(job.selection, job.fmt)
        if stock.refused and job.on_unsupported is OnUnsupported.FAIL:
            return stock.good, (), findings.unsupported(job, stock.refused)
        excluded = tuple(
            ExcludedAsset(path=asset.path, type=asset.type, reason=why)
            for asset, why in stock.refused
        )
        return stock.good, excluded, []

    def _stock(self, selection: Selection, fmt: Fmt) -> _Stock:
        if (selection, fmt) not in self._stocks:
            selected = self._inventory.assets(selection)
            refused = tuple((asset, why) for asset in selected if (why := why_not(asset, fmt)))
            good = tuple(asset for asset in selected if not why_not(asset, fmt))
            versions = tuple(asset.version for asset in good)
            self._stocks[selection, fmt] = _Stock(good=good, versions=versions, refused=refused)
        return self._stocks[selection, fmt]

    def _payload(self, job: ExpandedJob, preset: Preset | None) -> ExportJob:
        return ExportJob(
            fmt=job.fmt,
            is_modifier=job.is_modifier,
            macro=None if preset is None else f"${bare(preset.name)}$",
            preset=preset,
            emailSetting=job.emailSetting,
            assets=self._stock(job.selection, job.fmt).versions,
        )
