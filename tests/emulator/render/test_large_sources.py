"""Large pictures: the same pixels in little memory, and files that only claim to be pictures."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from s7spec.emulator.render import ImageServerSettings, Rendered, RenderError, render
from s7spec.emulator.render.budget import MemoryBudget
from s7spec.emulator.render.pixels import Cut, Pixels, take
from s7spec.emulator.render.request import Resampling
from s7spec.emulator.render.strips import strip_reader

Save = Callable[..., Path]
Reopen = Callable[[Rendered], Image.Image]
SETTINGS = ImageServerSettings()
ROWS_PER_STRIP, PREDICTOR, ORIENTATION, PLANAR = 278, 317, 274, 284
MOST_MEGABYTES = 600


@pytest.fixture(scope="session")
def large(noise: Callable[[int, int], Image.Image]) -> Image.Image:
    """4000x2500, ten megapixels, RGBA: something of every colour and alpha."""
    small = Image.merge("RGBA", [noise(40, 25).rotate(90 * turn) for turn in range(4)])
    return small.resize((4000, 2500), Image.Resampling.BICUBIC)


def farthest(one: Image.Image, other: Image.Image) -> float:
    """How far any component differs, on gray: the colour of what is transparent says nothing."""
    shown = [Image.new("RGBA", image.size, "gray") for image in (one, other)]
    for under, over in zip(shown, (one, other), strict=True):
        under.alpha_composite(over.convert("RGBA"))
    return max(ImageChops.difference(*shown).convert("RGB").tobytes())


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGB", {}),
        ("RGB", {"compression": "tiff_lzw"}),
        ("RGB", {"compression": "tiff_lzw", "tiffinfo": {PREDICTOR: 2}}),
        ("RGB", {"compression": "tiff_adobe_deflate", "tiffinfo": {ROWS_PER_STRIP: 7}}),
        ("RGB", {"compression": "packbits", "tiffinfo": {ROWS_PER_STRIP: 900}}),
        ("RGB", {"tiffinfo": {ROWS_PER_STRIP: 2500}}),
        ("RGBA", {"compression": "tiff_deflate"}),
        ("LA", {}),
        ("L", {"compression": "tiff_lzw"}),
        ("CMYK", {"compression": "tiff_lzw"}),
        ("P", {}),
        ("1", {"compression": "tiff_lzw"}),
        ("1", {}),
        ("I;16", {"compression": "tiff_lzw"}),
        ("I;16B", {}),
    ],
)
def test_strips_are_the_same_pixels(
    save: Save, large: Image.Image, mode: str, options: dict[str, Any]
) -> None:
    picture = large.convert("L").convert("I;16") if mode == "I;16B" else large.convert(mode)
    path = save(picture.convert(mode) if mode == "I;16B" else picture, "a.tif", **options)
    with path.open("rb") as stream, Image.open(stream) as opened:
        reader = strip_reader(opened, stream, "a.tif")
        assert reader is not None
        assert (reader.mode, reader.size) == (opened.mode, (4000, 2500))
        boxes = [(0, 0, 4000, 3), (5, 1, 3999, 2), (0, 700, 4000, 1900), (17, 893, 18, 2500)]
        pieces = [reader.crop(box) for box in boxes]
        for box, piece in zip(boxes, pieces, strict=True):
            expected = opened.crop(box)
            assert (piece.mode, piece.size) == (expected.mode, expected.size)
            assert piece.getpalette() == expected.getpalette()
            assert piece.tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGB", {"compression": "jpeg"}),
        ("RGB", {"tiffinfo": {ORIENTATION: 6}}),
        ("RGB", {"compression": "tiff_lzw", "tiffinfo": {ROWS_PER_STRIP: 2500}}),
    ],
)
def test_other_files_are_decoded_whole(
    save: Save, reopen: Reopen, large: Image.Image, mode: str, options: dict[str, Any]
) -> None:
    path = save(large.convert(mode), "a.tif", **options)
    with path.open("rb") as stream, Image.open(stream) as opened:
        assert strip_reader(opened, stream, "a.tif") is None
    assert max(reopen(render(path, "wid=40&hei=40&fit=constrain", SETTINGS)).size) == 40


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "CMYK", "P"])
@pytest.mark.parametrize("width", [1900, 600, 90])
def test_scaling_in_bands_is_scaling(
    save: Save, reopen: Reopen, large: Image.Image, mode: str, width: int
) -> None:
    picture = large.convert(mode)
    reply = reopen(render(save(picture, "a.tif"), f"wid={width}&fmt=tif-alpha", SETTINGS))
    straight = picture.convert("RGB") if mode in ("CMYK", "P") else picture
    whole = straight.resize(reply.size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    assert farthest(reply, whole) <= 3


@pytest.mark.parametrize("method", list(Resampling))
def test_a_window_is_a_part_of_the_whole(large: Image.Image, method: Resampling) -> None:
    pixels = Pixels(raw=large, size=large.size, extent=(4000.0, 2500.0), prepare=None)
    region, size = (1000.0, 500.0, 3000.0, 2400.0), (700, 665)
    whole = take(pixels, Cut(region=region, size=size, window=(0, 0, *size)), method)
    part = take(pixels, Cut(region=region, size=size, window=(210, 333, 400, 120)), method)
    expected = whole.crop((210, 333, 610, 453))
    inner = (3, 3, 397, 117)  # sharpening reads neighbours that a window has not
    assert farthest(part.crop(inner), expected.crop(inner)) <= 2


def test_pixels_outside_the_crop_have_no_influence(save: Save, reopen: Reopen) -> None:
    picture = Image.new("RGB", (400, 400), "white")
    picture.paste("black", (100, 100, 300, 300))
    reply = reopen(render(save(picture, "a.png"), "crop=100,100,200,200&wid=63&fmt=png", SETTINGS))
    assert reply.getcolors() == [(63 * 63, (0, 0, 0))]


def test_turns_and_crops_of_a_large_source_land_where_they_should(
    save: Save, reopen: Reopen, quadrants: Image.Image
) -> None:
    path = save(quadrants.resize((4000, 3000), Image.Resampling.NEAREST), "a.tif")
    for modifier, expected in (
        ("rotate=90&wid=60", "blue"),
        ("flip=ud&wid=60", "blue"),
        ("flip=lr&rotate=270&wid=60", "red"),
        ("crop=2000,0,2000,3000&rotate=180&wid=60", "white"),
        ("extend=0,0,0,-1500&flip=lr&wid=60", "lime"),
        ("rotate=90&rgn=1500,0,1500,4000&wid=60", "red"),
        ("scale=0.5&rgn=1000,0,1000,1500&wid=60", "lime"),
        ("size=1000,0&rotate=0.0001&wid=60&bgc=ff0000", "red"),
    ):
        pixel = reopen(render(path, f"fmt=png&{modifier}", SETTINGS)).getpixel((2, 2))
        assert Image.new("RGB", (1, 1), expected).getpixel((0, 0)) == pixel, modifier


def test_a_very_large_canvas_is_drawn_smaller_and_that_is_said(
    save: Save, reopen: Reopen, quadrants: Image.Image
) -> None:
    picture = quadrants.convert("P").resize((8000, 6000), Image.Resampling.NEAREST)
    path = save(picture, "a.tif")
    rendered = render(path, "extend=100,0,0,0&scl=1&wid=300&hei=300&fmt=png", SETTINGS)
    (warning,) = rendered.warnings
    assert warning.startswith("drawn at 0.72 of its size")
    reply = reopen(rendered)
    assert [reply.getpixel(at) for at in ((0, 0), (299, 299))] == [(255, 0, 0), (255, 255, 255)]
    assert render(path, "extend=100,0,0,0&wid=300", SETTINGS).warnings == ()


def test_a_damaged_strip_is_named(save: Save, large: Image.Image, tmp_path: Path) -> None:
    whole = save(large.convert("RGB"), "a.tif").read_bytes()
    path = tmp_path / "cut.tif"
    # The directory stands in front, so only pixels are missing.
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RenderError, match=r"cut\.tif: the source cannot be read: .*truncated"):
        render(path, "wid=100", SETTINGS)


def test_the_budget_lets_small_ones_together_and_large_ones_alone() -> None:
    budget = MemoryBudget(10)
    together, most, failures = 0, 0, []
    lock = threading.Lock()

    def work(size: int) -> None:
        nonlocal together, most
        with budget.share(size):
            with lock:
                together += size
                most = max(most, together)
                if together > 10 and together != size:
                    failures.append(together)
            with lock:
                together -= size

    sizes = [3, 4, 25, 3, 10, 1, 1, 1, 40, 9] * 20
    threads = [threading.Thread(target=work, args=(size,)) for size in sizes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert (failures, together) == ([], 0)
    assert most == 40


CHILD = """
import resource, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from s7spec.emulator.render import ImageServerSettings, render
sources, modifiers = sys.argv[1].split(), sys.argv[2].split()
with ThreadPoolExecutor(3) as pool:
    settings = ImageServerSettings()
    work = [pool.submit(render, Path(s), m, settings) for s in sources for m in modifiers]
    for each in work:
        done = each.result()
        assert (done.width, done.height) == (2000, 2000), done
