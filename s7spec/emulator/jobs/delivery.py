"""What one asset of an export job turns into."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from s7spec.emulator.catalog.asset_types import PICTURES, SETS, TEMPLATES
from s7spec.emulator.catalog.model import Asset
from s7spec.emulator.company.profiles import profiles_for
from s7spec.emulator.company.view import Catalog
from s7spec.emulator.render import (
    ImageServerSettings,
    RenderError,
    effective_modifier,
    render,
)
from s7spec.emulator.store.job import ExportOrder


class Undeliverable(Exception):
    """This asset cannot be exported; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A file for the ZIP: ``content`` is rendered bytes, or the path of the original."""

    name: PurePosixPath
    content: bytes | Path
    warnings: tuple[str, ...] = ()


class Deliverer:
    """Renders the assets of one job. Thread-safe: assets are rendered side by side."""

    def __init__(self, order: ExportOrder, catalog: Catalog, company: int) -> None:
        self._order = order
        self._catalog = catalog
        self._company = company
        self._settings = ImageServerSettings(
            default_pix=catalog.settings.default_pix,
            max_pix=catalog.settings.max_pix,
            jpeg_quality=catalog.settings.jpeg_quality,
            background=catalog.settings.background,
        )

    @cached_property
    def _presets(self) -> dict[str, str]:
        """Read when the first picture is rendered."""
        found = self._catalog.presets(self._company)
        return {preset.name: preset.url_modifier for preset in found}

    def renders(self, asset: Asset | None) -> bool:
        """Whether ``deliver`` has to render it, which takes a while."""
        return (
            asset is not None
            and self._order.fmt != "orig"
            and asset.type in PICTURES
            and asset.source is not None
        )

    def deliver(self, asset: Asset | None) -> Delivery:
        """Raises Undeliverable, for whatever reason the picture gives."""
        if asset is None:
            raise Undeliverable("there is no such asset")
        if asset.type in SETS:
            raise Undeliverable(f"assets of type {asset.type} cannot be exported")
        if asset.type in TEMPLATES:
            raise Undeliverable(
                "templates cannot be exported as originals"
                if self._order.fmt == "orig"
                else "the embedded IPS does not render templates"
            )
        if asset.source is None:
            raise Undeliverable("the asset has no file")
        if self._order.fmt == "orig":
            return _original(asset, asset.source)
        if asset.type not in PICTURES:
            note = f"assets of type {asset.type} are not converted here; exported as the original"
            return _original(asset, asset.source, note)
        return self._rendered(asset, asset.source)

    def _rendered(self, asset: Asset, source: Path) -> Delivery:
        try:
            modifier = self._modifier(asset)
            profiles = profiles_for(self._catalog, asset.company, modifier)
            settings = replace(self._settings, icc_profiles=profiles)
            rendered = render(source, modifier, settings)
        except RenderError as error:
            raise Undeliverable(str(error)) from error
        except Exception as error:  # decoders of damaged files raise anything
            detail = f"{type(error).__name__}: {error}"
            raise Undeliverable(f"the picture cannot be read or rendered ({detail})") from error
        name = PurePosixPath(PurePosixPath(asset.file_name).stem + rendered.extension)
        return Delivery(name=name, content=rendered.data, warnings=rendered.warnings)

    def _modifier(self, asset: Asset) -> str:
        """The asset's own modifiers stand before and after the request (facts: IS section 3)."""
        request = effective_modifier(self._order.is_modifier, self._order.macro, self._presets)
        before = effective_modifier(asset.url_modifier, None, self._presets)
        after = effective_modifier(asset.url_post_apply_modifier, None, self._presets)
        return "&".join(part for part in (before, request, after) if part)


def _original(asset: Asset, source: Path, *warnings: str) -> Delivery:
    return Delivery(name=PurePosixPath(asset.file_name), content=source, warnings=warnings)
