"""The embedded IPS's renderer beside plain use of Pillow for the same conversion.

    python -m benchmarks.rendering [--rounds 7] [--only speed|memory]

Both read the same file and write the same format with the same options; the rounds alternate and
each keeps its best. Times are the processor's: both work in one thread. Memory is the peak of whole
processes, one for each source of 100 megapixels, and of one whole server that exports all of them
while previews of them are asked for.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

from benchmarks.processes import run_module
from s7spec.emulator.render import ImageServerSettings, render

SETTINGS = ImageServerSettings(default_pix=None)
LANCZOS = Image.Resampling.LANCZOS
TARGET, MOST_MEGABYTES = 1.15, 600
SOURCES_100 = ("rgb.jpg", "rgb.png", "rgba.png", "rgb.tif", "rgba.tif", "cmyk.tif")

Plain = Callable[[Path], bytes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", choices=("speed", "memory"))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--server", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        render(Path(chosen.one[0]), chosen.one[1], SETTINGS)
        return
    if chosen.server:
        serve(Path(chosen.server))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "catalog").mkdir()
        arguments = ["benchmarks.imaging_libraries", "--one", "sources", "catalog", "-"]
        assert run_module(arguments, folder=folder).code == 0
        # First, while this process is small: Linux counts what the parent held.
        if chosen.only != "speed":
            memory(folder)
        if chosen.only != "memory":
            speed(folder, chosen.rounds)


def speed(folder: Path, rounds: int) -> None:
    Image.MAX_IMAGE_PIXELS = None
    write_sources(folder)
    print(f"\n{'conversion':44} {'s7spec':>10} {'Pillow':>10} {'ratio':>6}  target {TARGET}")
    for title, source, modifier, plain in CONVERSIONS:
        path = folder / source
        ours, theirs = both(path, modifier, plain, 2 if source.startswith("catalog") else rounds)
        verdict = "met" if ours / theirs <= TARGET else "missed"
        print(
            f"{title:44} {ours * 1000:7.0f} ms {theirs * 1000:7.0f} ms {ours / theirs:6.2f}  "
            f"{verdict}"
        )


def both(path: Path, modifier: str, plain: Plain, rounds: int) -> tuple[float, float]:
    ours, theirs = [], []
    for _ in range(rounds):
        begin = time.process_time()
        done = render(path, modifier, SETTINGS)
        between = time.process_time()
        expected = plain(path)
        ours.append(between - begin)
        theirs.append(time.process_time() - between)
    check(done.data, expected)
    return min(ours), min(theirs)


def check(ours: bytes, theirs: bytes) -> None:
    """Both made the same picture, so that the times compare."""
    one, other = (Image.open(io.BytesIO(data)) for data in (ours, theirs))
    assert (one.format, one.mode, one.size) == (other.format, other.mode, other.size)
    shown = [image.convert("RGBA").convert("RGBa").convert("RGB") for image in (one, other)]
    histogram = ImageChops.difference(*shown).convert("L").histogram()
    assert sum(histogram[24:]) < one.width * one.height / 200


def write_sources(folder: Path) -> None:
    base = Image.merge("RGB", [Image.radial_gradient("L").rotate(90 * n) for n in range(3)])
    base = base.resize((3000, 2000), Image.Resampling.BICUBIC)
    noisy = Image.effect_noise((3000, 2000), 40).convert("RGB")
    picture = Image.blend(base, noisy, 0.15)
    picture.save(folder / "a.jpg", quality=90)
    picture.save(folder / "a.tif", compression="tiff_lzw")
    picture.convert("CMYK").save(folder / "inks.tif")
    clear = picture.copy()
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    clear.save(folder / "a.png", compress_level=1)


def saved(image: Image.Image, fmt: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, fmt, **options)
    return buffer.getvalue()


def scaled(path: Path, width: int, mode: str = "") -> Image.Image:
    with Image.open(path) as opened:
        height = (opened.height * width * 2 + opened.width) // (opened.width * 2)
        opened.draft(None, (2 * width, 2 * height))
        image = opened.convert(mode) if mode else opened
        return image.resize((width, height), LANCZOS, reducing_gap=3.0)


def cropped(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        opened.draft(None, (2400, 1600))
        left = (opened.width - opened.height) / 2
        box = (left, 0, left + opened.height, opened.height)
        return opened.resize((800, 800), LANCZOS, box, reducing_gap=3.0)


def whole(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        opened.load()
        return opened


def flat(path: Path) -> Image.Image:
    small = scaled(path, 800)
    reply = Image.new("RGB", (800, 800), "white")
    reply.paste(small.convert("RGB"), (0, (800 - small.height + 1) // 2), small.getchannel("A"))
    return reply


JPEG = {"quality": 80, "subsampling": 2}
CONVERSIONS: tuple[tuple[str, str, str, Plain], ...] = (
    ("JPEG 6 MP to JPEG 800", "a.jpg", "wid=800", lambda p: saved(scaled(p, 800), "JPEG", **JPEG)),
    ("the same, whole size", "a.jpg", "scl=1", lambda p: saved(whole(p), "JPEG", **JPEG)),
    (
        "JPEG 6 MP, fit=crop to 800x800",
        "a.jpg",
        "wid=800&hei=800&fit=crop",
        lambda p: saved(cropped(p), "JPEG", **JPEG),
    ),
    (
        "JPEG 6 MP, turned, to JPEG 800",
        "a.jpg",
        "rotate=90&wid=800",
        lambda p: saved(scaled(p, 1200).transpose(Image.Transpose.ROTATE_270), "JPEG", **JPEG),
    ),
    (
        "JPEG 6 MP to WebP 1000",
        "a.jpg",
        "wid=1000&fmt=webp",
        lambda p: saved(scaled(p, 1000), "WEBP", quality=80, method=2),
    ),
    (
        "JPEG 6 MP to AVIF 600",
        "a.jpg",
        "wid=600&fmt=avif",
        lambda p: saved(scaled(p, 600), "AVIF", quality=80, speed=8, max_threads=1),
    ),
    (
        "PNG with alpha 6 MP to PNG with alpha 800",
        "a.png",
        "wid=800&fmt=png-alpha",
        lambda p: saved(scaled(p, 800), "PNG", compress_level=3),
    ),
    (
        "PNG with alpha 6 MP, flattened, JPEG 800x800",
        "a.png",
        "wid=800&hei=800",
        lambda p: saved(flat(p), "JPEG", **JPEG),
    ),
    (
        "TIFF LZW 6 MP to TIFF LZW 1000",
        "a.tif",
        "wid=1000&fmt=tif,,lzw",
        lambda p: saved(scaled(p, 1000), "TIFF", compression="tiff_lzw"),
    ),
    (
        "TIFF of inks 6 MP to JPEG 800",
        "inks.tif",
        "wid=800",
        lambda p: saved(scaled(p, 800, "RGB"), "JPEG", **JPEG),
    ),
    (
        "JPEG 100 MP to JPEG 2000",
        "catalog/rgb.jpg",
        "wid=2000",
        lambda p: saved(scaled(p, 2000), "JPEG", **JPEG),
    ),
    (
        "PNG 100 MP to JPEG 2000",
        "catalog/rgb.png",
        "wid=2000",
        lambda p: saved(scaled(p, 2000), "JPEG", **JPEG),
    ),
    (
        "PNG with alpha 100 MP to PNG with alpha 2000",
        "catalog/rgba.png",
        "wid=2000&fmt=png-alpha",
        lambda p: saved(scaled(p, 2000), "PNG", compress_level=3),
    ),
    (
        "TIFF LZW 100 MP to TIFF LZW 2000",
        "catalog/rgb.tif",
        "wid=2000&fmt=tif,,lzw",
        lambda p: saved(scaled(p, 2000), "TIFF", compression="tiff_lzw"),
    ),
)


def memory(folder: Path) -> None:
    print(f"{'100 MP to 2000, a whole process':44} {'peak':>10}  target <= {MOST_MEGABYTES} MB")
    for source in SOURCES_100:
        for modifier in ("wid=2000", "rotate=10&wid=2000", "crop=500,500,9000,9000&wid=2000"):
            arguments = ["benchmarks.rendering", "--one", f"catalog/{source}", modifier]
            tell(f"{source} {modifier}", *measured(folder, arguments))
    arguments = ["benchmarks.rendering", "--server", str(folder)]
    tell("a server: an export of all, previews beside", *measured(folder, arguments))


def measured(folder: Path, arguments: list[str]) -> tuple[float, str]:
    run = run_module(arguments, folder=folder)
    return run.memory, "" if run.code == 0 else run.output.strip().splitlines()[-1]


def tell(title: str, peak: float, trouble: str) -> None:
    verdict = trouble or ("met" if peak <= MOST_MEGABYTES else "missed")
    print(f"{title:44} {peak:7.0f} MB  {verdict}")


def serve(folder: Path) -> None:
    """An export of all pictures, and previews of them at the same time."""
    from benchmarks.embedded_ips import Client, envelope
    from s7spec.adapters.bundled import contract_folder
    from s7spec.emulator import EmbeddedIps, EmbeddedIpsOptions

    options = EmbeddedIpsOptions(
        catalog=folder / "catalog", data=folder / "data", contract=contract_folder()
    )
    names = {source.replace(".", "_"): source for source in SOURCES_100}
    lines = [f"  - {{file: {source}, name: {name}}}" for name, source in names.items()]
    (folder / "catalog" / "catalog.yaml").write_text("\n".join(["assets:", *lines]) + "\n")
    with EmbeddedIps(options) as server:
        runner = threading.Thread(target=server.serve_forever, daemon=True)
        runner.start()
        client = Client(server.url)
        found = client.send(envelope("searchAssets", "<includeSubfolders>true</includeSubfolders>"))
        handles = re.findall(r"<assetHandle>([^<]+)</assetHandle>", found.decode())
        assert len(handles) == len(names), found
        items = "".join(f"<items>{handle}</items>" for handle in handles)
        order = (
            f"<jobName>all</jobName><exportJob><assetHandleArray>{items}</assetHandleArray>"
            "<fmt>convert</fmt><is_modifier>wid=2000</is_modifier>"
            "<emailSetting>None</emailSetting></exportJob>"
        )
        client.send(envelope("submitJob", order))
        company = re.search(r"<folder>([^/<]+)/", found.decode())
        assert company is not None
        for name in names:
            address = f"{server.url}/is/image/{company.group(1)}/{name}?wid=1900"
            with urllib.request.urlopen(address) as reply:  # noqa: S310
                assert reply.status == 200
                assert len(reply.read()) > 10_000
        log = "<originalName>all</originalName>"
        while True:
            answer = Client(server.url).send(envelope("getJobLogDetails", log)).decode()
            if "<endDate>" in answer:
                break
            time.sleep(0.2)
        assert "<fileSuccessCount>7</fileSuccessCount>" in answer, answer


if __name__ == "__main__":
    main()
