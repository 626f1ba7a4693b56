"""How large a file becomes: bytes per pixel of the picture, measured on other pictures.

The densities come from the embedded IPS, which is not Adobe's encoder, and from pictures that are
not yours. The band is that of 90 % of them, made wider by half at both ends: so it held 91 % of the
renderings of pictures that it was not made of, 87 % for the worst formats (webp, jpeg2000).
``benchmarks/byte_densities.py`` renders all again and tells. Estimates of uncompressed files are
exact but for their metadata.

Not measured: transparency. Transparent areas take next to nothing, their edges some more; the band
of a picture with alpha is widened downwards for it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from operator import add
from typing import NamedTuple

from s7spec.modifiers.prediction.densities import KNOTS, LOSSLESS, WITH_QUALITY, Density
from s7spec.modifiers.prediction.image import ByteEstimate
from s7spec.modifiers.prediction.output import Output

_COMPONENTS = {"gray": 1, "rgb": 3, "cmyk": 4}
_KILOBYTE = 1024
"""What ``jpegSize`` counts in; documented as kB, which may mean 1000."""
_JPEG_SIZE_USED = Density(0.6, 0.95, 1.0)
_HEADERS = ByteEstimate(200, 700, 6_000)
_EMBEDDED = ByteEstimate(0, 4_000, 700_000)
"""Profiles for print have half a megabyte and more."""
_MARGIN = 0.02
"""Share of the bytes that a pixel of plain background takes beside one of the picture."""
_WIDENED = Density(1 / 1.5, 1.0, 1.5)
_ENLARGED = 0.6
"""Enlarged n times, a picture has n**0.6 times fewer bytes per pixel: median of 0.5 to 0.8."""
_TRANSPARENT = Density(0.25, 0.8, 1.15)
_EPS_AS_HEX = 2.2
"""Bytes for each byte of pixels that are written as hex digits, line ends and all."""
_GREATEST = {"png": 1.02, "png8": 1.05, "gif": 1.5, "lzw": 1.6, "zip": 1.02}
"""Bytes for each byte of pixels that the worst picture takes."""


class _Model(NamedTuple):
    density: Density
    most: float
    """Bytes per pixel no picture goes beyond."""
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSize:
    """Bytes of any picture written as one ``Output`` says. ``greatest`` is bytes, 0 no bound."""

    density: Density
    exact: bool
    headers: ByteEstimate
    greatest: int

    def of(self, pixels: int, shown: float, enlarged: float) -> ByteEstimate:
        """``shown`` of the ``pixels`` are picture; it was enlarged so many times, 1 for not."""
        counted: float = pixels
        if shown != pixels and not self.exact:
            counted = shown + _MARGIN * (pixels - shown)
        if enlarged > 1 and not self.exact:
            counted /= enlarged**_ENLARGED
        low, likely, high = self.headers
        least, middle, most = self.density
        estimate = ByteEstimate(
            int(low + counted * least), int(likely + counted * middle), int(high + counted * most)
        )
        return _within(estimate, self.greatest) if self.greatest else estimate


def _within(estimate: ByteEstimate, greatest: int) -> ByteEstimate:
    """``jpegSize``: the best quality that fits; how far below it stays depends on the steps."""
    if estimate.high <= greatest:
        return estimate
    return ByteEstimate(
        min(estimate.low, int(greatest * _JPEG_SIZE_USED.low)),
        min(estimate.likely, int(greatest * _JPEG_SIZE_USED.likely)),
        greatest,
    )


def file_size(output: Output, *, alpha: bool) -> FileSize | None:
    """None if the format cannot be known, or its bytes are not estimated."""
    models = [_model(output, pixel_type) for pixel_type in output.pixel_types]
    known = [each for each in models if each is not None]
    if not known:
        return None
    keeps_alpha = alpha and output.format is not None and output.format.alpha
    exact = all(each.exact for each in known)
    density = _hull(each.density for each in known)
    if not exact:
        density = _product(density, _WIDENED)
        density = _product(density, _TRANSPARENT) if keeps_alpha else density
    headers = _HEADERS
    if output.embeds:
        headers = ByteEstimate(*map(add, headers, _EMBEDDED))
    most = max(each.most for each in known) * (4 / 3 if keeps_alpha else 1)
    return FileSize(
        density=Density(*(min(each, most) for each in density)),
        exact=exact and len(known) == 1,
        headers=headers,
        greatest=output.jpeg_size * _KILOBYTE if is_jpeg(output) else 0,
    )


def is_jpeg(output: Output) -> bool:
    """Whether ``jpegSize`` counts."""
    return output.format is not None and "jpegSize" in output.format.options


def least_bytes(output: Output, model: FileSize, pixels: int, shown: float) -> float:
    """What the file likely takes at the lowest quality: jpegSize fails below that."""
    density = max(
        (_at_quality(_jpeg_name(output, each), 1).likely for each in output.pixel_types),
        default=0.0,
    )
    return model.headers.likely + density * (shown + _MARGIN * (pixels - shown))


def _model(output: Output, pixel_type: str) -> _Model | None:
    """Bytes per pixel of what ``fmt`` names."""
    assert output.format is not None
    name = output.format.name.removesuffix("-alpha")
    raw = _COMPONENTS[pixel_type] + (output.format.name == "tif-alpha")
    if name in ("tif", "pdf"):
        return _of_container(output, name, pixel_type, raw)
    if name == "eps":
        return _of_eps(pixel_type, raw)
    if is_jpeg(output):
        return _Model(
            _at_quality(_jpeg_name(output, pixel_type), output.quality), math.inf, exact=False
        )
    if name in ("webp", "avif", "jpeg2000"):
        return _of_modern(output, name, pixel_type)
    if name in ("png", "png8", "gif"):
        stored = 1 if name in ("png8", "gif") else raw
        row = name if name == "png8" else f"{name} {pixel_type}"
        return _Model(LOSSLESS[row], stored * _GREATEST[name], exact=False)
    return None


def _of_container(output: Output, name: str, pixel_type: str, raw: int) -> _Model:
    """TIFF and PDF hold pixels as they are or compressed by others' methods."""
    if output.compression == "none":
        return _Model(Density(raw, raw, raw), math.inf, exact=True)
    if output.compression == "jpeg":
        row = f"tif jpeg {pixel_type}" if name == "tif" else f"jpeg {pixel_type}"
        return _Model(_at_quality(row, output.quality), math.inf, exact=False)
    row = f"{output.compression} {pixel_type}"
    return _Model(LOSSLESS[row], raw * _GREATEST[output.compression], exact=False)


