"""A table lamp: pleated-edge linen shade, brass stem, turned walnut foot; switched on."""

from __future__ import annotations

import numpy as np

from picture_studio.products.chair import grain
from picture_studio.shapes import (
    Array,
    blend,
    column,
    cylinder,
    ellipsoid,
    extrude,
    hypot,
    smoothstep,
    union,
)
from picture_studio.stage import Camera, Material, Part, Product
from picture_studio.textures import canvas, noise, sample
from picture_studio.tracer import Bounds

_LOW, _HIGH = 0.68, 1.17


def _cone(p: Array) -> Array:
    """Signed distance to the wall of the shade's cone (positive outside)."""
    lean = 0.29
    r = hypot(p[0], p[2]) - (0.375 - lean * (p[1] - _LOW))
    return r / np.float32(np.hypot(1.0, lean))


def _shade(p: Array) -> Array:
    wall = np.abs(_cone(p)) - 0.004
    return np.maximum(wall, np.abs(p[1] - (_LOW + _HIGH) / 2) - (_HIGH - _LOW) / 2)


def _trim(p: Array) -> Array:
    wall = np.abs(_cone(p)) - 0.0065
    low = np.abs(p[1] - _LOW - 0.010) - 0.012
    high = np.abs(p[1] - _HIGH + 0.010) - 0.012
    return np.maximum(wall, np.minimum(low, high)) - 0.0015


def _stem(p: Array) -> Array:
    rod = cylinder(p, (0, 0.55, 0), 0.016, 0.33, 0.004)
    knob = ellipsoid(p, (0, 0.375, 0), (0.034, 0.024, 0.034))
    top = ellipsoid(p, (0, 1.195, 0), (0.022, 0.028, 0.022))
    spider = cylinder(p, (0, 1.14, 0), 0.012, 0.05, 0.003)
    return union(
        blend(rod, knob, 0.02), cylinder(p, (0, 0.345, 0), 0.045, 0.012, 0.005), top, spider
    )


def _foot(p: Array) -> Array:
    r = hypot(p[0], p[2])
    y = p[1]
    belly = ellipsoid(p, (0, 0.185, 0), (0.165, 0.155, 0.165))
    neck = extrude(r - 0.042, y - 0.29, 0.05, 0.012)
    plate = extrude(r - 0.175, y - 0.022, 0.022, 0.012)
    body = blend(blend(belly, neck, 0.07), plate, 0.05)
    groove = 0.004 * smoothstep(0.008, 0.0, np.abs(y - 0.185)) + 0.003 * smoothstep(
        0.006, 0.0, np.abs(y - 0.262)
    )
    return np.maximum(body + groove, -y) * 0.9


def _weave(p: Array) -> Array:
    angle = np.arctan2(p[0], p[2])
    slub = 0.16 * noise(np.stack([angle * 60.0, p[1] * 3, p[1] * 0]), 14) + 0.16 * noise(
        np.stack([angle * 2.0, p[1] * 160.0, p[1] * 0]), 15
    )
    return sample(canvas(), angle * 3.1, p[1] * 7.6) + slub


def _linen(p: Array, n: Array) -> Array:
    return column((0.70, 0.62, 0.50)) * (0.62 + 0.40 * _weave(p))


def _light(p: Array, n: Array) -> Array:
    """Light of the bulb through the linen, strongest at its height; more on the inside."""
    bulb = np.exp(-(((p[1] - 0.88) / 0.21) ** 2))
    inside = smoothstep(0.0, -0.002, _cone(p))
    through = 0.55 + 0.5 * (1.2 - 0.75 * _weave(p))
    power = (0.16 + 0.62 * bulb) * through * (1.0 + 0.8 * inside)
    return column((1.0, 0.60, 0.25)) * power


def lamp() -> Product:
    """The lamp, 1.22 units tall."""
    colour, relief = grain(1, 67)
    walnut = Material(
        colour=lambda p, n: colour(p, n) * column((0.36, 0.27, 0.22)),
        relief=relief,
        relief_step=0.0009,
        rough=0.12,
        shine=0.05,
        mirrors=True,
    )
    linen = Material(
        colour=_linen,
        rough=0.9,
        shine=0.01,
        glow=_light,
        relief=lambda p, n: 0.0016 * _weave(p),
        relief_step=0.001,
    )
    brass = Material(colour=(0.84, 0.60, 0.29), rough=0.08, metal=1.0, mirrors=True)
    trim = Material(
        colour=(0.44, 0.36, 0.26), rough=0.8, glow=lambda p, n: column((0.10, 0.06, 0.025)) + 0 * p
    )
    return Product(
        parts=(
            Part(body=_shade, material=linen),
            Part(body=_trim, material=trim),
            Part(body=_stem, material=brass),
            Part(body=_foot, material=walnut),
        ),
        bounds=Bounds(low=(-0.40, -0.001, -0.40), high=(0.40, 1.23, 0.40)),
        camera=Camera(eye=(0.8, 1.35, 7.0), target=(0.02, 0.595, 0.0), tall=1.50),
        reach=0.15,
    )
