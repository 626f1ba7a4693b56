"""The layer's own geometry in true pixels: what its commands make of the picture's size.

Computed before a pixel is decoded, so that too large a canvas costs nothing and a picture is
decoded no larger than it is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from s7spec.emulator.render.contract import RenderError, Size
from s7spec.emulator.render.geometry import PixelBox, exact, scaled_size
from s7spec.emulator.render.photoshop_paths import PhotoshopPath
from s7spec.emulator.render.request import LayerRequest
from s7spec.emulator.render.source import Head
from s7spec.emulator.render.turning import FLIPS, QUARTERS, Turn, turned_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step after scaling and the size after it.

    ``does`` is an exact turn, an angle in degrees clockwise, or margins: left, top, right, bottom.
    """

    does: Turn | float | PixelBox
    size: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``crop`` in source pixels, may reach outside; ``scaled`` is its size after scaling; only what
    lies in all paths of ``clip`` is shown."""

    source: Size
    crop: PixelBox
    scaled: Size
    steps: tuple[Step, ...]
    clip: tuple[PhotoshopPath, ...] = ()

    @property
    def sizes(self) -> tuple[Size, ...]:
        """After scaling and after each step."""
        return self.scaled, *(step.size for step in self.steps)

    @property
    def size(self) -> Size:
        """The composite image's."""
        return self.sizes[-1]

    @property
    def inside(self) -> PixelBox | None:
        """The part of the crop that shows source pixels; None if there is none."""
        x, y, width, height = self.crop
        left, top = max(0, x), max(0, y)
        right, bottom = min(self.source[0], x + width), min(self.source[1], y + height)
        if right <= left or bottom <= top:
            return None
        return left, top, right - left, bottom - top

    @property
    def turns(self) -> tuple[Turn, ...] | None:
        """The steps when all are exact turns of nothing but source pixels, else None."""
        turns = tuple(step.does for step in self.steps if isinstance(step.does, Turn))
        plain = self.inside == self.crop and len(turns) == len(self.steps)
        return turns if plain else None


def lay_out(head: Head, layer: LayerRequest, max_pixels: int) -> Layout:
    """The geometry of a picture; ``max_pixels`` bounds every canvas on the way.

    Raises:
        RenderError: a canvas without pixels or with too many.
    """
    crop = _crop(head, layer)
    check_canvas(crop[2:], max_pixels, "crop")
    factor = _factor(crop[2:], layer, head.dpi)
    scaled = crop[2:] if factor is None else scaled_size(crop[2:], factor, factor)
    check_canvas(scaled, max_pixels, "size, scale or res")
    return Layout(
        source=head.size,
        crop=crop,
        scaled=scaled,
        steps=_steps(scaled, layer, max_pixels),
        clip=tuple(path for path in head.paths if path.name in layer.clip_paths),
    )


def _crop(head: Head, layer: LayerRequest) -> PixelBox:
    """``cropPathE`` is the box around what all its paths enclose; it comes before ``crop``."""
    paths = [path for path in head.paths if path.name in layer.crop_paths]
    if paths:
        width, height = head.size
        bounds = [path.bounds for path in paths]
        left = math.floor(max(box[0] for box in bounds) * width)
        top = math.floor(max(box[1] for box in bounds) * height)
        right = math.ceil(min(box[2] for box in bounds) * width)
        bottom = math.ceil(min(box[3] for box in bounds) * height)
        if right <= left or bottom <= top:
            raise RenderError("cropPathE leaves no pixels of the picture")
        return left, top, right - left, bottom - top
    if layer.crop is None:
        return (0, 0, *head.size)
    x, y, width, height = layer.crop.pixels(head.size)
    return x, y, max(1, width), max(1, height)


def _factor(size: Size, layer: LayerRequest, dpi: float | None) -> Fraction | None:
    """``size`` keeps the aspect ratio and may enlarge, 0 leaves a side free; it beats ``scale``,
    which beats ``res``."""
    if layer.size is not None:
        pairs = zip(layer.size, size, strict=True)
        return min(Fraction(wanted, side) for wanted, side in pairs if wanted)
    if layer.scale is not None:
        return exact(layer.scale)
    if layer.res is not None and dpi is not None:
        return exact(layer.res) / exact(dpi)
    return None


def _steps(size: Size, layer: LayerRequest, max_pixels: int) -> tuple[Step, ...]:
    """In order. Unless layer 0 is selected by name, flip belongs to the composite image and
    extend to layer 0 below it, so extend comes first."""
    order = ("flip", "rotate", "extend")
    if layer.flip and not layer.layer_zero:
        order = ("extend", "flip", "rotate")
    steps: list[Step] = []
    for name in order:
        step = _step(name, size, layer)
        if step is not None:
            check_canvas(step.size, max_pixels, name)
            steps.append(step)
            size = step.size
    return tuple(steps)


def _step(name: str, size: Size, layer: LayerRequest) -> Step | None:
    if name == "flip" and layer.flip:
        return Step(does=FLIPS[layer.flip], size=size)
    if name == "rotate" and layer.rotate:
        turn = QUARTERS.get(layer.rotate)
        if turn is not None:
            return Step(does=turn, size=turned_size(size, [turn]))
        return Step(does=layer.rotate, size=_bounds(size, layer.rotate))
    if name == "extend" and layer.extend is not None:
        margins = layer.extend.pixels(size)
        left, top, right, bottom = margins
        return Step(does=margins, size=(size[0] + left + right, size[1] + top + bottom))
    return None


def _bounds(size: Size, angle: float) -> Size:
    """The upright box that holds the turned picture; no rounding is documented."""
    sine, cosine = abs(math.sin(math.radians(angle))), abs(math.cos(math.radians(angle)))
    return (
        math.ceil(size[0] * cosine + size[1] * sine - 1e-9),
        math.ceil(size[0] * sine + size[1] * cosine - 1e-9),
    )


def check_canvas(size: Size, max_pixels: int, command: str) -> None:
    """Refuse a canvas without pixels or with more than ``max_pixels``.

    Raises:
        RenderError: naming the command that asked for it.
    """
    if min(size) < 1:
        raise RenderError(f"{command} leaves no pixels of the picture")
    if size[0] * size[1] > max_pixels:
        raise RenderError(
            f"{command} makes a canvas of {size[0]}x{size[1]}, more than {max_pixels:,} pixels"
        )
