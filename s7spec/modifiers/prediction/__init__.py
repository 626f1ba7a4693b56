"""What becomes of an asset's picture, before anything is rendered: size, format, flags, bytes.

    effective = merge_modifiers(modifier=..., macro=..., presets=...)
    predictor = Predictor(effective, ImageServer())
    predictor.predict(3000, 2000, alpha=False, color=Color.RGB)  # a PredictedImage

The pipeline is that of the facts: crop, layer scale, flip, rotate, extend, rgn, view, rect (facts:
Image Serving section 8). Sizes are exact in this reading of the documentation; what nobody can
tell is None, with its reasons. Bytes are an estimate with a band: see ``file_size``.
"""

from s7spec.modifiers.prediction.image import (
    EXPORT_PIXELS,
    PREVIEW_PIXELS,
    ByteEstimate,
    Doubt,
    Flag,
    PredictedImage,
    Reason,
)
from s7spec.modifiers.prediction.predictor import Predictor
from s7spec.modifiers.prediction.server import Color, ImageServer

__all__ = [
    "EXPORT_PIXELS",
    "PREVIEW_PIXELS",
    "ByteEstimate",
    "Color",
    "Doubt",
    "Flag",
    "ImageServer",
    "PredictedImage",
    "Predictor",
    "Reason",
]
