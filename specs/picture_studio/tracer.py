"""Ray marching: find surfaces, normals, shadows and occlusion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from picture_studio.shapes import Array, Distance, Triple, column, dot, unit

MISS = np.float32(1e9)
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Axis-aligned box that holds a product."""

    low: Triple
    high: Triple

    def clip(self, o: Array, d: Array) -> tuple[Array, Array]:
        """Entry and exit parameter of each ray; entry > exit where it misses the box."""
        inverse = 1.0 / np.where(np.abs(d) < 1e-7, np.float32(1e-7), d)
        a, b = (column(self.low) - o) * inverse, (column(self.high) - o) * inverse
        near = np.minimum(a, b).max(axis=0)
        return np.maximum(near, 0.0), np.maximum(a, b).min(axis=0)


def march(distance: Distance, box: Bounds, o: Array, d: Array, *, steps: int = 110) -> Array:
    """Ray parameter of the first surface along each ray, ``MISS`` where there is none."""
    near, far = box.clip(o, d)
    hit = np.full(near.shape, MISS, np.float32)
    live = np.nonzero(near < far)[0]
    t, o_live, d_live, end = near[live], o[:, live], d[:, live], far[live]
    for _ in range(steps):
        if not live.size:
            break
        h = distance(o_live + d_live * t)
        arrived = h < 2e-4 + 6e-5 * t
        hit[live[arrived]] = t[arrived]
        t = t + 0.88 * h
        keep = ~arrived & (t < end)
        if not keep.all():
            live, t, end = live[keep], t[keep], end[keep]
            o_live, d_live = o_live[:, keep], d_live[:, keep]
    return hit


_TETRA = ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1))


def gradient(field: Distance, p: Array, eps: float) -> Array:
    """Gradient of a scalar field by four samples on a tetrahedron."""
    total = np.zeros_like(p)
    for corner in _TETRA:
        k = column(corner)
        total += k * field(p + k * np.float32(eps))
    return total / np.float32(4 * eps)


def normal(distance: Distance, p: Array, eps: float = 6e-4) -> Array:
    """Outward unit normal of the body at surface points."""
    return unit(gradient(distance, p, eps))


def shadow(distance: Distance, box: Bounds, o: Array, d: Array, k: float, steps: int = 26) -> Array:
    """Light that passes along rays, 0..1; a small ``k`` makes the edge soft."""
    d = np.broadcast_to(d, o.shape)
    near, far = box.clip(o, d)
    light = np.ones(near.shape, np.float32)
    live = np.nonzero(near < far)[0]
    t, far = np.maximum(near[live], 0.012), far[live]
    o_live, d_live = o[:, live], d[:, live]
    for _ in range(steps):
        if not live.size:
            break
        h = distance(o_live + d_live * t)
        light[live] = np.minimum(light[live], np.clip(0.5 + 0.5 * k * h / t, 0.0, 1.0))
        t = t + np.clip(h, 0.014, 0.16)
        keep = (t < far) & (light[live] > 0.004)
        live, t, far = live[keep], t[keep], far[keep]
        o_live, d_live = o_live[:, keep], d_live[:, keep]
    return light * light * (3.0 - 2.0 * light)


def openness(distance: Distance, p: Array, n: Array, reach: float) -> Array:
    """Ambient occlusion from the body and from the floor y = 0: 1 where nothing is near."""
    blocked = np.zeros(p.shape[1], np.float32)
    weight, total = 1.0, 0.0
    for k in range(1, 6):
        h = reach * (k / 5.0) ** 1.6
        q = p + n * np.float32(h)
        d = np.minimum(distance(q), np.maximum(q[1], 0.0) + 0.45 * h)
        blocked += weight * np.clip((h - d) / h, 0.0, 1.0)
        total += weight
        weight *= 0.82
    return 1.0 - 0.92 * blocked / total


def reflect(d: Array, n: Array) -> Array:
    """Mirror direction."""
    return d - n * (2.0 * dot(d, n))
