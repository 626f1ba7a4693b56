"""Jobs: the concrete ExportJobs a manifest expands to, and what makes two of them the same."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass

from s7spec.model.manifest import EmailSetting, Fmt, OnUnsupported, Selection
from s7spec.model.source import Pointer, SourceDocument, SourceRange

FINGERPRINT_VERSION = 1
_SLUG_LENGTH = 40


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class JobKey:
    """Which job this is: author-chosen and stable (semantics: section 2, identity)."""

    company: str
    environment: str
    manifest: str
    export: str

    def __str__(self) -> str:
        return f"{self.company}/{self.environment}/{self.manifest}/{self.export}"

    @property
    def short(self) -> str:
        """``manifest/export``: enough within one environment."""
        return f"{self.manifest}/{self.export}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class AssetVersion:
    """An asset's content as far as IPS tells: it has no checksum (semantics: F8).

    ``path`` is folder + name, ``last_modified_ms`` milliseconds since 1970 UTC, ``file_size``
    bytes, ``width`` and ``height`` pixels; None where IPS says nothing.
    """

    path: str
    type: str
    last_modified_ms: int | None = None
    file_size: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An asset found in the company. ``handle`` is good for this run only (semantics: F6)."""

    handle: str
    name: str
    folder: str
    file_name: str
    version: AssetVersion

    @property
    def path(self) -> str:
        return self.version.path

    @property
    def type(self) -> str:
        return self.version.type


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """An image preset (IPS: ImageFormat). ``urlModifier`` is its Image Serving string."""

    name: str
    urlModifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpandedJob:
    """A job before its assets are known: every template is gone, handles are not there yet.

    ``document`` and ``pointer`` lead back to the export that declared it; ``selection`` holds
    plain strings, its own pointer leading to where they were written.
    """

    key: JobKey
    document: SourceDocument
    pointer: Pointer
    selection: Selection
    fmt: Fmt
    is_modifier: str | None
    macro: str | None
    emailSetting: EmailSetting
    on_unsupported: OnUnsupported

    @property
    def origin(self) -> SourceRange:
        """Where the export stands in its manifest."""
        return self.document.locate(self.pointer)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """The payload of one job without handles: what the fingerprint speaks about.

    ``macro`` is written with its ``$`` signs; ``preset`` is what it meant when it was read;
    ``assets`` are sorted by path.
    """

    fmt: Fmt
    is_modifier: str | None
    macro: str | None
    preset: Preset | None
    emailSetting: EmailSetting
    assets: tuple[AssetVersion, ...]

    def canonical(self) -> str:
        """One JSON text per meaning: sorted keys, NFC, no floats. ``from_canonical`` reads it."""
        return _canonical_json(_export_job_fields(self))

    @staticmethod
    def from_canonical(text: str) -> ExportJob:
        """Reads ``canonical``'s form back. Raises ValueError when the text is something else."""
        try:
            return _export_job_from(json.loads(text))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a stored ExportJob: {error}") from error

    @property
    def fingerprint(self) -> Fingerprint:
        """Content only; handles, names and positions never enter (semantics: section 2)."""
        fields = _export_job_fields(self)
        meta = {"emailSetting": fields.pop("emailSetting")}
        return Fingerprint(data=_digest(fields), meta=_digest(meta))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """``data`` decides whether a job runs again, ``meta`` never does. SHA-256, hexadecimal."""

    data: str
    meta: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludedAsset:
    path: str
    type: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedJob:
    """A job that could be submitted now: payload plus the run's handles.

    ``assets`` are in the payload's order (by path).
    """

    key: JobKey
    origin: SourceRange
    export_job: ExportJob
    assets: tuple[Asset, ...]
    excluded: tuple[ExcludedAsset, ...] = ()

    @property
    def assetHandleArray(self) -> tuple[str, ...]:
        return tuple(asset.handle for asset in self.assets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is sent to IPS for one attempt."""

    attempt_name: str
    description: str
    assetHandleArray: tuple[str, ...]
    fmt: Fmt
    is_modifier: str | None
    macro: str | None
    emailSetting: EmailSetting

    @staticmethod
    def of(job: ResolvedJob, name: str, *, description: str) -> Submission:
        """A job's payload with this run's handles, under an attempt's name."""
        payload = job.export_job
        return Submission(
            attempt_name=name,
            description=description,
            assetHandleArray=job.assetHandleArray,
            fmt=payload.fmt,
            is_modifier=payload.is_modifier,
            macro=payload.macro,
            emailSetting=payload.emailSetting,
        )


def attempt_name(key: JobKey, fingerprint: Fingerprint, generation: int) -> str:
    """``s7-<slug>-<identity8>-<fp8>-g<N>``: deterministic, so that a lost reply can be found.

    Only ASCII letters, digits and hyphens: job names stand inside ``|``-separated handles
    (facts: IPS API section 8).
    """
    slug = re.sub(r"[^A-Za-z0-9]+", "-", key.short).strip("-")[:_SLUG_LENGTH].strip("-")
    identity = hashlib.sha256(b"s7spec-id/1\0" + "\0".join(_parts(key)).encode()).hexdigest()
    return f"s7-{slug or 'export'}-{identity[:8]}-{fingerprint.data[:8]}-g{generation}"


def _canonical_json(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return unicodedata.normalize("NFC", text)


def _parts(key: JobKey) -> tuple[str, str, str, str]:
    return (key.company, key.environment, key.manifest, key.export)


def _digest(fields: object) -> str:
    tag = f"s7spec-fp/{FINGERPRINT_VERSION}\0"
    return hashlib.sha256((tag + _canonical_json(fields)).encode()).hexdigest()


def _export_job_fields(job: ExportJob) -> dict[str, object]:
    preset = job.preset
    return {
        "fmt": job.fmt.value,
        "is_modifier": job.is_modifier,
        "macro": job.macro,
        "preset": None if preset is None else [preset.name, preset.urlModifier],
        "emailSetting": job.emailSetting.value,
        "assets": [
            [a.path, a.type, a.last_modified_ms, a.file_size, a.width, a.height] for a in job.assets
        ],
    }


def _export_job_from(fields: dict[str, object]) -> ExportJob:
    preset = fields["preset"]
    if preset is not None and not isinstance(preset, list):
        raise TypeError("preset is neither null nor an array")
    assets = fields["assets"]
    if not isinstance(assets, list):
        raise TypeError("assets is not an array")
    return ExportJob(
        fmt=Fmt(str(fields["fmt"])),
        is_modifier=_text_or_none(fields["is_modifier"]),
        macro=_text_or_none(fields["macro"]),
        preset=None if preset is None else Preset(name=preset[0], urlModifier=preset[1]),
        emailSetting=EmailSetting(str(fields["emailSetting"])),
        assets=tuple(_asset_version(*row) for row in assets),
    )


def _asset_version(
    path: str,
    asset_type: str,
    last_modified_ms: int | None,
    file_size: int | None,
    width: int | None,
    height: int | None,
) -> AssetVersion:
    return AssetVersion(
        path=path,
        type=asset_type,
        last_modified_ms=last_modified_ms,
        file_size=file_size,
        width=width,
        height=height,
    )


def _text_or_none(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value
