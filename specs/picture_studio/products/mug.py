"""A stoneware mug, dipped in two glazes."""

from __future__ import annotations

import numpy as np

from picture_studio.shapes import (
    Array,
    Triple,
    blend,
    box2,
    carve,
    column,
    extrude,
    hypot,
    mix,
    smoothstep,
)
from picture_studio.stage import Camera, Material, Paint, Part, Product
from picture_studio.textures import fbm, noise, specks
from picture_studio.tracer import Bounds


def _radius(y: Array) -> Array:
    """Outer radius at a height: a slight belly that narrows to the foot."""
    foot = smoothstep(0.16, 0.0, y)
    return 0.42 + 0.018 * np.sin(y * 2.6) - 0.06 * foot * foot


def _bowl(p: Array) -> Array:
    r = hypot(p[0], p[2])
    outer = extrude(r - _radius(p[1]), p[1] - 0.51, 0.49, 0.035)
    inner = extrude(r - (_radius(p[1]) - 0.045), p[1] - 0.67, 0.59, 0.10)
    return carve(outer, inner, 0.025)


def _handle(p: Array) -> Array:
    u, v = p[0] - 0.40, p[1] - 0.53
    ring = box2(u, v, 0.285, 0.30, 0.235)
    band = box2(ring, p[2], 0.032, 0.062, 0.030)
    inside = hypot(p[0], p[2]) - (_radius(p[1]) - 0.03)
    return np.maximum(band, -inside)


def _body(p: Array) -> Array:
    bowl, handle = _bowl(p), _handle(p)
    joined = blend(bowl, handle, 0.07)
    return np.where(hypot(p[0], p[2]) < 0.40, bowl, joined)


def _relief(p: Array, n: Array) -> Array:
    angle = np.arctan2(p[2], p[0])
    rings = np.stack([angle * 0.6, p[1] * 34.0 + angle * 0.15, angle * 0.2])
    wall = smoothstep(0.9, 0.4, np.abs(n[1]))
    return (
        0.0016 * noise(rings, 3) * wall + 0.0022 * fbm(p * 7.0, 2, 5) + 0.00016 * noise(p * 90.0, 8)
    )


def _glaze(light: Triple, dip: Triple) -> Paint:
    def colour(p: Array, n: Array) -> Array:
        r, angle = hypot(p[0], p[2]), np.arctan2(p[2], p[0])
        line = (
            0.40
            + 0.035 * np.sin(angle * 2 + 0.6)
            + 0.02 * noise(np.stack([np.cos(angle) * 2.5, p[1] * 0.6, np.sin(angle) * 2.5]), 21)
        )
        outside = smoothstep(-0.03, -0.012, r - _radius(p[1]))
        drip = p[1] - line + 0.02 * noise(p * 9.0, 22)
        dipped = smoothstep(0.012, -0.012, drip) * outside
        mottled = 0.93 + 0.07 * fbm(p * 6.0, 4, 31)
        base = column(light) * mottled
        cloudy = 0.80 + 0.30 * fbm(p * column((5, 16, 5)), 6, 41)
        lower = column(dip) * cloudy
        pooled = smoothstep(0.05, 0.0, np.abs(drip)) * outside
        out = mix(base, lower, dipped)
        out = mix(
            out, column((0.20, 0.105, 0.05)), 0.75 * pooled * (0.6 + 0.4 * noise(p * 14.0, 5))
        )
        rim = smoothstep(0.965, 0.998, p[1] + 0.006 * noise(p * 12.0, 51))
        out = mix(out, column((0.22, 0.115, 0.055)), 0.85 * rim)
        for scale, size, seed in ((15.0, 0.21, 61), (28.0, 0.25, 62), (52.0, 0.28, 63)):
            grain = specks(p, scale, size, seed)
            out = mix(out, column((0.13, 0.065, 0.03)), 0.82 * grain * (1 - 0.6 * dipped))
        bare = smoothstep(0.035, 0.02, p[1] + 0.004 * noise(p * 20.0, 71))
        return mix(out, column((0.52, 0.38, 0.25)) * (0.9 + 0.1 * noise(p * 60.0, 72)), bare)

    return colour


def mug(light: Triple = (0.80, 0.76, 0.67), dip: Triple = (0.055, 0.17, 0.215)) -> Product:
    """The mug in two glaze colours."""
    glazed = Material(
        colour=_glaze(light, dip),
        rough=0.04,
        shine=0.05,
        relief=_relief,
        relief_step=0.002,
        mirrors=True,
    )
    return Product(
        parts=(Part(body=_body, material=glazed),),
        bounds=Bounds(low=(-0.46, -0.001, -0.46), high=(0.75, 1.02, 0.46)),
        camera=Camera(eye=(1.0, 2.35, 6.4), target=(0.13, 0.47, 0.0), tall=1.50),
    )
