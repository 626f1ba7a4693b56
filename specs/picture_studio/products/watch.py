"""A wristwatch on its closed strap: steel case, sunburst dial, grained leather."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from picture_studio.shapes import (
    Array,
    blend,
    box2,
    capsule,
    column,
    extrude,
    hypot,
    mix,
    norm,
    remember,
    smoothstep,
    turn,
    union,
)
from picture_studio.stage import Camera, Material, Part, Product
from picture_studio.textures import leather, noise, sample
from picture_studio.tracer import Bounds

_DIAL = 0.335
_LIFT, _LEAN = 0.66, 14.0
_LOOP_Z, _LOOP_Y, _BACK = 0.47, 0.60, -0.47


@remember
def _upright(p: Array) -> Array:
    """World to watch coordinates: dial in the plane z = 0, centre at the origin."""
    return turn(p - column((0, _LIFT, 0)), 0, _LEAN)


def _flat(p: Array) -> tuple[Array, Array]:
    return hypot(p[0], p[1]), np.arctan2(p[0], p[1])


def _case(p: Array) -> Array:
    q = _upright(p)
    r, _ = _flat(q)
    middle = extrude(r - 0.415, q[2] + 0.06, 0.065, 0.02)
    middle = np.maximum(middle, -(extrude(r - (_DIAL + 0.012), q[2] - 0.05, 0.08, 0.002)))
    ax, ay = np.abs(q[0]), np.abs(q[1])
    lug = np.stack([ax, ay, q[2]])
    horn = capsule(lug, (0.240, 0.30, -0.070), (0.245, 0.415, -0.150), 0.050, 0.036)
    body = blend(middle, horn, 0.03)
    return np.maximum(body, -extrude(r - (_DIAL + 0.012), q[2] - 0.05, 0.10, 0.002))


def _bezel(p: Array) -> Array:
    q = _upright(p)
    r, _ = _flat(q)
    ring = np.abs(r - 0.3725) - 0.0285
    slope = q[2] - 0.045 + 0.55 * np.maximum(r - 0.355, 0.0)
    return np.maximum(np.maximum(ring, np.abs(q[2] - 0.02) - 0.03), slope * 0.87) - 0.004


def _crown(p: Array) -> Array:
    q = _upright(p)
    angle = np.arctan2(q[1], q[2] + 0.06)
    r = hypot(q[1], q[2] + 0.06)
    knurl = 0.0045 * np.cos(angle * 30.0)
    knob = extrude(r - 0.060 - knurl, q[0] - 0.475, 0.036, 0.010)
    return union(knob * 0.8, extrude(r - 0.03, q[0] - 0.43, 0.03, 0.004))


def _dial(p: Array) -> Array:
    q = _upright(p)
    r, _ = _flat(q)
    return extrude(r - (_DIAL + 0.02), q[2] + 0.045, 0.02, 0.002)


def _hand(q: Array, degrees: float, tail: float, tip: float, width: float, z: float) -> Array:
    h = turn(q, 2, degrees)
    taper = width * (1.0 - 0.55 * np.clip(h[1] / tip, 0.0, 1.0))
    flat = box2(h[0], h[1] - (tip - tail) / 2, taper, (tip + tail) / 2, 0.002)
    ridge = q[2] - z - 0.006 + 0.35 * np.abs(h[0])
    return np.maximum(np.maximum(flat, np.abs(q[2] - z) - 0.006), ridge)


def _steel_trim(p: Array) -> Array:
    q = _upright(p)
    r, angle = _flat(q)
    step = np.float32(np.pi / 6)
    turned = angle - np.round(angle / step) * step
    u, v = r * np.sin(turned), r * np.cos(turned)
    long = np.where(np.abs(angle) < 0.2, np.float32(0.019), np.float32(0.0105))
    bar = box2(u, v - 0.262, long, 0.034, 0.003)
    index = np.maximum(
        np.maximum(bar, np.abs(q[2] + 0.019) - 0.008), q[2] + 0.013 + 0.5 * np.abs(u) - 0.004
    )
    hands = union(
        _hand(q, -304.0, 0.05, 0.185, 0.0165, -0.002), _hand(q, -60.0, 0.06, 0.275, 0.0125, 0.012)
    )
    pin = extrude(r - 0.017, q[2] - 0.010, 0.016, 0.004)
    return union(index, hands, pin) * 0.9


def _second(p: Array) -> Array:
    q = _upright(p)
    return union(
        _hand(q, -208.0, 0.085, 0.295, 0.0042, 0.025),
        extrude(hypot(q[0], q[1]) - 0.010, q[2] - 0.028, 0.01, 0.002),
    )


def _loop(q: Array) -> tuple[Array, Array, Array]:
    """Strap coordinates: signed distance to the loop's middle line, way along it, half width."""
    y, z = q[1] / _LOOP_Y, (q[2] - _BACK) / _LOOP_Z
    r = hypot(y, z)
    away = (r - 1.0) * r / np.maximum(hypot(y / _LOOP_Y, z / _LOOP_Z), 1e-6)
    along = np.arctan2(y, z)
    half = 0.205 - 0.045 * smoothstep(0.6, 2.6, np.abs(along))
    return away, along, half


