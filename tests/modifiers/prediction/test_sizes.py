"""Sizes and flags: the vectors of the facts, and what else is documented of sizes."""

from __future__ import annotations

import pytest

from s7spec.modifiers.geometry import Size
from s7spec.modifiers.prediction import Color, Flag, ImageServer
from tests.modifiers.prediction.predicting import flags, predicted

LARGE, SMALL = (3000, 2000), (400, 300)
UPSCALED, PADDED, CROPPED, EMPTY = Flag.UPSCALED, Flag.PADDED, Flag.CROPPED, Flag.EMPTY
SQUARE = "wid=800&hei=800"


@pytest.mark.parametrize(
    ("source", "text", "size", "expected", "percent"),
    [
        # facts: Image Serving section 8, the test vectors
        (LARGE, f"{SQUARE}&fit=fit", (800, 800), {PADDED}, 0),
        (LARGE, SQUARE, (800, 800), {PADDED}, 0),
        (LARGE, f"{SQUARE}&fit=constrain", (800, 533), set(), 0),
        (LARGE, f"{SQUARE}&fit=crop", (800, 800), {CROPPED}, 100 / 3),
        (LARGE, f"{SQUARE}&fit=wrap", (1200, 800), set(), 0),
        (LARGE, f"{SQUARE}&fit=stretch", (800, 800), {Flag.ASPECT_CHANGED}, 0),
        (LARGE, f"{SQUARE}&fit=hfit", (800, 800), {PADDED}, 0),
        (LARGE, f"{SQUARE}&fit=vfit", (800, 800), {CROPPED}, 100 / 3),
        (LARGE, "scl=2", (1500, 1000), set(), 0),
        (LARGE, f"scl=2&{SQUARE}", (800, 800), {CROPPED}, 100 * (1 - 640 / 1500)),
        (LARGE, "wid=800", (800, 533), set(), 0),
        (LARGE, "", (1280, 853), {Flag.DEFAULT_PIX}, 0),
        (LARGE, "scale=0.5", (1280, 853), {Flag.DEFAULT_PIX}, 0),
        (LARGE, "scale=0.5&scl=1", (1500, 1000), set(), 0),
        (SMALL, f"{SQUARE}&fit=fit,0", (800, 800), {PADDED}, 0),
        (SMALL, f"{SQUARE}&fit=fit,1", (800, 800), {PADDED, UPSCALED}, 0),
        (SMALL, f"{SQUARE}&fit=constrain,0", (400, 300), set(), 0),
        (SMALL, f"{SQUARE}&fit=constrain,1", (800, 600), {UPSCALED}, 0),
        (SMALL, f"{SQUARE}&fit=crop,0", (800, 800), {PADDED}, 0),
        (SMALL, f"{SQUARE}&fit=crop,1", (800, 800), {CROPPED, UPSCALED}, 100 * 267 / 1067),
        (SMALL, f"{SQUARE}&fit=stretch,0", (800, 800), {PADDED}, 0),
        (SMALL, f"{SQUARE}&fit=wrap,0", (400, 300), set(), 0),
        # the pipeline: crop, layer scale, flip, rotate, extend, rgn, view, rect
        (LARGE, "crop=0,0,1500,1000&scl=1", (1500, 1000), {CROPPED}, 75),
        (LARGE, "cropN=0.5,0.5,0.5,0.5&scl=1", (1500, 1000), {CROPPED}, 75),
        (LARGE, "crop=-100,0,3100,2000&scl=1", (3100, 2000), {PADDED}, 0),
        (LARGE, "crop=9000,0,10,10&scl=1", (10, 10), {PADDED, CROPPED, EMPTY}, 100),
        (LARGE, "size=300,300&scl=1", (300, 200), set(), 0),
        (LARGE, "size=0,300&scl=1", (450, 300), set(), 0),
        (LARGE, "size=0,0&scale=0.1&scl=1", (300, 200), set(), 0),
        (LARGE, "size=300,300&scale=7&res=1&scl=1", (300, 200), set(), 0),
        (LARGE, "scale=0.5&res=1&scl=1", (1500, 1000), set(), 0),
        (SMALL, "size=800,800&scl=1", (800, 600), {UPSCALED}, 0),
        (SMALL, "size=800,800&scl=2", (400, 300), set(), 0),
        (LARGE, "scale=0.1&scl=0.5", (600, 400), set(), 0),
        (LARGE, "rotate=90&wid=800", (800, 1200), set(), 0),
        (LARGE, "rotate=-90&wid=800", (800, 1200), set(), 0),
        (LARGE, "rotate=180&wid=800", (800, 533), set(), 0),
        (LARGE, f"rotate=45&{SQUARE}", (800, 800), {PADDED}, 0),
        (LARGE, "extend=100,0,0,50&scl=1", (3100, 2050), {PADDED}, 0),
        (LARGE, "extend=-100,0,-100,0&scl=1", (2800, 2000), {CROPPED}, 100 / 15),
        (LARGE, "extendN=0,0.5,0,0.5&scl=1", (3000, 4000), {PADDED}, 0),
        (LARGE, "rotate=90&extend=0,0,0,100&scl=1", (2000, 3100), {PADDED}, 0),
        (LARGE, "layer=0&flip=lr&rotate=90&extend=0,0,0,100&scl=1", (2000, 3100), {PADDED}, 0),
        (LARGE, "flip=lr&rotate=90&extend=0,0,0,100&scl=1", (2100, 3000), {PADDED}, 0),
        (LARGE, "flip=lrud&crop=0,0,300,200&scl=1", (300, 200), {CROPPED}, 99),
        (LARGE, "rgn=0,0,1000,1000&wid=500", (500, 500), {CROPPED}, 100 * 5 / 6),
        (LARGE, "rgn=2900,0,200,100&scl=1", (200, 100), {PADDED, CROPPED}, 100 * (1 - 1 / 600)),
        (LARGE, "rgn=0,0,1000,1000&crop=0,0,1000,2000&scl=1", (1000, 1000), {CROPPED}, 500 / 6),
        (LARGE, "wid=300&rect=0,0,100,100", (100, 100), {CROPPED}, 100 * 5 / 6),
        (LARGE, "wid=300&rect=0,0,100,100,0.5", (100, 100), {CROPPED}, 100 / 3),
        (LARGE, "wid=300&rect=250,150,100,100", (100, 100), {PADDED, CROPPED}, 100 * 23 / 24),
        # commands of other layers leave the picture as it is; layer 0 may have a name
        (LARGE, "wid=800&layer=1&size=5,5&crop=0,0,1,1", (800, 533), set(), 0),
        (LARGE, "wid=300&layer=0,shoe&layer=1&layer=shoe&rotate=90", (300, 450), set(), 0),
    ],
)
def test_size_and_flags(
    source: tuple[int, int], text: str, size: tuple[int, int], expected: set[Flag], percent: float
) -> None:
    image = predicted(text, source)
    assert image.size == size
    assert (image.width, image.height) == size
    assert flags(image) == expected
    assert image.cropped_percent == pytest.approx(percent)


