"""Radiance of opaque surfaces."""

from __future__ import annotations

import numpy as np

from picture_studio.floor import Floor
from picture_studio.lights import IRRADIANCE, STUDIO, ambient, surroundings
from picture_studio.shapes import Array, column, dot, smoothstep, unit
from picture_studio.stage import Material, Product
from picture_studio.tracer import MISS, gradient, march, normal, openness, reflect, shadow

FLOOR_WHITE = np.float32(0.86)


def bend(material: Material, p: Array, n: Array) -> Array:
    """Normals bent by the relief of a material."""
    if material.relief is None:
        return n
    relief = material.relief
    slope = gradient(lambda q: relief(q, n), p, material.relief_step)
    return unit(n - (slope - n * dot(slope, n)))


def lit(product: Product, p: Array, n: Array, open_sky: Array) -> Array:
    """Diffuse light ``(3, n)`` that falls on surface points."""
    total = np.repeat((ambient(n) * open_sky)[None, :], 3, axis=0)
    for lamp, power in zip(STUDIO, IRRADIANCE, strict=True):
        towards = lamp.direction()
        facing = np.maximum((dot(n, towards) + 0.12) / 1.12, 0.0)
        if lamp is STUDIO[1]:
            passed = 0.3 + 0.7 * open_sky
        else:
            passed = np.zeros_like(facing)
            seen = np.nonzero(facing > 0.0)[0]
            k = 5.0 if lamp is STUDIO[0] else 3.0
            passed[seen] = shadow(
                product.distance, product.bounds, p[:, seen] + n[:, seen] * 0.004, towards, k
            )
        total = total + column(lamp.tint) * (np.float32(power) * facing * passed)
    return total


def floor_seen(floor: Floor, p: Array, d: Array) -> Array:
    """Colour ``(3, n)`` of the white floor where rays that go down meet it."""
    t = p[1] / np.maximum(-d[1], 1e-4)
    spot = p + d * np.minimum(t, 50.0)
    return np.repeat((FLOOR_WHITE * floor.at(spot))[None, :], 3, axis=0)


def seen_by_mirror(
    product: Product, floor: Floor, p: Array, n: Array, d: Array, blur: float
) -> Array:
    """What reflected rays find: the product itself, the floor or the studio."""
    found = surroundings(d, blur)
    reach = p[1] / np.maximum(-d[1], 1e-4)
    table = smoothstep(2.6, 1.3, reach) * (d[1] < 0.0)
    found = found * (1 - table) + floor_seen(floor, p, d) * table
    start = p + n * 0.006
    t = march(product.distance, product.bounds, start, d, steps=48)
    hit = np.nonzero(t < MISS)[0]
    if hit.size:
        q = start[:, hit] + d[:, hit] * t[hit]
        m = normal(product.distance, q, 1e-3)
        light = ambient(m) + 0.9 * np.maximum(dot(m, STUDIO[0].direction()), 0.0)
        ids = product.nearest(q, opaque=True)
        for k, part in enumerate(product.parts):
            own = np.nonzero(ids == k)[0]
            if own.size:
                colour = part.material.colours(q[:, own], m[:, own])
                found[:, hit[own]] = colour * light[own]
    return found


def shade_part(
    product: Product, floor: Floor, material: Material, p: Array, n: Array, d: Array
) -> Array:
    """Radiance ``(3, n)`` towards the camera of points of one material; ``d`` are view rays."""
    bent = bend(material, p, n)
    open_sky = openness(product.distance, p, n, product.reach)
    facing = np.clip(-dot(bent, d), 0.0, 1.0)
    colour = material.colours(p, n)
    light = lit(product, p, bent, open_sky)
    edge = (1.0 - facing) ** 5 * (1.0 - material.rough) ** 2
    mirror = reflect(d, bent)
    if material.mirrors:
        away = mirror + n * np.maximum(-dot(mirror, n), 0.0)
        bright = seen_by_mirror(product, floor, p, n, unit(away), material.rough)
    else:
        bright = surroundings(mirror, material.rough)
    hidden = np.clip(open_sky * 1.25, 0.0, 1.0)
    fresnel = material.shine + (1.0 - material.shine) * edge
    diffuse = colour * light * (1.0 - fresnel)
    if material.fuzz:
        diffuse = diffuse * (1.0 + material.fuzz * (1.0 - facing) ** 2)
    polished = bright * (colour + (1.0 - colour) * edge)
    radiance = (1.0 - material.metal) * (diffuse + bright * fresnel * hidden)
    radiance = radiance + material.metal * polished * (0.25 + 0.75 * hidden)
    if material.glow is not None:
        radiance = radiance + material.glow(p, n)
    return radiance.astype(np.float32)


def shade(product: Product, floor: Floor, p: Array, d: Array, ids: Array) -> Array:
    """Radiance ``(3, n)`` of surface points seen along ``d``; ``ids`` name their parts."""
    out = np.zeros_like(p)
    for k, part in enumerate(product.parts):
        own = np.nonzero(ids == k)[0]
        if own.size:
            q = p[:, own]
            n = normal(part.body, q)
            out[:, own] = shade_part(product, floor, part.material, q, n, d[:, own])
    return out
