"""From a frame to a file: sweep, vignette, film grain, colour mode, encoding."""

from __future__ import annotations

import zlib
from enum import StrEnum
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

from picture_studio.shapes import Array
from picture_studio.shooting import Frame

_PAPER = (0.990, 0.990, 0.988)


class Mode(StrEnum):
    """Colour modes, spelled as Pillow spells them."""

    RGB = "RGB"
    RGBA = "RGBA"
    GRAY = "L"
    CMYK = "CMYK"


def srgb_profile() -> bytes:
    """An sRGB profile with a fixed creation date, so that equal pictures are equal bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes((7, 230, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
    return bytes(profile)


def _vignette(height: int, width: int) -> Array:
    y = np.linspace(-1.0, 1.0, height, dtype=np.float32)[:, None]
    x = np.linspace(-1.0, 1.0, width, dtype=np.float32)[None, :]
    reach = np.clip((x * x + y * y) / 2.0, 0.0, 1.0)
    return 1.0 - 0.030 * reach * reach


def _grained(values: Array, cover: Array, name: str, strength: float) -> Array:
    """Film grain of ``strength`` display levels, half as strong off the product."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    grain = rng.standard_normal(values.shape[:2], dtype=np.float32)
    weight = strength / 255.0 * (0.45 + 0.55 * cover)
    return values + (grain * weight)[..., None]


def _bytes(values: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return (np.clip(values, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


def on_paper(frame: Frame, name: str, grain: float) -> Image.Image:
    """The product on the white sweep, as RGB."""
    height, width = frame.cover.shape
    paper = np.asarray(_PAPER, np.float32) * frame.ground[..., None]
    values = frame.colour + paper * (1.0 - frame.cover[..., None])
    values = values * _vignette(height, width)[..., None]
    return Image.fromarray(_bytes(_grained(values, frame.cover, name, grain) if grain else values))


def cut_out(frame: Frame) -> Image.Image:
    """The product alone as RGBA with straight alpha; its shadow is black of partial alpha."""
    shade = (1.0 - frame.ground) * 0.85
    alpha = frame.cover + (1.0 - frame.cover) * shade
    colour = frame.colour / np.maximum(alpha, 1e-4)[..., None]
    return Image.fromarray(np.dstack([_bytes(colour), _bytes(alpha)]))


def to_cmyk(picture: Image.Image) -> Image.Image:
    """Four inks: three quarters of the common gray moves from C, M and Y to K."""
    inks = 1.0 - np.asarray(picture, np.float32) / 255.0
    black = 0.75 * inks.min(axis=2) ** 1.4
    colour = (inks - black[..., None]) / np.maximum(1.0 - black, 1e-3)[..., None]
    return Image.fromarray(_bytes(np.dstack([colour, black])), "CMYK")


def finish(frame: Frame, name: str, mode: Mode, grain: float) -> Image.Image:
    """The frame as a picture in the wanted colour mode."""
    if mode is Mode.RGBA:
        return cut_out(frame)
    picture = on_paper(frame, name, grain)
    if mode is Mode.CMYK:
        return to_cmyk(picture)
    return picture.convert("L") if mode is Mode.GRAY else picture


def save(picture: Image.Image, path: Path, *, quality: int, dpi: int) -> None:
    """Write JPEG, PNG or TIFF (LZW with horizontal prediction) by the suffix of ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    profile = srgb_profile() if picture.mode in ("RGB", "RGBA") else None
    resolution = (dpi, dpi)
    if path.suffix == ".jpg":
        picture.save(path, quality=quality, dpi=resolution, icc_profile=profile, optimize=True)
    elif path.suffix == ".png":
        picture.save(path, dpi=resolution, icc_profile=profile, optimize=True)
    else:
        picture.save(
            path, compression="tiff_lzw", dpi=resolution, icc_profile=profile, tiffinfo={317: 2}
        )
