"""A modifier tried on a picture, with the renderer of the embedded IPS."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from s7spec.cli.outputs.files import refuse_links, write_data
from s7spec.cli.stop import stop
from s7spec.emulator.render import (
    BROKEN,
    MARKER,
    READABLE,
    ImageServerSettings,
    RenderError,
    effective_modifier,
    render,
)
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.modifiers import Modifier, print_modifier
from s7spec.modifiers.formats import ALL_FORMATS
from s7spec.modifiers.prediction import Color, ImageServer
from s7spec.pipeline.inspecting import PictureSource, Tried

if TYPE_CHECKING:
    from s7spec.emulator.render import Rendered

_CANNOT_BE_READ = (*BROKEN, Image.DecompressionBombError, Image.DecompressionBombWarning)
_FORMATS_BY_EXTENSION = {f".{each.extension}": each.name for each in ALL_FORMATS}
"""Also of those that nobody writes here."""
_GRAY_MODES = frozenset({"1", "L", "LA", "La", "I", "F"})
_MOST_DECODED = 50_000_000
"""Pixels. Of larger pictures it stays unknown whether their alpha hides anything."""


def source_of(image: Path) -> PictureSource | None:
    """What is to be known of a picture file, or None when it cannot be read: whoever renders it
    says why. An alpha channel without a transparent pixel is none. Raises Stop for what is no
    regular file."""
    _refuse_endless(image)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with image.open("rb") as stream, Image.open(stream, formats=READABLE) as opened:
                return PictureSource(
                    width=opened.width,
                    height=opened.height,
                    alpha=_has_alpha(opened),
                    color=_color(opened),
                )
        except _CANNOT_BE_READ:
            return None


def render_here(
    image: Path,
    text: str,
    macro: str | None,
    presets: Mapping[str, Modifier],
    server: ImageServer,
) -> Rendered | Diagnostic:
    """The picture as the embedded IPS would deliver it, or why it cannot be rendered. Raises Stop
    for what is no regular file."""
    _refuse_endless(image)
    texts = {name: print_modifier(modifier) for name, modifier in presets.items()}
    settings = ImageServerSettings(
        default_pix=(server.default_pix.width, server.default_pix.height),
        max_pix=(server.max_pix.width, server.max_pix.height),
        jpeg_quality=server.jpeg_quality,
        no_fit_upscale=server.upscale_without_fit,
    )
    try:
        return render(image, effective_modifier(text, macro, texts), settings)
    except RenderError as error:
        hint = None
        if "not emulated" in str(error):
            hint = "IPS may do it: docs/embedded-ips.md tells what is rendered here"
        return Diagnostic(rule=Rule.CANNOT_RENDER, summary=str(error), hint=hint)


def _refuse_endless(image: Path) -> None:
    """A pipe may never begin, a device never end; nor can either be read twice."""
    if image.exists() and not image.is_file():
        raise stop(
            Rule.USAGE,
            f"--try takes files: {image} is a pipe, a device or a folder",
            hint="save the picture in a file first",
        )


def refuse_out(out: Path | None, image: Path, *, force: bool) -> None:
    """Stops before anything is rendered when ``out`` cannot be written."""
    if out is None:
        return
    if out.exists() and out.samefile(image):
        raise stop(Rule.USAGE, f"{out} is the picture itself: it stays as it is")
    if not force and (out.exists() or out.is_symlink()):
        raise stop(
            Rule.ALREADY_THERE,
            f"{out} is there already: nothing was written",
            hint="name another file with --out, or replace it with --force",
        )


def keep(rendered: Rendered, image: Path, out: Path | None, *, force: bool) -> Tried:
    """Writes the picture to ``out``, or here under the name of ``image`` with ``-try``. Raises
    Stop."""
    extension = rendered.extension.removeprefix(".")
    path = out or Path(f"{image.stem}-try.{extension}")
    if out is None:
        refuse_out(path, image, force=True)
        if force:
            refuse_links([path])  # nobody has named what it would lead to
    write_data(path, rendered.data, replace=force)
    return Tried(
        path=str(path),
        width=rendered.width,
        height=rendered.height,
        format=rendered.fmt,
        extension=extension,
        size_bytes=len(rendered.data),
        warnings=(*_misnamed(path, extension), *rendered.warnings),
        marker=MARKER,
    )


def _misnamed(path: Path, extension: str) -> tuple[str, ...]:
    """What is to be said of a name that ends as another format's files do."""
    known = Image.registered_extensions()
    says = path.suffix.lower()
    meant = known.get(says) or _FORMATS_BY_EXTENSION.get(says)
    if meant is None or meant == known.get(f".{extension}"):
        return ()
    return (f"the name says {path.suffix}, the file is {extension}",)


def _has_alpha(opened: Image.Image) -> bool | None:
    if not opened.has_transparency_data:
        return False
    if opened.width * opened.height > _MOST_DECODED:
        return None
    return opened.convert("RGBA").getchannel("A").getextrema() != (255, 255)


def _color(opened: Image.Image) -> Color:
    if opened.mode == "CMYK":
        return Color.CMYK
    gray = opened.mode in _GRAY_MODES or opened.mode.startswith("I;16")
    return Color.GRAY if gray else Color.RGB