status = Path("/proc/self/status")
if status.exists():  # on Linux, what getrusage tells begins with what the parent held
    print(int(status.read_text().split("VmHWM:")[1].split()[0]) / 2**10)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""


def test_100_megapixels_stay_within_600_megabytes(tmp_path: Path) -> None:
    """Three at once: what the threads of jobs and previews do side by side."""
    sources = [tmp_path / "a.png", tmp_path / "a.tif"]
    sources[0].write_bytes(_png(10_000, 10_000, bytes((7, 8, 9, 99)) * 10_000))
    sources[1].write_bytes(_tiff_head(10_000, 10_000))
    with sources[1].open("r+b") as stream:
        stream.truncate(10_000 * 10_000 * 3 + len(_tiff_head(1, 1)))
    modifiers = "wid=2000&fmt=png-alpha rotate=90&wid=2000"
    arguments = [" ".join(map(str, sources)), modifiers]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < MOST_MEGABYTES


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def _png(width: int, height: int, row: bytes, *chunks: bytes) -> bytes:
    packer = zlib.compressobj(1)
    pixels = b"".join([*(packer.compress(b"\0" + row) for _ in range(height)), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            *chunks,
            _chunk(b"IDAT", pixels),
            _chunk(b"IEND", b""),
        ]
    )


