"""A saved plan, looked at again: today's handles, and what no longer fits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from s7spec.model.asset import Asset, AssetVersion
from s7spec.model.job import ExportJob, JobKey, ResolvedJob
from s7spec.model.plan import Action, Plan, PlanItem, ReasonCode
from s7spec.model.preset import bare, preset_key, presets_by_key
from s7spec.model.source import SourceRange
from s7spec.ports import AssetCatalog
from s7spec.resolve.presets import PresetShelf, names_presets


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleItem:
    """``why`` is a plain sentence that names what the plan saw and what is there now."""

    key: JobKey
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """Jobs that can be sent as planned, and the items that cannot; both in the plan's order."""

    jobs: tuple[ResolvedJob, ...]
    stale: tuple[StaleItem, ...]


def refresh(plan: Plan, catalog: AssetCatalog) -> Refreshed:
    """Looks up, by name, the assets of every item that may be sent. Plans hold no handles, since
    handles are good for one session only (facts: IPS API section 8)."""
    wanted = [(item, job) for item in plan.items if (job := _may_be_sent(item)) is not None]
    names = {_name(asset) for _, job in wanted for asset in job.assets}
    found: dict[str, list[Asset]] = defaultdict(list)
    for asset in catalog.by_name(sorted(names)) if names else ():
        found[asset.name].append(asset)
    needs_presets = any(names_presets(job) for _, job in wanted)
    shelf = PresetShelf(presets_by_key(catalog.presets()) if needs_presets else {})
    jobs: list[ResolvedJob] = []
    stale: list[StaleItem] = []
    for item, job in wanted:
        assets = [_current(version, found.get(_name(version), [])) for version in job.assets]
        reasons = [asset for asset in assets if isinstance(asset, str)]
        reasons += _preset_drift(job, shelf)
        if reasons:
            stale.append(StaleItem(key=item.key, why="; ".join(reasons)))
        else:
            handles = tuple(asset for asset in assets if isinstance(asset, Asset))
            jobs.append(_resolved(item, job, handles))
    return Refreshed(jobs=tuple(jobs), stale=tuple(stale))


def _may_be_sent(item: PlanItem) -> ExportJob | None:
    """Whatever goes to IPS: also a wait in doubt, which apply sends again when IPS has it not. Of
    a job of which only a part is sent, all assets are looked up: it is planned as a whole."""
    in_doubt = any(reason.code is ReasonCode.AMBIGUOUS for reason in item.reasons)
    if item.action.sends or (item.action is Action.WAIT and in_doubt):
        return item.export_job
    return None


def _resolved(item: PlanItem, job: ExportJob, assets: tuple[Asset, ...]) -> ResolvedJob:
    return ResolvedJob(
        key=item.key,
        origin=item.origin or SourceRange(path=""),
        export_job=job,
        assets=assets,
        excluded=item.excluded,
        spec_digest=item.spec_digest_bytes,
    )


def _name(version: AssetVersion) -> str:
    return version.path.rsplit("/", 1)[-1]


def _current(planned: AssetVersion, found: list[Asset]) -> Asset | str:
    """The asset as it was planned, or a sentence that says what has become of it."""
    for asset in found:
        if asset.version == planned:
            return asset
    if not found:
        return f"asset {planned.path} does not exist any more"
    here = [asset for asset in found if asset.path == planned.path]
    if not here:
        places = ", ".join(sorted(asset.path for asset in found))
        return f"asset {planned.path} has moved to {places}"
    now = here[0].version
    return f"asset {planned.path} has changed: planned {_described(planned)}, now {_described(now)}"


def _described(version: AssetVersion) -> str:
    parts = [version.type]
    if version.width is not None and version.height is not None:
        parts.append(f"{version.width}x{version.height}")
    if version.file_size is not None:
        parts.append(f"{version.file_size} bytes")
    if version.last_modified_ms is not None:
        parts.append(f"modified {_moment(version.last_modified_ms)}")
    return " ".join(parts)


def _moment(milliseconds: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    return f"{moment.isoformat(sep=' ', timespec='milliseconds').removesuffix('+00:00')} UTC"


def _preset_drift(job: ExportJob, shelf: PresetShelf) -> list[str]:
    planned = (*((job.preset,) if job.preset else ()), *job.presets)
    reasons = []
    for preset in planned:
        now = shelf.named(preset.name)
        macro = f"image preset ${bare(preset.name)}$"
        if now is None:
            reasons.append(f"{macro} does not exist any more")
        elif now.urlModifier != preset.urlModifier:
            before, after = preset.urlModifier, now.urlModifier
            reasons.append(f"{macro} has changed: planned `{before}`, now `{after}`")
    return reasons or _unplanned_presets(job, shelf, {preset_key(each.name) for each in planned})


def _unplanned_presets(job: ExportJob, shelf: PresetShelf, planned: set[str]) -> list[str]:
    """Presets that have a say in the job now, and had none when it was planned."""
    used = shelf.used(job.is_modifier, job.macro)
    there = (each.name for each in used.all if preset_key(each.name) not in planned)
    return [
        *(f"image preset ${mention.name}$ does not exist" for mention in used.unknown),
        *(f"image preset ${bare(name)}$ was not known when the plan was made" for name in there),
    ]
