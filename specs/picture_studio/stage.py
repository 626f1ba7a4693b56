"""What stands in front of the camera: materials, parts, products, and the camera itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from picture_studio.shapes import Array, Distance, Triple, column, unit
from picture_studio.tracer import Bounds

Paint = Callable[[Array, Array], Array]
"""From points and normals ``(3, n)`` to colours ``(3, n)`` or to one number per point ``(n,)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """How a surface answers light.

    ``colour`` is the diffuse colour, or the mirror colour where ``metal`` is 1; ``rough`` blurs
    reflections (0 = mirror); ``shine`` is the reflectance seen head-on of what is not metal;
    ``relief`` is a height in scene units that bends the normal, sampled ``relief_step`` apart;
    ``fuzz`` brightens grazing views (textile); ``glow`` adds light of the surface's own.
    """

    colour: Triple | Paint
    rough: float = 0.3
    metal: float = 0.0
    shine: float = 0.04
    relief: Paint | None = None
    relief_step: float = 0.0012
    fuzz: float = 0.0
    glow: Paint | None = None
    mirrors: bool = False

    def colours(self, p: Array, n: Array) -> Array:
        """Colour at each point."""
        if callable(self.colour):
            return self.colour(p, n)
        return np.broadcast_to(column(self.colour), p.shape)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A body made of one material."""

    body: Distance
    material: Material


@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """A clear body: ``wall`` is its outside, ``hollow`` the room inside it, filled up to the
    height ``level`` with a liquid that lets ``tint`` through per unit of way; ``print`` is the
    ink on the outside (coverage 0..1) and ``ink`` its colour."""

    wall: Distance
    hollow: Distance
    level: float
    tint: Triple
    print: Paint
    ink: Triple


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A long lens at ``eye`` looking at ``target``; ``tall`` is the height of the field of view
    in scene units at the target."""

    eye: Triple
    target: Triple
    tall: float
    up: Triple = (0.0, 1.0, 0.0)

    def rays(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Origins and unit directions; x runs -aspect..aspect to the right, y -1..1 upwards."""
        eye, target = column(self.eye), column(self.target)
        ahead = unit(target - eye)
        right = unit(np.cross(ahead.ravel(), self.up).astype(np.float32).reshape(3, 1))
        upward = np.cross(right.ravel(), ahead.ravel()).astype(np.float32).reshape(3, 1)
        half = np.float32(self.tall / 2)
        d = unit(target + right * (x * half) + upward * (y * half) - eye)
        return np.broadcast_to(eye, d.shape), d


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Parts on (or hung above) the floor ``y = 0``, and how they are photographed."""

    parts: tuple[Part, ...]
    bounds: Bounds
    camera: Camera
    glass: Glass | None = None
    reach: float = 0.22
    shadow: float = 1.0
    floor_shine: float = 0.0

    def distance(self, p: Array) -> Array:
        """Distance to the nearest opaque part."""
        d = self.parts[0].body(p)
        for part in self.parts[1:]:
            d = np.minimum(d, part.body(p))
        return d

    def whole(self, p: Array) -> Array:
        """Distance to the product, glass included."""
        if self.glass is None:
            return self.distance(p)
        return np.minimum(self.distance(p), self.glass.wall(p))

    def nearest(self, p: Array, *, opaque: bool = False) -> Array:
        """Index of the part each surface point belongs to; ``len(parts)`` is the glass, which is
        left out of account where only ``opaque`` parts are asked for."""
        found = [part.body(p) for part in self.parts]
        if self.glass is not None and not opaque:
            found.append(self.glass.wall(p))
        return np.argmin(np.stack(found), axis=0).astype(np.float32)
