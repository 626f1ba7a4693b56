"""The options of `s7spec modifier` as typed values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from s7spec.model.preset import preset_key
from s7spec.modifiers import Modifier, normalise_macro, parse_modifier
from s7spec.modifiers.prediction import Color
from s7spec.modifiers.preview import ImageServerAddress
from s7spec.pipeline.inspecting import PictureSource, Published

_SIZE = re.compile(r"([0-9]{1,9})[xX]([0-9]{1,9})").fullmatch
_ALPHA = {"alpha": True, "opaque": False}
_COLORS = {each.value: each for each in Color}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for beside the modifier itself. ``image`` is the picture to try it on."""

    file: Path | None
    macro: str | None
    presets: Mapping[str, Modifier]
    allowed: tuple[str, ...]
    source: PictureSource | None
    image: Path | None
    out: Path | None
    force: bool
    commands: bool


def read_source(ctx: click.Context, option: click.Parameter, value: str | None) -> object:
    """``3000x2000[,alpha|opaque][,rgb|gray|cmyk]``."""
    if value is None:
        return None
    size, *words = value.split(",")
    found = _SIZE(size.strip())
    if found is None or not (int(found[1]) and int(found[2])):
        raise click.BadParameter(f"`{size[:40]}` is not a size in pixels, such as 3000x2000")
    alpha: bool | None = None
    color: Color | None = None
    for word in (each.strip().lower() for each in words):
        if word in _ALPHA and alpha is None:
            alpha = _ALPHA[word]
        elif word in _COLORS and color is None:
            color = _COLORS[word]
        else:
            known = "alpha or opaque, and one of rgb, gray, cmyk"
            raise click.BadParameter(f"`{word[:40]}` does not fit: behind the size stand {known}")
    return PictureSource(width=int(found[1]), height=int(found[2]), alpha=alpha, color=color)


def read_macro(ctx: click.Context, option: click.Parameter, value: str | None) -> object:
    """``$name$`` or ``name``."""
    return None if value is None else _macro(value)


def read_presets(ctx: click.Context, option: click.Parameter, value: tuple[str, ...]) -> object:
    """``name=modifier`` as often as need be, the last one of a name counts."""
    presets: dict[str, Modifier] = {}
    for each in value:
        name, equals, said = each.partition("=")
        if not equals:
            raise click.BadParameter(f"`{each[:40]}` is not NAME=MODIFIER")
        parsed = parse_modifier(said)
        for problem in parsed.problems:
            raise click.BadParameter(f"the preset {name[:40]}: {problem.summary}; {problem.hint}")
        presets[preset_key(_macro(name))] = parsed.modifier
    return presets


def read_published(server: str | None, asset: str | None) -> Published | tuple[str, str] | None:
    """``--asset`` at ``--image-server``; company and name where the project has to say which."""
    if server is None and asset is None:
        return None
    if asset is None:
        raise click.UsageError("--image-server is for --asset Company/Name")
    company, slash, name = asset.partition("/")
    if not (slash and company and name):
        raise click.UsageError(f"--asset: `{asset[:80]}` is not Company/Name")
    if server is None:
        return company, name
    try:
        return Published(server=read_address(server), company=company, asset=name)
    except ValueError as error:
        raise click.UsageError(f"--image-server: {error}") from error


def read_address(url: str) -> ImageServerAddress:
    """Raises ValueError for what is no address of an image server."""
    return ImageServerAddress(url=url)


def _macro(value: str) -> str:
    try:
        return normalise_macro(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