def _of_eps(pixel_type: str, raw: int) -> _Model:
    """A guess, for Adobe does not say how it writes EPS: from deflated pixels to hex digits of
    plain ones, pixels as they are between them."""
    density = Density(LOSSLESS[f"zip {pixel_type}"].low, raw, raw * _EPS_AS_HEX)
    return _Model(density, density.high, exact=False)


def _of_modern(output: Output, name: str, pixel_type: str) -> _Model:
    kind = f" {pixel_type}" if name == "jpeg2000" else ""
    if output.compression == "lossless":
        return _Model(LOSSLESS[f"{name} lossless{kind}"], math.inf, exact=False)
    return _Model(_at_quality(f"{name}{kind}", output.quality), math.inf, exact=False)


def _jpeg_name(output: Output, pixel_type: str) -> str:
    full = output.full_chroma and pixel_type == "rgb"
    return f"jpeg {pixel_type}{' full' if full else ''}"


def _at_quality(row: str, quality: int) -> Density:
    """Between two measured qualities on a straight line of logarithms."""
    densities = WITH_QUALITY[row]
    above = bisect_left(KNOTS, quality)
    if KNOTS[above] == quality:
        return densities[above]
    share = (quality - KNOTS[above - 1]) / (KNOTS[above] - KNOTS[above - 1])
    pairs = zip(densities[above - 1], densities[above], strict=True)
    return Density(*(before ** (1 - share) * after**share for before, after in pairs))


def _product(density: Density, factors: Density) -> Density:
    return Density(*(each * factor for each, factor in zip(density, factors, strict=True)))


def _hull(densities: Iterable[Density]) -> Density:
    """A band that holds all; between, their geometric mean."""
    given = tuple(densities)
    likely = math.prod(each.likely for each in given) ** (1 / len(given))
    return Density(min(each.low for each in given), likely, max(each.high for each in given))
