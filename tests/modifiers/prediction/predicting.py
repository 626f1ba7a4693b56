"""A modifier's text in, a prediction out."""

from __future__ import annotations

from collections.abc import Mapping

from s7spec.modifiers import parse_modifier
from s7spec.modifiers.effective import Effective, merge_modifiers
from s7spec.modifiers.prediction import (
    Color,
    Flag,
    ImageServer,
    PredictedImage,
    Predictor,
    Reason,
)


def merged(text: str, macro: str = "", presets: Mapping[str, str] | None = None) -> Effective:
    return merge_modifiers(
        modifier=parse_modifier(text).modifier,
        macro=parse_modifier(macro).modifier,
        presets={name: parse_modifier(said).modifier for name, said in (presets or {}).items()},
    )


def predicted(
    text: str,
    source: tuple[int, int] = (3000, 2000),
    *,
    alpha: bool | None = None,
    color: Color | None = None,
    server: ImageServer | None = None,
) -> PredictedImage:
    return Predictor(merged(text), server).predict(*source, alpha=alpha, color=color)


def flags(image: PredictedImage) -> set[Flag]:
    return set(image.flags)


def doubts(image: PredictedImage) -> list[tuple[str, Reason]]:
    return [(each.about, each.reason) for each in image.uncertain]
