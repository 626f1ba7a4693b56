"""How one request is carried out on one picture: sizes and places, before pixels are decoded."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from s7spec.emulator.render.contract import ImageServerSettings, Size
from s7spec.emulator.render.geometry import PixelBox, Placement, check_reply
from s7spec.emulator.render.layer import Shown
from s7spec.emulator.render.layout import Layout, check_canvas, lay_out
from s7spec.emulator.render.request import Request
from s7spec.emulator.render.source import Head, Need
from s7spec.emulator.render.turning import turned_size
from s7spec.emulator.render.view import place_view

_DRAWN = 25_000_000
"""Most pixels of a composite image that is drawn; larger ones are drawn smaller."""
_GAP = 2.0
"""A large canvas is drawn at most this many times larger than the view shows it."""
_CANVAS = 4
"""A canvas may have this many times the pixels a source may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``part`` is what the view shows of the composite image; it may reach outside. ``detail`` is
    the scale at which a composite image has to be drawn where it has to be drawn at all."""

    layout: Layout
    part: PixelBox
    placement: Placement
    detail: float

    @property
    def direct(self) -> bool:
        """Whether the view can be made straight from the source."""
        x, y, width, height = self.part
        inside = x >= 0 and y >= 0 and x + width <= self.layout.size[0]
        inside = inside and y + height <= self.layout.size[1]
        return inside and self.layout.turns is not None

    @property
    def shown(self) -> Shown:
        """The visible part of the placement, in pixels of the scaled picture."""
        left, top, width, height = self.placement.visible
        x, y = left - self.placement.offset[0], top - self.placement.offset[1]
        return Shown(part=self.part, size=self.placement.image, window=(x, y, width, height))

    @property
    def need(self) -> Need:
        """What the source is needed for."""
        width, height = self.placement.out
        drawn = width * height
        if not self.direct:
            drawn += math.ceil(max(w * h for w, h in self.layout.sizes) * self.detail**2)
        return Need(size=self._least_size, drawn=drawn)

    @property
    def _least_size(self) -> Size:
        """How small the whole source may be decoded without the view losing by it."""
        if self.direct:
            part = turned_size(self.part[2:], self.layout.turns or ())
            image = turned_size(self.placement.image, self.layout.turns or ())
            shares = [image[axis] / part[axis] for axis in (0, 1)]
        else:
            # A composite that is not drawn at its full size is drawn larger than shown already.
            share = 1.0 if self.detail == 1 else self.detail / _GAP
            shares = [share, share]
        grown = [self.layout.scaled[axis] / self.layout.crop[2 + axis] for axis in (0, 1)]
        width, height = (
            max(1, math.ceil(self.layout.source[axis] * shares[axis] * grown[axis]))
            for axis in (0, 1)
        )
        return width, height


def make_plan(head: Head, request: Request, settings: ImageServerSettings) -> Plan:
    """Raises RenderError: a canvas or a reply that is too large or holds no pixel."""
    most = _CANVAS * settings.max_source_pixels
    layout = lay_out(head, request.layer, most)
    part = (0, 0, *layout.size)
    if request.view.rgn is not None:
        check_canvas(request.view.rgn[2:], most, "rgn")
        part = request.view.rgn
    placement = place_view(part[2:], request.view, settings.default_pix)
    reply = request.view.rect[2:] if request.view.rect else placement.out
    check_reply(reply, settings.max_pix)
    detail = _detail([*layout.sizes, part[2:]], placement)
    return Plan(layout=layout, part=part, placement=placement, detail=detail)


def _detail(sizes: Iterable[Size], placement: Placement) -> float:
    canvas = max(width * height for width, height in sizes)
    if canvas <= _DRAWN:
        return 1.0
    return min(math.sqrt(_DRAWN / canvas), _GAP * max(placement.scale))
