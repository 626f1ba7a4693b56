"""Radiance of clear glass filled with a liquid: rays are followed through every boundary."""

from __future__ import annotations

import numpy as np

from picture_studio.floor import Floor
from picture_studio.lights import surroundings
from picture_studio.shading import floor_seen, seen_by_mirror, shade
from picture_studio.shapes import Array, column, dot, smoothstep, unit
from picture_studio.stage import Glass, Product
from picture_studio.tracer import gradient, normal, reflect

_AIR, _GLASS, _LIQUID = 1.0, 1.5, 1.36
_BOUNCES = 9


def _medium(glass: Glass, p: Array) -> Array:
    """Refractive index at points."""
    inside = np.where(p[1] < glass.level, np.float32(_LIQUID), np.float32(_AIR))
    index = np.where(glass.hollow(p) < 0.0, inside, np.float32(_GLASS))
    return np.where(glass.wall(p) < 0.0, index, np.float32(_AIR))


def _boundary(glass: Glass, p: Array) -> Array:
    """Unsigned distance to the nearest change of medium."""
    hollow = glass.hollow(p)
    surface = np.where(hollow < 0.0, np.abs(p[1] - glass.level), np.float32(9.0))
    return np.minimum(np.minimum(np.abs(glass.wall(p)), np.abs(hollow)), surface)


def _facing(glass: Glass, p: Array, d: Array) -> Array:
    """Unit normal of the boundary at ``p``, turned against the ray."""
    wall, hollow = np.abs(glass.wall(p)), np.abs(glass.hollow(p))
    level = np.abs(p[1] - glass.level)
    n = unit(gradient(glass.wall, p, 6e-4))
    inner = unit(gradient(glass.hollow, p, 6e-4))
    n = np.where(hollow < wall, inner, n)
    flat = (level < hollow) & (glass.hollow(p) < 0.0)
    n = np.where(flat, column((0, 1, 0)), n)
    return n * -np.sign(dot(n, d))


def _bend(d: Array, n: Array, ratio: Array) -> tuple[Array, Array]:
    """Refracted directions, and where total reflection forbids them."""
    cosine = -dot(d, n)
    k = 1.0 - ratio * ratio * (1.0 - cosine * cosine)
    bent = d * ratio + n * (ratio * cosine - np.sqrt(np.maximum(k, 0.0)))
    return unit(bent), k < 0.0


def _next_boundary(product: Product, glass: Glass, p: Array, d: Array) -> tuple[Array, Array]:
    """Way to the next boundary or opaque part, and whether it is an opaque part."""
    t = np.full(p.shape[1], 0.004, np.float32)
    live = np.arange(p.shape[1])
    opaque = np.zeros(p.shape[1], bool)
    for _ in range(90):
        q = p[:, live] + d[:, live] * t[live]
        clear, solid = _boundary(glass, q), product.distance(q)
        opaque[live] = solid < 5e-4
        h = np.minimum(clear, solid)
        t[live] += np.maximum(h, 1.5e-4) * (h >= 3e-4)
        live = live[(h >= 3e-4) & (t[live] < 4.0)]
        if not live.size:
            break
    return t, opaque


def _follow(product: Product, floor: Floor, glass: Glass, p: Array, d: Array) -> Array:
    """Radiance brought by rays that have just entered the glass."""
    out = np.zeros_like(p)
    through = np.ones_like(p)
    live = np.arange(p.shape[1])
    tint = np.log(column(glass.tint))
    for _ in range(_BOUNCES):
        q, way = p[:, live], d[:, live]
        t, opaque = _next_boundary(product, glass, q, way)
        middle = _medium(glass, q + way * (0.5 * t))
        through[:, live] *= np.exp(tint * (t * (middle == np.float32(_LIQUID))))
        q = q + way * t
        solid = np.nonzero(opaque)[0]
        if solid.size:
            back = q[:, solid] - way[:, solid] * 1e-3
            seen = shade(product, floor, back, way[:, solid], product.nearest(back, opaque=True))
            out[:, live[solid]] = through[:, live[solid]] * seen
        n = _facing(glass, q, way)
        here, there = _medium(glass, q + n * 2e-3), _medium(glass, q - n * 2e-3)
        bent, trapped = _bend(way, n, here / there)
        way = np.where(trapped, reflect(way, n), bent)
        q = q + n * np.where(trapped, np.float32(2e-3), np.float32(-2e-3))
        outside = ~opaque & ~trapped & (there == np.float32(_AIR)) & (glass.wall(q) > 0.0)
        gone = np.nonzero(outside)[0]
        if gone.size:
            out[:, live[gone]] = through[:, live[gone]] * _beyond(
                product, floor, q[:, gone], way[:, gone]
            )
        p[:, live], d[:, live] = q, way
        live = live[~outside & ~opaque]
        if not live.size:
            return out
    out[:, live] = through[:, live] * surroundings(d[:, live], 0.3)
    return out


def _beyond(product: Product, floor: Floor, p: Array, d: Array) -> Array:
    """What a ray sees after it has left the glass: the white sweep, lit through the bottle."""
    flags = 1.0 - 0.8 * smoothstep(0.30, 0.62, np.abs(d[0]))
    sky = surroundings(d, 0.08) * (np.float32(1.25) * flags)
    down = np.clip((0.02 - d[1]) / 0.10, 0.0, 1.0)
    ground = 0.45 + 0.9 * floor_seen(floor, p, d)
    return sky * (1 - down) + ground * down


def shade_glass(product: Product, floor: Floor, p: Array, d: Array) -> Array:
    """Radiance ``(3, n)`` of points on the outside of the glass seen along ``d``."""
    glass = product.glass
    if glass is None:
        raise ValueError("the product has no glass")
    n = normal(glass.wall, p)
    facing = np.clip(-dot(n, d), 0.0, 1.0)
    fresnel = 0.04 + 0.96 * (1.0 - facing) ** 5
    mirrored = seen_by_mirror(product, floor, p, n, reflect(d, n), 0.0)
    entered, _ = _bend(d, n, np.full(facing.shape, 1.0 / _GLASS, np.float32))
    inside = _follow(product, floor, glass, p - n * np.float32(2e-3), entered.copy())
    ink = glass.print(p, n)
    inside = inside * (1.0 - ink) + column(glass.ink) * ink * (0.55 + 0.5 * facing)
    return (inside * (1.0 - fresnel) + mirrored * fresnel).astype(np.float32)
