"""A Chelsea boot: grained leather upper, elastic side panel, stitched welt, stacked heel."""

from __future__ import annotations

import numpy as np

from picture_studio.shapes import (
    Array,
    Distance,
    blend,
    box2,
    capsule,
    carve,
    column,
    ellipsoid,
    extrude,
    hypot,
    mix,
    remember,
    smoothstep,
    union,
)
from picture_studio.stage import Camera, Material, Paint, Part, Product
from picture_studio.textures import fbm, leather, noise, triplanar
from picture_studio.tracer import Bounds

_GROUND = 0.085


def _flatten(p: Array) -> Array:
    """World to boot coordinates, in which the pitched sole lies flat at heel height."""
    q = p.copy()
    pitch = 0.050 * smoothstep(-0.16, 0.12, p[0])
    q[1] += pitch - 0.028 * smoothstep(0.24, 0.60, p[0]) ** 2
    return q


_on_last = remember(_flatten)


def _body(measure: Distance) -> Distance:
    return lambda p: measure(_on_last(p))


def _paint(paint: Paint) -> Paint:
    return lambda p, n: paint(_flatten(p), n)


@remember
def _outline(p: Array) -> Array:
    """Footprint in the floor plane: heel, waist, ball and toe."""
    q = np.stack([p[0], p[0] * 0, p[2]])
    heel = capsule(q, (-0.285, 0, 0.0), (-0.02, 0, 0.004), 0.118, 0.122)
    ball = capsule(q, (0.16, 0, 0.012), (0.26, 0, 0.005), 0.165, 0.158)
    toe = capsule(q, (0.26, 0, 0.005), (0.455, 0, -0.018), 0.158, 0.098)
    return blend(blend(heel, ball, 0.10), toe, 0.05)


@remember
def _last(p: Array) -> Array:
    """The upper, filled."""
    flat = np.stack([p[0], p[1], p[2] * 1.05])
    vamp = capsule(flat, (-0.05, 0.30, 0.0), (0.30, 0.135, 0.005), 0.150, 0.128)
    ball = ellipsoid(p, (0.22, 0.115, 0.008), (0.23, 0.125, 0.158))
    toe = ellipsoid(p, (0.40, 0.100, -0.012), (0.158, 0.102, 0.110))
    heel = ellipsoid(p, (-0.240, 0.20, 0.0), (0.162, 0.24, 0.120))
    waist = capsule(p, (-0.26, 0.185, 0.0), (0.22, 0.150, 0.004), 0.108, 0.128)
    foot = blend(blend(blend(vamp, ball, 0.08), waist, 0.06), blend(toe, heel, 0.02), 0.09)
    back = np.stack([p[0] * 0.78, p[1], p[2]])
    shaft = capsule(back, (-0.165, 0.34, 0.0), (-0.170, 0.98, 0.0), 0.128, 0.146)
    return blend(foot, shaft, 0.22)


@remember
def _collar_height(p: Array) -> Array:
    """Height of the top edge: it dips over the elastic."""
    return 0.845 - 0.030 * np.exp(-(((p[0] + 0.215) / 0.075) ** 2)) + 0.05 * (p[0] + 0.21) ** 2 * 4


def _upper(p: Array) -> Array:
    wrinkle = 0.0045 * np.sin(70.0 * (p[0] - 0.55 * p[1]) + 2.0 * noise(p * 5.0, 141))
    flex = smoothstep(0.13, 0.0, hypot(p[0] - 0.10, (p[1] - 0.25) * 0.8))
    ankle = 0.005 * np.sin(38.0 * (p[1] + 0.35 * p[0]) + 3.0 * noise(p * 4.0, 142))
    ankle = ankle * smoothstep(0.22, 0.05, hypot((p[0] + 0.13) * 0.9, p[1] - 0.43))
    recess = 0.009 * smoothstep(0.004, -0.004, _elastic(p))
    skin = _last(p) + wrinkle * flex + ankle * smoothstep(-0.02, 0.06, _elastic(p)) + recess
    skin = np.maximum(skin, p[1] - _collar_height(p))
    hollow = np.maximum(_last(p) + 0.020, 0.30 - p[1])
    shell = carve(skin, hollow, 0.012)
    return np.maximum(shell, _GROUND - 0.005 - p[1]) * 0.75


@remember
def _elastic(p: Array) -> Array:
    """Signed distance (side view) to the panel of elastic."""
    v = p[1] - 0.42
    wide = 0.048 + 0.055 * smoothstep(0.0, 0.40, v)
    return np.maximum(
        np.abs(p[0] + 0.205 - 0.03 * v) - wide, 0.03 - v - 0.02 * np.cos((p[0] + 0.2) * 18)
    )


