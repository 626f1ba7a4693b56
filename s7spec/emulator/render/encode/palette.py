"""Palettes for GIF and 8-bit PNG: same intent as ``quantize``, other colours."""

from __future__ import annotations

from PIL import Image

from s7spec.emulator.render.request import Quantize

_WEB_STEPS = range(0, 256, 51)
_KEY_THRESHOLD = 128


def to_palette(view: Image.Image, quantize: Quantize, *, key_colour: bool = False) -> Image.Image:
    """The view with a palette of at most ``quantize.colours`` colours.

    Alpha is kept in the palette, or, with ``key_colour``, becomes one transparent entry for what
    is more transparent than opaque.
    """
    if view.mode == "L" and quantize.palette == "adaptive" and quantize.colours == 256:
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
        return view.quantize(palette=_web_palette(), dither=dither)
    chosen = view.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    if not quantize.dither:
        return chosen
    return view.quantize(palette=chosen, dither=dither)


def _with_key(view: Image.Image, quantize: Quantize) -> Image.Image:
    keyed = _quantized(view.convert("RGB"), quantize, max(2, min(255, quantize.colours - 1)))
    key = len(keyed.getpalette() or ()) // 3
    clear = view.getchannel("A").point([255] * _KEY_THRESHOLD + [0] * (256 - _KEY_THRESHOLD))
    keyed.putpalette([*(keyed.getpalette() or ()), 0, 0, 0])
    keyed.paste(key, (0, 0), clear)
    keyed.info["transparency"] = key
    return keyed


def _web_palette() -> Image.Image:
    palette = Image.new("P", (1, 1))
    palette.putpalette(
        [
            level
            for red in _WEB_STEPS
            for green in _WEB_STEPS
            for blue in _WEB_STEPS
            for level in (red, green, blue)
        ]
    )
    return palette
