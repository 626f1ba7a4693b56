"""Predictions beside what the embedded IPS, which reads modifiers on its own, really renders."""

from __future__ import annotations

import io
import random
from collections import Counter
from dataclasses import dataclass
from hashlib import shake_256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from s7spec.emulator.render import ImageServerSettings, Rendered, RenderError, render
from s7spec.modifiers.prediction import Color, Flag, Reason
from tests.modifiers.prediction.predicting import doubts, predicted

CATALOG = Path(__file__).resolve().parents[3] / "specs" / "catalog"
PICTURES = sorted(path for path in CATALOG.rglob("*") if path.suffix in (".jpg", ".png", ".tif"))
COLORS = {"CMYK": Color.CMYK, "L": Color.GRAY}
BLUE = 255
SERVER = ImageServerSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file, and what ImageInfo would say of it."""

    path: Path
    size: tuple[int, int]
    alpha: bool
    color: Color


def described(path: Path) -> Picture:
    with Image.open(path) as image:
        color = COLORS.get(image.mode, Color.RGB)
        return Picture(path=path, size=image.size, alpha=image.mode == "RGBA", color=color)


MODIFIERS = (
    "",
    "wid=300&qlt=60",
    "wid=200&hei=200&fit=crop&fmt=pjpeg&qlt=90,1",
    "wid=200&hei=300&fmt=png",
    "wid=250&fmt=png-alpha",
    "wid=250&fmt=png8",
    "wid=150&fmt=tif",
    "wid=150&fmt=tif-alpha",
    "wid=250&fmt=tif,cmyk,lzw",
    "wid=250&fmt=tif,,zip",
    "wid=250&fmt=tif,,jpeg",
    "wid=250&fmt=gif",
    "wid=300&fmt=webp&qlt=75",
    "wid=300&fmt=avif&qlt=50",
    "wid=300&fmt=jpeg2000&qlt=40",
    "wid=300&fmt=jpeg,gray",
    "wid=300&fmt=pdf,,jpeg",
    "crop=20,20,80,80&rotate=90&extend=5,0,10,0&wid=100&hei=200&fit=constrain,1",
    "scale=0.25&flip=lr&scl=1&qlt=95",
    "wid=900&hei=600&fit=fit,1&jpegSize=30",
)


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_the_sizes_of_the_catalog_are_foretold(path: Path) -> None:
    """All of them; and of the bytes nine of ten in the band, the others within twice its bounds."""
    picture = described(path)
    in_band: Counter[bool] = Counter()
    for text in MODIFIERS:
        image = predicted(text, picture.size, alpha=picture.alpha, color=picture.color)
        rendered = render(path, text, SERVER)
        assert image.size == (rendered.width, rendered.height), text
        assert image.format is not None
        assert (image.format.name, f".{image.extension}") == (rendered.fmt, rendered.extension)
        assert image.estimated_bytes is not None
        low, _, high = image.estimated_bytes
        size = len(rendered.data)
        assert low / 2 <= size <= 2 * high, text
        in_band[low <= size <= high] += 1
    assert in_band[True] >= 0.9 * in_band.total()


@pytest.mark.parametrize("fmt", ["tif", "tif,gray", "tif,cmyk", "tif-alpha", "pdf", "pdf,cmyk"])
def test_uncompressed_files_are_foretold_but_for_their_metadata(fmt: str) -> None:
    for path in PICTURES[:2]:
        picture = described(path)
        text = f"wid=300&hei=300&fmt={fmt}"
        estimate = predicted(text, picture.size, alpha=picture.alpha).estimated_bytes
        assert estimate is not None
        size = len(render(path, text, SERVER).data)
        assert abs(estimate.likely - size) < 2_000
        assert estimate.low <= size <= estimate.high


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_the_guess_of_eps_holds_what_is_rendered_here(path: Path) -> None:
    picture = described(path)
    for pixel_type in ("rgb", "gray", "cmyk"):
        text = f"wid=250&fmt=eps,{pixel_type}"
        estimate = predicted(text, picture.size, color=picture.color).estimated_bytes
        assert estimate is not None
        size = len(render(path, text, SERVER).data)
        assert estimate.low <= size <= estimate.high, text


def test_background_takes_next_to_nothing(tmp_path: Path) -> None:
    noise = tmp_path / "noise.png"
    Image.frombytes("RGB", (300, 300), shake_256(b"n").digest(270_000)).save(noise)
    bare, padded = (
        predicted(text, (300, 300)).estimated_bytes
        for text in ("wid=300&hei=300", "wid=300&hei=3000")
    )
    assert bare is not None
    assert padded is not None
    rendered = [
        len(render(noise, text, SERVER).data) for text in ("wid=300&hei=300", "wid=300&hei=3000")
    ]
    assert 1 < rendered[1] / rendered[0] < 1.25
    assert 1 < padded.likely / bare.likely < 1.25


TALL_VIEW = "wid=526&cropN=0.364,-0.079,0.531,0.104&fit=hfit,1"


@pytest.mark.parametrize(
    ("source", "text", "size", "about", "reason"),
    [
        (
            *((1, 5000), f"{TALL_VIEW}&rect=140,25,164,158,0.5", (164, 158)),
            *("rect", Reason.LARGE_BEFORE_RECT),
        ),
        (
            *((100, 100), "wid=10001&hei=10000&fit=fit,1&rect=0,0,9,9", (9, 9)),
            *("rect", Reason.LARGE_BEFORE_RECT),
        ),
        ((1, 1), "extend=-5,16,37,-30&qlt=87", None, "extend", Reason.NOTHING_LEFT),
        ((9, 9), "extendN=-0.6,0,-0.6,0", None, "extendN", Reason.NOTHING_LEFT),
    ],
)
def test_what_is_refused_is_doubted(
    tmp_path: Path,
    source: tuple[int, int],
    text: str,
    size: tuple[int, int] | None,
    about: str,
    reason: Reason,
) -> None:
    path = tmp_path / "source.png"
    Image.new("RGB", source).save(path)
    image = predicted(text, source)
    assert image.size == size
    assert (about, reason) in doubts(image)
    with pytest.raises(RenderError):
        render(path, text, SERVER)


@pytest.mark.parametrize(
    "text", ["wid=10000&hei=10000&fit=fit,1&rect=0,0,9,9", "wid=9&rect=0,0,9,9"]
)
def test_what_is_rendered_is_not_doubted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "source.png"
    Image.new("RGB", (100, 100)).save(path)
    assert doubts(predicted(text, (100, 100))) == [("rect", Reason.RECT_WITHOUT_ID)]
    assert render(path, text, SERVER).width == 9


SMALL = st.integers(1, 60)
PARTS = st.integers(-20, 60)
SHARES = st.integers(-3, 20).map(lambda each: f"{each / 10:g}")


def fields(*each: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    return st.tuples(*each).map(lambda values: ",".join(map(str, values)))


LAYER = st.fixed_dictionaries(
    {},
    optional={
        "crop": fields(PARTS, PARTS, SMALL, SMALL),
        "size": fields(st.integers(0, 60), st.integers(0, 60)),
        "scale": st.sampled_from(["0.5", "1.5", "0.3", "2", "0.145"]),
        "flip": st.sampled_from(["lr", "ud", "lrud"]),
        "rotate": st.sampled_from(["90", "-90", "180", "270", "0", "450"]),
        "extend": fields(PARTS, PARTS, PARTS, PARTS),
        "rgn": fields(PARTS, PARTS, SMALL, SMALL),
    },
)
OF_SHARES = st.fixed_dictionaries(
    {},
    optional={
        "cropN": fields(SHARES, SHARES, SHARES, SHARES),
        "rotate": st.sampled_from(["90", "-90", "180"]),
        "extendN": fields(SHARES, SHARES, SHARES, SHARES),
    },
)
VIEW = st.fixed_dictionaries(
    {},
    optional={
        "wid": SMALL,
        "hei": SMALL,
        "scl": st.sampled_from(["1", "0.5", "2", "3", "0.7"]),
        "fit": fields(
            st.sampled_from(["fit", "constrain", "crop", "wrap", "stretch", "hfit", "vfit"]),
            st.integers(0, 1),
        ),
        "align": st.sampled_from(["0,0", "-1,1", "0.5,-0.3"]),
        "rect": fields(PARTS, PARTS, SMALL, SMALL),
        "layer": st.just("0"),
    },
)


@settings(max_examples=400, deadline=None)
@given(
    source=st.tuples(SMALL, SMALL),
    commands=st.builds(lambda one, other: one | other, LAYER | OF_SHARES, VIEW),
    order=st.randoms(use_true_random=False),
)
def test_what_is_foretold_is_rendered(
    tmp_path_factory: pytest.TempPathFactory,
    source: tuple[int, int],
    commands: dict[str, object],
    order: random.Random,
) -> None:
    """Sizes, and background where the picture ends; or both see that nothing is left."""
    said = [f"{name}={value}" for name, value in commands.items()]
    order.shuffle(said)
    text = "&".join(said)
    path = tmp_path_factory.getbasetemp() / "source.png"
    Image.new("RGB", source, "red").save(path)
    image = predicted(text, source)
    try:
        rendered: Rendered | None = render(path, f"fmt=png&bgc=0000ff&{text}", SERVER)
    except RenderError:
        rendered = None
    if rendered is None:
        assert image.size is None
        return
    assert image.size == (rendered.width, rendered.height)
    with Image.open(io.BytesIO(rendered.data)) as shown:
        least, most = shown.getchannel("B").getextrema()
    if Flag.PADDED not in image.flags:
        assert most != BLUE  # some of the picture is in every pixel
    if image.cropped_percent == 100:
        assert least != 0


@given(source=st.tuples(SMALL, SMALL), view=VIEW)
def test_a_picture_with_and_without_steps_is_foretold_alike(
    source: tuple[int, int], view: dict[str, object]
) -> None:
    """The short way, for modifiers without layer commands, and the long one."""
    text = "&".join(f"{name}={value}" for name, value in view.items())
    short, long = predicted(text, source), predicted(f"{text}&extend=0,0,0,0", source)
    assert short.size == long.size
    assert short.flags == long.flags
    assert short.cropped_percent == pytest.approx(long.cropped_percent)
    assert short.uncertain == long.uncertain
    if short.estimated_bytes is not None:
        # Enlargements are rounded on the short way.
        assert short.estimated_bytes == pytest.approx(long.estimated_bytes, rel=0.02, abs=2)
