"""Renders pictures with the embedded IPS's renderer, and makes small copies of them."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Iterator

from PIL import Image

from s7spec.cli.pictures.choosing import Trait
from s7spec.cli.pictures.settings import Settings
from s7spec.emulator.catalog.at_rest import CatalogAtRest
from s7spec.emulator.render import BROKEN, READABLE, Rendered, RenderError
from s7spec.model.asset import AssetVersion
from s7spec.report.html import Picture

SIDE = 320
"""Pixels of the longer side of a small copy."""

_SOURCE = f"wid={SIDE}&hei={SIDE}&fit=constrain,0&fmt=png-alpha,rgb"
_SHOWN = ("JPEG", "PNG", "TIFF", "GIF", "WEBP", "AVIF", "JPEG2000")
"""What is read back of what was rendered; of others a copy is rendered as PNG."""
_UNREADABLE = (*BROKEN, Image.DecompressionBombError, Image.DecompressionBombWarning)
_QUALITY = 82


class Darkroom:
    """Remembers what it rendered: jobs share pictures and settings. Errors are RenderErrors."""

    def __init__(self, catalog: CatalogAtRest) -> None:
        self._catalog = catalog
        self._sources: dict[AssetVersion, Picture] = {}
        self._made: dict[object, tuple[Picture, tuple[str, ...]] | RenderError] = {}
        self._traits: dict[str, tuple[Trait, ...]] = {}

    def look(self, asset: AssetVersion) -> tuple[Trait, ...]:
        """What the head of its file says: no pixel is decoded."""
        if asset.path not in self._traits:
            self._traits[asset.path] = tuple(self._look(asset.path))
        return self._traits[asset.path]

    def source(self, asset: AssetVersion) -> Picture:
        """A small copy of the picture as it lies in the catalog."""
        if asset not in self._sources:
            rendered = self._catalog.render(asset.path, _SOURCE, None, {}, own=False)
            width, height = asset.width or rendered.width, asset.height or rendered.height
            self._sources[asset] = Picture(
                uri=_small(rendered), width=width, height=height, size_bytes=asset.file_size or 0
            )
        return self._sources[asset]

    def converted(self, asset: AssetVersion, settings: Settings) -> tuple[Picture, tuple[str, ...]]:
        """What the settings make of it, and what the renderer had to say."""
        key = (asset, settings.identity)
        if key not in self._made:
            try:
                self._made[key] = self._convert(asset, settings)
            except RenderError as error:
                self._made[key] = error
        made = self._made[key]
        if isinstance(made, RenderError):
            raise made
        return made

    def _convert(self, asset: AssetVersion, settings: Settings) -> tuple[Picture, tuple[str, ...]]:
        said = (asset.path, settings.is_modifier, settings.macro, settings.presets)
        rendered = self._catalog.render(*said)
        readable = rendered
        if rendered.fmt.partition("-")[0] in ("pdf", "eps"):
            readable = self._catalog.render(*said, more="fmt=png-alpha,rgb")
        picture = Picture(
            uri=_small(readable),
            width=rendered.width,
            height=rendered.height,
            size_bytes=len(rendered.data),
            format=rendered.fmt,
        )
        return picture, rendered.warnings

    def _look(self, path: str) -> Iterator[Trait]:
        file = self._catalog.picture(path)
        if file is None:
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with Image.open(file, formats=READABLE) as opened:
                    if opened.has_transparency_data:
                        yield Trait.ALPHA
                    if opened.mode == "CMYK":
                        yield Trait.CMYK
        except _UNREADABLE:
            return  # rendering it says why


def _small(rendered: Rendered) -> str:
    """A ``data:`` address of at most ``SIDE`` pixels; nothing is enlarged."""
    try:
        with Image.open(io.BytesIO(rendered.data), formats=_SHOWN) as opened:
            opened.draft("RGB", (SIDE * 2, SIDE * 2))
            opened.thumbnail((SIDE, SIDE))
            kind = "RGBA" if opened.has_transparency_data else "RGB"
            copy = opened.convert(kind)
    except _UNREADABLE as error:
        raise RenderError(f"{rendered.fmt} cannot be shown here") from error
    stream = io.BytesIO()
    copy.save(stream, "WEBP", quality=_QUALITY, method=4)
    return f"data:image/webp;base64,{base64.b64encode(stream.getvalue()).decode()}"
