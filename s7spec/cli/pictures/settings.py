"""What a job asks for, and what its last attempt asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from s7spec.model.job import ExportJob
from s7spec.model.manifest import Fmt
from s7spec.model.plan import FieldChange, PlanItem
from s7spec.model.preset import bare

_OF_PRESETS = "presets."


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """``presets`` are what was read of those that are used, by name."""

    fmt: str
    is_modifier: str | None
    macro: str | None
    presets: Mapping[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[object, ...]:
        return self.fmt, self.is_modifier, self.macro, tuple(sorted(self.presets.items()))


def settings_of(job: ExportJob) -> Settings:
    presets = job.presets if job.preset is None else (job.preset, *job.presets)
    return Settings(
        fmt=job.fmt.value,
        is_modifier=job.is_modifier,
        macro=job.macro,
        presets={bare(each.name): each.urlModifier for each in presets},
    )


def settings_before(item: PlanItem) -> Settings | None:
    """Of the last attempt, if it asked for something else that decides pixels."""
    if item.export_job is None:
        return None
    now = settings_of(item.export_job)
    before = now
    for reason in item.reasons:
        for change in reason.fields:
            before = _undone(before, change)
    return None if before == now else before


def _undone(settings: Settings, change: FieldChange) -> Settings:
    match change.field:
        case "fmt":
            return replace(settings, fmt=change.before or Fmt.CONVERT.value)
        case "is_modifier":
            return replace(settings, is_modifier=change.before)
        case "macro":
            return replace(settings, macro=change.before)
        case "preset.urlModifier":
            return _with_preset(settings, bare(settings.macro or ""), change.before)
        case field if field.startswith(_OF_PRESETS):
            return _with_preset(settings, field.removeprefix(_OF_PRESETS), change.before)
    return settings


def _with_preset(settings: Settings, name: str, text: str | None) -> Settings:
    kept = {each: value for each, value in settings.presets.items() if each != name}
    return replace(settings, presets=kept if text is None else {**kept, name: text})
