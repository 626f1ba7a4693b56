"""Formats, colours and metadata of the files that are written."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image, ImageChops, ImageCms, PdfParser
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from s7spec.emulator.render import ImageServerSettings, Rendered, RenderError, render
from s7spec.emulator.render.formats import FORMATS as KNOWN

Save = Callable[..., Path]
Reopen = Callable[[Rendered], Image.Image]
Show = Callable[..., Image.Image]
Noise = Callable[[int, int], Image.Image]

CASES = Path(__file__).with_name("cases")
FORMATS = yaml.safe_load(CASES.joinpath("formats.yaml").read_text())
COLOURS = yaml.safe_load(CASES.joinpath("colours.yaml").read_text())
SETTINGS = ImageServerSettings()
MARKER = b"emulated, not Adobe output"
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("case", FORMATS, ids=lambda case: str(case["fmt"]))
def test_format(save: Save, reopen: Reopen, cutout: Image.Image, case: dict[str, Any]) -> None:
    path = save(cutout, "source.png", icc_profile=SRGB)
    rendered = render(path, f"fmt={case['fmt']}&wid=20&iccEmbed=1", SETTINGS)
    image = reopen(rendered)
    assert (rendered.fmt, rendered.extension) == (case["fmt"].split(",")[0], case["extension"])
    assert (image.format, image.mode, image.size) == (case["opens"], case["mode"], (20, 15))
    assert image.info.get("compression") == case.get("compression")
    assert bool(image.info.get("progressive")) == case.get("progressive", False)
    assert image.info.get("icc_profile") == (SRGB if case.get("profile") else None)
    assert MARKER in rendered.data
    assert [note for note in rendered.warnings if "lossless AVIF" not in note] == []
    alpha = image.convert("RGBA").getchannel("A").tobytes()[-1]
    assert (alpha < 3) == ("-alpha" in rendered.fmt)


def test_every_format_pixel_type_and_compression_has_a_case() -> None:
    cases = {case["fmt"] for case in FORMATS}
    for name, rule in KNOWN.items():
        if rule.extension in (".pdf", ".eps"):
            continue
        for pixel_type in rule.pixel_types:
            for compression in ("none", *rule.compressions):
                if (name, pixel_type) == ("tif-alpha", "cmyk"):  # Pillow does not open it
                    continue
                full = f"{name},{pixel_type},{compression}"
                assert cases & {full, full.removesuffix(",none"), full.removesuffix(",rgb,none")}


@pytest.mark.parametrize("case", FORMATS, ids=lambda case: str(case["fmt"]))
def test_same_input_same_bytes(save: Save, cutout: Image.Image, case: dict[str, Any]) -> None:
    path = save(cutout, "source.png")
    modifier = f"fmt={case['fmt']}&wid=20&rotate=10"
    assert render(path, modifier, SETTINGS).data == render(path, modifier, SETTINGS).data


@pytest.mark.parametrize("pixel_type", ["rgb", "gray", "cmyk"])
@pytest.mark.parametrize("compression", ["none", "zip", "jpeg"])
def test_pdf(
    save: Save, quadrants: Image.Image, tmp_path: Path, pixel_type: str, compression: str
) -> None:
    path = save(quadrants, "source.png")
    rendered = render(path, f"fmt=pdf,{pixel_type},{compression}&printRes=144&scl=1", SETTINGS)
    target = tmp_path / "out.pdf"
    target.write_bytes(rendered.data)
    with PdfParser.PdfParser(str(target), mode="rb") as pdf:
        (page,) = (pdf.read_indirect(reference) for reference in pdf.pages)
        assert page[b"MediaBox"] == [0, 0, 20, 15]
        assert pdf.info[b"Producer"] == pdf.info[b"Title"] == MARKER
        picture = pdf.read_indirect(page[b"Resources"][b"XObject"][b"Im0"])
        entries, data = dict(picture.dictionary), bytes(picture.buf)
    assert (entries[b"Width"], entries[b"Height"]) == (40, 30)
    mode = {"rgb": "RGB", "gray": "L", "cmyk": "CMYK"}[pixel_type]
    if compression == "jpeg":
        with Image.open(io.BytesIO(data)) as inner:
            assert (inner.format, inner.mode, inner.size) == ("JPEG", mode, (40, 30))
        assert (b"Decode" in entries) == (mode == "CMYK")
        return
    pixels = zlib.decompress(data) if compression == "zip" else data
    assert pixels == quadrants.convert(mode).tobytes()


def test_pdf_cross_references_point_at_the_objects(save: Save, quadrants: Image.Image) -> None:
    data = render(save(quadrants, "source.png"), "fmt=pdf,,zip", SETTINGS).data
    start = int(re.findall(rb"startxref\n(\d+)\n", data)[-1])
    assert data[start:].startswith(b"xref\n")
    offsets = [int(entry) for entry in re.findall(rb"(\d{10}) 00000 n \n", data)]
    assert len(offsets) == 6
    for number, offset in enumerate(offsets, start=1):
        assert data[offset:].startswith(b"%d 0 obj" % number)


@pytest.mark.parametrize("case", COLOURS, ids=lambda case: f"{case['text']}")
def test_colour(show: Show, case: dict[str, Any]) -> None:
    clear = Image.new("RGBA", (2, 2))
    if case.get("rgb", True) is None:
        with pytest.raises(RenderError, match="must be a colour"):
            show(clear, f"bgc={case['text']}")
        return
    for pixel_type, fmt in (("rgb", "png"), ("gray", "png,gray"), ("cmyk", "tif,cmyk")):
        if pixel_type in case:
            reply = show(clear, f"bgc={case['text']}&fmt={fmt}")
            expected = case[pixel_type]
            pixel = reply.getpixel((0, 0))
            assert pixel == (expected[0] if pixel_type == "gray" else tuple(expected))
    layer = show(clear, f"bgColor={case['text']}&fmt=png-alpha")
    assert layer.getchannel("A").getpixel((0, 0)) == case.get("alpha", 255)


@pytest.mark.parametrize(
    "fmt", ["png", "tif", "gif", "png8", "webp,,lossless", "avif", "jpeg2000,,lossless"]
)
def test_formats_with_transparency_keep_margins_clear_whatever_bgc_says(
    show: Show, quadrants: Image.Image, fmt: str
) -> None:
    name, _, fields = fmt.partition(",")
    with_alpha = f"{name}-alpha,{fields}" if fields else f"{name}-alpha"
    padded = "wid=40&hei=60&bgc=ff0000&fmt="
    clear = show(quadrants, f"{padded}{with_alpha}").convert("RGBA")
    assert clear.getchannel("A").getpixel((0, 0)) == 0
    filled = show(quadrants, f"{padded}{fmt}").convert("RGB").crop((0, 0, 1, 1)).tobytes()
    assert [band > 127 for band in filled] == [True, False, False]


def test_gray_of_colour_and_back(show: Show, quadrants: Image.Image) -> None:
    reply = show(quadrants, "scl=1&fmt=png,gray")
    assert [reply.getpixel(at) for at in ((0, 0), (39, 0), (0, 29), (39, 29))] == [76, 150, 29, 255]
    assert show(Image.new("L", (4, 4), 77), "fmt=png").getpixel((0, 0)) == (77, 77, 77)


def test_lossless_formats_keep_the_pixels(show: Show, noise: Noise) -> None:
    picture = Image.frombytes("RGB", (40, 30), noise(120, 30).tobytes())
    for fmt in ("png", "tif", "tif,,lzw", "tif,,zip", "webp,,lossless", "jpeg2000,,lossless"):
        assert ImageChops.difference(show(picture, f"fmt={fmt}&scl=1"), picture).getbbox() is None


def test_quality_and_chroma_change_the_jpeg(save: Save, noise: Noise) -> None:
    path = save(Image.frombytes("RGB", (64, 64), noise(192, 64).tobytes()), "source.png")
    low, high, full = (
        render(path, modifier, SETTINGS) for modifier in ("qlt=20", "qlt=95", "qlt=95,1")
    )
    assert len(low.data) < len(high.data) < len(full.data)
    company = render(path, "", ImageServerSettings(jpeg_quality=20))
    assert company.data == low.data
    assert render(path, "fmt=png&qlt=20", SETTINGS).data == render(path, "fmt=png", SETTINGS).data
    # Component 0 of the frame header (SOF0): sampling factors 2x2 against 1x1.
    assert high.data[high.data.index(b"\xff\xc0") + 11] == 0x22
    assert full.data[full.data.index(b"\xff\xc0") + 11] == 0x11


def test_jpeg_size_lowers_the_quality_until_it_fits(save: Save, noise: Noise) -> None:
    path = save(noise(150, 150), "source.png")
    free, bounded = (render(path, m, SETTINGS).data for m in ("qlt=95", "qlt=95&jpegSize=12"))
    assert len(free) > 12 * 1024 >= len(bounded) > 9 * 1024
    assert render(path, "qlt=95&jpegSize=900", SETTINGS).data == free
    png = render(path, "fmt=png&jpegSize=1", SETTINGS)
    assert len(png.data) > 1024


@pytest.mark.parametrize("fmt", ["jpeg", "png", "tif"])
def test_print_resolution(save: Save, reopen: Reopen, quadrants: Image.Image, fmt: str) -> None:
    path = save(quadrants, "source.png", dpi=(150, 150))
    for modifier, dpi in (("", 150), ("&printRes=300", 300)):
        image = reopen(render(path, f"fmt={fmt}{modifier}", SETTINGS))
        assert round(image.info["dpi"][0]) == dpi


def test_icc_and_xmp_are_embedded_on_request_only(
    save: Save, reopen: Reopen, quadrants: Image.Image
) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>rights</x:xmpmeta>"
    path = save(quadrants, "source.jpg", icc_profile=profile, xmp=packet)
    for fmt in ("jpeg", "tif", "tif,,lzw"):
        with_both = reopen(render(path, f"fmt={fmt}&iccEmbed=1&xmpEmbed=1", SETTINGS))
        without = reopen(render(path, f"fmt={fmt}", SETTINGS))
        assert with_both.info["icc_profile"] == profile
        assert with_both.info["xmp"] == packet
        assert not {"icc_profile", "xmp", "exif"} & set(without.info)
    gray = reopen(render(path, "fmt=jpeg,gray&iccEmbed=1", SETTINGS))
    assert "icc_profile" not in gray.info


def test_pdf_embeds_the_profile(save: Save, quadrants: Image.Image) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = save(quadrants, "source.png", icc_profile=profile)
    assert profile in render(path, "fmt=pdf,,zip&iccEmbed=1", SETTINGS).data
    assert profile not in render(path, "fmt=pdf,,zip", SETTINGS).data


@pytest.mark.parametrize("pixel_type", ["rgb", "gray", "cmyk"])
def test_eps(save: Save, quadrants: Image.Image, pixel_type: str) -> None:
    path = save(quadrants, "source.png", icc_profile=SRGB)
    rendered = render(path, f"fmt=eps,{pixel_type}&printRes=144&scl=1&iccEmbed=1", SETTINGS)
    assert (rendered.extension, rendered.pixel_type) == (".eps", pixel_type)
    mode = {"rgb": "RGB", "gray": "L", "cmyk": "CMYK"}[pixel_type]
    with Image.open(io.BytesIO(rendered.data)) as header:
        assert (header.format, header.mode, header.size) == ("EPS", mode, (40, 30))
    assert b"%%HiResBoundingBox: 0 0 20.0000 15.0000\n" in rendered.data
    assert MARKER in rendered.data
    pixels = rendered.data.split(b"beginimage\n")[-1].split(b">")[0]
    picture = Image.frombytes(mode, (40, 30), zlib.decompress(bytes.fromhex(pixels.decode())))
    plain = render(path, f"fmt=tif,{pixel_type}&scl=1", SETTINGS)
    with Image.open(io.BytesIO(plain.data)) as expected:
        assert ImageChops.difference(picture, expected).getbbox() is None
    comment = re.search(rb"%%BeginICCProfile: .*?\n(.*?)%%EndICCProfile", rendered.data, re.DOTALL)
    if pixel_type != "rgb":
        assert comment is None
        return
    assert comment is not None
    assert bytes.fromhex(comment.group(1).decode().replace("%", "")) == SRGB


@pytest.mark.parametrize("compression", ["", ",lzw", ",zip"])
@pytest.mark.parametrize("more", ["", "&wid=90&hei=60", "&rect=-5,5,20,60", "&op_usm=2,3"])
def test_inks_with_alpha(save: Save, cutout: Image.Image, compression: str, more: str) -> None:
    """Pillow does not open these, so the rows are read as gray ones, five times as wide."""
    path = save(cutout, "source.png")
    modifier = f"fmt=tif-alpha,cmyk{compression}&printRes=150&scl=1{more}"
    rendered = render(path, modifier, SETTINGS)
    assert (rendered.extension, rendered.pixel_type, rendered.warnings[1:]) == (".tiff", "cmyk", ())
    size = (rendered.width, rendered.height)
    tags = ImageFileDirectory_v2(rendered.data[:8])
    stream = io.BytesIO(rendered.data)
    stream.seek(tags.next)
    tags.load(stream)
    told = [tags[tag] for tag in (256, 257, 258, 262, 277, 332, 338, 270, 282)]
    assert told == [*size, (8,) * 5, 5, 5, 1, (2,), MARKER.decode(), 150]
    assert tags[259] == {"": 1, ",lzw": 5, ",zip": 8}[compression]
    rows = ImageFileDirectory_v2(prefix=b"II")
    strips = [stream.getvalue()[a : a + n] for a, n in zip(tags[273], tags[279], strict=True)]
    for tag, value in {256: size[0] * 5, 257: size[1], 258: 8, 259: tags[259], 262: 1, 277: 1,
                       278: tags[278], 279: tuple(map(len, strips))}.items():  # fmt: skip
        rows[tag] = value
    rows.tagtype[273] = 4
    rows[273] = tuple(sum(map(len, strips[:at])) for at in range(len(strips)))
    gray = Image.open(io.BytesIO(b"".join([b"II*\0\x08\0\0\0", rows.tobytes(8), *strips])))
    data = gray.tobytes()
    planes = [Image.frombytes("L", size, data[place::5]) for place in range(5)]
    plain = [f"fmt={fmt}&scl=1{more}" for fmt in ("tif,cmyk", "png-alpha")]
    inks, clear = (Image.open(io.BytesIO(render(path, m, SETTINGS).data)) for m in plain)
    assert planes[4].tobytes() == clear.getchannel("A").tobytes()
    mixed = Image.composite(Image.merge("CMYK", planes[:4]), Image.new("CMYK", size), planes[4])
    if "usm" not in more:
        assert ImageChops.difference(mixed, inks).getbbox() is None


def test_the_mac_palette(show: Show, noise: Noise) -> None:
    picture = Image.frombytes("RGB", (64, 64), noise(64 * 3, 64).tobytes())
    colours = show(picture, "fmt=gif&quantize=mac,off").convert("RGB").getcolors(256)
    assert colours is not None
    cube = {0, 51, 102, 153, 204, 255}
    between = [colour for _, colour in colours if not cube.issuperset(colour)]  # type: ignore[arg-type]
    assert between
    for colour in between:
        assert isinstance(colour, tuple)
        assert len(set(colour)) == 1 or sorted(colour)[:2] == [0, 0]


@pytest.mark.parametrize("fmt", ["gif", "png8", "gif-alpha"])
def test_listed_colours_are_in_the_palette(show: Show, fmt: str) -> None:
    gray = Image.linear_gradient("L").resize((64, 64)).convert("RGB")
    reply = show(gray, f"fmt={fmt}&quantize=adaptive,off,8,ff0001,00fE02")
    palette = reply.getpalette("RGB") or []
    colours = list(zip(palette[::3], palette[1::3], palette[2::3], strict=True))
    assert {(255, 0, 1), (0, 254, 2)} <= set(colours)
    assert len(set(colours)) <= 9
    assert len(reply.convert("RGB").getcolors() or []) >= 4
    only = show(gray, f"fmt={fmt}&quantize=adaptive,off,2,ff0001,00fe02").convert("RGB")
    assert {colour for _, colour in only.getcolors() or []} <= {(255, 0, 1), (0, 254, 2)}


@pytest.mark.parametrize("fmt", ["gif", "png8"])
def test_quantize(show: Show, fmt: str) -> None:
    gradient = Image.merge("RGB", [Image.linear_gradient("L").resize((64, 64))] * 3)
    four = show(gradient, f"fmt={fmt}&quantize=adaptive,off,4")
    assert len(four.convert("RGB").getcolors() or []) == 4
    web = show(gradient, f"fmt={fmt}&quantize=web").convert("RGB")
    levels = set(web.tobytes())
    assert levels <= {0, 51, 102, 153, 204, 255}
    assert len(levels) > 2
    dithered = show(gradient, f"fmt={fmt}&quantize=adaptive,diffuse,4").convert("RGB")
    assert dithered.tobytes() != four.convert("RGB").tobytes()


@pytest.mark.parametrize(
    ("modifier", "expected"),
    [
        ("op_invert=1", (155, 205, 225)),
        ("op_invert=0", (100, 50, 30)),
        ("op_brightness=100", (200, 100, 60)),
        ("op_brightness=-100", (0, 0, 0)),
        ("op_contrast=-100", (128, 128, 128)),
        ("op_saturation=-100", (63, 63, 63)),
        ("op_colorbalance=100,0,-100", (255, 50, 0)),
        ("op_hue=0", (100, 50, 30)),
        ("op_sharpen=1", (100, 50, 30)),
        ("op_blur=5", (100, 50, 30)),
        ("op_usm=1,2,0,1", (100, 50, 30)),
    ],
)
def test_colour_operations_on_a_flat_colour(
    show: Show, modifier: str, expected: tuple[int, int, int]
) -> None:
    pixel = show(Image.new("RGB", (9, 9), (100, 50, 30)), modifier).getpixel((4, 4))
    assert isinstance(pixel, tuple)
    assert all(abs(a - b) <= 2 for a, b in zip(pixel, expected, strict=True)), pixel


def test_hue_turns_red_to_green_to_blue(show: Show) -> None:
    for degrees, strongest in ((120, 1), (-120, 2), (0, 0)):
        pixel = show(Image.new("RGB", (4, 4), "red"), f"op_hue={degrees}").getpixel((0, 0))
        assert isinstance(pixel, tuple)
        assert pixel.index(max(pixel)) == strongest


def test_operations_leave_padding_and_transparency(show: Show, cutout: Image.Image) -> None:
    padded = show(cutout, "op_invert=1&wid=100&hei=100&bgc=102030")
    assert padded.getpixel((0, 0)) == (16, 32, 48)
    assert padded.getpixel((45, 45)) == (0, 255, 255)
    clear = show(cutout, "op_invert=1&op_hue=90&op_blur=1&fmt=png-alpha&scl=1")
    assert clear.getchannel("A").getpixel((35, 27)) == 0


@pytest.mark.parametrize(
    "modifier", ["op_usm=2,3", "op_usmR=2,3", "op_sharpen=1", "op_usm=2,3,0,1"]
)
def test_sharpening_steepens_an_edge(show: Show, modifier: str) -> None:
    edge = Image.new("RGB", (40, 10), (100, 100, 100))
    edge.paste((150, 150, 150), (20, 0, 40, 10))
    reply = show(edge, f"scl=1&{modifier}").convert("L")
    assert min(reply.tobytes()) < 95
    assert max(reply.tobytes()) > 155
    soft = show(edge, "scl=1&op_blur=4").convert("L").tobytes()
    assert 105 < soft[5 * 40 + 20] < 145
    assert show(edge, "scl=1&op_usm=2,3,200").convert("L").getextrema() == (100, 150)
