"""Procedural textures: solid noise and tileable height maps."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from picture_studio.shapes import Array, smoothstep

_LATTICE = 32


@cache
def _lattice(seed: int) -> Array:
    values = np.random.default_rng(seed).uniform(-1.0, 1.0, _LATTICE**3 * 1)
    return values.astype(np.float32)


def noise(p: Array, seed: int = 1) -> Array:
    """Smooth solid noise in -1..1, one bump per unit, repeating every 32 units."""
    table = _lattice(seed)
    base = np.floor(p)
    f = p - base
    f = f * f * (3.0 - 2.0 * f)
    low = base.astype(np.int32) & (_LATTICE - 1)
    high = (low + 1) & (_LATTICE - 1)
    xs = (low[0] * _LATTICE * _LATTICE, high[0] * _LATTICE * _LATTICE)
    ys = (low[1] * _LATTICE, high[1] * _LATTICE)
    planes = []
    for z in (low[2], high[2]):
        rows = []
        for y in ys:
            a, b = table[xs[0] + y + z], table[xs[1] + y + z]
            rows.append(a + (b - a) * f[0])
        planes.append(rows[0] + (rows[1] - rows[0]) * f[1])
    return planes[0] + (planes[1] - planes[0]) * f[2]


def fbm(p: Array, octaves: int, seed: int = 1) -> Array:
    """Several octaves of noise, each half as strong and twice as fine."""
    total = noise(p, seed)
    amplitude = 0.5
    for k in range(1, octaves):
        total = total + amplitude * noise(p * np.float32(2.03**k), seed + k)
        amplitude *= 0.5
    return total


def specks(p: Array, scale: float, largest: float, seed: int) -> Array:
    """Scattered round grains, 1 inside and 0 outside: about one per cell of size ``1 / scale``,
    of radius up to ``largest`` cells (at most 0.3)."""
    q = p * np.float32(scale) + 0.35 * noise(p * np.float32(scale * 1.7), seed)
    cell = np.floor(q)
    index = cell.astype(np.int32)
    key = (index[0] * 73 + index[1] * 1009 + index[2] * 9176) & (_LATTICE**3 - 1)
    table = _lattice(seed)
    f = q - cell - 0.5
    away = np.zeros(p.shape[1], np.float32)
    for k in range(3):
        away += (f[k] - 0.2 * table[(key + 977 * (k + 1)) & (_LATTICE**3 - 1)]) ** 2
    radius = largest * np.maximum(table[key], 0.0) ** 1.5
    return smoothstep(0.035, -0.035, np.sqrt(away) - radius)


def sample(image: Array, u: Array, v: Array) -> Array:
    """Bilinear look-up in a tileable ``(h, w)`` map; u and v count whole tiles."""
    h, w = image.shape
    x, y = u * w - 0.5, v * h - 0.5
    x0, y0 = np.floor(x), np.floor(y)
    fx, fy = (x - x0).astype(np.float32), (y - y0).astype(np.float32)
    i0, j0 = x0.astype(np.int64) % w, y0.astype(np.int64) % h
    i1, j1 = (i0 + 1) % w, (j0 + 1) % h
    flat = image.reshape(-1)
    top = flat[j0 * w + i0] * (1 - fx) + flat[j0 * w + i1] * fx
    low = flat[j1 * w + i0] * (1 - fx) + flat[j1 * w + i1] * fx
    return top * (1 - fy) + low * fy


def triplanar(image: Array, p: Array, n: Array, scale: float) -> Array:
    """A tileable map projected along the three axes and blended by the surface normal."""
    q = p * np.float32(scale)
    w = np.abs(n) ** 4
    w = w / np.maximum(w.sum(axis=0), 1e-6)
    return (
        w[0] * sample(image, q[2], q[1])
        + w[1] * sample(image, q[0], q[2])
        + w[2] * sample(image, q[0], q[1])
    )


@cache
def leather(cells: int = 48, size: int = 768, seed: int = 7) -> Array:
    """Height of leather grain in 0..1: pebbles of uneven size parted by thin valleys."""
    rng = np.random.default_rng(seed)
    jitter = rng.uniform(0.08, 0.92, (cells, cells, 2)).astype(np.float32)
    tall = rng.uniform(0.55, 1.0, (cells, cells)).astype(np.float32)
    axis = (np.arange(size, dtype=np.float32) + 0.5) * (cells / size)
    x, y = np.meshgrid(axis, axis)
    x = x + 0.25 * np.sin(y * (2 * np.pi * 6 / cells)) + 0.1 * np.sin(y * (2 * np.pi * 13 / cells))
    cx, cy = np.floor(x).astype(int), np.floor(y).astype(int)
    first = np.full(x.shape, 9.0, np.float32)
    second, height = first.copy(), np.zeros_like(first)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            gx, gy = (cx + dx) % cells, (cy + dy) % cells
            d = np.hypot(cx + dx + jitter[gy, gx, 0] - x, cy + dy + jitter[gy, gx, 1] - y)
            nearer = d < first
            second = np.where(nearer, first, np.minimum(second, d))
            height = np.where(nearer, tall[gy, gx], height)
            first = np.where(nearer, d, first)
    valley = smoothstep(0.0, 0.62, second - first)
    pebbles = height * valley * (1.0 - 0.35 * first * first)
    return (0.86 * pebbles + 0.14 * _creases(rng, size)).astype(np.float32)


def _creases(rng: np.random.Generator, size: int) -> Array:
    """Tileable fine unevenness in 0..1: noise of a narrow band of wave lengths."""
    waves = np.fft.rfft2(rng.standard_normal((size, size)))
    fy, fx = np.fft.fftfreq(size)[:, None] * size, np.fft.rfftfreq(size)[None, :] * size
    band = np.exp(-(((np.hypot(fx, fy) - 95.0) / 55.0) ** 2))
    field = np.fft.irfft2(waves * band, s=(size, size))
    return np.clip(0.5 + field / (5.0 * field.std()), 0.0, 1.0)


@cache
def canvas(threads: int = 32, size: int = 768, seed: int = 11) -> Array:
    """Height of a plain weave in 0..1, ``threads`` (even) warp and weft threads a tile."""
    rng = np.random.default_rng(seed)
    axis = (np.arange(size, dtype=np.float32) + 0.5) * (threads / size)
    x, y = np.meshgrid(axis, axis)
    thick = rng.uniform(0.75, 1.1, (2, threads)).astype(np.float32)
    i, j = np.floor(x).astype(int) % threads, np.floor(y).astype(int) % threads
    over = np.where((i + j) % 2 == 0, 1.0, -1.0)
    warp = (
        np.abs(np.sin(np.pi * x)) * thick[0][i] * (0.62 + 0.38 * over * np.abs(np.sin(np.pi * y)))
    )
    weft = (
        np.abs(np.sin(np.pi * y)) * thick[1][j] * (0.62 - 0.38 * over * np.abs(np.sin(np.pi * x)))
    )
    fuzz = rng.normal(0.0, 0.05, x.shape)
    return np.clip(np.maximum(warp, weft) + fuzz, 0.0, 1.2).astype(np.float32) / 1.2


def lettering(lines: list[tuple[str, float, float]], size: tuple[int, int]) -> Array:
    """Text as a ``(h, w)`` map, 1 where ink is; a line is (text, height share, centre y share)."""
    width, height = size
    picture = Image.new("L", size, 0)
    pen = ImageDraw.Draw(picture)
    for text, share, centre in lines:
        font = ImageFont.load_default(size=height * share)
        pen.text((width / 2, height * centre), text, fill=255, font=font, anchor="mm")
    return np.asarray(picture, dtype=np.float32) / 255.0
