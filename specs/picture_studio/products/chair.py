"""A spindle-back chair of oiled oak."""

from __future__ import annotations

import numpy as np

from picture_studio.shapes import (
    Array,
    box2,
    capsule,
    carve,
    column,
    ellipsoid,
    extrude,
    hypot,
    mix,
    smoothstep,
    union,
)
from picture_studio.stage import Camera, Material, Paint, Part, Product
from picture_studio.textures import fbm, noise
from picture_studio.tracer import Bounds

_LIGHT, _DARK = (0.56, 0.345, 0.165), (0.30, 0.155, 0.060)


def grain(axis: int, seed: int, *, plank: float = 0.0) -> tuple[Paint, Paint]:
    """Colour and relief of oak whose fibres run along an axis; ``plank`` glues staves that wide."""
    i, j = [k for k in range(3) if k != axis]
    shift = np.random.default_rng(seed).uniform(-2.0, 2.0, 3).astype(np.float32)

    def stave(p: Array) -> Array:
        q = p + column(shift.tolist())
        if plank:
            number = np.floor(p[0] / plank)
            q = q + np.stack([number * 0.37, np.sin(number * 5.1) * 0.35, number * 1.7])
        return q.astype(np.float32)

    def fibres(p: Array) -> Array:
        stretch = np.full(3, 260.0, np.float32)
        stretch[axis] = 9.0
        return noise(p * column(stretch.tolist()), seed) + 0.6 * noise(
            p * column((stretch * 2.3).tolist()), seed + 1
        )

    def colour(p: Array, n: Array) -> Array:
        q = stave(p)
        slow = np.full(3, 3.2, np.float32)
        slow[axis] = 0.7
        bent = fbm(q * column(slow.tolist()), 3, seed + 2)
        r = hypot(q[i] + 0.5 + 0.05 * bent, q[j] - 0.9 + 0.05 * bent) * 21.0 + 0.9 * bent
        ring = r - np.floor(r)
        late = smoothstep(0.35, 0.95, ring) * smoothstep(1.0, 0.95, ring)
        f = fibres(q)
        pores = smoothstep(0.30, 1.10, f) * (0.45 + 0.55 * (1.0 - late))
        tone = np.clip(0.62 * late + 0.13 * f + 0.20 * bent + 0.08, 0.0, 1.0)
        out = mix(column(_LIGHT), column(_DARK), tone)
        out = out * (1.0 - 0.36 * pores)
        if plank:
            away = np.abs(p[0] / plank - np.round(p[0] / plank)) * plank
            out = out * (1.0 - 0.45 * smoothstep(0.0018, 0.0006, away))
            out = out * (0.9 + 0.14 * np.sin(np.floor(p[0] / plank) * 12.9))
        return out.astype(np.float32)

    def relief(p: Array, n: Array) -> Array:
        return np.float32(-0.00022) * smoothstep(0.3, 0.9, fibres(stave(p)))

    return colour, relief


def _oak(axis: int, seed: int, plank: float = 0.0) -> Material:
    colour, relief = grain(axis, seed, plank=plank)
    return Material(colour=colour, relief=relief, relief_step=0.0009, rough=0.24, shine=0.045)


def _seat(p: Array) -> Array:
    u, v = p[0], p[2]
    wide = 0.30 - 0.035 * smoothstep(0.28, -0.28, v)
    flat = box2(u, v, wide, 0.275, 0.09)
    slab = extrude(flat, p[1] - 0.545, 0.034, 0.022)
    under = p[1] - 0.545 + 0.034 - 0.35 * np.maximum(flat + 0.07, 0.0)
    slab = np.maximum(slab, -under * 0.9)
    mirrored = np.stack([np.abs(p[0]), p[1], p[2]])
    return carve(slab, ellipsoid(mirrored, (0.115, 0.675, -0.01), (0.165, 0.115, 0.21)), 0.05)


def _legs(p: Array) -> Array:
    q = np.stack([np.abs(p[0]), p[1], p[2]])
    front = capsule(q, (0.295, 0.012, 0.29), (0.215, 0.54, 0.195), 0.017, 0.029)
    back = capsule(q, (0.275, 0.012, -0.33), (0.195, 0.54, -0.195), 0.017, 0.029)
    return np.maximum(union(front, back), -p[1])


def _stretchers(p: Array) -> Array:
    q = np.stack([np.abs(p[0]), p[1], p[2]])
    return capsule(q, (0.268, 0.20, 0.255), (0.246, 0.20, -0.275), 0.0145, 0.0145)


def _cross(p: Array) -> Array:
    return capsule(p, (-0.256, 0.20, 0.0), (0.256, 0.20, 0.0), 0.0145, 0.0145)


def _back(p: Array) -> Array:
    q = np.stack([np.abs(p[0]), p[1], p[2]])
    d = capsule(q, (0.215, 0.55, -0.215), (0.262, 1.10, -0.335), 0.023, 0.0165)
    for low, high in ((0.0, 0.0), (0.068, 0.083), (0.137, 0.167)):
        bow = 0.035 * (1 - (high / 0.26) ** 2)
        d = np.minimum(
            d,
            capsule(q, (low, 0.55, -0.225 - 0.2 * bow), (high, 1.08, -0.335 - bow), 0.0125, 0.0095),
        )
    return d


def _rail(p: Array) -> Array:
    bow = 0.035 * (1.0 - (p[0] / 0.26) ** 2)
    z, y = p[2] + 0.338 + bow, p[1] - 1.115
    z = z + 0.22 * y
    crown = 0.060 - 0.022 * (p[0] / 0.30) ** 2
    return extrude(box2(p[0], y, 0.305, crown, 0.035), z, 0.0175, 0.013) * 0.9


def chair() -> Product:
    """The chair, 1.18 units tall."""
    return Product(
        parts=(
            Part(body=_seat, material=_oak(2, 31, plank=0.118)),
            Part(body=_legs, material=_oak(1, 37)),
            Part(body=_stretchers, material=_oak(2, 41)),
            Part(body=_cross, material=_oak(0, 43)),
            Part(body=_back, material=_oak(1, 47)),
            Part(body=_rail, material=_oak(0, 53)),
        ),
        bounds=Bounds(low=(-0.335, -0.001, -0.43), high=(0.335, 1.19, 0.33)),
        camera=Camera(eye=(4.0, 2.7, 6.6), target=(0.0, 0.555, -0.03), tall=1.50),
        reach=0.16,
        shadow=0.85,
    )
