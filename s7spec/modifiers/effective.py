"""What a picture is rendered with when presets and the asset's own modifiers are merged in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import count
from typing import NamedTuple, TypeAlias

from s7spec.model.preset import BUILT_IN_PRESETS
from s7spec.modifiers.commands import command_named, is_of_a_layer
from s7spec.modifiers.syntax import Command, Macro, Modifier, Piece, Variable

MAX_EXPANSIONS = 1_000
MAX_DEPTH = 50
"""Presets that use presets are expanded so often and so deep at most in one merge."""

MAX_FILLED = 1_000_000
"""So many characters are filled in for variables at most in one merge: a long one that is used
often would take memory with the square of the length. Later references stay as they are."""

NOTHING = Modifier(())

REFERENCE = re.compile(r"\$([A-Za-z0-9_.-]+)\$")
"""A use of a variable in a value."""

OPENERS = frozenset({"layer", "effect"})
"""Commands that open what the ones after them act on."""
Segment: TypeAlias = tuple[str, str]
FIRST_LAYER: Segment = ("layer", "0")
"""What commands act on before any layer is opened: a single picture is layer 0."""


class Source(StrEnum):
    """Who says a command, in the words of IPS."""

    ASSET_MODIFIER = "urlModifier"
    MODIFIER = "is_modifier"
    MACRO = "macro"
    ASSET_POST_MODIFIER = "urlPostApplyModifier"


class Said(NamedTuple):
    """A command, who says it, and the presets it came out of, the outermost first.

    ``piece`` counts the pieces of the source's own text from 0: of what came out of a preset it is
    the macro that stands there. ``order`` counts all commands of a merge as they are said.
    """

    command: Command
    source: Source
    piece: int
    presets: tuple[str, ...] = ()
    order: int = 0


class EffectiveField(NamedTuple):
    """The command that prevails, and those it overrides, the last one first.

    ``name`` is the command's in its documented spelling, of unknown ones in lower case.
    ``segment`` is the layer or effect it acts on, such as ``("layer", "0")``, or None for the
    picture as a whole.
    ``order_is_inferred`` when ``is_modifier`` and ``macro`` both say it: Adobe documents their
    order for ``fmt`` only (facts: Image Serving section 3).
    """

    name: str
    said: Said
    segment: Segment | None
    overridden: tuple[Said, ...]
    order_is_inferred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """``fields`` stand in the order in which the commands that prevail were said.

    ``unknown_presets`` are names that the snapshot does not hold, ``refused_presets`` those that
    stand in themselves or beyond ``MAX_EXPANSIONS`` and ``MAX_DEPTH``, in their own spelling: what
    these would say is missing here. ``built_in_presets`` are those of Image Serving's own catalog:
    nobody lists what they say, and they are taken to leave sizes and formats alone.
    """

    fields: tuple[EffectiveField, ...]
    unknown_presets: tuple[str, ...]
    refused_presets: tuple[str, ...]
    built_in_presets: tuple[str, ...] = ()

    @property
    def uses_presets(self) -> bool:
        """Whether anything here comes out of a preset."""
        return any(
            said.presets for field in self.fields for said in (field.said, *field.overridden)
        )


def merge_modifiers(
    *,
    modifier: Modifier,
    macro: Modifier,
    presets: Mapping[str, Modifier],
    asset_modifier: Modifier = NOTHING,
    asset_post_modifier: Modifier = NOTHING,
) -> Effective:
    """``urlModifier``, ``is_modifier``, ``macro``, ``urlPostApplyModifier``, from the weakest to
    the strongest; within each the later command prevails (facts: Image Serving section 3).

    ``presets`` are the image presets by name in lower case; they are expanded where they stand.
    A preset inside a preset is expanded as well, but never inside itself. References to variables
    are filled in when they are defined before, with a text (section 2): nested requests stay where
    they are defined. Commands of layers compete within their layer, unknown ones as well; of
    ``urlPostApplyModifier`` only layer 0 counts.
    """
    expansion = _Expansion(presets)
    groups: dict[tuple[str, Segment | None], list[Said]] = {}
    for source, each in (
        (Source.ASSET_MODIFIER, asset_modifier),
        (Source.MODIFIER, modifier),
        (Source.MACRO, macro),
        (Source.ASSET_POST_MODIFIER, asset_post_modifier),
    ):
        segment = FIRST_LAYER
        for said in expansion.of(each, source) if each.pieces else ():
            name, is_of_layer = _classified(said.command.name)
            if name in OPENERS:
                segment = _segment(name, said.command)
            if source is Source.ASSET_POST_MODIFIER and segment != FIRST_LAYER:
                continue
            key = (name, segment if is_of_layer else None)
            # Said again, it takes its new place in the order.
            of_one_name = groups.pop(key, None)
            if of_one_name is None:
                groups[key] = [said]
            else:
                of_one_name.append(said)
                groups[key] = of_one_name
    return Effective(
        fields=tuple(_field(name, segment, said) for (name, segment), said in groups.items()),
        unknown_presets=tuple(expansion.unknown),
        refused_presets=tuple(expansion.refused),
        built_in_presets=tuple(expansion.built_in),
    )


class _Expansion:
    """Expands presets where they stand and fills in variables, in the order of one request."""

    def __init__(self, presets: Mapping[str, Modifier]) -> None:
        self._presets = presets
        self._variables: dict[str, str] = {}
        self._left = MAX_EXPANSIONS
        self._room = MAX_FILLED
        self._order = count()
        self.unknown: dict[str, None] = {}
        self.refused: dict[str, None] = {}
        self.built_in: dict[str, None] = {}

    def of(self, modifier: Modifier, source: Source) -> Iterator[Said]:
        for place, piece in enumerate(modifier.pieces):
            if isinstance(piece, Command):
                yield self._said(piece, source, place, ())
            else:
                yield from self._other(piece, source, place, ())

    def _other(
        self, piece: Piece, source: Source, place: int, inside: tuple[str, ...]
    ) -> Iterator[Said]:
        if isinstance(piece, Variable):
            self._define(piece)
        elif isinstance(piece, Command):
            yield self._said(piece, source, place, inside)
        elif isinstance(piece, Macro):
            preset = self._preset(piece.name, inside)
            for each in () if preset is None else preset.pieces:
                yield from self._other(each, source, place, (*inside, piece.name))

    def _said(self, command: Command, source: Source, place: int, inside: tuple[str, ...]) -> Said:
        return Said(self._filled(command), source, place, inside, next(self._order))

    def _define(self, variable: Variable) -> None:
        name = variable.name.lower()
        if isinstance(variable.value, str):
            self._variables[name] = variable.value
        else:
            self._variables.pop(name, None)  # an earlier text of that name no longer holds

    def _preset(self, written: str, inside: tuple[str, ...]) -> Modifier | None:
        name = written.lower()
        preset = self._presets.get(name)
        if preset is None:
            known = self.built_in if name in BUILT_IN_PRESETS else self.unknown
            known[written] = None
            return None
        if self._left == 0 or len(inside) == MAX_DEPTH or name in map(str.lower, inside):
            self.refused[written] = None
            return None
        self._left -= 1
        return preset

    def _filled(self, command: Command) -> Command:
        """Undefined references stay as they are, and what is filled in is not looked at again."""
        value = command.value
        if value.__class__ is not str or "$" not in value or command.name.lower() in OPENERS:
            return command
        return Command(command.name, REFERENCE.sub(self._value, value))

    def _value(self, reference: re.Match[str]) -> str:
        value = self._variables.get(reference[1].lower(), reference[0])
        if len(value) > self._room:
            return reference[0]
        self._room -= len(value)
        return value


def _field(name: str, segment: Segment | None, said: list[Said]) -> EffectiveField:
    prevails = said[-1]
    if len(said) == 1:
        return EffectiveField(name, prevails, segment, (), order_is_inferred=False)
    overridden = said[-2::-1]
    return EffectiveField(
        name=name,
        said=prevails,
        segment=segment,
        overridden=tuple(overridden),
        order_is_inferred=prevails.source is Source.MACRO
        and name != "fmt"
        and any(each.source is Source.MODIFIER for each in overridden),
    )


def _segment(name: str, opener: Command) -> Segment:
    """The layer or effect it opens; names and numbers of one layer are not told apart here."""
    return name, opener.fields[0].lower() if opener.fields else ""


@lru_cache(maxsize=1024)
def _classified(written: str) -> tuple[str, bool]:
    """A command's documented name, in lower case of one that nobody knows, and whether those of one
    layer compete with one another only."""
    definition = command_named(written)
    if definition is None:
        return written.lower(), True
    return definition.name, is_of_a_layer(definition)
