"""Colours as Image Serving writes them (facts: Image Serving section 8 and its colour type)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image

from s7spec.emulator.render.values import Fields


class PixelType(StrEnum):
    """The colour space of a picture or a colour, in Image Serving's spelling."""

    RGB = "rgb"
    GRAY = "gray"
    CMYK = "cmyk"

    @property
    def mode(self) -> str:
        """Pillow's name for 8 bits per component of this type, without alpha."""
        return {"rgb": "RGB", "gray": "L", "cmyk": "CMYK"}[self.value]


_SUFFIX = {"r": PixelType.RGB, "g": PixelType.GRAY, "k": PixelType.CMYK}
_COMPONENTS = {PixelType.RGB: 3, PixelType.GRAY: 1, PixelType.CMYK: 4}
_HEX = re.compile(r"(0x)?([0-9a-f]+)([rgk]?)s?")
_DECIMAL_SUFFIX = re.compile(r"([rgk]?)s?$")
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?")
_FORMS = (
    "must be a colour: RRGGBB or RRGGBBAA in hex (0x allowed), r,g,b[,a] from 0 to 255, a single "
    "gray percentage, 0xGG, or c,m,y,k[,a]k in percent"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """A colour in its own space; components and alpha from 0 to 255."""

    pixel_type: PixelType
    components: tuple[int, ...]
    alpha: int = 255

    def in_type(self, pixel_type: PixelType) -> tuple[int, ...]:
        """The components in another space, converted naively as documented for ``bgc``."""
        if pixel_type is self.pixel_type:
            return self.components
        pixel = Image.new(self.pixel_type.mode, (1, 1), self.components)
        if PixelType.CMYK in (pixel_type, self.pixel_type):
            pixel = pixel.convert("RGB")
        value = pixel.convert(pixel_type.mode).getpixel((0, 0))
        return value if isinstance(value, tuple) else (int(value or 0),)


def parse_colour(fields: Fields) -> Colour:
    """Read a colour value.

    A bare run of 6 or 8 digits is hex, a bare single number is gray percent. The source-space
    suffix ``s`` is accepted and makes no difference here.

    Raises:
        RenderError: not one of the documented forms.
    """
    text = fields.value.lower()
    colour = _decimal(text) if "," in text else _hex(text) or _decimal(text)
    if colour is None:
        raise fields.error(_FORMS)
    return colour


def _hex(text: str) -> Colour | None:
    match = _HEX.fullmatch(text)
    if match is None:
        return None
    prefixed, digits, suffix = match.groups()
    short = len(digits) in (2, 4)
    if len(digits) % 2 or (short and not prefixed):  # 0xGG needs its prefix: a bare 50 is percent
        return None
    pixel_type = _SUFFIX.get(suffix, PixelType.GRAY if short else PixelType.RGB)
    # Inks in hex are taken as whole bytes, as RGB is; only the decimal form is in percent.
    return _with_alpha(pixel_type, tuple(bytes.fromhex(digits)))


def _decimal(text: str) -> Colour | None:
    match = _DECIMAL_SUFFIX.search(text)
    suffix = match.group(1) if match else ""
    fields = text[: match.start()].split(",") if match else []
    if not all(_NUMBER.fullmatch(field) for field in fields):
        return None
    pixel_type = _SUFFIX.get(suffix) or (PixelType.GRAY if len(fields) < 3 else PixelType.RGB)
    top = 255 if pixel_type is PixelType.RGB else 100
    numbers = tuple(float(field) for field in fields)
    if any(number > top for number in numbers):
        return None
    return _with_alpha(pixel_type, tuple(int(number * 255 / top + 0.5) for number in numbers))


def _with_alpha(pixel_type: PixelType, values: tuple[int, ...]) -> Colour | None:
    count = _COMPONENTS[pixel_type]
    if len(values) == count:
        return Colour(pixel_type=pixel_type, components=values)
    if len(values) == count + 1:
        return Colour(pixel_type=pixel_type, components=values[:count], alpha=values[count])
    return None
