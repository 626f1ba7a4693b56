"""A modifier as the lints look at it: its pieces, where they stand, and what prevails."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from s7spec.modifiers.effective import (
    FIRST_LAYER,
    NOTHING,
    Effective,
    EffectiveField,
    Said,
    Source,
    merge_modifiers,
)
from s7spec.modifiers.filling import Filling
from s7spec.modifiers.formats import DEFAULT_FORMAT, Format, format_named
from s7spec.modifiers.lint.finding import Spot
from s7spec.modifiers.lint.remark import shown_command
from s7spec.modifiers.parsing import parse_modifier
from s7spec.modifiers.syntax import Modifier, Parsed

NO_PRESETS: Mapping[str, Modifier] = {}
_EMPTY = parse_modifier("")
_COMMA = re.compile(r",|%2[Cc]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """``fields`` are the commands that prevail for the picture as a whole and for its first layer,
    by documented name.

    ``is_complete`` says that nothing is unknown of them: every preset was found and the text can
    be read. Only then can a lint say that something is missing.
    """

    text: str
    macro: str
    presets: Mapping[str, Modifier]
    parsed: Parsed
    parsed_macro: Parsed
    effective: Effective
    fields: Mapping[str, EffectiveField]
    is_complete: bool

    def value(self, name: str) -> str | None:
        """The command's first field, or None when the command is not there."""
        return self.argument(name, 0)

    def argument(self, name: str, place: int) -> str | None:
        """A field of the command, empty when it is not filled in, None without the command."""
        field = self.fields.get(name)
        if field is None:
            return None
        values = field.said.command.fields
        return values[place] if place < len(values) else ""

    @property
    def format(self) -> Format | None:
        """The format of the output, None for names that are not known."""
        name = self.value("fmt")
        return format_named(DEFAULT_FORMAT if name is None else name)

    def filling(self) -> Filling:
        """What fills the variables of nested requests."""
        said = (self.parsed.modifier, self.parsed_macro.modifier)
        return Filling(said, self.presets)

    def spot_of(self, said: Said) -> Spot:
        """The piece that says it, or the macro that it comes out of; the whole where an asset's own
        modifier says it, which stands nowhere in this text."""
        if said.source not in (Source.MODIFIER, Source.MACRO):
            return self.whole()
        parsed = self.parsed_macro if said.source is Source.MACRO else self.parsed
        span = parsed.spans[said.piece]
        return Spot(source=said.source, start=span.start, end=span.end, piece=said.piece)

    def spot(self, name: str) -> Spot:
        """Where the command that prevails stands. KeyError when it is not there."""
        return self.spot_of(self.fields[name].said)

    def named(self, name: str) -> str:
        """The command that prevails, in the words of a finding: `qlt=85` of $view$."""
        said = self.fields[name].said
        whose = f" of ${said.presets[-1]}$" if said.presets else ""
        return f"`{shown(said)}`{whose}"

    def whole(self) -> Spot:
        """All of ``is_modifier``, or of ``macro`` where there is no other."""
        if self.text:
            return Spot(source=Source.MODIFIER, start=0, end=len(self.text))
        return Spot(source=Source.MACRO, start=0, end=len(self.macro))

    def own(self) -> Iterator[Said]:
        """What ``is_modifier`` says itself, presets aside, and whether it prevails or not."""
        for field in self.effective.fields:
            said = field.said
            if said.source is Source.MODIFIER and not said.presets:
                yield said
            for said in field.overridden:
                if said.source is Source.MODIFIER and not said.presets:
                    yield said

    def argument_spot(self, said: Said, place: int | None) -> Spot:
        """The field of a command of ``is_modifier``; the whole piece when it has none of that
        number, or when ``place`` is None."""
        piece = self.spot_of(said)
        name, equals, value = self.text[piece.start : piece.end].partition("=")
        if place is None or not equals:
            return piece
        start = piece.start + len(name) + 1
        ends = [*_COMMA.finditer(value)]
        if place > len(ends) or (place == 0 and not value):
            return piece
        begin = ends[place - 1].end() if place else 0
        end = ends[place].start() if place < len(ends) else len(value)
        if begin == end:  # an empty field shows as the comma beside it
            comma = ends[min(place, len(ends) - 1)]
            begin, end = comma.span()
        return Spot(source=piece.source, start=start + begin, end=start + end, piece=piece.piece)


def read(
    text: str | None,
    macro: str | None,
    presets: Mapping[str, Modifier] | None,
    *,
    asset_modifier: Modifier = NOTHING,
    asset_post_modifier: Modifier = NOTHING,
) -> Reading:
    """``presets`` is None when nothing is known of them."""
    parsed = parse_modifier(text) if text else _EMPTY
    parsed_macro = parse_modifier(macro) if macro else _EMPTY
    effective = merge_modifiers(
        modifier=parsed.modifier,
        macro=parsed_macro.modifier,
        presets=presets or NO_PRESETS,
        asset_modifier=asset_modifier,
        asset_post_modifier=asset_post_modifier,
    )
    return Reading(
        text=text or "",
        macro=macro or "",
        presets=presets or NO_PRESETS,
        parsed=parsed,
        parsed_macro=parsed_macro,
        effective=effective,
        fields={
            field.name: field
            for field in effective.fields
            if field.segment is None or field.segment == FIRST_LAYER
        },
        is_complete=not (effective.unknown_presets or effective.refused_presets or parsed.problems),
    )


def shown(said: Said) -> str:
    """The command in one short text."""
    return shown_command(said.command)
