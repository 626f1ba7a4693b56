"""All lints of one modifier."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from operator import attrgetter

from s7spec.model.rules import Rule
from s7spec.modifiers.commands import command_named
from s7spec.modifiers.effective import NOTHING, Source
from s7spec.modifiers.lint.finding import ModifierFinding, Spot
from s7spec.modifiers.lint.order import (
    find_doubled_sharpening,
    find_overrides,
    find_two_sources,
)
from s7spec.modifiers.lint.output import find_format_conflicts
from s7spec.modifiers.lint.presets import find_doubtful_presets
from s7spec.modifiers.lint.reading import Reading, read
from s7spec.modifiers.lint.shape import Shape, shape_of
from s7spec.modifiers.lint.single import is_beyond_remark, remarks_on
from s7spec.modifiers.lint.size import find_size_conflicts, find_twins
from s7spec.modifiers.lint.unsafe import find_unsafe
from s7spec.modifiers.lint.variables import find_dollars
from s7spec.modifiers.syntax import Command, Modifier, Request, Span

NEEDS_PRESETS = frozenset(
    {
        Rule.FIT_WITHOUT_SIZE,
        Rule.WRONG_PROFILE,
        Rule.UNDEFINED_VARIABLE,
        Rule.NO_SIZE,
        Rule.QUALITY_IGNORED,
        Rule.JPEG_SIZE_IGNORED,
        Rule.SCANS_IGNORED,
        Rule.QUANTIZE_IGNORED,
        Rule.SCL_BESIDE_SIZE,
        Rule.SCALED_TWICE,
        Rule.ALIGN_IGNORED,
        Rule.BACKGROUND_IGNORED,
        Rule.EMBED_IGNORED,
        Rule.SHARPENED_TWICE,
        Rule.BACKGROUND_CONFUSED,
        Rule.PRESET_OVERRIDES,
        Rule.LARGE_OUTPUT,
        Rule.CMYK_JPEG,
        Rule.DOUBTFUL_PRESET,
    }
)
"""What cannot be seen where a preset is used of which nothing is known."""


def lint_modifier(
    text: str | None,
    macro: str | None = None,
    *,
    presets: Mapping[str, Modifier] | None = None,
    allowed: Collection[str] = (),
    asset_post_modifier: Modifier = NOTHING,
) -> tuple[ModifierFinding, ...]:
    """What is wrong with, or doubtful about, an export's ``is_modifier`` and ``macro``
    (facts: Image Serving section 7), in the order of the text. Never raises.

    ``presets`` are the company's by name in lower case, None when they are not known: a preset
    that is not there may say anything, so less can be said. ``allowed`` are the names that
    ``unsafe_modifiers`` opens. Presets themselves are the company's matter: what they say is
    looked at only together with the rest.
    """
    shape: Shape | None = None
    if not (macro or asset_post_modifier.pieces):
        shape = shape_of(text or "")
        if shape is not None and shape in _without_findings:
            return ()
    found = lint_reading(
        read(text, macro, presets, asset_post_modifier=asset_post_modifier), allowed=allowed
    )
    if shape is not None and not found:
        if len(_without_findings) >= _SHAPES:
            _without_findings.clear()
        _without_findings.add(shape)
    return found


_SHAPES = 4096
_without_findings: set[Shape] = set()


def lint_reading(reading: Reading, *, allowed: Collection[str] = ()) -> tuple[ModifierFinding, ...]:
    """The same of a modifier that has been read already."""
    if reading.parsed.problems:
        return tuple(_syntax(reading))
    opened = {name.lower() for name in allowed} if allowed else frozenset[str]()
    found = [*_find_all(reading, opened)]
    if len(found) > 1:
        found.sort(key=lambda each: (each.spot.source.value, each.spot.start, each.rule.id))
    return tuple(found)


def _find_all(reading: Reading, opened: Collection[str]) -> Iterator[ModifierFinding]:
    yield from find_unsafe(reading, opened)
    yield from _commands(reading, opened)
    if "$" in reading.text or "%24" in reading.text:
        yield from find_dollars(reading)
    yield from find_twins(reading)
    if reading.effective.uses_presets:
        yield from find_doubtful_presets(reading)
    yield from find_overrides(reading)
    yield from find_doubled_sharpening(reading)
    yield from find_two_sources(reading)
    if reading.is_complete:
        yield from find_size_conflicts(reading)
        yield from find_format_conflicts(reading)


def _syntax(reading: Reading) -> Iterator[ModifierFinding]:
    for problem in reading.parsed.problems:
        spot = Spot(
            source=Source.MODIFIER,
            start=problem.start,
            end=problem.end,
            piece=_piece_at(reading.parsed.spans, problem.start),
        )
        yield ModifierFinding(
            rule=Rule.MODIFIER_SYNTAX, spot=spot, summary=problem.summary, hint=problem.hint
        )


def _piece_at(spans: tuple[Span, ...], place: int) -> int | None:
    index = bisect_right(spans, place, key=_start) - 1
    return index if index >= 0 and place < spans[index].end else None


_start = attrgetter("start")


def _commands(reading: Reading, opened: Collection[str]) -> Iterator[ModifierFinding]:
    for said in reading.own():
        if is_beyond_remark(said.command):
            continue
        for remark in remarks_on(said.command):
            if not _is_opened(said.command, remark.rule, opened):
                yield ModifierFinding(
                    rule=remark.rule,
                    spot=reading.argument_spot(said, remark.place),
                    summary=remark.summary,
                    hint=remark.hint,
                )
        if isinstance(said.command.value, Request):
            yield from _nested(reading, said.piece, said.command.value, opened)


def _nested(
    reading: Reading, piece: int, request: Request, opened: Collection[str]
) -> Iterator[ModifierFinding]:
    """The commands inside a request, at any depth."""
    pending = [(request, reading.parsed.spans[piece].inside)]
    while pending:
        request, spans = pending.pop()
        pieces = () if request.modifier is None else request.modifier.pieces
        for inner, span in zip(pieces, spans, strict=True):
            if not isinstance(inner, Command):
                continue
            if isinstance(inner.value, Request):
                pending.append((inner.value, span.inside))
            for remark in remarks_on(inner):
                if not _is_opened(inner, remark.rule, opened):
                    spot = Spot(source=Source.MODIFIER, start=span.start, end=span.end, piece=piece)
                    yield ModifierFinding(
                        rule=remark.rule, spot=spot, summary=remark.summary, hint=remark.hint
                    )


def _is_opened(command: Command, rule: Rule, opened: Collection[str]) -> bool:
    """Names that are not documented, and `req`, can be allowed as well."""
    if command.name.lower() not in opened:
        return False
    is_unknown = rule is Rule.MODIFIER_WORD and command_named(command.name) is None
    return is_unknown or (rule is Rule.NO_PICTURE and command.name.lower() == "req")
