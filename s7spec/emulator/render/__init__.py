"""Image Serving's conversions, done locally: a modifier and a picture in, a marked file out.

The geometry is exact up to rounding, the pixels are similar, the bytes differ (facts: Image
Serving section 8). Every file carries the marker "emulated, not Adobe output". What is asked for
and not done is a warning in the result; what cannot be delivered is a :class:`RenderError`.
"""

from __future__ import annotations

from s7spec.emulator.render.colour_profiles import profile_name
from s7spec.emulator.render.contract import (
    MARKER,
    IccProfileFile,
    ImageServerSettings,
    Rendered,
    RenderError,
)
from s7spec.emulator.render.damage import BROKEN
from s7spec.emulator.render.pipeline import render
from s7spec.emulator.render.presets import effective_modifier
from s7spec.emulator.render.source import READABLE

__all__ = [
    "BROKEN",
    "MARKER",
    "READABLE",
    "IccProfileFile",
    "ImageServerSettings",
    "RenderError",
    "Rendered",
    "effective_modifier",
    "profile_name",
    "render",
]
