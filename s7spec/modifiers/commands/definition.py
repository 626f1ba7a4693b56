"""What is documented of a command, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a command changes."""

    OUTPUT = "output"
    GEOMETRY = "geometry"
    PIXELS = "pixels"
    METADATA = "metadata"
    COMPOSITE = "composite"
    TEXT = "text"
    DELIVERY = "delivery"
    QUERY = "query"


class Use(StrEnum):
    """What a command is for in an export. Adobe does not say which commands an export honours:
    these are the facts' own classes (is_commands.json, `export_relevance`)."""

    YES = "yes"
    RARE = "rare"
    RISKY = "risky"
    """Changes which asset is rendered or reaches other resources."""
    NO_SINGLE_LAYER = "no-single-layer"
    NO = "no"


class Kind(StrEnum):
    """What a field of a value is."""

    INTEGER = "integer"
    REAL = "real"
    CHOICE = "choice"
    COLOR = "color"
    WORDS = "words"
    """Names, paths and texts: nothing is known that could be checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A field between the commas of a command's value. Bounds are None where there are none;
    ``above`` and ``below`` are not allowed themselves."""

    name: str
    kind: Kind
    optional: bool = False
    least: float | None = None
    above: float | None = None
    most: float | None = None
    below: float | None = None
    other_than: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A command in its documented spelling."""

    name: str
    arguments: tuple[Argument, ...]
    effect: Effect
    use: Use

    @property
    def takes_one_text(self) -> bool:
        """Whether its value is not to be split at commas: colours, paths and texts hold some."""
        last = self.arguments[-1]
        return len(self.arguments) == 1 and last.kind in (Kind.WORDS, Kind.COLOR)


def integer(
    name: str,
    *,
    optional: bool = False,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    other_than: float | None = None,
) -> Argument:
    """A whole number."""
    return Argument(
        name=name,
        kind=Kind.INTEGER,
        optional=optional,
        least=least,
        above=above,
        most=most,
        other_than=other_than,
    )


def real(
    name: str,
    *,
    optional: bool = False,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    below: float | None = None,
) -> Argument:
    """A number, written without an exponent."""
    return Argument(
        name=name,
        kind=Kind.REAL,
        optional=optional,
        least=least,
        above=above,
        most=most,
        below=below,
    )


def choice(name: str, choices: tuple[str, ...], *, optional: bool = False) -> Argument:
    """One of some words, in their documented spelling."""
    return Argument(name=name, kind=Kind.CHOICE, optional=optional, choices=choices)


def flag(name: str, *, optional: bool = False) -> Argument:
    """0 or 1."""
    return choice(name, ("0", "1"), optional=optional)


def color(name: str, *, optional: bool = False) -> Argument:
    """A colour in any of its forms."""
    return Argument(name=name, kind=Kind.COLOR, optional=optional)


def words(name: str, *, optional: bool = False) -> Argument:
    """Names, paths and texts."""
    return Argument(name=name, kind=Kind.WORDS, optional=optional)
