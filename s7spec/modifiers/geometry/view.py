"""A picture scaled and placed in its reply by the view commands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from s7spec.modifiers.geometry.size import Ratio, Size, times

_UNCHANGED: Ratio = (1, 1)

_CENTRE = (Fraction(0), Fraction(0))


class Fit(StrEnum):
    """How a picture goes into ``wid`` x ``hei``."""

    FIT = "fit"
    CONSTRAIN = "constrain"
    CROP = "crop"
    WRAP = "wrap"
    STRETCH = "stretch"
    HFIT = "hfit"
    VFIT = "vfit"


# By names of their own: looking them up in the enum takes as long as the arithmetic.
_, _CONSTRAIN, _CROP, _WRAP, _STRETCH, _HFIT, _VFIT = Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The view commands of a modifier. None is a command that is not there.

    ``wid`` and ``hei`` are pixels. ``scl`` divides: 2 is half the size. ``align`` is -1 (left, top)
    to 1 (right, bottom) on each axis. Both are fractions, as ``Fraction("0.3")`` is three tenths
    and the float 0.3 is not.

    ``upscale`` also counts when ``fit`` is absent. The documented default is ``fit,0``, so False is
    the documented reading; whether servers keep to it without ``fit`` is unknown.

    Raises ValueError for what the server refuses: values out of range, ``fit`` with no side.
    """

    wid: int | None = None
    hei: int | None = None
    scl: Fraction | None = None
    fit: Fit | None = None
    upscale: bool = False
    align: tuple[Fraction, Fraction] = _CENTRE

    def __post_init__(self) -> None:
        for name, value in (("wid", self.wid), ("hei", self.hei), ("scl", self.scl)):
            if value is not None and value <= 0:
                raise ValueError(f"{name}={value} is not above 0")
        if not all(-1 <= each <= 1 for each in self.align):
            raise ValueError("align goes from -1 to 1 on each axis")
        # With `scl`, `fit` has no effect and asks for nothing.
        if self.fit is not None and self.wid is None and self.hei is None and self.scl is None:
            raise ValueError(f"fit={self.fit} needs wid or hei")

    @property
    def leaves_size_open(self) -> bool:
        """Whether the company's DefaultPix limits the reply, without a word of the server."""
        return self.wid is None and self.hei is None and self.scl is None


class Placement(NamedTuple):
    """A picture scaled and put into its reply. A tuple, because plans make millions of them.

    ``composite`` is the picture before, ``image`` after scaling, ``output`` the reply. ``dx`` and
    ``dy`` are the picture's top left corner in the reply: negative where the reply cuts it.
    """

    composite: Size
    image: Size
    output: Size
    dx: int
    dy: int
    reduced_to_default: bool
    """Whether nothing asked for a size and DefaultPix made the picture smaller."""

    @property
    def upscaled(self) -> bool:
        """Whether a side of the picture grew by a pixel or more."""
        return self.image.exceeds(self.composite)

    @property
    def padded(self) -> bool:
        """Whether the reply shows background beside the picture."""
        return self.output.exceeds(self.image)

    @property
    def cropped_percent(self) -> float:
        """How much of the scaled picture's area lies outside of the reply, 0 to below 100."""
        whole = self.image.width * self.image.height
        seen_width = min(self.image.width, self.output.width)
        seen_height = min(self.image.height, self.output.height)
        return 100 * (whole - seen_width * seen_height) / whole

    @property
    def aspect_changed(self) -> bool:
        """Whether the picture is distorted: no one factor, rounded, explains both of its sides."""
        return is_distorted(self.composite, self.image)


def is_distorted(before: Size, after: Size) -> bool:
    """Whether no one factor, rounded, makes both sides of ``after`` of those of ``before``."""
    # n pixels come from (n - 1/2) / side up to below (n + 1/2) / side, one also from less.
    least_width = 0 if after.width == 1 else 2 * after.width - 1
    least_height = 0 if after.height == 1 else 2 * after.height - 1
    return (
        least_width * before.height >= (2 * after.height + 1) * before.width
        or least_height * before.width >= (2 * after.width + 1) * before.height
    )


