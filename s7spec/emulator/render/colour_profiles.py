"""``icc``: the colours of the reply in a profile, by LittleCMS (facts: Image Serving section 5).

Profiles come from the catalog, as assets; none are shipped but sRGB, which LittleCMS makes itself.
The server's own engine rounds otherwise, so colours are close and bytes differ.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image, ImageCms

from s7spec.emulator.render.colour import PixelType
from s7spec.emulator.render.commands import commands_in_force
from s7spec.emulator.render.contract import IccProfileFile, RenderError
from s7spec.emulator.render.request import IccRequest

BUILT_IN = ("sRGB", "sRGB IEC61966-2.1")
"""Names of the one profile that needs no asset."""

_UNUSABLE = (ImageCms.PyCMSError, OSError, ValueError)
_MAX_BYTES = 32 * 1024 * 1024
_SPACES = {"RGB": PixelType.RGB, "GRAY": PixelType.GRAY, "CMYK": PixelType.CMYK}
_INTENTS = {
    "perceptual": ImageCms.Intent.PERCEPTUAL,
    "relative": ImageCms.Intent.RELATIVE_COLORIMETRIC,
    "saturation": ImageCms.Intent.SATURATION,
    "absolute": ImageCms.Intent.ABSOLUTE_COLORIMETRIC,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputProfile:
    """A profile that was read, and its colour space."""

    data: bytes
    pixel_type: PixelType


def profile_name(modifier: str) -> str | None:
    """The asset that ``icc`` names in an expanded modifier, None without it.

    Raises:
        RenderError: the string is not a modifier.
    """
    fields = commands_in_force(modifier, []).get("icc")
    return fields.value.split(",")[0] if fields else None


def find_profile(asked: IccRequest, files: Iterable[IccProfileFile]) -> OutputProfile | None:
    """The profile of that name; None when there is none.

    Raises:
        RenderError: the file is no profile of RGB, gray or CMYK colours.
    """
    file = next((one for one in files if one.name == asked.name), None)
    if file is None:
        return _built_in() if asked.name in BUILT_IN else None
    try:
        with file.path.open("rb") as stream:
            data = stream.read(_MAX_BYTES)
        space = ImageCms.ImageCmsProfile(io.BytesIO(data)).profile.xcolor_space.strip()
    except (OSError, ValueError, TypeError, ImageCms.PyCMSError) as error:
        raise RenderError(f"icc={asked.name}: the file is no usable colour profile") from error
    if space not in _SPACES:
        raise RenderError(f"icc={asked.name}: {space} is no space of RGB, gray or CMYK colours")
    return OutputProfile(data=data, pixel_type=_SPACES[space])


def _built_in() -> OutputProfile:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return OutputProfile(data=made.tobytes(), pixel_type=PixelType.RGB)


def to_profile(
    colours: Image.Image,
    embedded: bytes | None,
    asked: IccRequest,
    target: OutputProfile,
    notes: list[str],
) -> Image.Image:
    """Convert mode L or RGB, whose profile is ``embedded`` or else taken for sRGB.

    A profile that is damaged, or of other colours, counts as none, which ``notes`` tells. Without
    an intent it is relative, without a word about black points they are matched: choices of ours
    for a company's settings that are not known here.

    Raises:
        RenderError: the profile that is asked for cannot be converted to.
    """
    wanted = b"GRAY" if colours.mode == "L" else b"RGB "
    if embedded is not None:
        if embedded[16:20] == wanted:
            with suppress(*_UNUSABLE):  # if the target is to blame, it fails below as well
                return _converted(colours, embedded, asked, target)
        notes.append(
            f"icc={asked.name}: the source's colour profile is unusable; its colours were taken "
            "for sRGB"
        )
    try:
        return _converted(colours.convert("RGB"), _built_in().data, asked, target)
    except _UNUSABLE as error:
        raise RenderError(f"icc={asked.name}: the colours cannot be converted: {error}") from error


def _converted(
    colours: Image.Image, source: bytes, asked: IccRequest, target: OutputProfile
) -> Image.Image:
    flags = ImageCms.Flags.NONE
    if asked.black_point is not False:
        flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
    converted = ImageCms.profileToProfile(
        colours,
        ImageCms.ImageCmsProfile(io.BytesIO(source)),
        ImageCms.ImageCmsProfile(io.BytesIO(target.data)),
        renderingIntent=_INTENTS[asked.intent or "relative"],
        outputMode=target.pixel_type.mode,
        flags=flags,
    )
    assert converted is not None
    return converted