def _strap(p: Array) -> Array:
    q = _upright(p)
    away, along, half = _loop(q)
    pad = 0.030 + 0.012 * smoothstep(1.5, 0.7, np.abs(along))
    pad = pad * (1.0 - 0.25 * smoothstep(0.55, 1.0, np.abs(q[0]) / half))
    band = box2(away, q[0], pad, half, 0.018)
    gap = 0.36 - np.abs(q[1])
    return np.maximum(band, np.where(q[2] > -0.3, gap, np.float32(-1.0))) * 0.8


def _stitch(p: Array) -> Array:
    q = _upright(p)
    away, along, half = _loop(q)
    run = along * 11.0
    u = (run - np.round(run)) / 11.0 * 0.55
    x = np.abs(q[0]) - (half - 0.028)
    lift = away - 0.036 + 0.10 * np.abs(u) - 0.006 * smoothstep(1.5, 0.7, np.abs(along))
    thread = norm(np.stack([np.maximum(np.abs(u) - 0.016, 0.0), x, lift])) - 0.0055
    return np.where(np.abs(along) > 0.72, thread, np.float32(0.2)) * 0.8


@cache
def _printed() -> Array:
    size = 2600
    picture = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(picture)
    c = size / 2
    for k in range(240):
        a = np.radians(k * 1.5)
        wide, inner = (9, 0.905) if k % 20 == 0 else (6, 0.915) if k % 4 == 0 else (2, 0.935)
        s, t = np.sin(a), -np.cos(a)
        pen.line(
            (c + s * c * inner, c + t * c * inner, c + s * c * 0.96, c + t * c * 0.96), 255, wide
        )
    for text, share, y in (
        ("ACME", 0.062, 0.325),
        ("AUTOMATIC", 0.024, 0.375),
        ("50 METRES", 0.021, 0.665),
        ("SAPPHIRE", 0.021, 0.695),
    ):
        font = ImageFont.load_default(size=size * share)
        pen.text((c, size * y), text, fill=255, font=font, anchor="mm")
    return np.asarray(picture, dtype=np.float32) / 255.0


def _dial_colour(p: Array, n: Array) -> Array:
    q = _upright(p)
    r, angle = _flat(q)
    ray = np.stack([np.sin(angle) * 90.0, np.cos(angle) * 90.0, r * 0.8])
    fine = noise(ray, 12) + 0.6 * noise(ray * 2.7, 13)
    beam = np.cos(2.0 * (angle + 0.75)) * 0.5 + 0.5
    shine = 0.20 + 0.95 * beam**3 + 0.10 * fine
    blue = column((0.020, 0.075, 0.215)) * (shine * (1.15 - 0.8 * (r / _DIAL) ** 2.2))
    u, v = q[0] / (2 * _DIAL) + 0.5, 0.5 - q[1] / (2 * _DIAL)
    ink = sample(_printed(), u, v) * (n[2] > 0.5)
    return mix(blue * 1.6, column((0.80, 0.82, 0.84)), ink)


def _hide(p: Array, n: Array) -> Array:
    q = _upright(p)
    _, along, _ = _loop(q)
    grain = sample(leather(), q[0] * 2.9 + 0.5, along * 1.55)
    crease = 0.5 * noise(np.stack([q[0] * 4, along * 22.0, q[0] * 0]), 6)
    return 0.0021 * grain + 0.0016 * crease


def _hide_colour(p: Array, n: Array) -> Array:
    q = _upright(p)
    _, along, half = _loop(q)
    grain = sample(leather(), q[0] * 2.9 + 0.5, along * 1.55)
    cloudy = 0.9 + 0.16 * noise(q * 7.0, 16)
    edge = smoothstep(0.85, 1.0, np.abs(q[0]) / half)
    return column((0.30, 0.115, 0.042)) * (cloudy * (0.55 + 0.5 * grain) * (1.0 - 0.55 * edge))


def _brushed(p: Array, n: Array) -> Array:
    q = _upright(p)
    side = smoothstep(0.75, 0.45, np.abs(n[2]))
    return np.float32(0.00006) * noise(np.stack([q[0] * 4, q[1] * 4, q[2] * 260.0]), 9) * side


def watch() -> Product:
    """The watch, about 1.3 units tall, dial to the camera."""
    polished = Material(colour=(0.80, 0.80, 0.79), rough=0.03, metal=1.0, mirrors=True)
    steel = Material(
        colour=(0.74, 0.74, 0.735),
        rough=0.10,
        metal=1.0,
        relief=_brushed,
        relief_step=0.0008,
        mirrors=True,
    )
    dial = Material(colour=_dial_colour, rough=0.25, shine=0.04)
    red = Material(colour=(0.62, 0.035, 0.02), rough=0.2)
    hide = Material(colour=_hide_colour, rough=0.34, relief=_hide, relief_step=0.0014)
    thread = Material(colour=(0.74, 0.66, 0.50), rough=0.8)
    return Product(
        parts=(
            Part(body=_case, material=steel),
            Part(body=_bezel, material=polished),
            Part(body=_crown, material=steel),
            Part(body=_dial, material=dial),
            Part(body=_steel_trim, material=polished),
            Part(body=_second, material=red),
            Part(body=_strap, material=hide),
            Part(body=_stitch, material=thread),
        ),
        bounds=Bounds(low=(-0.48, -0.02, -1.15), high=(0.53, 1.32, 0.25)),
        camera=Camera(eye=(1.55, 1.75, 6.8), target=(0.02, 0.635, -0.2), tall=1.66),
        reach=0.10,
        shadow=0.9,
    )
