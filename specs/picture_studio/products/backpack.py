"""A canvas rucksack with leather straps, brass buckles and a stitched patch."""

from __future__ import annotations

import numpy as np

from picture_studio.shapes import (
    Array,
    blend,
    box,
    box2,
    column,
    hypot,
    mix,
    norm,
    remember,
    smoothstep,
    union,
)
from picture_studio.stage import Camera, Material, Part, Product
from picture_studio.textures import canvas, fbm, leather, lettering, noise, sample, triplanar
from picture_studio.tracer import Bounds

_STRAPS = 0.165


@remember
def _bag(p: Array) -> Array:
    sag = 0.012 * fbm(p * column((3.2, 2.6, 3.2)), 2, 111)
    narrow = 0.045 * smoothstep(0.35, 1.0, p[1])
    q = np.stack([p[0] * (1.0 + narrow), p[1], p[2] * (1.0 + 1.6 * narrow)])
    return box(q, (0, 0.47, 0), (0.365, 0.53, 0.205), 0.135) + sag


@remember
def _pocket(p: Array) -> Array:
    sag = 0.008 * fbm(p * 4.0, 2, 113)
    return box(p, (0, 0.285, 0.205), (0.268, 0.195, 0.105), 0.072) + sag


@remember
def _side(p: Array) -> Array:
    q = np.stack([np.abs(p[0]), p[1], p[2]])
    return box(q, (0.372, 0.27, -0.01), (0.062, 0.175, 0.125), 0.055) + 0.006 * noise(p * 6.0, 115)


def _cloth(p: Array) -> Array:
    return union(blend(_bag(p), _pocket(p), 0.02), blend(_bag(p), _side(p), 0.02)) * 0.8


@remember
def _flap_edge(p: Array) -> Array:
    """Positive below the flap's lower edge, which climbs along the sides to the back."""
    edge = 0.565 + 0.055 * smoothstep(0.20, 0.36, np.abs(p[0]))
    return (edge + 0.36 * smoothstep(0.10, -0.16, p[2]) - p[1]) * 0.6


def _flap(p: Array) -> Array:
    shell = _bag(p) - 0.020 - 0.004 * noise(p * 5.0, 117)
    return np.maximum(shell, _flap_edge(p)) * 0.8


def _binding(p: Array) -> Array:
    shell = np.abs(_bag(p) - 0.018) - 0.0055
    return (
        np.where(
            p[2] > -0.15,
            np.maximum(shell, np.abs(_flap_edge(p) + 0.003) - 0.008) - 0.002,
            np.float32(0.1),
        )
        * 0.8
    )


def _front(p: Array) -> Array:
    return union(_bag(p) - 0.020, np.where(p[1] < 0.52, _pocket(p), np.float32(0.05)))


def _hides(p: Array) -> Array:
    """Leather: bottom, two straps over the flap, patch and haul loop."""
    base = np.maximum(
        union(_bag(p), _pocket(p), _side(p)) - 0.006, p[1] - 0.125 - 0.006 * noise(p * 3.0, 3)
    )
    x = np.abs(p[0]) - _STRAPS
    cloth = blend(_bag(p) - 0.020, _pocket(p), 0.10)
    strap = np.maximum(
        np.maximum(np.abs(cloth - 0.008) - 0.006, np.abs(x) - 0.034), np.abs(p[1] - 0.60) - 0.305
    )
    strap = np.where(p[2] > 0.03, strap, np.float32(0.08)) - 0.0015
    patch = np.maximum(
        np.abs(_bag(p) - 0.024) - 0.004, box2(p[0], p[1] - 0.755, 0.088, 0.052, 0.012)
    )
    patch = np.where(p[2] > 0.03, patch, np.float32(0.08)) - 0.001
    arch = hypot(p[0] / 1.0, (p[1] - 0.985) * 1.15) - 0.115
    loop = box2(arch, p[2] + 0.09, 0.012, 0.032, 0.010)
    return union(base, strap, patch, np.maximum(loop, 0.94 - p[1])) * 0.8


def _stitched(p: Array) -> Array:
    """1 on the thread of the seams."""
    x = np.abs(p[0]) - _STRAPS
    dash = smoothstep(-0.25, 0.15, np.sin(p[1] * 330.0))
    straps = (
        smoothstep(0.0034, 0.0016, np.abs(np.abs(x) - 0.027)) * dash * (np.abs(p[1] - 0.60) < 0.295)
    )
    frame = np.abs(box2(p[0], p[1] - 0.755, 0.088, 0.052, 0.012) + 0.009)
    around = smoothstep(
        -0.25, 0.15, np.sin(330.0 * np.where(np.abs(p[1] - 0.755) > 0.041, p[0], p[1]))
    )
    patch = smoothstep(0.003, 0.0014, frame) * around
    low = smoothstep(0.0034, 0.0016, np.abs(p[1] - 0.112)) * smoothstep(
        -0.25, 0.15, np.sin(np.arctan2(p[0], p[2]) * 110.0)
    )
    return np.where(p[2] > 0.0, np.maximum(np.maximum(straps, patch), low), 0.0).astype(np.float32)


