"""A modifier for programs (schemas/modifier.schema.json)."""

from __future__ import annotations

import json

from s7spec.model.diagnostics import has_errors
from s7spec.modifiers.prediction import PredictedImage
from s7spec.modifiers.preview import NoPreview
from s7spec.pipeline.inspecting import Inspected, InspectedPiece, PictureSource, Tried
from s7spec.report.json_diagnostics import finding_fields
from s7spec.report.json_document import FORMAT_VERSION, document


def modifier_json(inspected: Inspected, *, tried: Tried | None = None) -> str:
    """One document, indented."""
    return document(_fields(inspected, tried))


def modifier_json_line(inspected: Inspected) -> str:
    """The same on one line, for many of them."""
    fields = {"format_version": FORMAT_VERSION, **_fields(inspected, None)}
    return json.dumps(fields, separators=(",", ":")) + "\n"


def _fields(inspected: Inspected, tried: Tried | None) -> dict[str, object]:
    source, predicted = inspected.source, inspected.predicted
    return {
        "line": inspected.line,
        "valid": not has_errors(inspected.diagnostics),
        "canonical": inspected.canonical,
        "macro": inspected.macro,
        "commands": [_piece(piece) for piece in inspected.pieces],
        "unknown_presets": list(inspected.unknown_presets),
        "diagnostics": [finding_fields(finding) for finding in inspected.diagnostics],
        "source": None if source is None else _source(source),
        "predicted": None if predicted is None else _predicted(predicted),
        "preview": _preview(inspected.preview),
        "rendered": None if tried is None else _tried(tried),
    }


def _piece(piece: InspectedPiece) -> dict[str, object]:
    return {
        "kind": piece.kind.value,
        "text": piece.text,
        "name": piece.name,
        "value": piece.value,
        "fields": list(piece.fields),
        "explanation": piece.explanation,
        "origin": piece.origin,
        "presets": list(piece.presets),
        "prevails": piece.prevails,
        "overridden_by": piece.overridden_by,
        "order_is_inferred": piece.order_is_inferred,
    }


def _source(source: PictureSource) -> dict[str, object]:
    return {
        "width": source.width,
        "height": source.height,
        "alpha": source.alpha,
        "color": None if source.color is None else source.color.value,
    }


def _predicted(predicted: PredictedImage) -> dict[str, object]:
    estimate = predicted.estimated_bytes
    return {
        "width": predicted.width,
        "height": predicted.height,
        "megapixels": predicted.megapixels,
        "format": None if predicted.format is None else predicted.format.name,
        "extension": predicted.extension,
        "flags": [flag.name.lower() for flag in predicted.flags],
        "cropped_percent": predicted.cropped_percent,
        "estimated_bytes": None if estimate is None else estimate._asdict(),
        "uncertain": [
            {
                "about": doubt.about,
                "reason": doubt.reason.name.lower(),
                "words": doubt.reason.value,
            }
            for doubt in predicted.uncertain
        ],
    }


def _preview(preview: str | NoPreview | None) -> dict[str, object] | None:
    if preview is None:
        return None
    if isinstance(preview, NoPreview):
        return {"url": None, "why_not": preview.value}
    return {"url": preview, "why_not": None}


def _tried(tried: Tried) -> dict[str, object]:
    return {
        "path": tried.path,
        "width": tried.width,
        "height": tried.height,
        "format": tried.format,
        "extension": tried.extension,
        "bytes": tried.size_bytes,
        "warnings": list(tried.warnings),
        "marker": tried.marker,
    }