def _gore(p: Array) -> Array:
    """The elastic lies a little below the leather around it."""
    ribs = 0.0022 * np.cos(p[0] * 520.0)
    return (
        np.maximum(
            np.maximum(_last(p) - 0.0035 - ribs, _elastic(p)),
            np.maximum(p[1] - _collar_height(p) + 0.004, -(_last(p) + 0.03)),
        )
        * 0.75
    )


def _seam(p: Array) -> Array:
    """Distance (side view) to the two rows of stitches around elastic and heel counter."""
    counter = np.abs(hypot(p[0] + 0.46, (p[1] - 0.09) * 0.72) - 0.285) + np.where(
        p[1] > 0.50, 0.1, 0.0
    )
    return np.minimum(np.abs(_elastic(p) - 0.012), counter)


def _sole(p: Array) -> Array:
    flat = _outline(p) - 0.020
    welt = extrude(flat, p[1] - 0.080, 0.011, 0.005)
    tread = extrude(flat + 0.008, p[1] - 0.060, 0.012, 0.005)
    heel = extrude(flat + 0.007, p[1] - 0.024, 0.025, 0.004)
    return union(welt, tread, np.maximum(heel, p[0] + 0.115)) * 0.8


def _tab(p: Array) -> Array:
    u, v = p[0] + 0.385, p[1] - 0.865
    ring = np.abs(box2(u, v, 0.020, 0.052, 0.019)) - 0.0045
    return extrude(ring, p[2], 0.022, 0.004)


def _thread(p: Array) -> Array:
    """1 on visible thread of the upper's seams."""
    dash = smoothstep(-0.2, 0.2, np.sin((p[0] * 0.6 + p[1]) * 300.0))
    return smoothstep(0.0028, 0.0014, _seam(p)) * dash


def _hide_relief(p: Array, n: Array) -> Array:
    seam = smoothstep(0.007, 0.002, _seam(p))
    return (
        0.0016 * triplanar(leather(), p, n, 3.0)
        - 0.0035 * seam
        + 0.0020 * _thread(p)
        + 0.004 * fbm(p * 5.0, 2, 143)
    )


def _hide(p: Array, n: Array) -> Array:
    grain = triplanar(leather(), p, n, 3.0)
    burnish = smoothstep(0.30, 0.56, p[0]) + 0.8 * smoothstep(0.30, 0.08, p[1]) * smoothstep(
        -0.25, -0.42, p[0]
    )
    tone = (
        (0.68 + 0.36 * grain)
        * (0.94 + 0.12 * fbm(p * 4.0, 3, 145))
        * (1.0 - 0.55 * np.clip(burnish, 0, 1))
    )
    inside = smoothstep(-0.010, -0.016, _last(p))
    out = mix(column((0.285, 0.102, 0.034)) * tone, column((0.50, 0.36, 0.21)), inside)
    edge = smoothstep(0.006, 0.003, np.abs(p[1] - _collar_height(p)))
    out = out * (1.0 - 0.5 * edge)
    return mix(out, column((0.60, 0.47, 0.28)), 0.9 * _thread(p))


def _sole_colour(p: Array, n: Array) -> Array:
    flat = _outline(p) - 0.020
    layers = 0.85 + 0.15 * np.sign(np.sin(p[1] * 420.0)) * smoothstep(0.062, 0.05, p[1])
    fibre = 0.9 + 0.2 * noise(p * column((30, 260, 30)), 151)
    tone = column((0.115, 0.052, 0.024)) * (layers * fibre)
    row = smoothstep(0.0045, 0.003, np.abs(flat + 0.010)) * smoothstep(0.6, 0.9, n[1])
    dash = smoothstep(-0.3, 0.1, np.sin((p[0] + 0.6 * np.abs(p[2])) * 250.0))
    return mix(tone, column((0.66, 0.54, 0.34)), row * dash)


def _gore_colour(p: Array, n: Array) -> Array:
    return column((0.040, 0.034, 0.030)) * (
        0.75 + 0.35 * np.cos(p[0] * 520.0) + 0.2 * noise(p * 160.0, 153)
    )


def boot() -> Product:
    """The boot, 0.9 units tall, toe to the right."""
    hide = Material(
        colour=_paint(_hide),
        relief=_paint(_hide_relief),
        relief_step=0.0011,
        rough=0.20,
        shine=0.045,
    )
    return Product(
        parts=(
            Part(body=_body(_upper), material=hide),
            Part(
                body=_body(_gore),
                material=Material(colour=_paint(_gore_colour), rough=0.8, shine=0.02, fuzz=0.4),
            ),
            Part(body=_body(_sole), material=Material(colour=_paint(_sole_colour), rough=0.35)),
            Part(body=_body(_tab), material=Material(colour=(0.16, 0.062, 0.026), rough=0.4)),
        ),
        bounds=Bounds(low=(-0.50, -0.001, -0.20), high=(0.59, 0.93, 0.20)),
        camera=Camera(eye=(1.7, 1.75, 6.4), target=(0.045, 0.43, 0.0), tall=1.25),
        reach=0.13,
    )
