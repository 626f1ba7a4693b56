"""The values of req=props and req=imageprops."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageCms

from s7spec.emulator.image_serving.finding import Shot
from s7spec.emulator.render import Rendered, RenderError
from s7spec.emulator.render.colour import PixelType
from s7spec.emulator.render.photoshop_paths import paths_in
from s7spec.emulator.render.reading import parse_request

MIME_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tiff": "image/tiff",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".jp2": "image/jp2",
    ".pdf": "application/pdf",
    ".eps": "image/eps",
}
"""By the extension of what the renderer writes (facts: Image Serving section 4)."""

_PIX_TYP = {PixelType.RGB: "RGB", PixelType.GRAY: "BW", PixelType.CMYK: "CMYK"}
_DEFAULT_DPI = 72.0


def reply_properties(shot: Shot, picture: Rendered, *, held: bool) -> dict[str, str]:
    """What req=props tells of the reply image; ``held`` says whether it was rendered before."""
    request = parse_request(shot.modifier, no_fit_upscale=shot.settings.no_fit_upscale)
    output = request.output
    background = output.bgc.in_type(PixelType.RGB) if output.bgc else shot.settings.background
    return {
        "image.bgc": bytes(background).hex(),
        "image.height": str(picture.height),
        "image.iccEmbed": _flag(output.icc_embed),
        "image.iccProfile": output.icc.name if output.icc else "",
        "image.length": str(len(picture.data)) if held else "0",
        "image.mask": _flag(output.format.rule.alpha),
        "image.pathEmbed": "0",
        "image.pixTyp": _PIX_TYP[PixelType(picture.pixel_type)],
        "image.printRes": _real(picture.print_res or _DEFAULT_DPI),
        "image.quality": str(output.quality or shot.settings.jpeg_quality),
        "image.type": MIME_TYPES[picture.extension],
        "image.version": shot.version,
        "image.width": str(picture.width),
        "image.xmpEmbed": _flag(output.xmp_embed),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _SourceFacts:
    width: int
    height: int
    mode: str
    alpha: bool
    profile: bytes
    xmp: bool
    paths: tuple[str, ...]


def source_properties(shot: Shot) -> dict[str, str]:
    """What req=imageprops tells of the picture itself. Raises RenderError."""
    facts = _look(shot)
    resolution = _real(shot.asset.resolution or _DEFAULT_DPI)
    return {
        # The default anchor is the centre (guess: the page names only "the default anchor").
        "image.anchor": f"{facts.width // 2},{facts.height // 2}",
        "image.embeddedIccProfile": _flag(facts.profile != b""),
        "image.embeddedPhotoshopPaths": _flag(bool(facts.paths)),
        "image.embeddedXmpData": _flag(facts.xmp),
        "image.height": str(facts.height),
        "image.iccProfile": _profile_name(facts.profile),
        # An alpha channel that is not multiplied into the colours.
        "image.mask": "2" if facts.alpha else "0",
        "image.modifier": shot.asset.url_modifier,
        "image.photoshopPathNames": ",".join(facts.paths),
        "image.pixTyp": _pix_typ(facts.mode),
        "image.postModifier": shot.asset.url_post_apply_modifier,
        "image.printRes": resolution,
        "image.resolution": resolution,
        "image.timeStamp": _timestamp(shot.modified),
        "image.width": str(facts.width),
    }


def _look(shot: Shot) -> _SourceFacts:
    """The head of the file; no pixel is decoded."""
    try:
        with Image.open(shot.source) as picture:
            return _SourceFacts(
                width=picture.width,
                height=picture.height,
                mode=picture.mode,
                alpha=picture.has_transparency_data,
                profile=picture.info.get("icc_profile") or b"",
                xmp=bool(picture.info.get("xmp")),
                paths=tuple(path.name for path in paths_in(picture)),
            )
    except Exception as error:  # decoders of damaged files raise anything
        name = type(error).__name__
        raise RenderError(f"{shot.asset.name}: the picture cannot be read ({name})") from error


def _profile_name(profile: bytes) -> str:
    """What the profile says about itself, empty when it does not or cannot be read."""
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.getProfileDescription(opened).strip()
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return ""


def _pix_typ(mode: str) -> str:
    if mode == "CMYK":
        return "CMYK"
    return "BW" if mode in ("1", "L", "LA", "I", "F") or mode.startswith("I;") else "RGB"


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _real(value: float) -> str:
    # PNG counts pixels per metre: 300 dpi come back as 299.9994.
    return f"{round(value, 2):g}"


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
