"""Source pictures: every mode, and files that mean harm."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from hashlib import shake_256
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from s7spec.emulator.render import ImageServerSettings, Rendered, RenderError, render

Save = Callable[..., Path]
Reopen = Callable[[Rendered], Image.Image]
SETTINGS = ImageServerSettings()


def pixel(path: Path, reopen: Reopen, modifier: str = "fmt=png&scl=1") -> object:
    return reopen(render(path, modifier, SETTINGS)).getpixel((2, 2))


@pytest.mark.parametrize(
    ("mode", "colour", "name", "expected"),
    [
        ("1", 1, "a.png", (255, 255, 255)),
        ("L", 90, "a.png", (90, 90, 90)),
        ("L", 90, "a.jpg", (90, 90, 90)),
        ("LA", (90, 0), "a.png", (255, 255, 255)),
        ("LA", (90, 255), "a.tif", (90, 90, 90)),
        ("RGB", (10, 20, 30), "a.bmp", (10, 20, 30)),
        ("RGB", (10, 20, 30), "a.tif", (10, 20, 30)),
        ("RGB", (10, 20, 30), "a.jp2", (10, 20, 30)),
        ("RGBA", (10, 20, 30, 0), "a.png", (255, 255, 255)),
        ("RGBA", (0, 0, 0, 128), "a.tif", (127, 127, 127)),
        ("RGBA", (10, 20, 30, 255), "a.webp", (10, 20, 30)),
        ("I;16", 65535, "a.png", (255, 255, 255)),
        ("I;16", 257 * 100, "a.png", (100, 100, 100)),
        ("I;16", 257 * 100, "a.tif", (100, 100, 100)),
        ("CMYK", (0, 255, 255, 0), "a.tif", (255, 0, 0)),
        ("CMYK", (0, 0, 0, 255), "a.jpg", (0, 0, 0)),
        ("CMYK", (255, 0, 0, 0), "a.jpg", (0, 255, 255)),
    ],
)
def test_modes(
    save: Save,
    reopen: Reopen,
    mode: str,
    colour: int | tuple[int, ...],
    name: str,
    expected: tuple[int, int, int],
) -> None:
    options = {"lossless": True} if name.endswith("webp") else {}
    path = save(Image.new(mode, (16, 16), colour), name, **options)
    found = pixel(path, reopen)
    assert isinstance(found, tuple)
    assert all(abs(a - b) <= 2 for a, b in zip(found, expected, strict=True)), found


def test_palette_with_transparency(save: Save, reopen: Reopen) -> None:
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([0, 0, 0, 255, 0, 0, 0, 0, 255])
    picture.paste(2, (0, 0, 4, 8))
    for name in ("a.gif", "a.png"):
        path = save(picture, name, transparency=2)
        reply = reopen(render(path, "fmt=png-alpha&scl=1", SETTINGS))
        assert reply.getpixel((1, 1)) == (0, 0, 255, 0)
        assert reply.getpixel((6, 6)) == (255, 0, 0, 255)


def test_gray_with_transparent_level(save: Save, reopen: Reopen) -> None:
    path = save(Image.new("L", (8, 8), 70), "a.png", transparency=70)
    assert pixel(path, reopen, "fmt=png-alpha,gray") == (70, 0)


def test_cmyk_stays_white_on_paper_and_returns_as_cmyk(save: Save, reopen: Reopen) -> None:
    path = save(Image.new("CMYK", (16, 16), (0, 0, 0, 0)), "a.jpg")
    assert pixel(path, reopen) == (255, 255, 255)
    assert pixel(path, reopen, "fmt=tif,cmyk&scl=1") == (0, 0, 0, 0)
    assert pixel(path, reopen, "fmt=jpeg,cmyk&scl=1") == (0, 0, 0, 0)


def test_cmyk_with_an_unusable_profile_is_converted_and_said(save: Save) -> None:
    rgb_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (b"not a profile", rgb_profile):
        path = save(Image.new("CMYK", (8, 8)), "a.jpg", icc_profile=profile)
        (warning,) = render(path, "fmt=png&iccEmbed=1", SETTINGS).warnings
        assert "colour profile is unusable" in warning


def test_orientation_is_not_applied_but_said(save: Save, reopen: Reopen) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = save(Image.new("RGB", (40, 30)), "a.jpg", exif=exif)
    rendered = render(path, "scl=1", SETTINGS)
    assert (rendered.width, rendered.height) == (40, 30)
    assert rendered.warnings == ("the source's EXIF orientation 6 was not applied",)
    assert 0x0112 not in reopen(rendered).getexif()


def test_only_the_first_frame(save: Save, reopen: Reopen) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    path = save(frames[0], "a.tif", save_all=True, append_images=frames[1:])
    rendered = render(path, "fmt=png", SETTINGS)
    assert rendered.warnings == ("the source has more than one frame; only the first was rendered",)
    assert reopen(rendered).getpixel((0, 0)) == (255, 0, 0)


def test_float_pixels_are_refused(save: Save) -> None:
    with pytest.raises(RenderError, match="floating point"):
        render(save(Image.new("F", (4, 4)), "a.tif"), "", SETTINGS)
    with pytest.raises(RenderError, match="more than 16 bits"):
        render(save(Image.new("I", (4, 4), 70_000), "a.tif"), "", SETTINGS)


def test_truncated_jpeg(
    save: Save, tmp_path: Path, noise: Callable[[int, int], Image.Image]
) -> None:
    whole = save(noise(200, 200), "whole.jpg").read_bytes()
    path = tmp_path / "cut.jpg"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RenderError, match=r"cut\.jpg: the source cannot be read: .*truncated"):
        render(path, "scl=1", SETTINGS)


def test_missing_directory_and_nonsense(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"gone\.jpg: the source cannot be read: No such file"):
        render(tmp_path / "gone.jpg", "", SETTINGS)
    with pytest.raises(RenderError, match="cannot be read: Is a directory"):
        render(tmp_path, "", SETTINGS)
    for content in (b"", b"%PDF-1.4\n", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"hello"):
        path = tmp_path / "nonsense.jpg"
        path.write_bytes(content)
        with pytest.raises(RenderError, match=r"nonsense\.jpg: not a picture"):
            render(path, "", SETTINGS)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"MM\0*\0\0\0\x08\0\0", "TIFF"),
        (b"8BPS\0\1", "PSD"),
        (b"\x89PNG\r\n\x1a\nxxxx", "PNG"),
    ],
)
def test_a_file_that_begins_well_is_named_for_what_it_is(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(RenderError, match=rf"^a\.jpg: .*({kind} is damaged|cannot be read)"):
        render(path, "", SETTINGS)


def test_no_path_of_the_server_in_a_message(tmp_path: Path) -> None:
    with pytest.raises(RenderError) as caught:
        render(tmp_path / "gone.jpg", "", SETTINGS)
    assert str(tmp_path) not in str(caught.value)


def _png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels)


@pytest.mark.parametrize("side", [10_001, 60_000, 2_000_000])
def test_decompression_bomb(tmp_path: Path, side: int) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(_png_claiming(side, side))
    with pytest.raises(RenderError, match="pixels"):
        render(path, "wid=10", SETTINGS)


def test_own_pixel_cap(save: Save) -> None:
    path = save(Image.new("L", (20, 20)), "a.png")
    with pytest.raises(RenderError, match=r"a\.png: 20x20 is more than 399 pixels"):
        render(path, "", ImageServerSettings(max_source_pixels=399))
    assert render(path, "", ImageServerSettings(max_source_pixels=400)).width == 20


@pytest.mark.parametrize("name", ["jpg", "png", "tif", "gif", "webp", "bmp", "jp2", "avif"])
def test_damaged_files_render_or_are_refused(
    tmp_path: Path, cutout: Image.Image, reopen: Reopen, name: str
) -> None:
    buffer = io.BytesIO()
    picture = cutout.convert("RGB") if name in ("jpg", "bmp") else cutout
    picture.save(buffer, Image.registered_extensions()[f".{name}"])
    whole = buffer.getvalue()
    dice = iter(shake_256(name.encode()).digest(4_000))
    path = tmp_path / f"damaged.{name}"
    refused = 0
    for round_ in range(60):
        damaged = bytearray(whole)
        if round_ % 3 == 0:
            del damaged[len(damaged) * next(dice) // 256 :]
        for _ in range(5):
            if damaged:
                damaged[len(damaged) * next(dice) // 256] = next(dice)
        path.write_bytes(damaged)
        try:
            reopen(render(path, "wid=10&fmt=png", ImageServerSettings(max_source_pixels=10**6)))
        except RenderError:
            refused += 1
    assert refused > 0
