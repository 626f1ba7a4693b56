"""Jobs: the concrete ExportJobs a manifest expands to, and what makes two of them the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from s7spec.model.asset import Asset, AssetVersion, ExcludedAsset
from s7spec.model.digest import sha256
from s7spec.model.fingerprint import Fingerprint, canonical_json, canonical_text, fingerprint_of
from s7spec.model.manifest import EmailSetting, Fmt, ModifierMapping, OnUnsupported, Schedule
from s7spec.model.pictures import PredictedPictures
from s7spec.model.policy import USUAL, JobPolicy
from s7spec.model.preset import Preset
from s7spec.model.selection import Selection
from s7spec.model.sharing import OncePerObject
from s7spec.model.source import Place, SourceRange
from s7spec.model.spec import spec_digest
from s7spec.model.values import made_quickly

_SLUG_LENGTH = 40
_ASKED_AGAIN = 8


@made_quickly
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


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """What the jobs of one export have in common. ``places`` are where its keys were written;
    ``stated_modifier`` is ``is_modifier`` as it is written, with its templates, and
    ``unsafe_modifiers`` are the commands allowed in it by name. ``inputs`` are sorted by name.
    ``schedule`` is as it is written, ``policy`` has its moment in UTC. ``used_at`` is the entry of
    the manifest that uses the template it stands in, if it does.
    """

    company: str
    environment: str
    manifest: str
    place: Place
    places: Mapping[str, Place]
    fmt: Fmt
    emailSetting: EmailSetting = EmailSetting.ERROR
    on_unsupported: OnUnsupported = OnUnsupported.FAIL
    code_version: str | None = None
    inputs: tuple[tuple[str, str], ...] = ()
    policy: JobPolicy = USUAL
    max_assets: int | None = None
    schedule: Schedule | None = None
    stated_modifier: str | ModifierMapping | None = None
    unsafe_modifiers: tuple[str, ...] = ()
    used_at: Place | None = None

    def place_of(self, key: str) -> Place:
        """Where a key of the export was written; the export itself when nobody wrote it."""
        return self.places.get(key, self.place)

    @property
    def entry(self) -> Place:
        """The entry of the manifest's ``exports`` that makes the jobs."""
        return self.used_at or self.place


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class ExpandedJob:
    """A job before its assets are known: every template is gone, handles are not there yet.

    ``export`` is the job's own part of its key. ``selection`` holds plain strings, its own place
    leading to where they were written. Jobs come in hundreds of thousands: what they share stands
    in ``settings``.
    """

    export: str
    settings: JobSettings
    selection: Selection
    is_modifier: str | None
    macro: str | None

    @property
    def key(self) -> JobKey:
        shared = self.settings
        return JobKey(
            company=shared.company,
            environment=shared.environment,
            manifest=shared.manifest,
            export=self.export,
        )

    @property
    def fmt(self) -> Fmt:
        return self.settings.fmt

    @property
    def emailSetting(self) -> EmailSetting:
        return self.settings.emailSetting

    @property
    def on_unsupported(self) -> OnUnsupported:
        return self.settings.on_unsupported

    @property
    def origin(self) -> SourceRange:
        """The entry of the manifest's ``exports`` that makes the job."""
        return self.settings.entry.locate()

    def place_of(self, key: str) -> Place:
        """Where a key of the export was written; the export itself when nobody wrote it."""
        return self.settings.place_of(key)

    def spec_digest(self) -> bytes:
        """SHA-256 over what is asked for: equal digests ask for the same, whatever IPS has.

        As in the fingerprint ``emailSetting`` does not count, nor when and where: schedule,
        labels, positions.
        """
        settings = self.settings
        return spec_digest(
            self.selection,
            fmt=settings.fmt,
            mode=settings.policy.mode,
            max_assets=settings.max_assets,
            is_modifier=self.is_modifier,
            macro=self.macro,
            code_version=settings.code_version,
            inputs=settings.inputs,
        )


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """The payload of one job without handles: what the fingerprint speaks about.

    ``macro`` is written with its ``$`` signs; ``preset`` is what it meant when it was read, None
    when it is built into Image Serving. ``presets`` are those that ``is_modifier`` or any of the
    presets names beyond that one, sorted by name. ``assets`` are sorted by path.
    ``code_version`` and ``inputs``, sorted by name, are what its author says beyond what IPS tells.
    """

    fmt: Fmt
    is_modifier: str | None
    macro: str | None
    preset: Preset | None
    emailSetting: EmailSetting
    assets: tuple[AssetVersion, ...]
    presets: tuple[Preset, ...] = ()
    code_version: str | None = None
    inputs: tuple[tuple[str, str], ...] = ()

    @property
    def stated(self) -> Mapping[str, str]:
        """What its author says beyond what IPS tells: ``code_version`` and ``inputs.NAME``."""
        version = {} if self.code_version is None else {"code_version": self.code_version}
        return {**version, **{f"inputs.{name}": value for name, value in self.inputs}}

    def canonical(self) -> str:
        """One JSON text per meaning: sorted keys, NFC, no floats."""
        assets = [asset.cells() for asset in self.assets]
        meta = {"emailSetting": self.emailSetting.value}
        return canonical_json({"assets": assets, **meta, **_data_fields(self)})

    def narrowed(self, only: tuple[AssetVersion, ...] | None) -> ExportJob:
        """The same for these assets; None: for all."""
        return self if only is None else replace(self, assets=only)

    @property
    def fingerprint(self) -> Fingerprint:
        """Content only; handles, names and positions never enter (semantics: section 2)."""
        return _fingerprint_of(self)


