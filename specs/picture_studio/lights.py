"""The studio: soft boxes, what a mirror sees of them, and how much falls on a surface."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from picture_studio.shapes import Array, Triple, column, dot, mix, smoothstep, unit


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftBox:
    """A rectangular lamp infinitely far away.

    ``towards`` points at its middle; ``wide`` and ``tall`` are half extents as tangents of
    angles; ``power`` is its radiance, ``tint`` its colour.
    """

    towards: Triple
    wide: float
    tall: float
    power: float
    tint: Triple = (1.0, 1.0, 1.0)

    def direction(self) -> Array:
        """Unit column that points to the lamp."""
        return unit(column(self.towards))

    def seen(self, d: Array, blur: Array | float) -> Array:
        """How much of the lamp shows in directions ``d``: 0..1, edges softened by ``blur``."""
        c = self.direction()
        right = unit(np.cross(column((0, 1, 0)).ravel(), c.ravel()).reshape(3, 1))
        up = column(np.cross(c.ravel(), right.ravel()).tolist())
        front = dot(d, c)
        scale = 1.0 / np.maximum(front, 0.05)
        x, y = np.abs(dot(d, right)) * scale, np.abs(dot(d, up)) * scale
        soft = 0.05 + 2.2 * blur
        ex = np.clip((self.wide + 0.5 * soft - x) / soft, 0.0, 1.0)
        ey = np.clip((self.tall + 0.5 * soft - y) / soft, 0.0, 1.0)
        seen = ex * ex * (3 - 2 * ex) * ey * ey * (3 - 2 * ey)
        spread = (self.wide / (self.wide + blur)) * (self.tall / (self.tall + blur))
        return np.where(front > 0.05, seen * spread, 0.0).astype(np.float32)


STUDIO: tuple[SoftBox, ...] = (
    SoftBox(towards=(-1.0, 0.62, 0.70), wide=0.36, tall=0.80, power=5.0, tint=(1.0, 0.985, 0.96)),
    SoftBox(towards=(1.25, 0.25, 0.45), wide=0.13, tall=0.80, power=3.2, tint=(0.95, 0.98, 1.0)),
    SoftBox(towards=(0.1, 1.3, -0.35), wide=0.55, tall=0.40, power=2.8),
)
IRRADIANCE = (1.00, 0.22, 0.40)


def surroundings(d: Array, blur: Array | float) -> Array:
    """Radiance ``(3, n)`` a mirror of roughness ``blur`` finds in directions ``d``."""
    up, back, side = d[1], -d[2], np.abs(d[0])
    white = smoothstep(-0.1 - 0.4, 0.75, back - 0.25 * side)
    room = mix(0.30, 0.95, white) * (1.0 - 0.55 * smoothstep(0.35, 0.8, side) * (1.0 - white))
    room = mix(room, 0.82, smoothstep(0.05 + 0.2, -0.25, up))
    colour = np.repeat(room[None, :], 3, axis=0).astype(np.float32)
    for lamp in STUDIO:
        colour += lamp.seen(d, blur) * column(lamp.tint) * np.float32(lamp.power)
    return colour


def ambient(n: Array) -> Array:
    """Diffuse light from the white walls (above) and the white floor (below)."""
    return np.float32(0.27) + 0.12 * n[1] + 0.06 * n[2]
