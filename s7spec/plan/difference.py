"""What differs between the payload of an attempt and the one wanted now."""

from __future__ import annotations

from s7spec.model.asset import AssetVersion
from s7spec.model.job import ExportJob, ResolvedJob
from s7spec.model.ledger import Attempt
from s7spec.model.plan import AssetChange, AssetChangeKind, FieldChange, Reason, ReasonCode
from s7spec.model.preset import Preset, bare


def change_reasons(before: ExportJob, after: ExportJob) -> tuple[Reason, ...]:
    """Why the job must run again: at least one reason, given that the data fingerprints differ."""
    changes = asset_changes(before.assets, after.assets)
    reasons = (
        *_payload_reason(before, after),
        *_preset_reason(before, after),
        *_assets_reason(changes),
        *_touched_reason(changes),
    )
    if reasons:
        return reasons
    detail = "the fingerprint differs, although no single field does"
    return (Reason(code=ReasonCode.PAYLOAD_CHANGED, detail=detail),)


def meta_reasons(job: ResolvedJob, latest: Attempt) -> tuple[Reason, ...]:
    """What differs without being worth another run, unless the job's policy says that it is."""
    before, after = latest.export_job.emailSetting, job.export_job.emailSetting
    if before is after:
        return ()
    change = FieldChange(field="emailSetting", before=before.value, after=after.value)
    counts = "and `rerun_on` says that it counts"
    word = counts if job.policy.rerun_on_email else "which alone never runs a job again"
    detail = f"emailSetting differs, {word}"
    return (Reason(code=ReasonCode.META_CHANGED, detail=detail, fields=(change,)),)


def asset_changes(
    before: tuple[AssetVersion, ...], after: tuple[AssetVersion, ...]
) -> tuple[AssetChange, ...]:
    """Sorted by path. An asset that changed its type is another asset: one gone, one new."""
    if before == after:
        return ()
    old = {(asset.path, asset.type): asset for asset in before}
    new = {(asset.path, asset.type): asset for asset in after}
    changes = (_asset_change(old.get(place), new.get(place)) for place in sorted(old | new))
    return tuple(change for change in changes if change is not None)


def _asset_change(before: AssetVersion | None, after: AssetVersion | None) -> AssetChange | None:
    if before is None or after is None:
        there = before or after
        assert there is not None
        kind = AssetChangeKind.NEW if before is None else AssetChangeKind.GONE
        return AssetChange(kind=kind, path=there.path, before=before, after=after)
    if before == after:
        return None
    same = _size(before) == _size(after)
    kind = AssetChangeKind.TOUCHED if same else AssetChangeKind.CHANGED
    return AssetChange(kind=kind, path=after.path, before=before, after=after)


def _size(asset: AssetVersion) -> tuple[int | None, int | None, int | None]:
    return (asset.file_size, asset.width, asset.height)


def _payload_reason(before: ExportJob, after: ExportJob) -> tuple[Reason, ...]:
    old_words, new_words = before.stated, after.stated
    pairs = (
        ("fmt", before.fmt.value, after.fmt.value),
        ("is_modifier", before.is_modifier, after.is_modifier),
        ("macro", before.macro, after.macro),
        *(
            (name, old_words.get(name), new_words.get(name))
            for name in sorted({*old_words, *new_words})
        ),
    )
    fields = tuple(
        FieldChange(field=field, before=old, after=new) for field, old, new in pairs if old != new
    )
    if not fields:
        return ()
    names = " and ".join(change.field for change in fields)
    detail = f"{names} {'differs' if len(fields) == 1 else 'differ'} from the last attempt"
    return (Reason(code=ReasonCode.PAYLOAD_CHANGED, detail=detail, fields=fields),)


def _preset_reason(before: ExportJob, after: ExportJob) -> tuple[Reason, ...]:
    """What became of presets that both payloads use. Which ones they use is only worth a word when
    the fields that name them are the same: with others it differs anyway."""
    same_macro = before.macro == after.macro
    changes, details, edited = [], [], []
    if same_macro and before.preset != after.preset:
        changes.append(_preset_change("preset.urlModifier", before.preset, after.preset))
        edited.append(str(after.macro))
    old, new = _by_name(before.presets), _by_name(after.presets)
    is_asked_alike = same_macro and before.is_modifier == after.is_modifier
    for name in sorted(old | new if is_asked_alike else old.keys() & new.keys()):
        if old.get(name) == new.get(name):
            continue
        changes.append(_preset_change(f"presets.{name}", old.get(name), new.get(name)))
        if name not in old:
            details.append(f"image preset ${name}$ is used; the last attempt does not tell of it")
        elif name not in new:
            details.append(f"image preset ${name}$ is not used any more")
        else:
            edited.append(f"${name}$")
    if not changes:
        return ()
    detail = "; ".join([*_edited(edited), *details])
    return (Reason(code=ReasonCode.PRESET_CHANGED, detail=detail, fields=tuple(changes)),)


def _edited(macros: list[str]) -> list[str]:
    if len(macros) > 1:
        return [f"image presets {', '.join(macros)} were edited in IPS"]
    return [f"image preset {macro} was edited in IPS" for macro in macros]


def _preset_change(field: str, before: Preset | None, after: Preset | None) -> FieldChange:
    return FieldChange(
        field=field,
        before=None if before is None else before.urlModifier,
        after=None if after is None else after.urlModifier,
    )


def _by_name(presets: tuple[Preset, ...]) -> dict[str, Preset]:
    return {bare(preset.name): preset for preset in presets}


def _assets_reason(changes: tuple[AssetChange, ...]) -> tuple[Reason, ...]:
    assets = tuple(change for change in changes if change.kind is not AssetChangeKind.TOUCHED)
    if not assets:
        return ()
    signs = (
        ("+", AssetChangeKind.NEW),
        ("-", AssetChangeKind.GONE),
        ("~", AssetChangeKind.CHANGED),
    )
    counts = ((sign, sum(change.kind is kind for change in assets)) for sign, kind in signs)
    detail = "assets " + " ".join(f"{sign}{count}" for sign, count in counts if count)
    return (Reason(code=ReasonCode.ASSETS_CHANGED, detail=detail, assets=assets),)


def _touched_reason(changes: tuple[AssetChange, ...]) -> tuple[Reason, ...]:
    assets = tuple(change for change in changes if change.kind is AssetChangeKind.TOUCHED)
    if not assets:
        return ()
    which = "1 asset has" if len(assets) == 1 else f"{len(assets)} assets have"
    detail = f"{which} another lastModified, but the same size and dimensions"
    return (Reason(code=ReasonCode.ASSETS_TOUCHED, detail=detail, assets=assets),)
