"""A catalog folder read once, without a server: its pictures rendered as exports would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from s7spec.emulator.catalog.asset_types import PICTURES
from s7spec.emulator.catalog.building import read_contents
from s7spec.emulator.catalog.files import FoundFile, scan
from s7spec.emulator.catalog.model import Asset
from s7spec.emulator.catalog.pictures import PictureFacts, PictureReader
from s7spec.emulator.render import (
    IccProfileFile,
    ImageServerSettings,
    Rendered,
    RenderError,
    effective_modifier,
    profile_name,
    render,
)

_PROFILE = "IccProfile"


class CatalogAtRest:
    """Assets by their paths, such as ``Acme/Products/mug``. Presets and files that were changed
    through the API are not seen, for they lie in a server's data."""

    def __init__(self, folder: Path) -> None:
        """Raises CatalogError, OSError."""
        contents = read_contents(folder, scan(folder), _Unread())
        self._assets = {f"{each.folder}{each.name}": each for each in contents.assets}
        self._by_name = {(each.company, each.name): each for each in contents.assets}
        self._presets = {each.name: each.url_modifier for each in contents.refined.presets}
        settings = contents.refined.settings
        self._settings = ImageServerSettings(
            default_pix=settings.default_pix,
            max_pix=settings.max_pix,
            jpeg_quality=settings.jpeg_quality,
            background=settings.background,
        )

    def picture(self, path: str) -> Path | None:
        """The file of an asset that can be rendered."""
        asset = self._assets.get(path)
        return None if asset is None or asset.type not in PICTURES else asset.source

    def render(
        self,
        path: str,
        is_modifier: str | None,
        macro: str | None,
        presets: Mapping[str, str],
        *,
        more: str = "",
        own: bool = True,
    ) -> Rendered:
        """``presets`` come before those of the catalog. ``more`` stands behind everything that the
        job and the asset say; without ``own`` the asset says nothing. Raises RenderError."""
        asset = self._assets.get(path)
        if asset is None or asset.type not in PICTURES or asset.source is None:
            raise RenderError("the catalog has no picture of this path")
        known = {**self._presets, **presets}
        # The asset's own modifiers stand before and after the request (facts: IS section 3).
        parts = (
            effective_modifier(asset.url_modifier if own else "", None, known),
            effective_modifier(is_modifier, macro, known),
            effective_modifier(asset.url_post_apply_modifier if own else "", None, known),
            more,
        )
        modifier = "&".join(part for part in parts if part)
        try:
            profiles = self._profiles(asset, modifier)
            settings = replace(self._settings, icc_profiles=profiles)
            return render(asset.source, modifier, settings)
        except RenderError:
            raise
        except Exception as error:  # decoders of damaged files raise anything
            raise RenderError(f"cannot be read or rendered ({type(error).__name__})") from error

    def _profiles(self, asset: Asset, modifier: str) -> tuple[IccProfileFile, ...]:
        """The profile that ``icc`` names, if the company has it."""
        name = profile_name(modifier) if "icc=" in modifier.lower() else None
        found = self._by_name.get((asset.company, name)) if name else None
        if found is None or found.type != _PROFILE or found.source is None:
            return ()
        return (IccProfileFile(name=found.name, path=found.source),)


class _Unread(PictureReader):
    """Opens no file: a catalog has thousands, and a few of them are rendered."""

    def read(self, folder: Path, found: FoundFile) -> PictureFacts:
        return PictureFacts(width=0, height=0, resolution=0.0)