def test_megapixels_are_those_of_the_reply() -> None:
    assert predicted("scl=1", (4001, 2999)).megapixels == 11.998999


@pytest.mark.parametrize(
    ("text", "alpha", "color", "expected"),
    [
        ("wid=9", True, None, {Flag.ALPHA_FLATTENED}),
        ("wid=9&fmt=png", True, None, {Flag.ALPHA_FLATTENED}),
        ("wid=9&fmt=png-alpha", True, None, set()),
        ("wid=9&maskUse=off", True, None, set()),
        ("wid=9", None, None, set()),
        ("wid=9", False, Color.RGB, set()),
        ("wid=9", False, Color.CMYK, {Flag.COLOR_CONVERTED}),
        ("wid=9&fmt=tif,cmyk", False, Color.CMYK, set()),
        ("wid=9&fmt=tif,cmyk", True, Color.RGB, {Flag.ALPHA_FLATTENED, Flag.COLOR_CONVERTED}),
        ("wid=9&fmt=jpeg,gray", None, Color.GRAY, set()),
        ("wid=9&fmt=jpeg&icc=AdobeRGB", None, Color.RGB, {Flag.COLOR_CONVERTED}),
    ],
)
def test_alpha_and_colours(
    text: str, alpha: bool | None, color: Color | None, expected: set[Flag]
) -> None:
    assert flags(predicted(text, alpha=alpha, color=color)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ((5000, 5000), set()),
        ((5001, 4000), {Flag.OVER_MAX_PIX}),
        ((5001, 5000), {Flag.OVER_MAX_PIX, Flag.NO_PREVIEW}),
        ((10000, 10000), {Flag.OVER_MAX_PIX, Flag.NO_PREVIEW}),
        ((10001, 10000), {Flag.OVER_MAX_PIX, Flag.NO_PREVIEW, Flag.OVER_EXPORT_LIMIT}),
    ],
)
def test_limits(source: tuple[int, int], expected: set[Flag]) -> None:
    assert flags(predicted("scl=1", source)) == expected


def test_the_company_sets_its_limits() -> None:
    server = ImageServer(default_pix=Size(600, 0), max_pix=Size(0, 0))
    assert predicted("", server=server).size == (600, 400)
    assert flags(predicted("scl=1", (9000, 10), server=server)) == set()
    assert predicted("", server=ImageServer(default_pix=Size(0, 0))).size == (3000, 2000)


def test_small_pictures_are_enlarged_without_fit_where_servers_do() -> None:
    server = ImageServer(upscale_without_fit=True)
    assert predicted("wid=800", SMALL, server=server).size == (800, 600)
    assert predicted("wid=800&fit=constrain", SMALL, server=server).size == (400, 300)


@pytest.mark.parametrize(
    ("text", "name", "extension"),
    [
        ("", "jpeg", "jpg"),
        ("fmt=JPG", "jpg", "jpg"),
        ("fmt=tif-alpha,,zip", "tif-alpha", "tiff"),
        ("fmt=jpeg2000", "jpeg2000", "jp2"),
        ("fmt=web-alpha", None, None),
    ],
)
def test_format_and_extension(text: str, name: str | None, extension: str | None) -> None:
    image = predicted(text)
    assert image.extension == extension
    assert (None if image.format is None else image.format.name) == name


def test_a_source_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="0x7 is not the size of a picture"):
        predicted("wid=5", (0, 7))
    with pytest.raises(ValueError, match="0x7 is not the size of a picture"):
        predicted("src=x", (0, 7))
