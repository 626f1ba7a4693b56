"""The pieces of a modifier, those of its presets below them, and which of them prevail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from s7spec.model.source import MASK
from s7spec.modifiers import Command, Macro, Modifier, Piece, Variable, print_modifier
from s7spec.modifiers.effective import OPENERS, Said, Source
from s7spec.modifiers.explaining import explain_piece
from s7spec.modifiers.lint import Reading, shown
from s7spec.pipeline.inspecting.effects import outweighed, reservation
from s7spec.pipeline.inspecting.nouns import InspectedPiece, PieceKind
from s7spec.pipeline.inspecting.secrets import without_secrets

_LONGEST_NAMED = 60


class _Place(NamedTuple):
    """A piece of ``is_modifier`` or ``macro``, counted from 0."""

    source: Source
    piece: int


class _Spoken(NamedTuple):
    """A command, what prevails over it if anything does, and what its words have to add."""

    said: Said
    stronger: Said | None
    order_is_inferred: bool
    reservation: str


def pieces_of(reading: Reading) -> Iterator[InspectedPiece]:
    """In the order of the text, then of ``macro``; a preset's commands follow its macro."""
    spoken: dict[_Place, list[_Spoken]] = {}
    for each in _spoken(reading):
        spoken.setdefault(_Place(each.said.source, each.said.piece), []).append(each)
    for parsed, source in (
        (reading.parsed, Source.MODIFIER),
        (reading.parsed_macro, Source.MACRO),
    ):
        for index, piece in enumerate(parsed.modifier.pieces):
            here = sorted(spoken.get(_Place(source, index), ()), key=_order)
            if isinstance(piece, Command):
                yield from (_of_command(piece, each) for each in here)
                continue
            yield _of_other(piece, source, reading)
            yield from (_of_command(each.said.command, each) for each in here)


def words_in_force(reading: Reading) -> Mapping[str, Sequence[str]]:
    """What each command that prevails does, by its text as it stands in ``EffectiveCommand``. Of
    those with the same text, of several layers, in the order in which they are said."""
    beside = outweighed(reading)
    found: dict[str, list[str]] = {}
    for field in reading.effective.fields:
        said = field.said
        remark = reservation(reading, said)
        if said.order in beside:
            remark = f"without effect beside {_named(beside[said.order])}"
        words = explain_piece(said.command)
        words = without_secrets(f"{words} ({remark})" if remark else words)
        found.setdefault(shown(said), []).append(words)
    return found


def _spoken(reading: Reading) -> Iterator[_Spoken]:
    beside = outweighed(reading)
    for field in reading.effective.fields:
        stronger = beside.get(field.said.order)
        inferred = field.order_is_inferred and stronger is None
        yield _Spoken(field.said, stronger, inferred, reservation(reading, field.said))
        # Each opener opens: a layer is opened again to say more of it.
        stronger = None if field.name in OPENERS else field.said
        for said in field.overridden:
            yield _Spoken(said, stronger, order_is_inferred=False, reservation="")


def _order(each: _Spoken) -> int:
    return each.said.order


def _of_command(written: Command, spoken: _Spoken) -> InspectedPiece:
    said = spoken.said
    text, words = shown_piece(written), explain_piece(said.command)
    if spoken.reservation:
        words = f"{words} ({spoken.reservation})"
    return InspectedPiece(
        kind=PieceKind.COMMAND,
        text=text,
        name=written.name,
        value=_value(text),
        fields=_fields(said.command, text),
        explanation=without_secrets(words),
        origin=f"${said.presets[-1]}$" if said.presets else said.source.value,
        presets=said.presets,
        prevails=spoken.stronger is None,
        overridden_by=None if spoken.stronger is None else _named(spoken.stronger),
        order_is_inferred=spoken.order_is_inferred,
    )


def _of_other(piece: Piece, source: Source, reading: Reading) -> InspectedPiece:
    """A macro, a variable or a comment."""
    text = shown_piece(piece)
    if isinstance(piece, Macro):
        kind, name, explanation = PieceKind.MACRO, piece.name, _of_macro(piece.name, reading)
    elif isinstance(piece, Variable):
        kind, name, explanation = PieceKind.VARIABLE, piece.name, explain_piece(piece)
    else:
        kind, name, explanation = PieceKind.COMMENT, "", explain_piece(piece)
    return InspectedPiece(
        kind=kind,
        text=text,
        name=name,
        value=_value(text) if isinstance(piece, Variable) else None,
        fields=_fields(piece, text) if isinstance(piece, Variable) else (),
        explanation=explanation,
        origin=source.value,
    )


def _of_macro(name: str, reading: Reading) -> str:
    if name in reading.effective.refused_presets:
        return f"the image preset {name}: it stands in itself, or presets are nested too deep"
    if name in reading.effective.built_in_presets:
        return f"the image preset {name}, built into Image Serving"
    if name not in reading.effective.unknown_presets:
        return explain_piece(Macro(name))
    return f"the image preset {name}: what it says is not known here"


def shown_piece(piece: Piece) -> str:
    """In canonical spelling, secrets masked."""
    return without_secrets(print_modifier(Modifier((piece,))))


def _value(text: str) -> str | None:
    _, equals, value = text.partition("=")
    return value.lstrip(" ") if equals else None


def _fields(piece: Command | Variable, text: str) -> tuple[str, ...]:
    return (MASK,) if MASK in text else tuple(map(without_secrets, piece.fields))


def _named(said: Said) -> str:
    """``wid=480 of $view$``."""
    text = shown_piece(said.command)
    if len(text) > _LONGEST_NAMED:
        text = f"{text[:_LONGEST_NAMED]}..."
    return f"{text} of ${said.presets[-1]}$" if said.presets else text
