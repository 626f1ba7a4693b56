"""Jobs with selections become jobs with assets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

from s7spec.model.asset import Asset, AssetVersion, ExcludedAsset
from s7spec.model.diagnostics import Diagnostic, in_order
from s7spec.model.job import ExpandedJob, ExportJob, JobKey, JobSettings, ResolvedJob
from s7spec.model.manifest import Fmt, OnUnsupported
from s7spec.model.preset import Preset, bare
from s7spec.model.selection import Selection
from s7spec.model.sharing import OncePerObject
from s7spec.model.source import SourceRange
from s7spec.modifiers import preset_modifiers
from s7spec.modifiers.lint import unsafe_names
from s7spec.ports import AssetCatalog
from s7spec.resolve import findings
from s7spec.resolve.exportable import why_not
from s7spec.resolve.inventory import (
    Inventory,
    is_wanted,
    take_inventory,
)
from s7spec.resolve.presets import PresetShelf, UsedPresets

_SHARED = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """``jobs`` sorted by key, without those that have errors; all ``presets`` by name."""

    jobs: tuple[ResolvedJob, ...]
    presets: tuple[Preset, ...]
    diagnostics: tuple[Diagnostic, ...]


def resolve(jobs: Iterable[ExpandedJob], catalog: AssetCatalog) -> Resolution:
    """Looks up assets and presets. The user's mistakes come back as diagnostics, all of them;
    errors of the catalog port pass through."""
    ordered = sorted(((job.key, job) for job in jobs), key=itemgetter(0))
    inventory = take_inventory((job for _, job in ordered), catalog)
    resolver = _Resolver(inventory)
    resolved = [resolver.resolved(key, job) for key, job in ordered]
    return Resolution(
        jobs=tuple(job for job in resolved if job is not None),
        presets=tuple(inventory.presets[name] for name in sorted(inventory.presets)),
        diagnostics=in_order(resolver.diagnostics),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stock:
    """The assets of one selection: those that can be exported, and the others with the reason;
    and which of its names no asset has."""

    good: tuple[Asset, ...]
    versions: tuple[AssetVersion, ...]
    refused: tuple[tuple[Asset, str], ...]
    missing: tuple[int, ...]

    def is_plain(self, job: ExpandedJob) -> bool:
        """True when nothing is to be said about it: so it is with most jobs."""
        return (
            bool(self.good)
            and not self.refused
            and not self.missing
            and len(self.good) <= findings.most_assets(job)
        )


class _Resolver:
    """Collects findings, and shares the assets of a selection among all jobs that take it."""

    def __init__(self, inventory: Inventory) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._inventory = inventory
        self._shelf = PresetShelf(inventory.presets)
        self._presets = preset_modifiers(inventory.presets.values())
        self._unsafe_names: dict[str, tuple[str, ...]] = {}
        self._stocks: dict[tuple[Selection, Fmt], _Stock] = {}
        # Exports make many jobs each: what these share is looked up once.
        self._stock_of = {
            fmt.value: OncePerObject(partial(self._stock, fmt=fmt), most=_SHARED) for fmt in Fmt
        }
        self._origin_of = OncePerObject(_origin, most=_SHARED)

    def resolved(self, key: JobKey, job: ExpandedJob) -> ResolvedJob | None:
        settings = job.settings
        stock = self._stock_of[settings.fmt](job.selection)
        presets = self._shelf.used(job.is_modifier, job.macro)
        excluded: tuple[ExcludedAsset, ...] = ()
        if presets.unknown or not stock.is_plain(job):
            excluded, problems = self._looked_at(job, stock, presets)
            self.diagnostics += problems
            self.diagnostics += (findings.left_out(job, asset) for asset in excluded)
            if problems:
                return None
        return ResolvedJob(
            key=key,
            origin=self._origin_of(settings),
            export_job=_payload(job, presets, stock),
            assets=stock.good,
            excluded=excluded,
            spec_digest=job.spec_digest(),
            unsafe_modifiers=self._unsafe(job),
            policy=settings.policy,
        )

    def _looked_at(
        self, job: ExpandedJob, stock: _Stock, presets: UsedPresets
    ) -> tuple[tuple[ExcludedAsset, ...], list[Diagnostic]]:
        """What is left out with a warning, and what is in the way."""
        problems = [findings.unknown_name(job, each, self._inventory) for each in stock.missing]
        problems += [findings.unknown_preset(job, each, self._shelf) for each in presets.unknown]
        excluded, unsupported = _left_out(job, stock)
        problems += unsupported
        if not stock.good and not problems:
            problems.append(findings.nothing_selected(job, excluded, self._inventory))
        problems += findings.too_many(job, len(stock.good))
        return excluded, problems

    def _unsafe(self, job: ExpandedJob) -> tuple[str, ...]:
        """What is used of the commands that have to be allowed, by the job and by its presets."""
        text = "&".join(each for each in (job.is_modifier, job.macro) if each)
        if not job.settings.unsafe_modifiers and "$" not in text:
            return ()
        names = self._unsafe_names.get(text)
        if names is None:
            names = self._unsafe_names[text] = unsafe_names(text, self._presets)
        return names

    def _stock(self, selection: Selection, *, fmt: Fmt) -> _Stock:
        stock = self._stocks.get((selection, fmt))
        if stock is None:
            selected = self._inventory.assets(selection)
            refused = tuple((asset, why) for asset in selected if (why := why_not(asset, fmt)))
            good = tuple(asset for asset in selected if not why_not(asset, fmt))
            stock = _Stock(
                good=good,
                versions=tuple(asset.version for asset in good),
                refused=refused,
                missing=tuple(self._missing(selection)),
            )
            self._stocks[selection, fmt] = stock
        return stock

    def _missing(self, selection: Selection) -> Iterator[int]:
        for index, name in enumerate(selection.names):
            if name not in self._inventory.by_name and is_wanted(name, selection):
                yield index


def _origin(settings: JobSettings) -> SourceRange:
    """The entry of the manifest's ``exports`` that makes the jobs."""
    return settings.entry.locate()


def _left_out(
    job: ExpandedJob, stock: _Stock
) -> tuple[tuple[ExcludedAsset, ...], list[Diagnostic]]:
    """What is left out with a warning, or else what is in the way."""
    if stock.refused and job.on_unsupported is OnUnsupported.FAIL:
        return (), findings.unsupported(job, stock.refused)
    excluded = tuple(
        ExcludedAsset(path=asset.path, type=asset.type, reason=why) for asset, why in stock.refused
    )
    return excluded, []


def _payload(job: ExpandedJob, presets: UsedPresets, stock: _Stock) -> ExportJob:
    preset = presets.macro  # without a text when it is built in: then as it is written
    return ExportJob(
        fmt=job.fmt,
        is_modifier=job.is_modifier,
        macro=job.macro if preset is None else f"${bare(preset.name)}$",
        preset=preset,
        presets=presets.others,
        emailSetting=job.emailSetting,
        assets=stock.versions,
        code_version=job.settings.code_version,
        inputs=job.settings.inputs,
    )
