"""From the commands of the layer to the steps of the pipeline, in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from s7spec.modifiers.geometry import Region
from s7spec.modifiers.prediction import frame as on_frame
from s7spec.modifiers.prediction.commands import InForce, Part, needs_resolution
from s7spec.modifiers.prediction.frame import Shares, Step
from s7spec.modifiers.prediction.image import Doubt, Reason

Fields = Mapping[str, tuple[str, ...]]
_SPELLINGS = (("crop", "cropN"), ("extend", "extendN"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """``steps`` make the composite, ``rgn`` cut out of it included; None if what they make cannot
    be known, for the reasons in ``doubts``."""

    steps: tuple[Step, ...] | None
    doubts: tuple[Doubt, ...]


def read_layer(in_force: InForce) -> Layer:
    """crop, scale, flip, rotate, extend, rgn (facts: Image Serving section 8). Unless layer 0 is
    named, flip belongs to the composite, and extend, which belongs to layer 0, comes before it."""
    fields = in_force.fields
    doubts: list[Doubt] = []
    known = Part.COMPOSITE not in in_force.unknown
    for pixels, shares in _SPELLINGS:
        if pixels in fields and shares in fields:
            doubts.append(Doubt(about=shares, reason=Reason.TWO_SPELLINGS))
            known = False
    if needs_resolution(in_force):
        doubts.append(Doubt(about="res", reason=Reason.NOT_MODELLED))
        known = False
    turn = Fraction(fields["rotate"][0]) % 180 if "rotate" in fields else Fraction(0)
    if turn % 90:
        doubts.append(Doubt(about="rotate", reason=Reason.ROTATED_BOX))
    extends = "extend" in fields or "extendN" in fields
    if turn and extends and "flip" in fields and not in_force.layer_zero:
        doubts.append(Doubt(about="flip", reason=Reason.ORDER_OF_FLIP))
    steps: list[Step] = []
    for name in _order(fields, layer_zero=in_force.layer_zero):
        try:
            steps += _steps(name, fields)
        except ValueError:  # a region without pixels
            doubts.append(Doubt(about=name, reason=Reason.NOTHING_LEFT))
            known = False
    return Layer(steps=tuple(steps) if known else None, doubts=tuple(doubts))


def _order(fields: Fields, *, layer_zero: bool) -> tuple[str, ...]:
    if "flip" in fields and not layer_zero:
        return ("crop", "cropN", "size", "extend", "extendN", "flip", "rotate", "rgn")
    return ("crop", "cropN", "size", "flip", "rotate", "extend", "extendN", "rgn")


def _steps(name: str, fields: Fields) -> Iterator[Step]:
    if name == "size":
        yield from _scaling(fields)
    elif name in fields:
        yield _READ[name](fields[name])


def _scaling(fields: Fields) -> Iterator[Step]:
    """``size`` goes before ``scale``; ``size=0,0`` asks for nothing."""
    if "size" in fields:
        width, height = map(int, fields["size"])
        if width or height:
            yield on_frame.fit_within(width, height)
            return
    if "scale" in fields:
        yield on_frame.scale(Fraction(fields["scale"][0]))


def _region(fields: tuple[str, ...]) -> Step:
    x, y, width, height = map(int, fields)
    return on_frame.crop(Region(x, y, width, height))


def _crop_shares(fields: tuple[str, ...]) -> Step:
    shares = _shares(fields)
    if min(shares[2:]) <= 0:
        raise ValueError("cropN without width or height")
    return on_frame.crop_shares(shares)


def _extend(fields: tuple[str, ...]) -> Step:
    left, top, right, bottom = map(int, fields)
    return on_frame.extend(left, top, right, bottom)


def _flip(fields: tuple[str, ...]) -> Step:
    which = fields[0].lower()
    return on_frame.flip("lr" in which, "ud" in which)


def _shares(fields: tuple[str, ...]) -> Shares:
    one, two, three, four = map(Fraction, fields)
    return one, two, three, four


_READ: Mapping[str, Callable[[tuple[str, ...]], Step]] = {
    "crop": _region,
    "cropN": _crop_shares,
    "flip": _flip,
    "rotate": lambda fields: on_frame.rotate(Fraction(fields[0])),
    "extend": _extend,
    "extendN": lambda fields: on_frame.extend_shares(_shares(fields)),
    "rgn": _region,
}
