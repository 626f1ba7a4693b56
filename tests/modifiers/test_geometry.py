"""Sizes and places of replies (facts: Image Serving sections 5, 6 and 8)."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s7spec.modifiers.geometry import (
    Fit,
    Placement,
    Region,
    Size,
    View,
    extended,
    place_image,
    region_of_shares,
    rotated,
    scaled,
    share_in_pixels,
)

DEFAULT_PIX = Size(1280, 1280)
LARGE = Size(3000, 2000)
SMALL = Size(400, 300)
SQUARE = (800, 800)

SIDES = st.integers(1, 20_000)
SIZES = st.builds(Size, SIDES, SIDES)
LIMITS = st.builds(Size, SIDES | st.just(0), SIDES | st.just(0))
FACTORS = st.decimals("0.01", "100", places=3).map(Fraction)
SHARES = st.decimals("-1", "1", places=2).map(Fraction)
ALIGNS = st.tuples(SHARES, SHARES)
ASKED = st.builds(
    View,
    wid=SIDES,
    hei=SIDES,
    fit=st.none() | st.sampled_from(Fit),
    upscale=st.booleans(),
    align=ALIGNS,
)
SCALED = st.builds(
    View,
    wid=st.none() | SIDES,
    hei=st.none() | SIDES,
    scl=FACTORS,
    fit=st.none() | st.sampled_from(Fit),
    upscale=st.booleans(),
    align=ALIGNS,
)
ONE_SIDE_OR_NONE = st.builds(
    View, wid=st.none() | SIDES, upscale=st.booleans(), align=ALIGNS
) | st.builds(View, hei=SIDES, fit=st.sampled_from(Fit), upscale=st.booleans(), align=ALIGNS)
ANY_VIEW = ASKED | SCALED | ONE_SIDE_OR_NONE


def _asking(fit: Fit | None = None, *, upscale: bool = False) -> View:
    return View(wid=800, hei=800, fit=fit, upscale=upscale)


VECTORS = [
    # source, view, scaled picture, reply, corner of the picture in the reply
    *(
        pytest.param(LARGE, _asking(fit, upscale=upscale), *sizes, id=f"large-{fit},{upscale:d}")
        for upscale in (False, True)
        for fit, *sizes in (
            (None, (800, 533), SQUARE, (0, 134)),
            (Fit.FIT, (800, 533), SQUARE, (0, 134)),
            (Fit.CONSTRAIN, (800, 533), (800, 533), (0, 0)),
            (Fit.CROP, (1200, 800), SQUARE, (-200, 0)),
            (Fit.WRAP, (1200, 800), (1200, 800), (0, 0)),
            (Fit.STRETCH, SQUARE, SQUARE, (0, 0)),
            (Fit.HFIT, (800, 533), SQUARE, (0, 134)),
            (Fit.VFIT, (1200, 800), SQUARE, (-200, 0)),
        )
    ),
    *(
        pytest.param(SMALL, _asking(fit), (400, 300), reply, corner, id=f"small-{fit},0")
        for fit, reply, corner in (
            (None, SQUARE, (200, 250)),
            (Fit.FIT, SQUARE, (200, 250)),
            (Fit.CONSTRAIN, (400, 300), (0, 0)),
            (Fit.CROP, SQUARE, (200, 250)),
            (Fit.WRAP, (400, 300), (0, 0)),
            (Fit.STRETCH, SQUARE, (200, 250)),
            (Fit.HFIT, SQUARE, (200, 250)),
            (Fit.VFIT, SQUARE, (200, 250)),
        )
    ),
    *(
        pytest.param(SMALL, _asking(fit, upscale=True), *sizes, id=f"small-{fit},1")
        for fit, *sizes in (
            (None, (800, 600), SQUARE, (0, 100)),
            (Fit.FIT, (800, 600), SQUARE, (0, 100)),
            (Fit.CONSTRAIN, (800, 600), (800, 600), (0, 0)),
            (Fit.CROP, (1067, 800), SQUARE, (-133, 0)),
            (Fit.WRAP, (1067, 800), (1067, 800), (0, 0)),
            (Fit.STRETCH, SQUARE, SQUARE, (0, 0)),
            (Fit.HFIT, (800, 600), SQUARE, (0, 100)),
            (Fit.VFIT, (1067, 800), SQUARE, (-133, 0)),
        )
    ),
]

HALF = Fraction("0.5")
# Neither cut nor padded: source, view, size of the scaled picture and of the reply.
PLAIN_VECTORS = {
    "scl=2": (LARGE, View(scl=Fraction(2)), (1500, 1000)),
    "scl=0.5": (SMALL, View(scl=HALF), (800, 600)),
    "scl=1": (LARGE, View(scl=Fraction(1)), LARGE),
    "wid=800": (LARGE, View(wid=800), (800, 533)),
    "hei=800": (LARGE, View(hei=800), (1200, 800)),
    "wid=800-small": (SMALL, View(wid=800), SMALL),
    "wid=800-small-upscale": (SMALL, View(wid=800, upscale=True), (800, 600)),
    "nothing": (LARGE, View(), (1280, 853)),
    "nothing-small": (SMALL, View(upscale=True), SMALL),
    "scale=0.5": (scaled(LARGE, HALF), View(), (1280, 853)),
    "scale=0.5&scl=1": (scaled(LARGE, HALF), View(scl=Fraction(1)), (1500, 1000)),
}
# The same picture of 1500x1000 behind different windows.
WINDOWS = {
    "wid=800&hei=800": (View(scl=Fraction(2), wid=800, hei=800), SQUARE, (-350, -100)),
    "wid=800": (View(scl=Fraction(2), wid=800), (800, 1000), (-350, 0)),
    "hei=1200": (View(scl=Fraction(2), hei=1200), (1500, 1200), (0, 100)),
}


@pytest.mark.parametrize(("source", "view", "image", "reply", "corner"), VECTORS)
def test_documented_results(
    source: Size,
    view: View,
    image: tuple[int, int],
    reply: tuple[int, int],
    corner: tuple[int, int],
) -> None:
    placed = place_image(view, source, DEFAULT_PIX)
    assert (placed.image, placed.output, (placed.dx, placed.dy)) == (image, reply, corner)


@pytest.mark.parametrize(
    ("source", "view", "size"), PLAIN_VECTORS.values(), ids=PLAIN_VECTORS.keys()
)
def test_documented_sizes(source: Size, view: View, size: tuple[int, int]) -> None:
    placed = place_image(view, source, DEFAULT_PIX)
    assert placed.image == placed.output == size
    assert (placed.dx, placed.dy) == (0, 0)


@pytest.mark.parametrize(("view", "reply", "corner"), WINDOWS.values(), ids=WINDOWS.keys())
def test_scl_with_sides_cuts_and_pads(
    view: View, reply: tuple[int, int], corner: tuple[int, int]
) -> None:
    placed = place_image(view, LARGE, DEFAULT_PIX)
    assert placed.image == (1500, 1000)
    assert (placed.output, (placed.dx, placed.dy)) == (reply, corner)


@pytest.mark.parametrize(
    ("limit", "size"),
    [
        ((1280, 1280), (1280, 853)),
        ((1077, 1280), (1077, 718)),
        ((0, 1000), (1500, 1000)),
        ((1500, 0), (1500, 1000)),
        ((0, 0), (3000, 2000)),
        ((3000, 2000), (3000, 2000)),
    ],
)
def test_default_pix(limit: tuple[int, int], size: tuple[int, int]) -> None:
    placed = place_image(View(), LARGE, Size(*limit))
    assert placed.output == size
    assert placed.reduced_to_default == (placed.output != LARGE)


def test_default_pix_is_for_views_that_ask_for_nothing() -> None:
    for view in (View(wid=800), View(hei=800), View(scl=Fraction(2)), _asking()):
        assert not place_image(view, LARGE, DEFAULT_PIX).reduced_to_default
        assert not view.leaves_size_open
    assert View().leaves_size_open


@pytest.mark.parametrize(
    ("align", "corner"),
    [
        (("-1", "-1"), (0, 0)),
        (("1", "1"), (400, 500)),
        (("-1", "1"), (0, 500)),
        (("0.3", "0"), (260, 250)),
    ],
)
def test_align(align: tuple[str, str], corner: tuple[int, int]) -> None:
    across, down = map(Fraction, align)
    placed = place_image(View(wid=800, hei=800, align=(across, down)), SMALL, DEFAULT_PIX)
    assert (placed.dx, placed.dy) == corner


@pytest.mark.parametrize("fit", Fit)
def test_scl_leaves_fit_without_effect(fit: Fit) -> None:
    align = (Fraction(-1), Fraction(1))
    with_fit = View(scl=Fraction(2), wid=800, hei=800, fit=fit, align=align)
    without = View(scl=Fraction(2), wid=800, hei=800, align=align)
    placed = place_image(with_fit, LARGE, DEFAULT_PIX)
    assert placed == place_image(without, LARGE, DEFAULT_PIX)
    assert (placed.dx, placed.dy) == (0, -200)


def test_align_of_what_is_cut() -> None:
    left = (Fraction(-1), Fraction(0))
    right = (Fraction(1), Fraction(0))
    for align, dx in ((left, 0), (right, -400)):
        view = View(wid=800, hei=800, fit=Fit.CROP, align=align)
        assert place_image(view, LARGE, DEFAULT_PIX).dx == dx


@pytest.mark.parametrize("align", [(Fraction(-1), Fraction(-1)), (Fraction(1), Fraction("0.5"))])
@pytest.mark.parametrize(
    "view",
    [
        {"wid": 800, "hei": 800, "fit": Fit.STRETCH},
        {"wid": 800, "hei": 800, "fit": Fit.CONSTRAIN},
        {"wid": 500, "scl": Fraction(1)},
        {"hei": 500, "scl": Fraction(1)},
    ],
    ids=["stretch", "constrain", "scl&wid", "scl&hei"],
)
def test_align_is_ignored(view: dict[str, object], align: tuple[Fraction, Fraction]) -> None:
    aligned = View(align=align, **view)  # type: ignore[arg-type]
    centred = View(**view)  # type: ignore[arg-type]
    assert place_image(aligned, SMALL, DEFAULT_PIX) == place_image(centred, SMALL, DEFAULT_PIX)


def test_halves_go_up_where_floats_would_not() -> None:
    # 1261 * 781 / 2134 is 461.5; the float nearest to 781 / 2134 is below it.
    view = View(wid=1170, hei=781, fit=Fit.CONSTRAIN)
    assert place_image(view, Size(1261, 2134), DEFAULT_PIX).output == (462, 781)
    # A gap of 230 * (1 - 0.9) / 2 is 11.5.
    view = View(wid=400, hei=530, scl=Fraction(1), align=(Fraction(0), Fraction("-0.9")))
    assert place_image(view, SMALL, DEFAULT_PIX).dy == 12
    # As floats 0.145 * 100 is 14.499999999999998.
    assert scaled(Size(100, 100), Fraction("0.145")) == (15, 15)
    # 0.49999999999999994 + 0.5 is 1.0 as a float: less than half a pixel would become one.
    assert share_in_pixels(Fraction("0.49999999999999994"), 1) == 0
    assert share_in_pixels(Fraction("-0.5"), 1) == 0
    assert share_in_pixels(Fraction("-0.51"), 1) == -1
    assert place_image(View(wid=1), Size(2000, 3), DEFAULT_PIX).output == (1, 1)


@pytest.mark.parametrize(
    ("view", "source", "upscaled", "padded", "cropped", "distorted"),
    [
        (_asking(Fit.FIT), LARGE, False, True, 0, False),
        (_asking(Fit.CROP), LARGE, False, False, 100 / 3, False),
        (_asking(Fit.STRETCH), LARGE, False, False, 0, True),
        (_asking(Fit.STRETCH), SMALL, False, True, 0, False),
        (_asking(Fit.STRETCH, upscale=True), SMALL, True, False, 0, True),
        (_asking(Fit.CROP, upscale=True), SMALL, True, False, 100 * 267 / 1067, False),
        (View(scl=Fraction("0.5")), SMALL, True, False, 0, False),
        (View(scl=Fraction("0.999")), SMALL, False, False, 0, False),
        (View(scl=Fraction(1), wid=200, hei=600), SMALL, False, True, 50, False),
    ],
    ids=[
        "fit",
        "crop",
        "stretch",
        "stretch-small",
        "stretch,1",
        "crop,1",
        "enlarged",
        "hardly-enlarged",
        "cut-and-padded",
    ],
)
def test_what_reviewers_want_to_know(
    view: View, source: Size, upscaled: bool, padded: bool, cropped: float, distorted: bool
) -> None:
    placed = place_image(view, source, DEFAULT_PIX)
    assert (placed.upscaled, placed.padded) == (upscaled, padded)
    assert placed.aspect_changed == distorted
    assert placed.cropped_percent == pytest.approx(cropped)


@pytest.mark.parametrize(
    ("wid", "hei", "distorted"),
    [(10, 10, False), (11, 10, True), (10, 11, True), (1, 1, False), (1, 2, True), (2, 1, True)],
)
def test_rounding_is_no_distortion(wid: int, hei: int, distorted: bool) -> None:
    # A square gives 11 pixels from 10.5 on, and 10 below that.
    view = View(wid=wid, hei=hei, fit=Fit.STRETCH)
    assert place_image(view, Size(100, 100), DEFAULT_PIX).aspect_changed == distorted


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ({"wid": 0}, "wid=0 is not above 0"),
        ({"hei": -3}, "hei=-3 is not above 0"),
        ({"scl": Fraction(0)}, "scl=0 is not above 0"),
        ({"align": (Fraction(2), Fraction(0))}, "align goes from -1 to 1"),
        ({"fit": Fit.CROP}, "fit=crop needs wid or hei"),
    ],
    ids=["wid", "hei", "scl", "align", "fit"],
)
def test_what_the_server_refuses(view: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        View(**view)  # type: ignore[arg-type]


def test_a_picture_has_pixels() -> None:
    with pytest.raises(ValueError, match="0x5 is not the size of a picture"):
        place_image(View(), Size(0, 5), DEFAULT_PIX)


def test_limits() -> None:
    assert Size(3001, 10).exceeds(Size(3000, 3000))
    assert Size(10, 3001).exceeds(Size(3000, 3000))
    assert not Size(3000, 3000).exceeds(Size(3000, 3000))
    assert not Size(3000, 3001).exceeds(Size(3000, 0))


def test_regions() -> None:
    region = Region(-10, 0, 500, 300)
    assert region.size == (500, 300)
    assert region.reaches_outside(SMALL)
    assert Region(-10, 0, 300, 300).reaches_outside(SMALL)
    assert Region(0, -10, 300, 300).reaches_outside(SMALL)
    assert not Region(0, 0, 400, 300).reaches_outside(SMALL)
    assert Region(1, 0, 400, 300).reaches_outside(SMALL)
    assert Region(0, 0, 400, 301).reaches_outside(SMALL)
    with pytest.raises(ValueError, match="0x3 pixels shows nothing"):
        Region(0, 0, 0, 3)


def test_regions_of_shares() -> None:
    quarter = [Fraction("0.25")] * 4
    assert region_of_shares(SMALL, *quarter) == Region(100, 75, 100, 75)
    whole = (Fraction(0), Fraction(0), Fraction(1), Fraction(1))
    assert region_of_shares(SMALL, *whole).size == SMALL
    thin = (Fraction(0), Fraction(0), Fraction("0.001"), Fraction(1))
    assert region_of_shares(SMALL, *thin).size == (1, 300)
    with pytest.raises(ValueError, match="shows nothing"):
        region_of_shares(SMALL, Fraction(0), Fraction(0), Fraction(0), Fraction(1))


def test_extending_and_scaling() -> None:
    assert extended(SMALL, 10, 20, 30, -40) == (440, 280)
    with pytest.raises(ValueError, match="leaves 0x300"):
        extended(SMALL, -200, 0, -200, 0)
    assert scaled(LARGE, Fraction("0.5")) == (1500, 1000)
    with pytest.raises(ValueError, match="not above 0"):
        scaled(LARGE, Fraction(0))


@pytest.mark.parametrize(
    ("degrees", "size"),
    [
        ("0", (400, 300)),
        ("90", (300, 400)),
        ("180", (400, 300)),
        ("-90", (300, 400)),
        ("270", (300, 400)),
        ("720", (400, 300)),
        ("45", (495, 495)),
        ("135", (495, 495)),
        ("-45", (495, 495)),
        ("30", (497, 460)),
        ("150", (497, 460)),
        ("0.001", (401, 301)),
    ],
)
def test_rotating(degrees: str, size: tuple[int, int]) -> None:
    assert rotated(SMALL, Fraction(degrees)) == size


@given(SIZES, st.integers(-10, 10))
def test_two_quarter_turns_are_a_half(size: Size, turns: int) -> None:
    quarter, half = Fraction(90 + 360 * turns), Fraction(180 + 360 * turns)
    assert rotated(rotated(size, quarter), quarter) == rotated(size, half) == size


@given(SIZES, st.decimals("-720", "720", places=2).map(Fraction))
def test_turned_pictures_fit_their_box(size: Size, degrees: Fraction) -> None:
    box = rotated(size, degrees)
    assert min(box) >= min(size)
    assert max(box) <= math.hypot(*size) + 1
    assert rotated(size, degrees + 180) == rotated(size, -degrees) == box


@given(ASKED, SIZES)
def test_modes_keep_to_what_was_asked(view: View, source: Size) -> None:
    assert view.wid is not None
    assert view.hei is not None
    asked = Size(view.wid, view.hei)
    placed = place_image(view, source, DEFAULT_PIX)
    if view.fit in (Fit.CONSTRAIN, Fit.WRAP):
        assert placed.output == placed.image
    else:
        assert placed.output == asked
    if view.fit in (None, Fit.FIT, Fit.CONSTRAIN):
        assert not placed.image.exceeds(asked)
        assert placed.cropped_percent == 0
    if view.fit in (Fit.CROP, Fit.WRAP) and view.upscale:
        assert not asked.exceeds(placed.image)
        assert not placed.padded
    if view.fit is Fit.STRETCH and view.upscale:
        assert placed.image == asked


@given(ANY_VIEW, SIZES, LIMITS)
def test_only_stretch_distorts(view: View, source: Size, limit: Size) -> None:
    placed = place_image(view, source, limit)
    if view.fit is Fit.STRETCH and view.wid and view.hei and view.scl is None:
        return
    assert not placed.aspect_changed
    factor = Fraction(placed.image.width, source.width)
    half_a_pixel_of_width = Fraction(source.height, 2 * source.width)
    error = abs(placed.image.height - source.height * factor)
    # A side of 1 may stand for any part of a pixel.
    if min(placed.image) > 1:
        assert error <= half_a_pixel_of_width + Fraction(1, 2)


@given(ANY_VIEW, SIZES, LIMITS)
def test_enlarging_must_be_asked_for(view: View, source: Size, limit: Size) -> None:
    placed = place_image(view, source, limit)
    if view.scl is None and not view.upscale:
        assert not placed.upscaled
    if placed.reduced_to_default:
        assert view.leaves_size_open
        assert source.exceeds(limit)
        assert not placed.output.exceeds(limit)


@given(ANY_VIEW, SIZES, LIMITS)
def test_the_picture_stays_in_touch_with_the_reply(view: View, source: Size, limit: Size) -> None:
    placed = place_image(view, source, limit)
    across = placed.output.width - placed.image.width
    down = placed.output.height - placed.image.height
    assert min(0, across) <= placed.dx <= max(0, across)
    assert min(0, down) <= placed.dy <= max(0, down)
    assert placed.padded == (across > 0 or down > 0)
    assert 0 <= placed.cropped_percent < 100
    assert (placed.cropped_percent > 0) == (across < 0 or down < 0)


@given(ANY_VIEW, SIZES, LIMITS)
def test_as_the_facts_spell_it_out(view: View, source: Size, limit: Size) -> None:
    assert place_image(view, source, limit) == _by_the_facts(view, source, limit)


def _by_the_facts(view: View, source: Size, limit: Size) -> Placement:
    """The pseudo code of section 8, word by word and with fractions."""
    across, down = _fact_factors(view, source, limit)
    image = Size(*(max(1, _r(side)) for side in (source.width * across, source.height * down)))
    output = image
    if view.scl is not None:
        output = Size(view.wid or image.width, view.hei or image.height)
    elif view.wid and view.hei and view.fit not in (Fit.CONSTRAIN, Fit.WRAP):
        output = Size(view.wid, view.hei)
    ax, ay = view.align
    if not (view.wid and view.hei) or (view.scl is None and view.fit is Fit.STRETCH):
        ax = ay = Fraction(0)
    return Placement(
        composite=source,
        image=image,
        output=output,
        dx=_r((output.width - image.width) * (ax + 1) / 2),
        dy=_r((output.height - image.height) * (ay + 1) / 2),
        reduced_to_default=not (view.wid or view.hei or view.scl) and across < 1,
    )


def _fact_factors(view: View, source: Size, limit: Size) -> tuple[Fraction, Fraction]:
    if view.scl is not None:
        return 1 / view.scl, 1 / view.scl
    one = Fraction(1)
    if view.wid is None and view.hei is None:
        sides = zip(limit, source, strict=True)
        least = min(one, *(Fraction(most, side) if most else one for most, side in sides))
        return least, least
    across = Fraction(view.wid or 0, source.width)
    down = Fraction(view.hei or 0, source.height)
    if not view.wid or not view.hei or view.fit in (Fit.CROP, Fit.WRAP):
        across = down = max(across, down)
    elif view.fit is Fit.HFIT:
        down = across
    elif view.fit is Fit.VFIT:
        across = down
    elif view.fit is not Fit.STRETCH:
        across = down = min(across, down)
    return (across, down) if view.upscale else (min(across, one), min(down, one))


def _r(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))
