"""How many bytes a pixel takes in each format: what the byte estimates are calibrated on.

    python -m benchmarks.byte_densities [--widths 160 500 1200]    (takes five minutes)

Renders the pictures of specs/catalog and generated ones (flat, a gradient, drawings, clouds of four
roughnesses, noise) through the embedded IPS, and prints the rows of
``s7spec/modifiers/prediction/densities.py``: bytes per pixel that 5 %, 50 % and 95 % of the
pictures stay below, each picture with the mean of its logarithm over the widths it is large enough
for. Then how many renderings lie in the band that the other pictures make, picture by picture: that
is what the band is worth for pictures it does not know. At last, what enlarging does to the bytes.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from PIL import Image, ImageDraw

from s7spec.emulator.render import ImageServerSettings, render
from s7spec.modifiers.prediction.densities import KNOTS

CATALOG = Path(__file__).resolve().parents[1] / "specs" / "catalog"
SETTINGS = ImageServerSettings(no_fit_upscale=True)
OVERHEAD = 700
"""Bytes of headers and of the emulator's marks that a small file has; taken off before dividing."""

WITH_QUALITY = {
    "jpeg rgb": "fmt=jpeg&qlt={}",
    "jpeg rgb full": "fmt=jpeg&qlt={},1",
    "jpeg gray": "fmt=jpeg,gray&qlt={}",
    "jpeg cmyk": "fmt=jpeg,cmyk&qlt={}",
    "tif jpeg rgb": "fmt=tif,rgb,jpeg&qlt={}",
    "tif jpeg gray": "fmt=tif,gray,jpeg&qlt={}",
    "tif jpeg cmyk": "fmt=tif,cmyk,jpeg&qlt={}",
    "webp": "fmt=webp&qlt={}",
    "avif": "fmt=avif&qlt={}",
    "jpeg2000 rgb": "fmt=jpeg2000&qlt={}",
    "jpeg2000 gray": "fmt=jpeg2000,gray&qlt={}",
}
WITHOUT = {
    "png rgb": "fmt=png",
    "png gray": "fmt=png,gray",
    "png8": "fmt=png8",
    "gif rgb": "fmt=gif",
    "gif gray": "fmt=gif,gray",
    "lzw rgb": "fmt=tif,rgb,lzw",
    "lzw gray": "fmt=tif,gray,lzw",
    "lzw cmyk": "fmt=tif,cmyk,lzw",
    "zip rgb": "fmt=tif,rgb,zip",
    "zip gray": "fmt=tif,gray,zip",
    "zip cmyk": "fmt=tif,cmyk,zip",
    "webp lossless": "fmt=webp,,lossless",
    "avif lossless": "fmt=avif,,lossless",
    "jpeg2000 lossless rgb": "fmt=jpeg2000,,lossless",
    "jpeg2000 lossless gray": "fmt=jpeg2000,gray,lossless",
}
ROWS = [
    *(
        (name, quality, said.format(quality))
        for name, said in WITH_QUALITY.items()
        for quality in KNOTS
    ),
    *((name, 0, said) for name, said in WITHOUT.items()),
]
MARGINS = (1.0, 1.25, 1.5, 2.0)
Densities = dict[tuple[str, int], dict[str, list[float]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--widths", type=int, nargs="+", default=[160, 500, 1200])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pictures = dict(all_pictures(Path(folder)))
        measured = measure(pictures, options.widths, Path(folder))
        print_rows(measured)
        coverage(measured)
        enlarging(pictures, Path(folder))


def print_rows(measured: Densities) -> None:
    """As they stand in densities.py."""
    rows: dict[str, list[str]] = defaultdict(list)
    for (name, _), of_pictures in measured.items():
        low, likely, high = band([mean_log(each) for each in of_pictures.values()])
        rows[name].append(f"Density({low:.4f}, {likely:.4f}, {high:.4f})")
    for table in (WITH_QUALITY, WITHOUT):
        for name in table:
            many = len(rows[name]) > 1
            print(f'"{name}": {"(" if many else ""}{", ".join(rows[name])}{")" if many else ""},')
        print()


def all_pictures(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(CATALOG.rglob("*")):
        if path.suffix in (".jpg", ".png", ".tif"):
            yield path.stem, path
    for name, image in generated():
        path = folder / f"{name}.png"
        image.save(path)
        yield name, path


def generated() -> Iterator[tuple[str, Image.Image]]:
    side = 1400
    yield "flat", Image.new("RGB", (side, side), (200, 30, 60))
    ramp = np.linspace(0, 255, side)
    across, down = np.meshgrid(ramp, ramp)
    yield "gradient", as_image(np.stack([across, down, (across + down) / 2], axis=-1))
    drawing = Image.new("RGB", (side, side), "white")
    pen = ImageDraw.Draw(drawing)
    for at in range(0, side, 35):
        pen.text((20, at), "Image Serving 0123456789 " * 8, fill="black", font_size=24)
        pen.line((at, 0, side - at, side), fill=(at % 255, 90, 200), width=2)
    yield "drawing", drawing
    chance = np.random.default_rng(7)
    for name, power in (("smooth", 1.6), ("photo", 1.25), ("rich", 1.0), ("rough", 0.8)):
        yield name, as_image(np.stack([clouds(chance, side, power) for _ in "rgb"], axis=-1))
    yield "noise", as_image(chance.uniform(0, 255, (side, side, 3)))


def clouds(chance: np.random.Generator, side: int, power: float) -> np.ndarray:
    """A channel whose detail falls off with frequency as that of photographs does (near 1)."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side)))
    frequency[0, 0] = 1
    spectrum = np.fft.fft2(chance.normal(size=(side, side))) / frequency**power
    channel = np.fft.ifft2(spectrum).real
    return 128 + 50 * (channel - channel.mean()) / channel.std()


def as_image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8), "RGB")


def measure(pictures: dict[str, Path], widths: list[int], folder: Path) -> Densities:
    measured: Densities = {(name, quality): defaultdict(list) for name, quality, _ in ROWS}
    for picture, path in pictures.items():
        with Image.open(path) as opened:
            sides = sorted({min(width, opened.width) for width in widths})
        for width in sides:
            scaled = folder / f"scaled-{picture}-{width}.png"
            scaled.write_bytes(render(path, f"wid={width}&fmt=png-alpha", SETTINGS).data)
            for name, quality, said in ROWS:
                rendered = render(scaled, f"scl=1&{said}", SETTINGS)
                density = bytes_per_pixel(len(rendered.data), rendered.width * rendered.height)
                measured[name, quality][picture].append(density)
    return measured


def bytes_per_pixel(size: int, pixels: int) -> float:
    return max(size - OVERHEAD, 50) / pixels


def mean_log(densities: list[float]) -> float:
    return math.fsum(map(math.log, densities)) / len(densities)


def band(logs: list[float]) -> tuple[float, float, float]:
    cuts = quantiles(logs, n=20, method="inclusive")
    return math.exp(cuts[0]), math.exp(median(logs)), math.exp(cuts[-1])


def coverage(measured: Densities) -> None:
    """Each picture against the band of all others, as wide as it is and widened."""
    print("\nin the band of the other pictures, widened by a factor", *MARGINS)
    inside: dict[str, list[tuple[bool, ...]]] = defaultdict(list)
    for (name, _), of_pictures in measured.items():
        for picture, densities in of_pictures.items():
            others = [mean_log(each) for other, each in of_pictures.items() if other != picture]
            low, _, high = band(others)
            inside[name] += [
                tuple(low / margin <= each <= high * margin for margin in MARGINS)
                for each in densities
            ]
    for name, of_renderings in (*inside.items(), ("all", [x for y in inside.values() for x in y])):
        shares = (100 * sum(each) / len(each) for each in zip(*of_renderings, strict=True))
        print(f"{name:24}", *(f"{share:6.1f} %" for share in shares))


def enlarging(pictures: dict[str, Path], folder: Path) -> None:
    """By which power of the enlargement the bytes per pixel fall: 0 not at all, 2 with the area."""
    print("\nenlarged 2 and 4 times: the power by which bytes per pixel fall (median)")
    for name in ("jpeg rgb", "png rgb", "webp"):
        said = (WITHOUT | WITH_QUALITY)[name].format(80)
        powers: list[float] = []
        for path in pictures.values():
            small = folder / "small.png"
            small.write_bytes(render(path, "wid=300&fmt=png", SETTINGS).data)
            base = render(small, f"scl=1&{said}", SETTINGS)
            for times in (2, 4):
                large = render(small, f"scl={1 / times}&{said}", SETTINGS)
                pixels = (base.width * base.height, large.width * large.height)
                before = bytes_per_pixel(len(base.data), pixels[0])
                after = bytes_per_pixel(len(large.data), pixels[1])
                powers.append(math.log(before / after) / math.log(times))
        print(f"{name:24}{median(powers):6.2f}")


if __name__ == "__main__":
    main()
