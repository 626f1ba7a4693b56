"""The white sweep under a product: one shadow map in floor coordinates, looked up per pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from picture_studio.lights import STUDIO
from picture_studio.shapes import Array, column, unit
from picture_studio.stage import Product
from picture_studio.tracer import shadow

_CELLS = 288


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Light that reaches the floor, 0..1 in a square map around ``(x, z)`` of half width."""

    light: Array
    x: float
    z: float
    half: float

    def at(self, p: Array) -> Array:
        """Light at points on the floor; 1 outside the map."""
        cells = self.light.shape[0]
        u = (p[0] - self.x) / (2 * self.half) + 0.5
        v = (p[2] - self.z) / (2 * self.half) + 0.5
        gx = np.clip(u * cells - 0.5, 0.0, cells - 1.001)
        gy = np.clip(v * cells - 0.5, 0.0, cells - 1.001)
        i, j = gx.astype(np.int32), gy.astype(np.int32)
        fx, fy = gx - i, gy - j
        m = self.light
        top = m[j, i] * (1 - fx) + m[j, i + 1] * fx
        low = m[j + 1, i] * (1 - fx) + m[j + 1, i + 1] * fx
        return (top * (1 - fy) + low * fy).astype(np.float32)


def _directions(rng: np.random.Generator) -> list[tuple[Array, float]]:
    """Directions over the lamps and the white walls, each with its share of the light."""
    found: list[tuple[Array, float]] = []
    for lamp, share, count in zip(STUDIO, (0.40, 0.08, 0.17), (16, 4, 8), strict=True):
        c = lamp.direction().ravel()
        right = np.cross((0, 1, 0), c)
        right = right / np.linalg.norm(right)
        up = np.cross(c, right)
        for k in range(count):
            a = (k + rng.uniform()) / count * 2 - 1
            b = rng.uniform(-1, 1)
            v = c + right * lamp.wide * a + up * lamp.tall * b
            found.append((unit(column(v.tolist())), share / count))
    walls = 20
    for k in range(walls):
        height = np.sqrt((k + 0.5) / walls)
        angle = 2.399963 * k + 0.3
        flat = np.sqrt(1 - height * height)
        v = (flat * np.cos(angle), height, flat * np.sin(angle))
        found.append((column(v), 0.35 / walls))
    return found


def light_floor(product: Product) -> Floor:
    """Trace the shadow map of a product."""
    low, high = product.bounds.low, product.bounds.high
    x, z = (low[0] + high[0]) / 2, (low[2] + high[2]) / 2
    half = max(high[0] - low[0], high[2] - low[2]) / 2 + 0.9 * high[1]
    axis = ((np.arange(_CELLS) + 0.5) / _CELLS * 2 - 1) * half
    gx, gz = np.meshgrid(axis + x, axis + z)
    p = np.stack([gx.ravel(), np.full(gx.size, 1e-3), gz.ravel()]).astype(np.float32)
    light = np.zeros(p.shape[1], np.float32)
    for direction, share in _directions(np.random.default_rng(5)):
        light += np.float32(share) * shadow(product.whole, product.bounds, p, direction, 7.0, 34)
    edge = np.maximum(np.abs(gx - x), np.abs(gz - z)) / half
    fade = np.clip((1.0 - edge) / 0.25, 0.0, 1.0)
    kept = 1.0 - (1.0 - light.reshape(gx.shape)) * fade * fade * (3 - 2 * fade)
    kept = np.minimum(kept * 1.07, 1.0)
    return Floor(light=kept.astype(np.float32), x=x, z=z, half=half)
