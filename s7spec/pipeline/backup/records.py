"""Records out of the lines of a backup."""

from __future__ import annotations

from datetime import datetime

from s7spec.model.asset import AssetVersion
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import ExportJob, JobKey
from s7spec.model.ledger import (
    AssetOutcome,
    Attempt,
    AttemptEvent,
    AttemptState,
    FailureClass,
    LedgerRecord,
    OutcomeKind,
    complaints_about_history,
)
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.preset import Preset
from s7spec.model.schedule import Timing, timing_from
from s7spec.pipeline.backup.parts import BackupFileError, Part

_ASSET_CELLS = 6
_PAIR = 2
_FIRST_YEAR = 1970


def record_from(value: dict[str, object], number: int) -> LedgerRecord:
    """``number`` is that of the line. Raises BackupFileError."""
    part = Part(value, whole=f"line {number}")
    try:
        attempt = _attempt(part.at("attempt"))
        events = tuple(_event(event, attempt.name) for event in part.at("events").each())
        for complaint in complaints_about_history(attempt, events):
            raise BackupFileError(complaint)
        digest = part.at("spec_digest").sha256_or_none()
        return LedgerRecord(
            attempt=attempt,
            events=events,
            is_latest=part.at("is_latest").flag(),
            spec_digest=None if digest is None else bytes.fromhex(digest),
        )
    except BackupFileError as error:
        raise BackupFileError(f"line {number} of the backup cannot be used: {error}") from error


def _attempt(part: Part) -> Attempt:
    only, ended_at = part.at("only").or_none(), part.at("ended_at").or_none()
    failure = part.at("failure").or_none()
    return Attempt(
        name=_some_text(part.at("name")),
        key=JobKey(
            company=part.at("company").text(),
            environment=part.at("environment").text(),
            manifest=part.at("manifest").text(),
            export=part.at("export").text(),
        ),
        generation=part.at("generation").whole(least=1),
        fingerprint=_fingerprint(part.at("fingerprint")),
        export_job=_export_job(part.at("export_job")),
        state=part.at("state").choice(AttemptState),
        intended_at=_moment(part.at("intended_at")),
        updated_at=_moment(part.at("updated_at")),
        version=part.at("version").whole(least=1),
        handle=part.at("handle").text_or_none(),
        run_handle=part.at("run_handle").text_or_none(),
        message=part.at("message").text(),
        zip_urls=tuple(url.text() for url in part.at("zip_urls").each()),
        outcomes=tuple(_outcome(outcome) for outcome in part.at("outcomes").each()),
        forgotten=part.at("forgotten").flag(),
        only=None if only is None else tuple(_asset(asset) for asset in only.each()),
        timing=_timing(part.at("timing").text_or_none()),
        rerun=part.at("rerun").text_or_none(),
        tries=part.at("tries").whole(least=1),
        ended_at=None if ended_at is None else _moment(ended_at),
        failure=None if failure is None else failure.choice(FailureClass),
    )


def _some_text(part: Part) -> str:
    text = part.text()
    if not text:
        raise BackupFileError("an attempt has no name")
    return text


def _fingerprint(part: Part) -> Fingerprint:
    data, meta = part.at("data").sha256_or_none(), part.at("meta").sha256_or_none()
    if data is None or meta is None:
        raise BackupFileError("an attempt has no fingerprint")
    return Fingerprint(data=data, meta=meta)


def _export_job(part: Part) -> ExportJob:
    preset = part.at("preset").or_none()
    return ExportJob(
        fmt=part.at("fmt").choice(Fmt),
        is_modifier=part.at("is_modifier").text_or_none(),
        macro=part.at("macro").text_or_none(),
        preset=None if preset is None else _preset(preset),
        presets=tuple(_preset(each) for each in part.at("presets").each()),
        emailSetting=part.at("emailSetting").choice(EmailSetting),
        code_version=part.at("code_version").text_or_none(),
        inputs=tuple(
            _pair(each, "an input is not a name with a value") for each in part.at("inputs").each()
        ),
        assets=tuple(_asset(asset) for asset in part.at("assets").each()),
    )


def _preset(part: Part) -> Preset:
    name, modifier = _pair(part, "a preset is not a name with a modifier")
    return Preset(name=name, urlModifier=modifier)


def _pair(part: Part, otherwise: str) -> tuple[str, str]:
    cells = tuple(cell.text() for cell in part.each())
    if len(cells) != _PAIR:
        raise BackupFileError(otherwise)
    return cells[0], cells[1]


def _asset(part: Part) -> AssetVersion:
    cells = tuple(part.each())
    if len(cells) != _ASSET_CELLS:
        raise BackupFileError(f"an asset has {len(cells)} values, not {_ASSET_CELLS}")
    path, kind, modified, *numbers = cells
    file_size, width, height = (number.whole_or_none() for number in numbers)
    return AssetVersion(
        path=path.text(),
        type=kind.text(),
        last_modified_ms=modified.whole_or_none(),
        file_size=file_size,
        width=width,
        height=height,
    )


def _outcome(part: Part) -> AssetOutcome:
    return AssetOutcome(
        asset=_asset(part.at("asset")),
        kind=part.at("kind").choice(OutcomeKind),
        message=part.at("message").text(),
    )


def _event(part: Part, attempt_name: str) -> AttemptEvent:
    return AttemptEvent(
        attempt_name=attempt_name,
        version=part.at("version").whole(least=1),
        state=part.at("state").choice(AttemptState),
        at=_moment(part.at("at")),
        message=part.at("message").text(),
    )


def _moment(part: Part) -> datetime:
    moment = part.moment()
    if moment.year < _FIRST_YEAR:
        raise BackupFileError(f"nothing was exported in {moment.year}")
    return moment


def _timing(text: str | None) -> Timing | None:
    try:
        return None if text is None else timing_from(text)
    except ValueError as error:
        raise BackupFileError(str(error)) from error
