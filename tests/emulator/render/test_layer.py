"""Layer commands: the right colour in the right corner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from s7spec.emulator.render import ImageServerSettings, Rendered, render

Show = Callable[..., Image.Image]

RED, LIME, BLUE, WHITE, BLACK, NONE = "R", "G", "B", "W", "K", "-"
NAMES: dict[tuple[int, ...], str] = {
    (255, 0, 0, 255): RED,
    (0, 255, 0, 255): LIME,
    (0, 0, 255, 255): BLUE,
    (255, 255, 255, 255): WHITE,
    (0, 0, 0, 255): BLACK,
}


def name_at(image: Image.Image, x: int, y: int) -> str:
    pixel = image.convert("RGBA").getpixel((x, y))
    assert isinstance(pixel, tuple)
    return NONE if pixel[3] == 0 else NAMES.get(pixel, str(pixel))


def corners(image: Image.Image) -> str:
    """Top left, top right, bottom left, bottom right, in one letter each."""
    right, bottom = image.width - 1, image.height - 1
    return "".join(name_at(image, x, y) for y in (0, bottom) for x in (0, right))


@pytest.mark.parametrize(
    ("modifier", "size", "expected"),
    [
        ("", (40, 30), "RGBW"),
        ("flip=lr", (40, 30), "GRWB"),
        ("flip=ud", (40, 30), "BWRG"),
        ("flip=lrud", (40, 30), "WBGR"),
        ("rotate=90", (30, 40), "BRWG"),
        ("rotate=180", (40, 30), "WBGR"),
        ("rotate=270", (30, 40), "GWRB"),
        ("rotate=-90", (30, 40), "GWRB"),
        ("rotate=450", (30, 40), "BRWG"),
        ("rotate=90&rotate=0", (40, 30), "RGBW"),
        ("crop=20,0,20,15", (20, 15), "GGGG"),
        ("crop=10,5,20,20", (20, 20), "RGBW"),
        ("cropN=0,0.5,0.5,0.5", (20, 15), "BBBB"),
        ("crop=20,0,20,30&rotate=90", (30, 20), "WGWG"),
        ("flip=lr&rotate=90", (30, 40), "WGBR"),
        ("layer=0&flip=lr&rotate=90", (30, 40), "WGBR"),
        ("size=20,0", (20, 15), "RGBW"),
        ("size=20,30", (20, 15), "RGBW"),
        ("size=20,30&scale=3", (20, 15), "RGBW"),
        ("size=0,0&scale=0.5", (20, 15), "RGBW"),
        ("scale=2", (80, 60), "RGBW"),
        ("extend=-20,0,0,0", (20, 30), "GGWW"),
        ("extendN=0,0,-0.5,-0.5", (20, 15), "RRRR"),
        ("extend=0,0,-20,0&flip=lr", (20, 30), "RRBB"),
        ("layer=0&extend=0,0,-20,0&flip=lr", (20, 30), "GGWW"),
        ("rotate=90&extend=0,0,0,-20", (30, 20), "BRBR"),
        ("maskUse=invert", (40, 30), "RGBW"),
    ],
)
def test_geometry(
    show: Show, quadrants: Image.Image, modifier: str, size: tuple[int, int], expected: str
) -> None:
    reply = show(quadrants, f"scl=1&{modifier}")
    assert reply.size == size
    assert corners(reply) == expected


@pytest.mark.parametrize(
    ("modifier", "expected"),
    [
        ("crop=-5,-5,50,40", "WWWW"),
        ("crop=-5,-5,50,40&bgc=000000", "KKKK"),
        ("crop=-5,-5,50,40&bgColor=0,0,255", "BBBB"),
        ("crop=-5,-5,50,40&bgColor=0,0,255&bgc=000000", "BBBB"),
        ("extend=5,5,5,5&bgc=0,255,0", "GGGG"),
        ("crop=100,100,10,10&bgc=ff0000", "RRRR"),
        ("crop=-5,-5,50,40&fmt=png-alpha", "----"),
        ("crop=-5,-5,50,40&fmt=png-alpha&bgc=ff0000", "----"),
        ("crop=-5,-5,50,40&fmt=png-alpha&bgColor=ff0000", "RRRR"),
        ("extend=1,0,0,0&fmt=png-alpha", "-G-W"),
    ],
)
def test_new_area_is_transparent_then_filled(
    show: Show, quadrants: Image.Image, modifier: str, expected: str
) -> None:
    assert corners(show(quadrants, f"scl=1&{modifier}")) == expected


@pytest.mark.parametrize(
    ("modifier", "expected"),
    [
        ("bgc=0,0,255", "BBBB"),
        ("bgc=0,0,255&align=-1,0", "BBBB"),
        ("", "WWWW"),
        ("fmt=png-alpha", "----"),
        ("fmt=tif-alpha", "----"),
        ("fmt=webp-alpha,,lossless", "----"),
    ],
)
def test_padding(show: Show, quadrants: Image.Image, modifier: str, expected: str) -> None:
    assert corners(show(quadrants, f"wid=100&hei=100&{modifier}")) == expected


def test_padding_takes_the_company_background(show: Show, quadrants: Image.Image) -> None:
    assert corners(show(quadrants, "wid=99&hei=99", background=(0, 255, 0))) == "GGGG"


@pytest.mark.parametrize(
    ("modifier", "expected"),
    [
        ("", "RGBW"),
        ("bgc=000000", "RGBK"),
        ("bgColor=000000", "RGBK"),
        ("fmt=png-alpha", "RGB-"),
        ("fmt=png-alpha&bgColor=000000", "RGBK"),
        ("fmt=tif-alpha,,zip", "RGB-"),
        ("fmt=png8-alpha", "RGB-"),
        ("fmt=gif-alpha", "RGB-"),
        ("fmt=webp-alpha,,lossless", "RGB-"),
        ("fmt=gif&bgc=000000", "RGBK"),
        ("fmt=png8", "RGBW"),
        ("fmt=png-alpha&flip=lrud", "-BGR"),
        ("fmt=png-alpha&rotate=90", "BR-G"),
        ("fmt=png-alpha&wid=20", "RGB-"),
    ],
)
def test_alpha_is_kept_or_flattened(
    show: Show, cutout: Image.Image, modifier: str, expected: str
) -> None:
    assert corners(show(cutout, f"scl=1&{modifier}")) == expected


def test_mask_use_off_makes_all_opaque(show: Show, cutout: Image.Image) -> None:
    assert corners(show(cutout, "scl=1&maskUse=off&bgc=ffffff")) == "RGBK"


def test_mask_use_invert_shows_the_hidden(show: Show, cutout: Image.Image) -> None:
    assert corners(show(cutout, "scl=1&maskUse=invert&fmt=png-alpha")) == "---K"


def test_opacity_multiplies_alpha(show: Show, cutout: Image.Image) -> None:
    reply = show(cutout, "scl=1&opac=50,50&fmt=png-alpha")
    assert reply.getpixel((0, 0)) == (255, 0, 0, 64)
    assert reply.getpixel((39, 29)) == (0, 0, 0, 0)


def test_opacity_leaves_the_layer_background(show: Show, quadrants: Image.Image) -> None:
    assert show(quadrants, "scl=1&opac=0&bgColor=0000ff").getpixel((0, 0)) == (0, 0, 255)


def test_half_transparent_background_colour(show: Show) -> None:
    clear = Image.new("RGBA", (4, 4))
    assert show(clear, "fmt=png-alpha&bgColor=ff000080").getpixel((0, 0)) == (255, 0, 0, 128)
    assert show(clear, "bgColor=ff000080&bgc=0000ff").getpixel((0, 0)) == (128, 0, 127)


def test_transparent_colour_does_not_bleed_into_scaled_edges(show: Show) -> None:
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((255, 255, 255, 255), (0, 0, 33, 64))
    reply = show(image, "wid=16&fmt=png-alpha")
    bands = [band.tobytes() for band in reply.split()]
    colours = {(r, g, b) for r, g, b, a in zip(*bands, strict=True) if a > 8}
    assert colours == {(255, 255, 255)}


def test_any_angle_grows_the_canvas(show: Show) -> None:
    reply = show(Image.new("RGB", (40, 30), "red"), "scl=1&rotate=45&fmt=png-alpha")
    assert reply.size == (50, 50)
    assert corners(reply) == "----"
    assert name_at(reply, reply.width // 2, reply.height // 2) == RED
    # Clockwise: the left edge of the picture comes up.
    leaning = show(Image.new("RGB", (40, 4), "red"), "scl=1&rotate=20&fmt=png-alpha")
    assert name_at(leaning, 3, leaning.height - 2) == NONE
    assert name_at(leaning, leaning.width - 4, 1) == NONE


def test_any_angle_is_flattened_on_bgc(show: Show, quadrants: Image.Image) -> None:
    assert corners(show(quadrants, "scl=1&rotate=30&bgc=000000")) == "KKKK"


def test_layer_geometry_counts_in_source_pixels_of_a_large_jpeg(
    save: Callable[..., Path], reopen: Callable[[Rendered], Image.Image], quadrants: Image.Image
) -> None:
    path = save(quadrants.resize((800, 600), Image.Resampling.NEAREST), "big.jpg", quality=95)
    rendered = render(path, "crop=400,0,400,300&wid=20&fmt=png", ImageServerSettings())
    reply = reopen(rendered)
    assert reply.size == (20, 15)
    pixel = reply.getpixel((10, 7))
    assert isinstance(pixel, tuple)
    assert pixel[0] < 10 < 245 < pixel[1]


def test_a_turned_edge_is_soft_and_its_colour_pure(show: Show) -> None:
    reply = show(Image.new("RGB", (60, 60), "red"), "scl=1&rotate=30&fmt=png-alpha")
    levels = set(reply.getchannel("A").tobytes())
    assert len(levels - {0, 255}) > 5
    flat = show(Image.new("RGB", (60, 60), "red"), "scl=1&rotate=30&bgc=ff0000")
    assert flat.getcolors() == [(reply.width * reply.height, (255, 0, 0))]


@pytest.mark.parametrize(
    ("modifier", "size"),
    [
        ("res=150", (20, 15)),
        ("res=600", (80, 60)),
        ("res=150&scale=1", (40, 30)),
        ("res=150&size=10,0", (10, 8)),
        ("scale=0.5&size=10,0", (10, 8)),
        ("scale=0.3", (12, 9)),
        ("crop=0,0,20,30&res=150", (10, 15)),
    ],
)
def test_size_beats_scale_beats_res(
    save: Callable[..., Path], quadrants: Image.Image, modifier: str, size: tuple[int, int]
) -> None:
    path = save(quadrants, "a.tif", dpi=(300, 300))
    rendered = render(path, f"scl=1&{modifier}", ImageServerSettings())
    assert (rendered.width, rendered.height) == size
    told = modifier.endswith(("res=150", "res=600"))
    assert rendered.warnings == (
        ("res: taken of the 300 dpi in the file; Image Serving takes the catalog's",)
        if told
        else ()
    )
