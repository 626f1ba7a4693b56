"""Pillow beside libvips (pyvips): quality of scaling, memory and speed on 100 megapixels, formats.

    python -m benchmarks.imaging_libraries [--only quality|large|formats]

pyvips is no dependency of this project; where it is not installed its columns say so. To have it:
a virtual environment of its own with ``pip install pyvips pyvips-binary pillow numpy``. This is
the measurement behind the choice that docs/rendering.md tells of.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import math
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from benchmarks.processes import run_module

try:
    import pyvips
except ImportError:
    pyvips = None

SIDE = 10_000
MISSING = "not installed"
Array = np.ndarray[Any, np.dtype[np.float64]]
Kernel = Callable[[Array], Array]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=("quality", "large", "formats"))
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        return one(*chosen.one)
    print(f"Pillow {Image.__version__}, pyvips {pyvips.__version__ if pyvips else MISSING}")
    for name, show in (("quality", quality), ("large", large), ("formats", formats)):
        if chosen.only in (None, name):
            show()
    return None


# Quality: a float64 convolution is the truth.


def triangle(x: Array) -> Array:
    return np.maximum(0, 1 - np.abs(x))


def cubic(x: Array) -> Array:
    """Keys, a = -0.5: Catmull-Rom, which both libraries call (bi)cubic."""
    x = np.abs(x)
    near = 1.5 * x**3 - 2.5 * x**2 + 1
    far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def lanczos(x: Array) -> Array:
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)


FILTERS: Mapping[str, tuple[Kernel, int, Image.Resampling, str]] = {
    "bilinear": (triangle, 1, Image.Resampling.BILINEAR, "linear"),
    "bicubic": (cubic, 2, Image.Resampling.BICUBIC, "cubic"),
    "lanczos": (lanczos, 3, Image.Resampling.LANCZOS, "lanczos3"),
}


def weights(size: int, wanted: int, kernel: Kernel, support: int) -> Array:
    """One row for each pixel wanted; the kernel is widened when reducing, cut at the border."""
    ratio = size / wanted
    wide = max(1.0, ratio)
    centres = (np.arange(wanted) + 0.5) * ratio
    offsets = np.arange(size)[None, :] + 0.5 - centres[:, None]
    rows = np.where(np.abs(offsets) < support * wide, kernel(offsets / wide), 0)
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))


def truth(picture: Array, size: tuple[int, int], kernel: Kernel, support: int) -> Array:
    across = weights(picture.shape[1], size[0], kernel, support)
    down = weights(picture.shape[0], size[1], kernel, support)
    return np.clip(down @ picture @ across.T, 0, 255)


def with_pillow(picture: Array, size: tuple[int, int], method: Image.Resampling) -> Array:
    image = Image.fromarray(picture.astype(np.uint8))
    return np.asarray(image.resize(size, method), dtype=np.float64)


def with_vips(picture: Array, size: tuple[int, int], kernel: str) -> Array:
    image = pyvips.Image.new_from_array(picture.astype(np.uint8))
    across, down = size[0] / image.width, size[1] / image.height
    return np.asarray(image.resize(across, vscale=down, kernel=kernel).numpy(), dtype=np.float64)


def pictures(width: int = 600, height: int = 400) -> Mapping[str, Array]:
    y, x = np.mgrid[0:height, 0:width]
    radius = (x - width / 2) ** 2 + (y - height / 2) ** 2
    return {
        "zone plate": np.round(127.5 + 127.5 * np.cos(radius * math.pi / width)),
        "gradient": np.round(255 * (x + y) / (width + height - 2)),
        "edges": np.where((x // 37 + y // 29) % 2 == 0, 20.0, 235.0),
    }


def psnr(found: Array, wanted: Array) -> float:
    error = float(np.mean((found - np.round(wanted)) ** 2))
    return 99.0 if error == 0 else min(99.0, 10 * math.log10(255**2 / error))


def quality() -> None:
    print("\nPSNR in dB against float64 convolution, inside / within 8 pixels of the border")
    print(f"{'':12} {'filter':9} {'from 600x400 to':16} {'Pillow':>15} {'libvips':>15}")
    for title, picture in pictures().items():
        for name, (kernel, support, method, vips_kernel) in FILTERS.items():
            for size in ((300, 200), (190, 127), (1020, 680)):
                wanted = truth(picture, size, kernel, support)
                ours = compared(with_pillow(picture, size, method), wanted)
                theirs = MISSING
                if pyvips:
                    theirs = compared(with_vips(picture, size, vips_kernel), wanted)
                print(f"{title:12} {name:9} {size[0]:4}x{size[1]:<11} {ours:>15} {theirs:>15}")
    print("\nplace of a spot at 0.3 and at 1.7 (pixels off), mean of a checkerboard (of 127.5)")
    for who, scale in scalers().items():
        off = f"{shift(scale, 180, 120):+.3f} px {shift(scale, 1020, 680):+.3f} px"
        print(f"{who:8} {off}   {checkerboard(scale):.1f}")


def compared(found: Array, wanted: Array) -> str:
    inside = (slice(8, -8), slice(8, -8))
    border = np.ones(wanted.shape, dtype=bool)
    border[inside] = False
    return f"{psnr(found[inside], wanted[inside]):.1f} / {psnr(found[border], wanted[border]):.1f}"


def scalers() -> Mapping[str, Callable[[Array, tuple[int, int]], Array]]:
    known = {"Pillow": lambda p, size: with_pillow(p, size, Image.Resampling.LANCZOS)}
    if pyvips:
        known["libvips"] = lambda p, size: with_vips(p, size, "lanczos3")
    return known


def shift(scale: Callable[[Array, tuple[int, int]], Array], width: int, height: int) -> float:
    """How far the centre of a soft spot moves to the right, beyond what scaling moves it."""
    x = np.arange(600)
    spot = np.round(255 * np.exp(-(((x + 0.5 - 200) / 12) ** 2)))
    found = scale(np.tile(spot, (400, 1)), (width, height))[height // 2]
    return float((found * (np.arange(width) + 0.5)).sum() / found.sum() - width / 3)


def checkerboard(scale: Callable[[Array, tuple[int, int]], Array]) -> float:
    """127.5 when values are averaged as they are, 188 in linear light."""
    y, x = np.mgrid[0:400, 0:600]
    return float(scale(255.0 * ((x + y) % 2), (150, 100)).mean())


# 100 megapixels.


SOURCES: Mapping[str, tuple[str, dict[str, Any], str]] = {
    "rgb.jpg": ("RGB", {"quality": 85}, "small.jpg"),
    "rgb.png": ("RGB", {"compress_level": 1}, "small.jpg"),
    "rgba.png": ("RGBA", {"compress_level": 1}, "small.png"),
    "rgb.tif": ("RGB", {"compression": "tiff_lzw"}, "small.jpg"),
    "rgba.tif": ("RGBA", {}, "small.tif"),
    "cmyk.tif": ("CMYK", {}, "small.jpg"),
}


def write_sources(folder: Path) -> None:
    noise = np.random.default_rng(7).integers(0, 40, (500, 500, 4), dtype=np.uint8)
    y, x = np.mgrid[0:500, 0:500]
    noise[..., 0] += (x // 3).astype(np.uint8)
    noise[..., 1] += (y // 3).astype(np.uint8)
    noise[..., 3] += 200
    for name, (mode, options, _) in SOURCES.items():
        tile = Image.fromarray(noise, "RGBA" if mode != "CMYK" else "CMYK")
        picture = Image.new(mode, (SIDE, SIDE))
        for left in range(0, SIDE, 500):
            for top in range(0, SIDE, 500):
                picture.paste(tile.convert(mode), (left, top))
        picture.save(folder / name, **options)


def small_with_pillow(source: Path, target: Path) -> None:
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(source) as opened:
        opened.draft(None, (4000, 4000))
        small = opened.resize((2000, 2000), Image.Resampling.LANCZOS, reducing_gap=3.0)
        if small.mode == "CMYK":
            small = small.convert("RGB")
        small.save(target, quality=80)


def small_with_vips(source: Path, target: Path) -> None:
    image = pyvips.Image.thumbnail(str(source), 2000)
    options = {"Q": 80} if target.suffix == ".jpg" else {}
    if image.interpretation == "cmyk":
        image = image.colourspace("srgb")
    image.write_to_file(str(target), **options)


def small_with_us(source: Path, target: Path) -> None:
    from s7spec.emulator.render import ImageServerSettings, render

    fmt = {".jpg": "jpeg", ".png": "png-alpha", ".tif": "tif-alpha"}[target.suffix]
    done = render(source, f"wid=2000&hei=2000&fmt={fmt}&qlt=80", ImageServerSettings())
    target.write_bytes(done.data)


WAYS = {"Pillow": small_with_pillow, "libvips": small_with_vips, "s7spec": small_with_us}


def one(who: str, source: str, target: str) -> None:
    if who == "sources":
        write_sources(Path(source))
    else:
        WAYS[who](Path(source), Path(target))


def large() -> None:
    print("\n10000x10000 to 2000x2000, whole processes: seconds, peak memory in MB")
    print(f"{'source':10} " + "".join(f"{who:>22}" for who in WAYS))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_one(folder, "sources", folder, folder)
        for source, (_, _, target) in SOURCES.items():
            figures = [run_one(folder, who, folder / source, folder / target) for who in WAYS]
            print(f"{source:10} " + "".join(f"{figure:>22}" for figure in figures))


def run_one(folder: Path, who: str, source: Path, target: Path) -> str:
    needs = {"libvips": "pyvips", "s7spec": "lxml"}.get(who)
    if needs and importlib.util.find_spec(needs) is None:
        return MISSING
    arguments = ["benchmarks.imaging_libraries", "--one", who, str(source), str(target)]
    runs = [run_module(arguments, folder=folder) for _ in range(1 if who == "sources" else 2)]
    if runs[-1].code:
        return runs[-1].output.strip().splitlines()[-1][:21]
    return f"{min(run.wall for run in runs):.2f} s, {max(run.memory for run in runs):.0f} MB"


# Formats.


def formats() -> None:
    print("\nwhat can be written (w) and read back (r)")
    print(f"{'format':26} {'Pillow':>10} {'libvips':>14}")
    for name, suffix, mode, options, vips_options in CASES:
        ours = "".join(pillow_can(suffix, mode, options))
        theirs = "".join(vips_can(suffix, mode, vips_options)) if pyvips else MISSING
        print(f"{name:26} {ours or '-':>10} {theirs or '-':>14}")


CASES: tuple[tuple[str, str, str, dict[str, Any], dict[str, Any]], ...] = (
    ("JPEG", ".jpg", "RGB", {}, {}),
    ("JPEG CMYK", ".jpg", "CMYK", {}, {}),
    ("JPEG with ICC", ".jpg", "RGB", {"icc": True}, {"icc": True}),
    ("PNG with alpha", ".png", "RGBA", {}, {}),
    ("TIFF LZW", ".tif", "RGB", {"compression": "tiff_lzw"}, {"compression": "lzw"}),
    ("TIFF CMYK ZIP", ".tif", "CMYK", {"compression": "tiff_deflate"}, {"compression": "deflate"}),
    ("TIFF JPEG", ".tif", "RGB", {"compression": "jpeg"}, {"compression": "jpeg"}),
    ("GIF", ".gif", "RGB", {}, {}),
    ("WebP lossless with alpha", ".webp", "RGBA", {"lossless": True}, {"lossless": True}),
    ("AVIF with alpha", ".avif", "RGBA", {}, {}),
    ("AVIF lossless", ".avif", "RGB", {"quality": 100}, {"lossless": True}),
    ("JPEG 2000", ".jp2", "RGB", {}, {}),
    ("PDF", ".pdf", "RGB", {}, {}),
    ("EPS", ".eps", "RGB", {}, {}),
    ("BMP", ".bmp", "RGB", {}, {}),
)


def pillow_can(suffix: str, mode: str, options: dict[str, Any]) -> list[str]:
    options = dict(options)
    if options.pop("icc", False):
        options["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    buffer = io.BytesIO()
    try:
        Image.new(mode, (64, 64)).save(buffer, Image.registered_extensions()[suffix], **options)
        Image.open(buffer).load()
    except (OSError, ValueError, KeyError):
        return ["w"] if buffer.tell() else []
    return ["w", "r"]


def vips_can(suffix: str, mode: str, options: dict[str, Any]) -> list[str]:
    bands, space = {"RGB": (3, "srgb"), "RGBA": (4, "srgb"), "CMYK": (4, "cmyk")}[mode]
    image = pyvips.Image.black(64, 64, bands=bands).copy(interpretation=space)
    options = dict(options)
    if options.pop("icc", False):
        options["profile"] = "srgb"
    try:
        data = image.write_to_buffer(suffix, **options)
    except pyvips.Error:
        return []
    try:
        pyvips.Image.new_from_buffer(data, "").avg()
    except pyvips.Error:
        return ["w"]
    return ["w", "r"]


if __name__ == "__main__":
    sys.exit(main())
