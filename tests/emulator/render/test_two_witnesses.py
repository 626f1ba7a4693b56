"""The compiler's geometry and the embedded IPS's, written apart, give the same places."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s7spec.emulator.render import RenderError
from s7spec.emulator.render.layout import lay_out
from s7spec.emulator.render.reading import parse_request
from s7spec.emulator.render.source import Head
from s7spec.emulator.render.view import place_view
from s7spec.modifiers.geometry import (
    Fit,
    Size,
    View,
    extended,
    place_image,
    region_of_shares,
    rotated,
    scaled,
)

SIDES = st.integers(1, 5_000)
VIEW_SIDES = st.none() | st.integers(1, 3_000)
TENTHS = st.integers(-10, 10).map(lambda each: f"{each / 10:g}")
SCALES = st.none() | st.integers(1, 80).map(lambda each: f"{each / 10:g}")

LARGEST = Size(1_000_000, 1_000_000)  # of a side; the embedded IPS refuses more


@given(
    source=st.tuples(SIDES, SIDES),
    sides=st.tuples(VIEW_SIDES, VIEW_SIDES),
    scl=SCALES,
    fit=st.none() | st.tuples(st.sampled_from(Fit), st.booleans()),
    align=st.tuples(TENTHS, TENTHS),
)
@example((1261, 2134), (1170, 781), None, (Fit.CONSTRAIN, False), ("0", "0"))
@example((800, 600), (300, None), "1", None, ("1", "1"))
def test_both_place_a_picture_alike(
    source: tuple[int, int],
    sides: tuple[int | None, int | None],
    scl: str | None,
    fit: tuple[Fit, bool] | None,
    align: tuple[str, str],
) -> None:
    said = [f"align={','.join(align)}"]
    said += [f"wid={sides[0]}"] if sides[0] else []
    said += [f"hei={sides[1]}"] if sides[1] else []
    said += [f"scl={scl}"] if scl else []
    said += [f"fit={fit[0]},{fit[1]:d}"] if fit else []
    text = "&".join(said)
    try:
        view = View(
            wid=sides[0],
            hei=sides[1],
            scl=Fraction(scl) if scl else None,
            fit=fit[0] if fit else None,
            upscale=fit[1] if fit else False,
            align=(Fraction(align[0]), Fraction(align[1])),
        )
    except ValueError:
        with pytest.raises(RenderError):
            parse_request(text, no_fit_upscale=False)
        return
    ours = place_image(view, Size(*source), Size(1280, 1280))
    try:
        asked = parse_request(text, no_fit_upscale=False).view
        theirs = place_view(source, asked, (1280, 1280))
    except RenderError:
        assert ours.image.exceeds(LARGEST) or ours.output.width * ours.output.height > 100_000_000
        return
    assert (ours.image, ours.output) == (theirs.image, theirs.out)
    assert (ours.dx, ours.dy) == theirs.offset


SHARES = st.integers(-50, 150).map(lambda each: f"{each / 100:g}")
SOME = st.integers(-300, 3_000)


@given(
    source=st.tuples(SIDES, SIDES),
    crop=st.none() | st.tuples(SHARES, SHARES, SHARES, SHARES),
    scale=st.none() | st.integers(1, 300).map(lambda each: f"{each / 100:g}"),
    quarters=st.integers(0, 5),
    extra=st.integers(0, 89),
    margins=st.none() | st.tuples(SOME, SOME, SOME, SOME),
)
@example((3000, 2000), None, "0.5", 0, 0, None)
@example((5, 5), ("0.1", "0.1", "0.5", "0.5"), None, 1, 0, (1, 2, 3, 4))
@example((400, 300), None, None, 0, 45, None)
def test_both_make_layers_of_one_size(
    source: tuple[int, int],
    crop: tuple[str, str, str, str] | None,
    scale: str | None,
    quarters: int,
    extra: int,
    margins: tuple[int, int, int, int] | None,
) -> None:
    angle = 90 * quarters + extra
    said = [f"rotate={angle}"]
    said += [f"cropN={','.join(crop)}"] if crop else []
    said += [f"scale={scale}"] if scale else []
    said += [f"extend={','.join(map(str, margins))}"] if margins else []
    try:
        size = Size(*source)
        if crop:
            size = region_of_shares(size, *(Fraction(share) for share in crop)).size
        if scale:
            size = scaled(size, Fraction(scale))
        size = rotated(size, Fraction(angle))
        if margins:
            size = extended(size, *margins)
    except ValueError:
        with pytest.raises(RenderError):
            made("&".join(said), source)
        return
    assert made("&".join(said), source) == size


def made(modifier: str, source: tuple[int, int]) -> tuple[int, int]:
    layer = parse_request(modifier, no_fit_upscale=False).layer
    return lay_out(Head(size=source, dpi=None, paths=()), layer, 10**12).size