@made_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedJob:
    """A job that could be submitted now: payload plus the run's handles.

    ``assets`` are in the payload's order (by path). ``spec_digest`` is that of the ExpandedJob it
    comes from, None when that is not known. ``unsafe_modifiers`` are what it uses of the commands
    that its manifest had to allow by name, ``predicted`` what its pictures become: None for
    originals, and where nobody looked.
    """

    key: JobKey
    origin: SourceRange
    export_job: ExportJob
    assets: tuple[Asset, ...]
    excluded: tuple[ExcludedAsset, ...] = ()
    spec_digest: bytes | None = None
    unsafe_modifiers: tuple[str, ...] = ()
    predicted: PredictedPictures | None = None
    policy: JobPolicy = USUAL

    @property
    def assetHandleArray(self) -> tuple[str, ...]:
        return tuple(asset.handle for asset in self.assets)


def attempt_name(key: JobKey, fingerprint: Fingerprint, generation: int) -> str:
    """``s7-<slug>-<identity8>-<fp8>-g<N>``: deterministic, so that a lost reply can be found.

    Only ASCII letters, digits and hyphens: job names stand inside ``|``-separated handles
    (facts: IPS API section 8).
    """
    return f"{_name_of_key(key)}-{fingerprint.data[:8]}-g{generation}"


def name_prefix(key: JobKey) -> str:
    """What the names of all attempts of a job begin with, up to the fingerprint."""
    return split_attempt_name(attempt_name(key, Fingerprint(data="", meta=""), 1))[0]


def split_attempt_name(name: str) -> tuple[str, int]:
    """The name without its generation, and the generation: 0 when it names none."""
    stem, _, generation = name.rpartition("-g")
    is_one = generation.isascii() and generation.isdecimal() and len(generation) < 10
    is_one = is_one and not generation.startswith("0")
    return (stem, int(generation)) if is_one else (name, 0)


def _name_of_key_anew(key: JobKey) -> str:
    slug = re.sub(r"[^A-Za-z0-9]+", "-", key.short).strip("-")[:_SLUG_LENGTH].strip("-")
    identity = sha256(b"s7spec-id/1\0" + "\0".join(_parts(key)).encode()).hexdigest()
    return f"s7-{slug or 'export'}-{identity[:8]}"


# A plan asks for several names of a job in a row.
_name_of_key = OncePerObject(_name_of_key_anew, most=_ASKED_AGAIN)


def _parts(key: JobKey) -> tuple[str, str, str, str]:
    return (key.company, key.environment, key.manifest, key.export)


def _fingerprint_anew(job: ExportJob) -> Fingerprint:
    meta = f'{{"emailSetting":"{job.emailSetting}"}}'
    return fingerprint_of(job.assets, data=_data_text(job), meta=meta)


# A plan asks several times in a row: to compare, to name, to keep.
_fingerprint_of = OncePerObject(_fingerprint_anew, most=_ASKED_AGAIN)


def _data_text(job: ExportJob) -> str:
    """The canonical JSON of ``_data_fields``: that of most jobs is put together by hand, for there
    are hundreds of thousands."""
    if job.preset is None and not (job.presets or job.inputs) and job.code_version is None:
        is_modifier, macro = canonical_text(job.is_modifier), canonical_text(job.macro)
        return f'{{"fmt":"{job.fmt}","is_modifier":{is_modifier},"macro":{macro},"preset":null}}'
    return canonical_json(_data_fields(job))


def _data_fields(job: ExportJob) -> dict[str, object]:
    preset = job.preset
    # Only where there are any: what was sent before they were kept has the fingerprint it had.
    more: dict[str, object] = {}
    if job.presets:
        more["presets"] = [each.cells() for each in job.presets]
    if job.code_version is not None:
        more["code_version"] = job.code_version
    if job.inputs:
        more["inputs"] = dict(job.inputs)
    return {
        "fmt": job.fmt.value,
        "is_modifier": job.is_modifier,
        "macro": job.macro,
        "preset": None if preset is None else preset.cells(),
        **more,
    }
