"""The compiler's geometry and the embedded IPS's, written apart, give the same places."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s7spec.emulator.render import RenderError
from s7spec.emulator.render.reading import parse_request
from s7spec.emulator.render.view import place_view
from s7spec.modifiers.geometry import Fit, Size, View, place_image

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
