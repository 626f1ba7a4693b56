"""A cable-knit pullover, laid flat and photographed from above.

Garment coordinates: u = x to the right, v = -z up the picture, y out of the table.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from picture_studio.shapes import (
    Array,
    blend,
    box2,
    column,
    extrude,
    hypot,
    mix,
    remember,
    smoothstep,
    union,
)
from picture_studio.stage import Camera, Material, Part, Product
from picture_studio.textures import fbm, noise
from picture_studio.tracer import Bounds

_STITCH_U, _STITCH_V = 0.0155, 0.0125
_SLEEVE = ((0.315, 0.40), (0.565, -0.52))
_NECK_V = 0.565
_OUTLINE = (
    (0.0, 0.675),
    (0.10, 0.660),
    (0.165, 0.600),
    (0.375, 0.505),
    (0.39, 0.30),
    (0.375, -0.10),
    (0.385, -0.50),
    (0.345, -0.66),
    (0.0, -0.66),
)
_CABLES = (0.0, 0.165)
_HEM = -0.545


def _sleeve(u: Array, v: Array) -> tuple[Array, Array]:
    """Sleeve coordinates of the nearer sleeve: across it, and along it from shoulder to cuff."""
    (u0, v0), (u1, v1) = _SLEEVE
    length = float(np.hypot(u1 - u0, v1 - v0))
    du, dv = (u1 - u0) / length, (v1 - v0) / length
    a, b = np.abs(u) - u0, v - v0
    return a * dv - b * du, a * du + b * dv


@remember
def _slack(p: Array) -> Array:
    """The wavering of a soft outline."""
    return 0.012 * noise(np.stack([p[0] * 5, p[2] * 5, p[0] * 0]), 81)


@remember
def _torso_flat(p: Array) -> Array:
    """Signed distance to the outline of the body, a polygon mirrored at u = 0."""
    u, v = np.abs(p[0]), -p[2]
    nearest = np.full(u.shape, 9.0, np.float32)
    inside = np.zeros(u.shape, bool)
    for (ua, va), (ub, vb) in pairwise(_OUTLINE):
        eu, ev = ub - ua, vb - va
        h = np.clip(((u - ua) * eu + (v - va) * ev) / (eu * eu + ev * ev), 0.0, 1.0)
        nearest = np.minimum(nearest, hypot(u - ua - eu * h, v - va - ev * h))
        if va != vb:
            inside ^= ((va > v) != (vb > v)) & (u < ua + (v - va) * (eu / ev))
    return np.where(inside, -nearest, nearest) - 0.012 + _slack(p)


@remember
def _sleeve_flat(p: Array) -> Array:
    across, along = _sleeve(p[0], -p[2])
    wide = 0.142 - 0.060 * smoothstep(0.0, 0.95, along)
    corner = 0.105 - 0.075 * smoothstep(0.2, 0.6, along)
    return box2(across, along - 0.425, wide, 0.530, corner) + 0.7 * _slack(p)


def _neck(p: Array, depth: float) -> Array:
    u, v = p[0] / 0.172, (-p[2] - _NECK_V) / depth
    return (hypot(u, v) - 1.0) * np.float32(min(0.150, depth))


@remember
def _folds(p: Array) -> Array:
    """Height of soft folds: long ones down the body, short ones at elbows and armpits."""
    u, v = p[0], -p[2]
    drape = fbm(np.stack([u * 5.5 + 0.8 * v, v * 1.4, u * 0 + 3.3]), 2, 91)
    across, along = _sleeve(u, v)
    inner = smoothstep(0.02, -0.05, _sleeve_flat(p))
    bend = np.sin(along * 21.0 + across * 9.0 + 2.2 * noise(np.stack([u * 4, v * 4, u * 0]), 93))
    elbow = smoothstep(0.25, 0.45, along) * smoothstep(0.84, 0.65, along)
    pull = np.sin((u * 0.55 + v * 0.9) * 30.0 * np.sign(u)) * smoothstep(
        0.26, 0.0, hypot(np.abs(u) - 0.38, v - 0.2)
    )
    return 0.020 * drape + 0.0115 * bend * elbow * inner + 0.004 * pull


@remember
def _cable(p: Array) -> Array:
    """Height 0..1 of the cables: two strands that cross, between purl gutters."""
    u, v = p[0], -p[2]
    best = np.zeros_like(u)
    for centre in _CABLES:
        c = (np.abs(u) if centre else u) - centre
        sign = np.where(u >= 0, 1.0, -1.0) if centre else 1.0
        for strand in (0.0, np.pi):
            phase = v * 34.0 * sign + strand
            du = (c - 0.021 * np.sin(phase)) / 0.024
            dome = np.sqrt(np.clip(1.0 - du * du, 0.0, 1.0))
            best = np.maximum(best, dome * (0.72 + 0.28 * np.cos(phase)))
    inside = smoothstep(_HEM, _HEM + 0.02, v) * smoothstep(0.02, 0.05, _neck(p, 0.125))
    return best * inside * smoothstep(0.575, 0.54, v)


@remember
def _gutter(p: Array) -> Array:
    """1 in the purl ground beside the cables."""
    u = np.abs(p[0])
    near = union(np.abs(u - _CABLES[0]), np.abs(u - _CABLES[1]))
    return smoothstep(0.062, 0.054, near) * smoothstep(_HEM, _HEM + 0.02, -p[2])


def _torso(p: Array) -> Array:
    flat = _torso_flat(p)
    swell = 0.078 + _folds(p) + 0.011 * _cable(p) - 0.004 * _gutter(p)
    front = extrude(flat, p[1], swell, 0.055)
    hole = np.maximum(_neck(p, 0.105), 0.018 - p[1])
    return np.maximum(front, -hole)


def _sleeves(p: Array) -> Array:
    flat = _sleeve_flat(p)
    return extrude(flat, p[1], 0.064 + _folds(p), 0.055)


def _wool(p: Array) -> Array:
    torso, sleeves = _torso(p), _sleeves(p)
    return blend(torso, sleeves, 0.045) * 0.7


def _collar(p: Array) -> Array:
    front = np.abs(_neck(p, 0.125)) - 0.027
    v = -p[2]
    lie = 0.044 + 0.030 * smoothstep(_NECK_V + 0.10, _NECK_V - 0.03, v)
    return extrude(front, p[1] - lie, 0.019, 0.013) * 0.7


def _v_stitch(across: Array, along: Array) -> Array:
    """Height 0..1 of stocking stitch; coordinates count stitches."""
    a = across - np.floor(across)
    t = np.abs(a - 0.5) * 2.0
    lane = np.maximum(np.sin(np.pi * t), 0.0) ** np.float32(0.7)
    b = along + 0.62 * t
    bead = 0.5 + 0.5 * np.cos(2 * np.pi * (b - np.floor(b)))
    return lane * (0.35 + 0.65 * np.sqrt(np.maximum(bead, 0.0)))


def _rib(across: Array) -> Array:
    return np.sqrt(np.maximum(0.5 + 0.5 * np.cos(2 * np.pi * across), 0.0))


def _knit(p: Array) -> Array:
    """Height 0..1 of the stitches everywhere on the garment."""
    u, v = p[0], -p[2]
    across, along = _sleeve(u, v)
    sleeve = smoothstep(-0.004, 0.004, _torso_flat(p) - _sleeve_flat(p))
    wander = 0.22 * noise(p * 9.0, 95)
    body = _v_stitch(u / _STITCH_U + wander, v / _STITCH_V + wander)
    purl = 0.55 + 0.45 * np.sin(2 * np.pi * v / _STITCH_V) * np.sin(2 * np.pi * u / _STITCH_U)
    body = mix(body, 0.55 * purl, _gutter(p) * (1 - smoothstep(0.0, 0.3, _cable(p))))
    arm = _v_stitch(across / _STITCH_U + wander, along / _STITCH_V + wander)
    rib = _rib(u / 0.031) * (0.6 + 0.4 * _v_stitch(u / _STITCH_U, v / _STITCH_V))
    body = mix(body, rib, smoothstep(_HEM + 0.006, _HEM, v))
    cuff = _rib(across / 0.026) * (0.6 + 0.4 * arm)
    arm = mix(arm, cuff, smoothstep(0.845, 0.85, along))
    return mix(body, arm, sleeve)


def _fibre(p: Array) -> Array:
    return fbm(p * 190.0, 2, 97)


def _relief(p: Array, n: Array) -> Array:
    return 0.0042 * _knit(p) + 0.00035 * _fibre(p)


def _colour(p: Array, n: Array) -> Array:
    knit = _knit(p)
    heather = 1.0 + 0.16 * noise(p * 62.0, 98) + 0.14 * _fibre(p)
    seam = 1.0 - 0.35 * smoothstep(
        0.006, 0.0, np.abs(_torso_flat(p) - _sleeve_flat(p))
    ) * smoothstep(0.05, -0.02, _torso_flat(p))
    tone = (0.34 + 0.66 * knit) * heather * (1.0 - 0.30 * _gutter(p) * (1 - _cable(p))) * seam
    inside = smoothstep(0.0, -0.02, _neck(p, 0.105)) * smoothstep(0.05, 0.03, p[1])
    return column((0.60, 0.215, 0.115)) * (tone * (1.0 - 0.35 * inside))


def _collar_height(p: Array) -> Array:
    angle = np.arctan2(p[0] / 0.172, (-p[2] - _NECK_V) / 0.125)
    return _rib(angle * 7.2) * (0.7 + 0.3 * _v_stitch(angle * 14.4, _neck(p, 0.125) / _STITCH_V))


def _collar_colour(p: Array, n: Array) -> Array:
    tone = (0.40 + 0.60 * _collar_height(p)) * (1.0 + 0.16 * noise(p * 62.0, 98) + 0.14 * _fibre(p))
    return column((0.60, 0.215, 0.115)) * tone


def _label(p: Array) -> Array:
    return extrude(box2(p[0], -p[2] - 0.622, 0.05, 0.022, 0.002), p[1] - 0.021, 0.004, 0.002)


def pullover() -> Product:
    """The pullover: 1.5 units wide, 1.3 units long."""
    wool = Material(
        colour=_colour, relief=_relief, relief_step=0.0011, rough=0.9, shine=0.012, fuzz=0.5
    )
    collar = Material(
        colour=_collar_colour,
        relief=lambda p, n: 0.005 * _collar_height(p) + 0.00035 * _fibre(p),
        relief_step=0.0011,
        rough=0.9,
        shine=0.012,
        fuzz=0.5,
    )
    return Product(
        parts=(
            Part(body=_wool, material=wool),
            Part(body=_collar, material=collar),
            Part(body=_label, material=Material(colour=(0.03, 0.035, 0.05), rough=0.5)),
        ),
        bounds=Bounds(low=(-0.80, -0.02, -0.72), high=(0.80, 0.14, 0.70)),
        camera=Camera(eye=(0.0, 8.0, 0.012), target=(0.0, 0.05, 0.012), tall=1.98, up=(0, 0, -1)),
        reach=0.09,
        shadow=0.9,
    )