def _tiff_head(width: int, height: int, *, following: int = 0) -> bytes:
    """One uncompressed strip of RGB behind the head."""
    entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, 8 + 2 + 9 * 12 + 4),
        (277, 3, 1, 3),
        (278, 4, 1, height),
        (279, 4, 1, min(width * height * 3, 2**32 - 1)),
    ]
    packed = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + packed + struct.pack("<I", following)


BIG = zlib.compress(bytes(80_000_000))


@pytest.mark.parametrize(
    "chunk",
    [
        _chunk(b"zTXt", b"a\0\0" + BIG),
        _chunk(b"iTXt", b"a\0\1\0\0\0" + BIG),
        _chunk(b"iCCP", b"a\0\0" + BIG),
    ],
    ids=["zTXt", "iTXt", "iCCP"],
)
def test_compressed_chunks_do_not_unfold(tmp_path: Path, reopen: Reopen, chunk: bytes) -> None:
    """Refused, or rendered without what the chunk holds."""
    path = tmp_path / "bomb.png"
    path.write_bytes(_png(2, 2, bytes(8), chunk))
    try:
        rendered = render(path, "fmt=png&iccEmbed=1&xmpEmbed=1", SETTINGS)
    except RenderError as error:
        complaint = str(error)
    else:
        assert len(rendered.data) < 1_000
        complaint = "bomb.png: none"
    assert complaint.startswith("bomb.png: ")


def test_many_texts_together_do_not_unfold(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    text = _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000)))
    path.write_bytes(_png(2, 2, bytes(8), *[text] * 100))
    with pytest.raises(RenderError, match=r"^bomb\.png: "):
        render(path, "", SETTINGS)


def test_directories_in_a_circle(tmp_path: Path, reopen: Reopen) -> None:
    path = tmp_path / "circle.tif"
    path.write_bytes(_tiff_head(4, 4, following=8) + bytes(48))
    assert reopen(render(path, "fmt=png", SETTINGS)).size == (4, 4)


def test_a_tiff_that_claims_strips_it_has_not(tmp_path: Path) -> None:
    path = tmp_path / "claims.tif"
    path.write_bytes(_tiff_head(9_999, 9_999) + bytes(48))
    with pytest.raises(RenderError, match=r"claims\.tif: the source cannot be read"):
        render(path, "wid=10", SETTINGS)
    path.write_bytes(_tiff_head(60_000, 60_000) + bytes(48))
    with pytest.raises(RenderError, match=r"claims.* pixels"):
        render(path, "wid=10", SETTINGS)


def test_very_many_frames_are_not_walked_through(tmp_path: Path, reopen: Reopen) -> None:
    frame = io.BytesIO()
    Image.new("P", (4, 4)).save(frame, "GIF")
    whole = frame.getvalue()
    start = whole.index(b"\x2c", 13)
    body = whole[start:-1]
    path = tmp_path / "frames.gif"
    # A broken frame at the end: to count them, all would have to be read.
    path.write_bytes(whole[:start] + body * 50_000 + b"\x2c\xff")
    rendered = render(path, "fmt=png", SETTINGS)
    assert rendered.warnings == ("the source has more than one frame; only the first was rendered",)
    assert reopen(rendered).size == (4, 4)


def test_a_progressive_jpeg_that_would_need_too_much_memory(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, "JPEG", progressive=True, subsampling=0)
    data = bytearray(buffer.getvalue())
    at = data.index(b"\xff\xc2") + 5
    data[at : at + 4] = struct.pack(">HH", 9_990, 9_990)
    path = tmp_path / "claims.jpg"
    path.write_bytes(data)
    with pytest.raises(RenderError, match=r"claims\.jpg: decoding this JPEG takes about 6\d\d MB"):
        render(path, "wid=100", SETTINGS)


def test_a_jpeg_2000_that_would_need_too_much_memory(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, "JPEG2000")
    data = bytearray(buffer.getvalue())
    at = data.index(b"ihdr") + 4
    data[at : at + 8] = struct.pack(">II", 5_000, 5_000)
    at = data.index(b"\xff\x51") + 6
    data[at : at + 8] = struct.pack(">II", 5_000, 5_000)
    path = tmp_path / "claims.jp2"
    path.write_bytes(data)
    with pytest.raises(RenderError, match=r"decoding this JPEG2000 takes about 600 MB, more than"):
        render(path, "wid=100", SETTINGS)
