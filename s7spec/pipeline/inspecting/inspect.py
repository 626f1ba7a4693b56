"""From the text of a modifier to all that can be told of it. Asks nobody, renders nothing."""

from __future__ import annotations

import re

from s7spec.modifiers import Modifier
from s7spec.modifiers.geometry import Size
from s7spec.modifiers.lint import Reading, lint_picture, lint_reading, read
from s7spec.modifiers.prediction import PredictedImage, Predictor
from s7spec.modifiers.preview import NoPreview, preview_url
from s7spec.pipeline.inspecting.findings import Places
from s7spec.pipeline.inspecting.nouns import Inspected, PictureSource, Surroundings
from s7spec.pipeline.inspecting.pieces import pieces_of, shown_piece
from s7spec.pipeline.inspecting.secrets import without_secrets

LONGEST = 32_768
"""Characters of one modifier: a bound of ours, the embedded IPS has the same."""

_ADDRESS = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://").match


def inspect_modifier(
    text: str, around: Surroundings, *, path: str = "is_modifier", line: int | None = None
) -> Inspected:
    """``path`` and ``line`` are where ``text`` stands, for findings. Never raises."""
    places = Places(text[:LONGEST], around.macro or "", path=path, line=line)
    refused = _refusal(text, around)
    if refused is not None:
        return _refused(text, around, places, refused)
    reading = read(text, around.macro, around.presets)
    found = lint_reading(reading, allowed=around.allowed)
    readable = not (reading.parsed.problems or reading.parsed_macro.problems)
    unknown = reading.effective.unknown_presets
    predicted = None
    if readable and around.source is not None:
        predicted = _predicted(reading, around, around.source)
        size = Size(around.source.width, around.source.height)
        found += lint_picture(reading, predicted, size, said=found)
    told = [places.told(each) for each in found]
    if readable and around.snapshot is not None:
        told += places.unknown_presets(reading, unknown, around)
    return Inspected(
        text=without_secrets(text),
        macro=around.macro,
        line=line,
        canonical=_canonical(reading.parsed.modifier) if readable else None,
        pieces=tuple(pieces_of(reading)),
        diagnostics=places.in_order(told),
        unknown_presets=unknown,
        source=around.source,
        predicted=predicted,
        preview=_preview(reading, predicted, around, readable=readable),
    )


def _refusal(text: str, around: Surroundings) -> tuple[str, str] | None:
    """Why the text is no modifier at all, and what to do: nothing else is said of it then."""
    if len(text) > LONGEST:
        return f"more than {LONGEST:,} characters: no modifier is that long", "is it one?"
    if _ADDRESS(text):
        _, asks, query = text.strip().partition("?")
        hint = (
            f"give the part behind `?`: {without_secrets(query)}" if asks else "it asks for nothing"
        )
        return "this is an address, not a modifier", hint
    if not text.strip("&") and not around.macro:
        return "the modifier is empty", "write commands: wid=800&fmt=png"
    return None


def _refused(
    text: str, around: Surroundings, places: Places, refusal: tuple[str, str]
) -> Inspected:
    return Inspected(
        text=without_secrets(text[:LONGEST]),
        macro=around.macro,
        line=places.line,
        canonical=None,
        pieces=(),
        diagnostics=(places.refused(*refusal),),
        unknown_presets=(),
        source=around.source,
        predicted=None,
        preview=None if around.published is None else NoPreview.UNREADABLE,
    )


def _canonical(modifier: Modifier) -> str:
    return "&".join(map(shown_piece, modifier.pieces))


def _predicted(
    reading: Reading, around: Surroundings, source: PictureSource | None
) -> PredictedImage:
    predictor = Predictor(reading.effective, around.server)
    if source is None:
        return predictor.predict_any()
    return predictor.predict(source.width, source.height, alpha=source.alpha, color=source.color)


def _preview(
    reading: Reading, predicted: PredictedImage | None, around: Surroundings, *, readable: bool
) -> str | NoPreview | None:
    published = around.published
    if published is None:
        return None
    if not readable:
        return NoPreview.UNREADABLE
    if predicted is None:  # without a picture the modifier may still be too large for any
        predicted = _predicted(reading, around, None)
    address = preview_url(
        server=published.server,
        company=published.company,
        asset=published.asset,
        modifier=reading.parsed.modifier,
        macro=reading.parsed_macro.modifier,
        predicted=predicted,
    )
    return address if isinstance(address, NoPreview) else without_secrets(address)
