"""A bottle of eau de parfum: thick glass, amber liquid, brass collar, lacquered cap."""

from __future__ import annotations

import numpy as np

from picture_studio.shapes import Array, box, capsule, cylinder, union
from picture_studio.stage import Camera, Glass, Material, Part, Product
from picture_studio.textures import lettering, noise
from picture_studio.tracer import Bounds

_FRONT = 0.21


def _wall(p: Array) -> Array:
    return box(p, (0, 0.50, 0), (0.40, 0.50, _FRONT), 0.055)


def _hollow(p: Array) -> Array:
    return box(p, (0, 0.545, 0), (0.325, 0.385, 0.135), 0.06)


def _collar(p: Array) -> Array:
    ring = cylinder(p, (0, 1.025, 0), 0.135, 0.035, 0.010)
    return union(ring, cylinder(p, (0, 1.075, 0), 0.118, 0.03, 0.006))


def _cap(p: Array) -> Array:
    return box(p, (0, 1.27, 0), (0.165, 0.185, 0.165), 0.018)


def _tube(p: Array) -> Array:
    tube = capsule(p, (0, 0.95, 0), (0.03, 0.20, 0.0), 0.010, 0.010)
    return union(tube, cylinder(p, (0, 0.955, 0), 0.075, 0.045, 0.012))


def _print(p: Array, n: Array) -> Array:
    art = lettering(
        [
            ("ACME", 0.155, 0.34),
            ("No. 27", 0.06, 0.50),
            ("EAU DE PARFUM", 0.042, 0.585),
            ("50 ml  e  1.7 fl.oz.", 0.034, 0.86),
        ],
        (1500, 1500),
    )
    u, v = p[0] / 0.72 + 0.5, 0.5 - (p[1] - 0.52) / 0.72
    inside = (np.abs(u - 0.5) < 0.49) & (np.abs(v - 0.5) < 0.49) & (n[2] > 0.9)
    x = np.clip((u * 1500).astype(np.int32), 0, 1499)
    y = np.clip((v * 1500).astype(np.int32), 0, 1499)
    rule = (np.abs(v - 0.435) < 0.0016) & (np.abs(u - 0.5) < 0.13)
    return np.where(inside, np.maximum(art[y, x], rule), 0.0).astype(np.float32)


def _brushed(p: Array, n: Array) -> Array:
    around = np.stack([p[0] * 3, p[1] * 420.0, p[2] * 3])
    return np.float32(0.00002) * noise(around, 4)


def perfume() -> Product:
    """The bottle, 1.45 units tall."""
    brass = Material(
        colour=(0.86, 0.62, 0.30),
        rough=0.12,
        metal=1.0,
        relief=_brushed,
        relief_step=0.0006,
        mirrors=True,
    )
    lacquer = Material(colour=(0.012, 0.011, 0.012), rough=0.05, shine=0.06, mirrors=True)
    plastic = Material(colour=(0.88, 0.87, 0.84), rough=0.3)
    return Product(
        parts=(
            Part(body=_cap, material=lacquer),
            Part(body=_collar, material=brass),
            Part(body=_tube, material=plastic),
        ),
        glass=Glass(
            wall=_wall,
            hollow=_hollow,
            level=0.80,
            tint=(0.36, 0.050, 0.0025),
            print=_print,
            ink=(0.055, 0.035, 0.02),
        ),
        bounds=Bounds(low=(-0.42, -0.001, -0.23), high=(0.42, 1.47, 0.23)),
        camera=Camera(eye=(1.35, 1.45, 7.0), target=(0.0, 0.72, 0.0), tall=1.95),
        floor_shine=0.10,
        shadow=0.8,
    )
