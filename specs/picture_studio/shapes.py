"""Signed distance functions of simple bodies, and ways to combine them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
"""float32 by convention; the type says ``Any`` because numpy's stubs widen mixed arithmetic."""
Distance = Callable[[Array], Array]
Triple = tuple[float, float, float]


_Answer = TypeVar("_Answer")


def remember(measure: Callable[[Array], _Answer]) -> Callable[[Array], _Answer]:
    """Keep the last answer, for bodies that several parts are built from.

    Parts are asked one after the other about the same array of points, which nobody changes; so
    the array's identity is the key.
    """
    asked: list[Array] = []
    answers: list[_Answer] = []

    @wraps(measure)
    def remembered(p: Array) -> _Answer:
        if not asked or asked[0] is not p:
            answers[:] = [measure(p)]
            asked[:] = [p]
        return answers[0]

    return remembered


def column(values: Sequence[float]) -> Array:
    """A vector as a ``(3, 1)`` column that broadcasts against points."""
    return np.asarray(values, dtype=np.float32).reshape(-1, 1)


def norm(v: Array) -> Array:
    """Length of each column."""
    return np.sqrt(np.einsum("in,in->n", v, v))


def unit(v: Array) -> Array:
    """Each column scaled to length one."""
    return v / np.maximum(norm(v), 1e-9)


def dot(a: Array, b: Array) -> Array:
    """Dot product per column; either side may be a ``(3, 1)`` column."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def hypot(a: Array, b: Array) -> Array:
    """Length of a two-dimensional vector (no overflow care, hence fast)."""
    return np.sqrt(a * a + b * b)


def smoothstep(lo: float, hi: float, x: Array) -> Array:
    """0 below ``lo``, 1 above ``hi`` (or the reverse), smooth in between."""
    t = np.clip((x - lo) / (hi - lo), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def mix(a: Array | float, b: Array | float, t: Array) -> Array:
    """Linear blend from ``a`` (t = 0) to ``b`` (t = 1)."""
    return a + (b - a) * t


def box2(
    u: Array, v: Array, half_u: Array | float, half_v: Array | float, r: Array | float
) -> Array:
    """Rounded rectangle in a plane; the half sizes include the corner radius ``r``."""
    qu = np.abs(u) - (half_u - r)
    qv = np.abs(v) - (half_v - r)
    outside = hypot(np.maximum(qu, 0.0), np.maximum(qv, 0.0))
    return outside + np.minimum(np.maximum(qu, qv), 0.0) - r


def box(p: Array, centre: Triple, half: Triple, r: float) -> Array:
    """Rounded box; the half sizes include the corner radius ``r``."""
    q = np.abs(p - column(centre)) - column([h - r for h in half])
    outside = norm(np.maximum(q, 0.0))
    return outside + np.minimum(np.maximum(np.maximum(q[0], q[1]), q[2]), 0.0) - r


def extrude(flat: Array, along: Array, half: Array | float, r: float) -> Array:
    """A plane figure ``flat`` made ``2 * half`` thick along an axis, edges rounded by ``r``."""
    a, b = flat + r, np.abs(along) - half + r
    outside = hypot(np.maximum(a, 0.0), np.maximum(b, 0.0))
    return np.minimum(np.maximum(a, b), 0.0) + outside - r


def cylinder(
    p: Array, centre: Triple, radius: float, half: float, r: float, axis: int = 1
) -> Array:
    """Rounded cylinder along an axis (0 = x, 1 = y, 2 = z)."""
    q = p - column(centre)
    i, j = [k for k in range(3) if k != axis]
    return extrude(hypot(q[i], q[j]) - radius, q[axis], half, r)


def ellipsoid(p: Array, centre: Triple, radii: Triple) -> Array:
    """Ellipsoid, distance to first order (good near the surface)."""
    q = p - column(centre)
    k0 = norm(q / column(radii))
    k1 = norm(q / column([r * r for r in radii]))
    return k0 * (k0 - 1.0) / np.maximum(k1, 1e-6)


def capsule(p: Array, a: Triple, b: Triple, ra: float, rb: float) -> Array:
    """Round rod from ``a`` to ``b`` whose radius runs from ``ra`` to ``rb``."""
    start = column(a)
    ba = column(b) - start
    pa = p - start
    h = np.clip(dot(pa, ba) / float(np.sum(ba * ba)), 0.0, 1.0)
    return norm(pa - ba * h) - (ra + (rb - ra) * h)


def union(*parts: Array) -> Array:
    """The nearest of several bodies."""
    d = parts[0]
    for other in parts[1:]:
        d = np.minimum(d, other)
    return d


def blend(a: Array, b: Array, k: float) -> Array:
    """Union with a fillet of about radius ``k``."""
    h = np.maximum(k - np.abs(a - b), 0.0) / k
    return np.minimum(a, b) - h * h * (k * 0.25)


def carve(a: Array, b: Array, k: float) -> Array:
    """``a`` without ``b``, the edge rounded by about ``k``."""
    return -blend(-a, b, k)


def turn(p: Array, axis: int, degrees: float, about: Triple = (0.0, 0.0, 0.0)) -> Array:
    """Points turned about an axis through ``about`` (that is: the body turned the other way)."""
    q = p - column(about)
    c, s = float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))
    i, j = ((1, 2), (2, 0), (0, 1))[axis]
    out = q.copy()
    out[i] = c * q[i] - s * q[j]
    out[j] = s * q[i] + c * q[j]
    return out + column(about)
