"""Palettes for GIF and 8-bit PNG: same intent as ``quantize``, other colours."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from s7spec.emulator.render.request import Quantize

_CUBE = range(255, -1, -51)
_RAMP = tuple(level for level in range(0xEE, 0, -0x11) if level % 51)
_KEY_THRESHOLD = 128

_Colours = list[tuple[int, int, int]]


def to_palette(view: Image.Image, quantize: Quantize, *, key_colour: bool = False) -> Image.Image:
    """The view with a palette of at most ``quantize.colours`` colours.

    Alpha is kept in the palette, or, with ``key_colour``, becomes one transparent entry for what
    is more transparent than opaque.
    """
    plain = quantize.palette == "adaptive" and quantize.colours == 256 and not quantize.fixed
    if view.mode == "L" and plain:
        return view  # 256 grays are their own palette
    if view.mode not in ("LA", "RGBA"):
        return _quantized(view.convert("RGB"), quantize, quantize.colours)
    if key_colour:
        return _with_key(view.convert("RGBA"), quantize)
    # The only method of Pillow that counts alpha as a component; it does not dither.
    return view.convert("RGBA").quantize(quantize.colours, Image.Quantize.FASTOCTREE)


def _quantized(view: Image.Image, quantize: Quantize, colours: int) -> Image.Image:
    dither = Image.Dither.FLOYDSTEINBERG if quantize.dither else Image.Dither.NONE
    if quantize.palette == "web":
        return view.quantize(palette=_palette(_web_colours()), dither=dither)
    if quantize.palette == "mac":
        return view.quantize(palette=_palette(_mac_colours()), dither=dither)
    if quantize.fixed:
        return view.quantize(palette=_palette(_with_fixed(view, quantize, colours)), dither=dither)
    chosen = view.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    if not quantize.dither:
        return chosen
    return view.quantize(palette=chosen, dither=dither)


def _with_fixed(view: Image.Image, quantize: Quantize, colours: int) -> _Colours:
    """The listed colours; as many as are left are computed."""
    left = colours - len(quantize.fixed)
    if left < 1:
        return [*quantize.fixed][:colours]
    computed = view.quantize(left, Image.Quantize.MEDIANCUT).getpalette() or []
    triples = zip(computed[::3], computed[1::3], computed[2::3], strict=True)
    return [*quantize.fixed, *[colour for colour in triples if colour not in quantize.fixed]]


def _with_key(view: Image.Image, quantize: Quantize) -> Image.Image:
    keyed = _quantized(view.convert("RGB"), quantize, max(2, min(255, quantize.colours - 1)))
    key = len(keyed.getpalette() or ()) // 3
    clear = view.getchannel("A").point([255] * _KEY_THRESHOLD + [0] * (256 - _KEY_THRESHOLD))
    keyed.putpalette([*(keyed.getpalette() or ()), 0, 0, 0])
    keyed.paste(key, (0, 0), clear)
    keyed.info["transparency"] = key
    return keyed


def _web_colours() -> _Colours:
    """The 216 whose components are multiples of 51."""
    return [(red, green, blue) for red in _CUBE for green in _CUBE for blue in _CUBE]


def _mac_colours() -> _Colours:
    """The Macintosh's 256: the web's, and the levels between in red, green, blue and gray."""
    ramps = [[(v, 0, 0), (0, v, 0), (0, 0, v), (v, v, v)] for v in _RAMP]
    between = [colours[axis] for axis in range(4) for colours in ramps]
    return [*_web_colours()[:-1], *between, (0, 0, 0)]


def _palette(colours: Sequence[tuple[int, int, int]]) -> Image.Image:
    palette = Image.new("P", (1, 1))
    palette.putpalette([component for colour in colours for component in colour])
    return palette
