"""Assets, payloads and keys that plans and runs are made of."""

from __future__ import annotations

from datetime import UTC, datetime

from s7spec.model.asset import AssetVersion
from s7spec.model.fingerprint import Fingerprint
from s7spec.model.job import ExportJob, JobKey
from s7spec.model.manifest import EmailSetting, Fmt
from s7spec.model.preset import Preset

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)
FINGERPRINT = Fingerprint(data="4e5f6a7b" * 8, meta="1c2d3e4f" * 8)
"""Of any job here: renderers do not compute it, and texts may be such as cannot be hashed."""

ATTEMPT_NAME = "s7-zalando-main-0a1b2c3d-4e5f6a7b-g1"

DIGEST = f"sha256:{'0123456789abcdef' * 4}"
COMMAND = f"s7spec apply plan.json --expect-digest {DIGEST}"
ZIP = "http://127.0.0.1:8712/zips/s7-zalando-main-0a1b2c3d-4e5f6a7b-g1_2026-11-23-20-15.zip"


def asset(name: str, *, megapixels: int | None = 4, size: int | None = 1_400_000) -> AssetVersion:
    """A square-ish image of the folder of products."""
    return AssetVersion(
        path=f"Acme/Products/{name}",
        type="Image",
        last_modified_ms=1_790_000_000_000,
        file_size=size,
        width=None if megapixels is None else megapixels * 500,
        height=None if megapixels is None else 2000,
    )


MUGS = tuple(asset(f"PS_{number}_mug") for number in range(1001, 1049))


def export_job(
    is_modifier: str | None = "wid=762&hei=1100",
    *,
    assets: tuple[AssetVersion, ...] = MUGS,
    email: EmailSetting = EmailSetting.ERROR,
    preset: Preset | None = None,
    presets: tuple[Preset, ...] = (),
) -> ExportJob:
    plain = is_modifier is None and preset is None
    return ExportJob(
        fmt=Fmt.ORIG if plain else Fmt.CONVERT,
        is_modifier=is_modifier,
        macro=None if preset is None else f"${preset.name}$",
        preset=preset,
        emailSetting=email,
        assets=assets,
        presets=presets,
    )


def key(manifest: str, export: str) -> JobKey:
    return JobKey(company="acme", environment="local", manifest=manifest, export=export)
