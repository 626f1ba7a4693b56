"""From a product to a frame of pixels: tiles first, then finer samples along edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from picture_studio.crystal import shade_glass
from picture_studio.floor import Floor, light_floor
from picture_studio.shading import shade
from picture_studio.shapes import Array, smoothstep
from picture_studio.stage import Product
from picture_studio.tracer import MISS, march

_CHUNK = 40_000
_FINER = ((-0.375, -0.125), (0.125, -0.375), (0.375, 0.125), (-0.125, 0.375))


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A developed picture: ``colour`` (h, w, 3) display values 0..1 premultiplied by ``cover``
    (h, w), the product's coverage, and ``ground`` (h, w), the light left on the white sweep."""

    colour: Array
    cover: Array
    ground: Array


def develop(radiance: Array) -> Array:
    """Film curve and sRGB transfer: radiance to display values 0..1."""
    x = radiance * np.float32(0.66)
    film = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14)
    film = np.clip(film, 0.0, 1.0)
    low = film * 12.92
    high = 1.055 * np.maximum(film, 1e-6) ** np.float32(1 / 2.4) - 0.055
    return np.where(film <= 0.0031308, low, high).astype(np.float32)


class Shoot:
    """One product, lit once, to be exposed at any size."""

    def __init__(self, product: Product, width: int, height: int) -> None:
        self.product, self.width, self.height = product, width, height
        self.floor: Floor = light_floor(product)

    def expose(self, x: Array, y: Array) -> Array:
        """Rows r, g, b (premultiplied), cover, ground, part for pixel positions ``(n,)``."""
        scale = np.float32(2.0 / self.height)
        eye, d = self.product.camera.rays(
            (x - self.width / 2) * scale, (self.height / 2 - y) * scale
        )
        out = np.zeros((6, x.size), np.float32)
        out[4] = self._ground(eye, d)
        out[5] = -1.0
        t = march(self.product.whole, self.product.bounds, eye, d)
        hit = np.nonzero(t < MISS)[0]
        if hit.size:
            p = eye[:, hit] + d[:, hit] * t[hit]
            ids = self.product.nearest(p)
            radiance = shade(self.product, self.floor, p, d[:, hit], ids)
            clear = np.nonzero(ids == len(self.product.parts))[0]
            if clear.size:
                way = d[:, hit[clear]]
                radiance[:, clear] = shade_glass(self.product, self.floor, p[:, clear], way)
            out[:3, hit], out[3, hit], out[5, hit] = develop(radiance), 1.0, ids
        return out

    def _ground(self, eye: Array, d: Array) -> Array:
        """Light on the sweep behind the product; the floor may mirror a little of it."""
        below = d[1] < -1e-3
        spot = eye + d * (eye[1] / np.where(below, -d[1], np.float32(1.0)))
        lost = (1.0 - self.floor.at(spot)) * np.float32(self.product.shadow)
        ground = np.where(below, 1.0 - lost, 1.0).astype(np.float32)
        if self.product.floor_shine:
            up = d.copy()
            up[1] = -up[1]
            near = np.nonzero(below)[0]
            t = march(self.product.whole, self.product.bounds, spot[:, near], up[:, near], steps=60)
            rise = spot[1, near] + up[1, near] * t
            shine = self.product.floor_shine * smoothstep(0.5, 0.0, np.minimum(rise, 1.0))
            ground[near] *= np.where(t < MISS, 1.0 - shine, 1.0)
        return ground

    def _sampled(self, x: Array, y: Array) -> Array:
        """Expose many positions in pieces that fit the processor's cache."""
        pieces = [
            self.expose(x[k : k + _CHUNK], y[k : k + _CHUNK]) for k in range(0, x.size, _CHUNK)
        ]
        return np.concatenate(pieces, axis=1)

    def frame(self) -> Frame:
        """The whole picture, smoothed where parts meet or contrast is strong."""
        gx, gy = np.meshgrid(np.arange(self.width), np.arange(self.height))
        x, y = (g.ravel().astype(np.float32) + 0.5 for g in (gx, gy))
        out = self._sampled(x, y).reshape(6, self.height, self.width)
        rough = _edges(out)
        row, col = np.nonzero(rough)
        if row.size:
            total = np.zeros((5, row.size), np.float32)
            for dx, dy in _FINER:
                px, py = (col + 0.5 + dx), (row + 0.5 + dy)
                total += self._sampled(px.astype(np.float32), py.astype(np.float32))[:5]
            out[:5, row, col] = total / len(_FINER)
        return Frame(colour=np.moveaxis(out[:3], 0, 2), cover=out[3], ground=out[4])


def _edges(out: Array) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Pixels that need finer samples: where the part changes or brightness jumps."""
    light = out[:3].mean(axis=0) + (1.0 - out[3]) * out[4]
    flagged = np.zeros(light.shape, bool)
    for plane, step in ((out[5], 0.5), (light, 0.07)):
        down = np.abs(np.diff(plane, axis=0)) > step
        across = np.abs(np.diff(plane, axis=1)) > step
        flagged[1:] |= down
        flagged[:-1] |= down
        flagged[:, 1:] |= across
        flagged[:, :-1] |= across
    return flagged
