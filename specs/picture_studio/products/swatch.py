"""Flat samples of materials, filling the frame, lit from the upper left."""

from __future__ import annotations

import numpy as np

from picture_studio.products.chair import grain
from picture_studio.shapes import Array, column
from picture_studio.stage import Camera, Material, Part, Product
from picture_studio.textures import canvas, fbm, leather, noise, sample
from picture_studio.tracer import Bounds


def _slab(p: Array) -> Array:
    wave = 0.012 * noise(np.stack([p[0] * 3.0, p[2] * 3.0, p[0] * 0]), 201)
    return (p[1] - 0.1 - wave) * np.float32(0.9)


def _sample_of(material: Material) -> Product:
    return Product(
        parts=(Part(body=_slab, material=material),),
        bounds=Bounds(low=(-1.2, 0.0, -1.2), high=(1.2, 0.2, 1.2)),
        camera=Camera(eye=(0, 6, 0), target=(0, 0.1, 0), tall=1.0, up=(0, 0, -1)),
        reach=0.02,
    )


def hide(colour: tuple[float, float, float] = (0.36, 0.150, 0.055), zoom: float = 1.0) -> Product:
    """Grained leather; ``zoom`` enlarges the grain."""

    def height(p: Array) -> Array:
        return sample(leather(), p[0] * (1.6 / zoom) + 0.13, p[2] * (1.6 / zoom) + 0.37)

    def tone(p: Array, n: Array) -> Array:
        worn = 0.92 + 0.16 * fbm(p * 5.0, 3, 205)
        return column(colour) * ((0.50 + 0.55 * height(p)) * worn)

    def relief(p: Array, n: Array) -> Array:
        return 0.0042 * zoom * height(p) + 0.0017 * fbm(p * 55.0, 3, 207)

    return _sample_of(Material(colour=tone, rough=0.26, relief=relief, relief_step=0.0014))


def cloth(colour: tuple[float, float, float] = (0.085, 0.115, 0.075)) -> Product:
    """Plain-weave canvas."""

    def height(p: Array) -> Array:
        return sample(canvas(), p[0] * 0.85, p[2] * 0.85)

    def tone(p: Array, n: Array) -> Array:
        return column(colour) * ((0.4 + 0.9 * height(p)) * (1.0 + 0.12 * noise(p * 90.0, 211)))

    return _sample_of(
        Material(
            colour=tone,
            rough=0.85,
            shine=0.015,
            relief_step=0.002,
            relief=lambda p, n: 0.010 * height(p),
        )
    )


def oak() -> Product:
    """Oiled oak, fibres upright."""
    colour, relief = grain(2, 31)
    return _sample_of(Material(colour=colour, relief=relief, relief_step=0.0009, rough=0.3))