def _brand(p: Array) -> Array:
    art = lettering([("ACME", 0.50, 0.42), ("SUPPLY CO.", 0.15, 0.78)], (1200, 600))
    u, v = p[0] / 0.15 + 0.5, 0.5 - (p[1] - 0.755) / 0.075
    inside = (np.abs(u - 0.5) < 0.48) & (np.abs(v - 0.5) < 0.48) & (p[2] > 0)
    return np.where(inside, sample(art, u, v), 0.0).astype(np.float32)


def _brass(p: Array) -> Array:
    cloth = blend(_bag(p) - 0.020, _pocket(p), 0.10) - 0.018
    u, v = np.abs(p[0]) - _STRAPS, p[1] - 0.395
    frame = np.abs(box2(u, v, 0.044, 0.034, 0.012)) - 0.006
    prong = box2(u, v - 0.002, 0.004, 0.034, 0.003)
    ring = hypot(np.minimum(frame, prong) + 0.0035, np.abs(cloth)) - 0.0075
    rivet = norm(np.stack([np.abs(p[0]) - _STRAPS, p[1] - 0.865, cloth * 1.6])) - 0.0135
    return np.where(p[2] > 0.05, np.minimum(ring, rivet), np.float32(0.08)) * 0.7


def _woven(p: Array, n: Array) -> Array:
    return triplanar(canvas(), p, n, 4.4)


def _cloth_colour(p: Array, n: Array) -> Array:
    weave = _woven(p, n)
    worn = 1.0 + 0.10 * fbm(p * 5.0, 3, 121) + 0.08 * noise(p * 120.0, 122)
    edge = smoothstep(0.006, 0.002, np.abs(_bag(p) - _pocket(p)))
    zip_line = (
        smoothstep(0.0085, 0.007, np.abs(p[1] - 0.435)) * (_pocket(p) < 0.012) * (p[2] > 0.25)
    )
    teeth = 0.5 + 0.5 * np.sin(p[0] * 900.0)
    tone = column((0.085, 0.115, 0.075)) * ((0.42 + 0.85 * weave) * worn * (1 - 0.4 * edge))
    return mix(tone, column((0.42, 0.31, 0.15)) * (0.35 + 0.65 * teeth), 0.9 * zip_line)


def _cloth_relief(p: Array, n: Array) -> Array:
    crumple = 0.010 * fbm(p * column((6.0, 4.5, 6.0)), 3, 125)
    return 0.0030 * _woven(p, n) + crumple


def _hide_colour(p: Array, n: Array) -> Array:
    grain = triplanar(leather(), p, n, 2.6)
    worn = 0.92 + 0.16 * fbm(p * 6.0, 3, 131)
    x = np.abs(np.abs(p[0]) - _STRAPS)
    burnt = smoothstep(0.029, 0.035, x) * (np.abs(p[1] - 0.6) < 0.31) * 0.5
    tone = column((0.36, 0.155, 0.058)) * (
        (0.62 + 0.42 * grain) * worn * (1 - burnt) * (1 - 0.72 * _brand(p))
    )
    return mix(tone, column((0.72, 0.62, 0.44)), _stitched(p))


def _hide_relief(p: Array, n: Array) -> Array:
    return 0.0016 * triplanar(leather(), p, n, 2.6) + 0.0012 * _stitched(p) - 0.0016 * _brand(p)


def backpack() -> Product:
    """The rucksack, 1.1 units tall."""
    cloth = Material(
        colour=_cloth_colour,
        relief=_cloth_relief,
        relief_step=0.0012,
        rough=0.85,
        shine=0.015,
        fuzz=0.3,
    )
    hide = Material(colour=_hide_colour, relief=_hide_relief, relief_step=0.0011, rough=0.30)
    binding = Material(colour=(0.20, 0.085, 0.035), rough=0.35)
    return Product(
        parts=(
            Part(body=_cloth, material=cloth),
            Part(body=_flap, material=cloth),
            Part(body=_binding, material=binding),
            Part(body=_hides, material=hide),
            Part(
                body=_brass,
                material=Material(colour=(0.80, 0.57, 0.27), rough=0.10, metal=1.0, mirrors=True),
            ),
        ),
        bounds=Bounds(low=(-0.46, -0.001, -0.26), high=(0.46, 1.12, 0.345)),
        camera=Camera(eye=(2.3, 1.75, 6.6), target=(0.0, 0.54, 0.03), tall=1.36),
        reach=0.13,
        shadow=0.9,
    )