def place_image(view: View, composite: Size, default_pix: Size) -> Placement:
    """Scales and places a picture of the size ``composite``, all layer commands and ``rgn`` done.

    A side of ``default_pix`` that is 0 is no limit. MaxPix is not looked at: ask
    ``output.exceeds``. Where the facts say unknown, this is the documented reading:

    - ``wrap`` replies with the size of the picture, also when that is below ``wid`` x ``hei``;
    - ``align`` means nothing with one of ``wid`` and ``hei``, even if ``scl`` makes them cut or
      pad, and with ``stretch``: the picture is centred;
    - an export is reduced to DefaultPix as a reply over HTTP is.

    Raises ValueError for a picture without pixels.
    """
    image, output = sizes_in_view(view, composite, default_pix)
    if output is image:
        # A factor below 1 brings the side that sets it to its limit, so the sizes do differ.
        reduced = view.leaves_size_open and image != composite
        return Placement(composite, image, output, 0, 0, reduced_to_default=reduced)
    if view.align is _CENTRE:
        dx, dy = (output.width - image.width + 1) // 2, (output.height - image.height + 1) // 2
        return Placement(composite, image, output, dx, dy, reduced_to_default=False)
    across, down = _align(view)
    dx = _aligned(output.width - image.width, across)
    dy = _aligned(output.height - image.height, down)
    return Placement(composite, image, output, dx, dy, reduced_to_default=False)


def sizes_in_view(view: View, composite: Size, default_pix: Size) -> tuple[Size, Size]:
    """The sizes of the scaled picture and of the reply, one and the same where the reply shows the
    picture and nothing else: what ``place_image`` says, in half the time. Raises as that does."""
    if composite.width < 1 or composite.height < 1:
        raise ValueError(f"{composite.width}x{composite.height} is not the size of a picture")
    horizontal, vertical = _factors(view, composite, default_pix)
    image = Size(times(composite.width, horizontal), times(composite.height, vertical))
    return image, _output(view, image)


def _factors(view: View, composite: Size, default_pix: Size) -> tuple[Ratio, Ratio]:
    """What the width and the height are multiplied with."""
    wid, hei, scl = view.wid, view.hei, view.scl
    if scl is not None:
        horizontal = vertical = (scl.denominator, scl.numerator)
        return horizontal, vertical
    if wid is not None and hei is not None:
        horizontal, vertical = _fitted(view.fit, (wid, composite.width), (hei, composite.height))
    elif wid is not None:
        horizontal = vertical = (wid, composite.width)
    elif hei is not None:
        horizontal = vertical = (hei, composite.height)
    else:
        horizontal = vertical = _default_factor(composite, default_pix)
    if view.upscale:
        return horizontal, vertical
    return (
        horizontal if horizontal[0] <= horizontal[1] else _UNCHANGED,
        vertical if vertical[0] <= vertical[1] else _UNCHANGED,
    )


def _fitted(fit: Fit | None, by_width: Ratio, by_height: Ratio) -> tuple[Ratio, Ratio]:
    # Adobe's page calls composite/reply the scale and takes the smaller for `fit`: the results it
    # describes are those of reply/composite, as here.
    if fit is _STRETCH:
        return by_width, by_height
    if fit is _HFIT:
        return by_width, by_width
    if fit is _VFIT:
        return by_height, by_height
    by_width_is_smaller = by_width[0] * by_height[1] <= by_height[0] * by_width[1]
    covers = fit is _CROP or fit is _WRAP
    factor = by_height if by_width_is_smaller is covers else by_width
    return factor, factor


def _default_factor(composite: Size, default_pix: Size) -> Ratio:
    (width, height), (most_width, most_height) = composite, default_pix
    by_width = (most_width, width) if 0 < most_width < width else _UNCHANGED
    by_height = (most_height, height) if 0 < most_height < height else _UNCHANGED
    return _smaller(by_width, by_height)


def _output(view: View, image: Size) -> Size:
    """The size of the reply; ``image`` itself where the reply shows it and nothing else."""
    if view.scl is not None:
        if view.wid is None and view.hei is None:
            return image
        return Size(view.wid or image.width, view.hei or image.height)
    if view.wid is None or view.hei is None or view.fit is _CONSTRAIN or view.fit is _WRAP:
        return image
    return Size(view.wid, view.hei)


def _align(view: View) -> tuple[Fraction, Fraction]:
    one_side = view.wid is None or view.hei is None
    if one_side or (view.fit is _STRETCH and view.scl is None):
        return _CENTRE
    return view.align


def _aligned(gap: int, align: Fraction) -> int:
    """gap * (align + 1) / 2, rounded half up; the gap is negative where the picture is cut."""
    above, below = align.numerator, align.denominator
    return (gap * (above + below) + below) // (2 * below)


def _smaller(one: Ratio, other: Ratio) -> Ratio:
    return one if one[0] * other[1] <= other[0] * one[1] else other
