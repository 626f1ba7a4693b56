"""What goes into an inspection, and what comes out of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from s7spec.model.diagnostics import Diagnostic
from s7spec.modifiers import Modifier
from s7spec.modifiers.prediction import Color, ImageServer, PredictedImage
from s7spec.modifiers.preview import ImageServerAddress, NoPreview


class PieceKind(StrEnum):
    """What stands between two ``&``."""

    COMMAND = "command"
    VARIABLE = "variable"
    MACRO = "macro"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedPiece:
    """``text`` is the piece in canonical spelling, ``value`` what stands behind its ``=``.

    ``origin`` is ``is_modifier``, ``macro``, or the preset it came out of as ``$name$``;
    ``presets`` are all it came through, the outermost first. ``fields`` and ``explanation`` are
    those after variables were filled in. ``prevails`` is None for what is no command;
    ``overridden_by`` names what prevails instead. ``order_is_inferred`` when a command prevails by
    an order that is not documented (facts: Image Serving section 3).
    """

    kind: PieceKind
    text: str
    name: str
    value: str | None
    fields: tuple[str, ...]
    explanation: str
    origin: str
    presets: tuple[str, ...] = ()
    prevails: bool | None = None
    overridden_by: str | None = None
    order_is_inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSource:
    """A picture that is to be converted: its sides in pixels, and of its pixels what is known."""

    width: int
    height: int
    alpha: bool | None = None
    color: Color | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An asset that can be looked at on a company's image server."""

    server: ImageServerAddress
    company: str
    asset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What modifiers are looked at together with.

    ``presets`` are the company's by name in lower case, None when nothing is known of them;
    ``spellings`` are the company's own names of them. ``snapshot`` is the
    file that all of them should be in, if there is one. ``allowed`` is what ``unsafe_modifiers``
    opens.
    """

    macro: str | None = None
    presets: Mapping[str, Modifier] | None = None
    spellings: Mapping[str, str] = field(default_factory=dict)
    snapshot: str | None = None
    allowed: Collection[str] = ()
    source: PictureSource | None = None
    server: ImageServer = field(default_factory=ImageServer)
    published: Published | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """``canonical`` is None when the text cannot be read as it is meant; nothing is predicted then.

    ``text`` is what was given, for people to read. ``line`` is where it stands in a file of many.
    ``unknown_presets`` may say anything. ``predicted`` and ``preview`` are None when nobody asked.
    What looks like a credential is masked in all of it.
    """

    text: str
    macro: str | None
    line: int | None
    canonical: str | None
    pieces: tuple[InspectedPiece, ...]
    diagnostics: tuple[Diagnostic, ...]
    unknown_presets: tuple[str, ...]
    source: PictureSource | None
    predicted: PredictedImage | None
    preview: str | NoPreview | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A picture that was rendered here, not by Adobe, and written to ``path``.

    ``format`` is as ``fmt`` names it, ``extension`` has no dot. ``warnings`` tell what was not done
    or done by assumption, and that the name says another format; ``marker`` what the
    file itself says it is.
    """

    path: str
    width: int
    height: int
    format: str
    extension: str
    size_bytes: int
    warnings: tuple[str, ...]
    marker: str
