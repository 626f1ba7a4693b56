"""Which picture of the catalog a preview shows, and by which full modifier."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from s7spec.emulator.catalog.asset_types import PICTURES
from s7spec.emulator.catalog.model import Asset
from s7spec.emulator.company.profiles import profiles_for
from s7spec.emulator.company.view import Catalog
from s7spec.emulator.image_serving.address import Address
from s7spec.emulator.image_serving.refusal import Refused
from s7spec.emulator.render import ImageServerSettings, effective_modifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One rendering to be made. ``version`` changes with everything that decides its bytes;
    ``modified`` is the time of the asset, UTC, to the second."""

    asset: Asset
    source: Path
    modifier: str
    settings: ImageServerSettings
    version: str
    modified: datetime


def find_asset(catalog: Catalog, address: Address, *, unpublished: bool) -> Asset | None:
    """The asset at an address as far as it is served, else None.

    What is in the trash or not marked for publishing is not served; ``unpublished`` serves that
    as well. That marking alone publishes is a guess: there are no publish jobs here.
    """
    roots = {company.root_path: company for company in catalog.companies}
    company = roots.get(f"{address.company}/")
    asset = None if company is None else catalog.asset_named(company.number, address.asset)
    if asset is None or unpublished:
        return asset
    served = asset.ready_for_publish and asset.trash_state == "NotInTrash"
    return asset if served else None


def set_up(catalog: Catalog, asset: Asset, query_modifier: str) -> Shot:
    """Raises Refused for what is no picture, RenderError for unknown presets and the like."""
    if asset.source is None or asset.type not in PICTURES:
        why = f"is of type {asset.type}" if asset.type not in PICTURES else "has no file"
        raise Refused(f"{asset.name} {why}: the embedded IPS renders no preview")
    try:
        status = asset.source.stat()
    except OSError as error:
        raise Refused(f"{asset.name}: the file cannot be read: {error.strerror}") from error
    presets = {preset.name: preset.url_modifier for preset in catalog.presets(asset.company)}
    # The asset's own modifiers stand before and after the request (facts: IS section 3).
    texts = (asset.url_modifier, query_modifier, asset.url_post_apply_modifier)
    parts = [effective_modifier(text, None, presets) for text in texts]
    modifier = "&".join(part for part in parts if part)
    settings = ImageServerSettings(
        default_pix=catalog.settings.default_pix,
        max_pix=catalog.settings.max_pix,
        jpeg_quality=catalog.settings.jpeg_quality,
        background=catalog.settings.background,
        icc_profiles=profiles_for(catalog, asset.company, modifier),
    )
    decides: tuple[object, ...] = (
        asset.number,
        asset.last_modified,
        status.st_mtime_ns,
        status.st_size,
    )
    for profile in settings.icc_profiles:
        with suppress(OSError):  # rendering says what is wrong with it
            decides = (*decides, profile.path.stat().st_mtime_ns)
    return Shot(
        asset=asset,
        source=asset.source,
        modifier=modifier,
        settings=settings,
        version=hashlib.sha256(repr((*decides, modifier, settings)).encode()).hexdigest()[:32],
        modified=asset.last_modified.astimezone(UTC).replace(microsecond=0),
    )
