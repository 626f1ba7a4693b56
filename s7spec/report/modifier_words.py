"""What is foretold of a converted picture, in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from s7spec.modifiers.prediction import ByteEstimate, Flag, PredictedImage
from s7spec.pipeline.inspecting import PictureSource
from s7spec.report.figures import byte_size, megapixels

_WORDS: Mapping[Flag, str] = MappingProxyType(
    {
        Flag.UPSCALED: "enlarged",
        Flag.EMPTY: "nothing of the picture left",
        Flag.PADDED: "margins added",
        Flag.CROPPED: "cut",
        Flag.ASPECT_CHANGED: "shape changed",
        Flag.ALPHA_FLATTENED: "transparency filled",
        Flag.COLOR_CONVERTED: "colours converted",
        Flag.DEFAULT_PIX: "reduced to the company's DefaultPix, taken to be 1280x1280",
        Flag.OVER_MAX_PIX: "over the company's MaxPix, taken to be 5000x5000",
        Flag.NO_PREVIEW: "too large to preview",
        Flag.OVER_EXPORT_LIMIT: "over the documented limit of exports",
    }
)


def source_text(source: PictureSource) -> str:
    """``3000x2000 pixels, 6.0 MP, with transparency, rgb``."""
    parts = [
        f"{source.width}x{source.height} pixels",
        megapixels(source.width * source.height),
    ]
    if source.alpha is not None:
        parts.append("with transparency" if source.alpha else "without transparency")
    if source.color is not None:
        parts.append(source.color.value)
    return ", ".join(parts)


def outcome_text(predicted: PredictedImage) -> str:
    """``800x533 pixels, 0.4 MP, jpeg (.jpg), about 58 kB (12 kB to 177 kB)``."""
    size, format_, estimate = predicted.size, predicted.format, predicted.estimated_bytes
    parts = ["a size that cannot be told"]
    if size is not None:
        parts = [f"{size.width}x{size.height} pixels", megapixels(size.width * size.height)]
    parts.append(
        "a format that cannot be told"
        if format_ is None
        else f"{format_.name} (.{format_.extension})"
    )
    parts.append("bytes not estimated" if estimate is None else _bytes_text(estimate))
    return ", ".join(parts)


def flag_words(predicted: PredictedImage) -> Iterator[tuple[Flag, str]]:
    """Each flag, and what it means for the picture."""
    for flag in predicted.flags:
        if flag is Flag.CROPPED and predicted.cropped_percent is not None:
            yield flag, f"{_percent(predicted.cropped_percent)} cut off"
        else:
            yield flag, _WORDS[flag]


def doubt_lines(predicted: PredictedImage) -> Iterator[str]:
    """``fit: whether pictures are enlarged when there is no fit is unknown``."""
    for doubt in predicted.uncertain:
        yield f"{doubt.about}: {doubt.reason.value}"


def _bytes_text(estimate: ByteEstimate) -> str:
    low, likely, high = map(byte_size, estimate)
    return f"{likely}" if low == high else f"about {likely} ({low} to {high})"


def _percent(value: float) -> str:
    if value < 1:
        return "less than 1 %"
    return f"{min(value, 99):.0f} %"
