"""One item out of a plan file, and all that stands in it."""

from __future__ import annotations

from s7spec.model.asset import AssetVersion, ExcludedAsset
from s7spec.model.effective import EffectiveCommand
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import ExportJob, JobKey
from s7spec.model.ledger import Prior
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.pictures import PictureFlag, PredictedPictures
from s7spec.model.plan import (
    Action,
    AssetChange,
    AssetChangeKind,
    FieldChange,
    PlanItem,
    Reason,
    ReasonCode,
)
from s7spec.model.preset import Preset
from s7spec.model.schedule import Timing, cron_problem, timing_from
from s7spec.model.source import SourceRange
from s7spec.plan.parts import Part, PlanFileError


def item_from(part: Part) -> PlanItem:
    job, prior = part.at("export_job").or_none(), part.at("prior").or_none()
    fingerprint, origin = part.at("fingerprint").or_none(), part.at("origin").or_none()
    predicted = part.at("predicted").or_none()
    only, moved_from = part.at("only").or_none(), part.at("moved_from").or_none()
    return PlanItem(
        key=_key(part.at("key")),
        action=part.at("action").choice(Action),
        reasons=tuple(_reason(reason) for reason in part.at("reasons").each()),
        attempt_name=part.at("attempt_name").text(),
        generation=part.at("generation").whole(least=0),
        fingerprint=None if fingerprint is None else _fingerprint(fingerprint),
        export_job=None if job is None else _export_job(job),
        prior=None if prior is None else _prior(prior),
        origin=None if origin is None else range_from(origin),
        excluded=tuple(_excluded(asset) for asset in part.at("excluded").each()),
        unsafe_modifiers=tuple(name.text() for name in part.at("unsafe_modifiers").each()),
        predicted=None if predicted is None else _predicted(predicted),
        spec_digest=part.at("spec_digest").sha256_or_none(),
        only=None if only is None else tuple(_asset(asset) for asset in only.each()),
        timing=_timing(part.at("timing")),
        rerun=part.at("rerun").text_or_none(),
        tries=part.at("tries").whole(least=1),
        stops_older=part.at("stops_older").flag(),
        moved_from=None if moved_from is None else _key(moved_from),
        effective=tuple(_effective(command) for command in part.at("effective").each()),
    )


def _effective(part: Part) -> EffectiveCommand:
    return EffectiveCommand(
        command=part.at("command").text(),
        origin=part.at("origin").text(),
        overrides=tuple(command.text() for command in part.at("overrides").each()),
        order_is_inferred=part.at("order_is_inferred").flag(),
    )


def _timing(part: Part) -> Timing | None:
    text = part.text_or_none()
    try:
        timing = None if text is None else timing_from(text)
    except (ValueError, OverflowError) as error:
        raise PlanFileError(f"{text!r:.60} is no timing") from error
    if timing is not None and timing.cron is not None and cron_problem(timing.cron):
        raise PlanFileError(f"{text!r:.60} is no timing: it {cron_problem(timing.cron)}")
    return timing


def _predicted(part: Part) -> PredictedPictures:
    texts = {name: part.at(name).text() for name in ("format", "extension", "preview")}
    numbers = {name: part.at(name).whole(least=0) for name in _FIGURES}
    flags = tuple(
        PictureFlag(flag=each.at("flag").text(), pictures=each.at("pictures").whole(least=0))
        for each in part.at("flags").each()
    )
    return PredictedPictures(
        format=texts["format"],
        extension=texts["extension"],
        flags=flags,
        unknown_because=tuple(each.text() for each in part.at("unknown_because").each()),
        preview=texts["preview"],
        **numbers,
    )


_FIGURES = (
    *("pictures", "unknown", "least_width", "most_width", "least_height", "most_height"),
    *("least_bytes", "likely_bytes", "most_bytes"),
)


def _key(part: Part) -> JobKey:
    return JobKey(
        company=part.at("company").text(),
        environment=part.at("environment").text(),
        manifest=part.at("manifest").text(),
        export=part.at("export").text(),
    )


def _reason(part: Part) -> Reason:
    return Reason(
        code=part.at("code").choice(ReasonCode),
        detail=part.at("detail").text(),
        fields=tuple(_field_change(change) for change in part.at("fields").each()),
        assets=tuple(_asset_change(change) for change in part.at("assets").each()),
    )


def _field_change(part: Part) -> FieldChange:
    return FieldChange(
        field=part.at("field").text(),
        before=part.at("before").text_or_none(),
        after=part.at("after").text_or_none(),
    )


def _asset_change(part: Part) -> AssetChange:
    before, after = part.at("before").or_none(), part.at("after").or_none()
    return AssetChange(
        kind=part.at("kind").choice(AssetChangeKind),
        path=part.at("path").text(),
        before=None if before is None else _asset(before),
        after=None if after is None else _asset(after),
    )


def _fingerprint(part: Part) -> Fingerprint:
    return Fingerprint(data=part.at("data").text(), meta=part.at("meta").text())


def _export_job(part: Part) -> ExportJob:
    preset = part.at("preset").or_none()
    return ExportJob(
        fmt=part.at("fmt").choice(Fmt),
        is_modifier=part.at("is_modifier").text_or_none(),
        macro=part.at("macro").text_or_none(),
        preset=None if preset is None else _preset(preset),
        emailSetting=part.at("emailSetting").choice(EmailSetting),
        assets=tuple(_asset(asset) for asset in part.at("assets").each()),
        presets=tuple(_preset(preset) for preset in part.at("presets").each()),
        code_version=part.at("code_version").text_or_none(),
        inputs=tuple(_input(pair) for pair in part.at("inputs").each()),
    )


def _input(part: Part) -> tuple[str, str]:
    pair = [each.text() for each in part.each()]
    if len(pair) != 2:
        raise PlanFileError("an input is not a name and its value")
    return pair[0], pair[1]


def _preset(part: Part) -> Preset:
    return Preset(name=part.at("name").text(), urlModifier=part.at("urlModifier").text())


def _asset(part: Part) -> AssetVersion:
    return AssetVersion(
        path=part.at("path").text(),
        type=part.at("type").text(),
        last_modified_ms=part.at("last_modified_ms").milliseconds_or_none(),
        file_size=part.at("file_size").whole_or_none(),
        width=part.at("width").whole_or_none(),
        height=part.at("height").whole_or_none(),
    )


def _prior(part: Part) -> Prior:
    return Prior(
        attempt_name=part.at("attempt_name").text(), version=part.at("version").whole(least=0)
    )


def _excluded(part: Part) -> ExcludedAsset:
    return ExcludedAsset(
        path=part.at("path").text(), type=part.at("type").text(), reason=part.at("reason").text()
    )


def range_from(part: Part) -> SourceRange:
    return SourceRange(
        path=part.at("path").text(),
        line=part.at("line").whole(least=0),
        column=part.at("column").whole(least=0),
        end_line=part.at("end_line").whole(least=0),
        end_column=part.at("end_column").whole(least=0),
    )
