"""What cannot be known is None, with the reason; nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.modifiers.commands import ALL_COMMANDS, Kind
from s7spec.modifiers.formats import ALL_FORMATS, Format
from s7spec.modifiers.prediction import Color, ImageServer, PredictedImage, Predictor, Reason
from tests.modifiers.prediction.predicting import doubts, merged, predicted

SQUARE = "wid=800&hei=800"


@pytest.mark.parametrize(
    ("text", "size", "about", "reason"),
    [
        ("template=t&wid=800", None, "template", Reason.OTHER_PICTURE),
        ("src=x&wid=800", None, "src", Reason.OTHER_PICTURE),
        (f"src=x&{SQUARE}", (800, 800), "src", Reason.OTHER_PICTURE),
        (f"src=is{{A/b?wid=3}}&{SQUARE}&fit=wrap", None, "src", Reason.OTHER_PICTURE),
        (f"src=x&{SQUARE}&fit=wrap&scl=3", (800, 800), "src", Reason.OTHER_PICTURE),
        ("src=x&scl=1&wid=10&hei=20", (10, 20), "src", Reason.OTHER_PICTURE),
        ("locale=de&wid=800", None, "locale", Reason.OTHER_PICTURE),
        ("defaultImage=x&wid=800", None, "defaultImage", Reason.OTHER_PICTURE),
        ("text=Hello&wid=800", None, "text", Reason.OTHER_PICTURE),
        ("cropPathE=Path%201&wid=800", None, "cropPathE", Reason.NOT_MODELLED),
        ("sizeN=0.5,0.5&wid=800", None, "sizeN", Reason.NOT_MODELLED),
        ("perspective=0,0,9,0,9,9,0,9&wid=800", None, "perspective", Reason.NOT_MODELLED),
        ("res=72&wid=800", None, "res", Reason.NOT_MODELLED),
        (f"res=72&{SQUARE}", (800, 800), "res", Reason.NOT_MODELLED),
        ("crop=0,0,9,9&cropN=0,0,1,1&wid=800", None, "cropN", Reason.TWO_SPELLINGS),
        ("extend=0,0,9,9&extendN=0,0,1,1&wid=800", None, "extendN", Reason.TWO_SPELLINGS),
        ("layer=1&src=other&wid=800", (800, 533), "layer", Reason.OTHER_LAYERS),
        ("effect=-1&wid=800", (800, 533), "effect", Reason.OTHER_LAYERS),
        ("hide=1&wid=800", (800, 533), "hide", Reason.OTHER_LAYERS),
        ("wid=$number$", None, "wid", Reason.UNREADABLE),
        ("wid=-1", None, "wid", Reason.UNREADABLE),
        ("wid", None, "wid", Reason.UNREADABLE),
        ("wid=1,2", None, "wid", Reason.UNREADABLE),
        ("wid=800&fit=cover", None, "fit", Reason.UNREADABLE),
        ("wid=800&rotate=right", None, "rotate", Reason.UNREADABLE),
        (f"{SQUARE}&rotate=right", (800, 800), "rotate", Reason.UNREADABLE),
        ("wid=800&rect=0,0,5,5,-1", None, "rect", Reason.UNREADABLE),
        ("wid=800&align=9,9", (800, 533), "align", Reason.UNREADABLE),
        ("wid=800&qlt=750", (800, 533), "qlt", Reason.UNREADABLE),
        ("wid=800&fmt=psd", (800, 533), "fmt", Reason.UNREADABLE),
        ("wid=800&fmt=png,,lzw", (800, 533), "fmt", Reason.CONTRADICTION),
        ("wid=800&fmt=webp,cmyk", (800, 533), "fmt", Reason.CONTRADICTION),
        ("fit=crop", None, "fit", Reason.FIT_WITHOUT_SIDE),
        ("wid=800&crop=0,0,0,5", None, "crop", Reason.NOTHING_LEFT),
        (f"{SQUARE}&rgn=0,0,-1,5", None, "rgn", Reason.NOTHING_LEFT),
        (f"{SQUARE}&extend=-3000,0,0,0", None, "extend", Reason.NOTHING_LEFT),
        ("req=props&wid=800", None, "req", Reason.NO_PICTURE),
        ("fmt=m3u8&wid=800", None, "m3u8", Reason.NO_PICTURE),
        ("dpr=on,10&wid=800", None, "dpr", Reason.DEVICE_PIXELS),
        ("bfc=on&wid=800", (800, 533), "bfc", Reason.SMART_IMAGING),
        ("network=on&wid=800", (800, 533), "network", Reason.SMART_IMAGING),
        ("wid=800&frobnicate=1", (800, 533), "frobnicate", Reason.UNKNOWN_COMMAND),
        ("wid=4000", (3000, 2000), "fit", Reason.UPSCALE_WITHOUT_FIT),
        ("wid=4000&hei=3000", (4000, 3000), "fit", Reason.UPSCALE_WITHOUT_FIT),
        ("wid=4000&hei=3000&fit=wrap", (3000, 2000), "fit", Reason.PADDED_WRAP),
        ("wid=800&rotate=30", (800, 719), "rotate", Reason.ROTATED_BOX),
        ("flip=ud&rotate=90&extend=1,2,3,4&wid=100", (100, 150), "flip", Reason.ORDER_OF_FLIP),
        ("wid=800&rect=0,0,5,5", (5, 5), "rect", Reason.RECT_WITHOUT_ID),
        ("wid=800&fmt=heic", (800, 533), "heic", Reason.NO_ESTIMATE),
        ("wid=800&fmt=eps", (800, 533), "eps", Reason.NOT_CALIBRATED),
        ("wid=800&icc=Custom", (800, 533), "icc", Reason.PROFILE),
        ("wid=800&jpegSize=1", (800, 533), "jpegSize", Reason.JPEG_SIZE),
        ("wid=800&$zoom$", None, "zoom", Reason.UNKNOWN_PRESET),
    ],
)
def test_the_reason_is_told(
    text: str, size: tuple[int, int] | None, about: str, reason: Reason
) -> None:
    image = predicted(text)
    assert doubts(image) == [(about, reason)]
    assert image.size == size
    if size is None:
        assert (image.width, image.height, image.megapixels) == (None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        *("wid=800", "defaultImage=&wid=8", "defaultImage&wid=8", "hide=0&wid=8", "req=img&wid=8"),
        *("dpr=off&bfc=off&network=off&wid=8", "dpr=on,1.0&wid=8", "layer=0&wid=8"),
        *("wid=5000&fit=constrain", "wid=8&.comment", "wid=8&opac=50", "wid=8&clipPathE=Path"),
    ],
)
def test_nothing_is_doubted_without_a_reason(text: str) -> None:
    assert predicted(text).uncertain == ()
    assert predicted(text).estimated_bytes is not None


@pytest.mark.parametrize(
    "text", ["wid=8&fmt=psd", "wid=8&bfc=on", "req=props", "wid=8&$x$", "wid=8&fmt=$x$"]
)
def test_the_format_can_be_unknown(text: str) -> None:
    image = predicted(text)
    assert (image.format, image.extension, image.estimated_bytes) == (None, None, None)
    assert image.uncertain


def test_an_inferred_order_is_told_of_what_decides_the_picture() -> None:
    effective = merged("wid=5&fmt=png&op_blur=1", "$p$", {"p": "wid=7&fmt=tif&op_blur=2"})
    image = Predictor(effective).predict(3000, 2000)
    assert doubts(image) == [("wid", Reason.INFERRED_ORDER)]
    assert (image.width, image.extension) == (7, "tiff")


def test_presets_that_expand_themselves_are_refused() -> None:
    image = Predictor(merged("$a$", presets={"a": "$A$&wid=1"})).predict(9, 9)
    assert doubts(image) == [("A", Reason.REFUSED_PRESET)]
    assert (image.size, image.format) == (None, None)


NUMBERS = st.integers(-9, 9_999).map(str) | st.decimals(
    -2, 9, allow_nan=False, allow_infinity=False, places=2
).map(str)
WORDS = st.sampled_from(
    sorted(
        {choice for each in ALL_COMMANDS for it in each.arguments for choice in it.choices}
        | {"", "$x$", "comp", "0", "1", "ff0000", "is{A/b?wid=3}", "%20", "%F0%9F", "Path"}
    )
)
FIELDS = st.lists(NUMBERS | WORDS, max_size=6).map(",".join)
NAMES = st.sampled_from([each.name for each in ALL_COMMANDS if each.name != "map"])
PIECES = st.tuples(NAMES, FIELDS).map("=".join) | st.sampled_from(["$a$", "$b=5", ".x", "&", "x=1"])


@st.composite
def fitting(draw: st.DrawFn) -> str:
    """A command whose fields are of the documented kinds."""
    definition = draw(st.sampled_from(ALL_COMMANDS))
    fields = [
        draw(
            st.sampled_from(argument.choices)
            if argument.kind is Kind.CHOICE
            else st.integers(-100, 400).map(str)
        )
        for argument in definition.arguments
    ]
    return f"{definition.name}={','.join(fields)}"


TEXTS = st.lists(fitting() | PIECES, max_size=8).map("&".join) | st.text(max_size=40)


def consistent(image: PredictedImage) -> bool:
    estimate = image.estimated_bytes
    return (
        (image.size is not None or bool(image.uncertain))
        and (image.format is not None or bool(image.uncertain))
        and (estimate is not None or bool(image.uncertain))
        and (estimate is None or 0 < estimate.low <= estimate.likely <= estimate.high)
        and (estimate is None or image.size is not None)
        and (image.size is None or min(image.size) >= 1)
        and (image.cropped_percent is None or 0 <= image.cropped_percent <= 100)
        and len(set(image.flags)) == len(image.flags)
        and len(set(image.uncertain)) == len(image.uncertain)
    )


@given(
    text=TEXTS,
    macro=TEXTS,
    source=st.tuples(st.integers(1, 20_000), st.integers(1, 20_000)),
    alpha=st.sampled_from([None, True, False]),
    color=st.none() | st.sampled_from(Color),
)
def test_nothing_raises_and_all_that_is_missing_has_a_reason(
    text: str, macro: str, source: tuple[int, int], alpha: bool | None, color: Color | None
) -> None:
    predictor = Predictor(merged(text, macro, {"a": "wid=300&$b=2"}), ImageServer())
    image = predictor.predict(*source, alpha=alpha, color=color)
    assert consistent(image)
    assert predictor.predict(*source, alpha=alpha, color=color) == image


@pytest.mark.parametrize("written", ALL_FORMATS, ids=lambda each: each.name)
def test_every_way_to_write_every_format_is_estimated_or_told(written: Format) -> None:
    for pixel_type in written.pixel_types:
        for compression in ("", *written.compressions):
            for quality in (1, 2, 50, 99, 100):
                said = f"scl=1&fmt={written.name},{pixel_type},{compression}&qlt={quality}"
                assert consistent(predicted(said, alpha=True))
                assert consistent(predicted(said, alpha=False))


def test_a_part_of_an_unknown_picture_has_a_size() -> None:
    image = predicted("src=x&rect=0,0,10,20")
    assert image.size == (10, 20)
    assert doubts(image) == [
        ("src", Reason.OTHER_PICTURE),
        ("rect", Reason.RECT_WITHOUT_ID),
    ]
