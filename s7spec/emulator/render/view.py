"""The view transform: from the composite image to a reply of the asked size."""

from __future__ import annotations

from fractions import Fraction

from s7spec.emulator.render.contract import Size
from s7spec.emulator.render.geometry import (
    Placement,
    check_pixels,
    exact,
    place,
    scaled_size,
)
from s7spec.emulator.render.request import FitMode, ViewRequest

_Scale = tuple[Fraction, Fraction]
_CENTRE = (Fraction(0), Fraction(0))


def place_view(size: Size, view: ViewRequest, default_pix: Size | None) -> Placement:
    """Sizes and place of a composite image in its reply (facts: Image Serving section 8).

    Raises:
        RenderError: a view of more pixels than an export converts.
    """
    if view.scl is not None:
        factor = 1 / exact(view.scl)
        scale = (factor, factor)
    elif view.wid is None and view.hei is None:
        factor = _default_factor(size, default_pix)
        scale = (factor, factor)
    else:
        scale = _fit_scale(size, view)
    image = scaled_size(size, *scale)
    out = _out_size(image, view)
    check_pixels(out)
    one_side = view.wid is None or view.hei is None
    ignored = one_side or (view.fit is FitMode.STRETCH and view.scl is None)
    align = _CENTRE if ignored else (exact(view.align[0]), exact(view.align[1]))
    return place(image, out, align, (float(scale[0]), float(scale[1])))


def _default_factor(size: Size, default_pix: Size | None) -> Fraction:
    limits = zip(default_pix or (0, 0), size, strict=True)
    return min(Fraction(1), *(Fraction(limit or side, side) for limit, side in limits))


def _fit_scale(size: Size, view: ViewRequest) -> _Scale:
    if view.wid is None or view.hei is None:
        wide = view.wid is not None
        one = Fraction(view.wid or view.hei or 1, size[0] if wide else size[1])
        scale = (one, one)
    else:
        by_width, by_height = Fraction(view.wid, size[0]), Fraction(view.hei, size[1])
        scale = _both_sides(by_width, by_height, view.fit or FitMode.FIT)
    if view.upscale:
        return scale
    return min(scale[0], Fraction(1)), min(scale[1], Fraction(1))


def _both_sides(horizontal: Fraction, vertical: Fraction, mode: FitMode) -> _Scale:
    if mode is FitMode.STRETCH:
        return horizontal, vertical
    factor = {
        FitMode.FIT: min(horizontal, vertical),
        FitMode.CONSTRAIN: min(horizontal, vertical),
        FitMode.CROP: max(horizontal, vertical),
        FitMode.WRAP: max(horizontal, vertical),
        FitMode.HFIT: horizontal,
        FitMode.VFIT: vertical,
    }[mode]
    return factor, factor


def _out_size(image: Size, view: ViewRequest) -> Size:
    if view.scl is not None:
        return view.wid or image[0], view.hei or image[1]
    if view.wid is None or view.hei is None or view.fit in (FitMode.CONSTRAIN, FitMode.WRAP):
        return image
    return view.wid, view.hei
