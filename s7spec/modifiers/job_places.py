"""Where in a manifest a stretch of a job's modifier was written."""

from __future__ import annotations

from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import ModifierMapping
from s7spec.model.source import Place, SourceDocument, SourceRange
from s7spec.modifiers import parse_modifier
from s7spec.modifiers.effective import Source
from s7spec.modifiers.lint import Spot
from s7spec.modifiers.placing import is_templated, place_in_leaf


def finding_place(job: ExpandedJob, spot: Spot) -> tuple[SourceRange, SourceDocument]:
    """As exactly as it can be told: the characters of a text, the value or the key of a command
    in a mapping, what a template stands for as that template."""
    if spot.source is Source.MACRO:
        place = job.place_of("macro")
        return place_in_leaf(place, job.macro or "", spot.start, spot.end), place.document
    stated, text = job.settings.stated_modifier, job.is_modifier or ""
    if not isinstance(stated, ModifierMapping):
        place = job.place_of("is_modifier")
        return place_in_leaf(place, text, spot.start, spot.end), place.document
    if spot.piece is None or not stated.values:
        place = job.place_of("is_modifier")
        return place.locate(key=True), place.document
    place, piece = _command(stated, text, spot.piece)
    name_ends = text.find("=", *piece) + 1
    if spot.start < name_ends:
        return place.locate(key=True), place.document
    value = text[name_ends : piece[1]]
    stretch = (spot.start - name_ends, spot.end - name_ends)
    return place_in_leaf(place, value, *stretch, is_value=True), place.document


def is_same_for_all(job: ExpandedJob, spot: Spot, *, whole: bool) -> bool:
    """Whether what is found is the same for all jobs of the export: no template stands there, or,
    with ``whole``, anywhere in the modifier."""
    if spot.source is Source.MACRO:
        return not is_templated(job.place_of("macro"))
    stated, text = job.settings.stated_modifier, job.is_modifier or ""
    if not isinstance(stated, ModifierMapping):
        return not is_templated(job.place_of("is_modifier"))
    if whole or spot.piece is None:
        return not any(is_templated(stated.place_of(name)) for name in stated.values)
    return not is_templated(_command(stated, text, spot.piece)[0])


def _command(stated: ModifierMapping, text: str, piece: int) -> tuple[Place, tuple[int, int]]:
    """Where a command of a mapping was written, and where it stands in the text that was made of
    them: each of them is one piece of it, in the order of the mapping."""
    span = parse_modifier(text).spans[piece]
    names = list(stated.values)
    return stated.place_of(names[min(piece, len(names) - 1)]), (span.start, span.end)
