"""An EPS that is one picture, without loss.

Pillow's own writer has no print resolution and no profile, and writes pixels uncompressed.
"""

from __future__ import annotations

import io
import math
import zlib

from PIL import Image

from s7spec.emulator.render.contract import MARKER
from s7spec.emulator.render.encode.metadata import Metadata

_SPACE = {"L": ("/DeviceGray", 1), "RGB": ("/DeviceRGB", 3), "CMYK": ("/DeviceCMYK", 4)}
_POINTS_PER_INCH = 72
_LINE = 40  # bytes in a line of hex digits
_LEVEL = 3


def write_eps(view: Image.Image, metadata: Metadata) -> bytes:
    """Write mode L, RGB or CMYK in PostScript 3, as large as the picture is at its print
    resolution. The profile stands in a comment that layout programs read."""
    points = _POINTS_PER_INCH / (metadata.dpi or _POINTS_PER_INCH)
    width, height = (side * points for side in view.size)
    space, components = _SPACE[view.mode]
    out = io.BytesIO()
    out.write(
        "%!PS-Adobe-3.0 EPSF-3.0\n"
        f"%%Title: {MARKER}\n%%Creator: {MARKER}\n"
        f"%%BoundingBox: 0 0 {math.ceil(width)} {math.ceil(height)}\n"
        f"%%HiResBoundingBox: 0 0 {width:.4f} {height:.4f}\n"
        "%%LanguageLevel: 3\n%%DocumentData: Clean7Bit\n%%Pages: 1\n"
        "%%EndComments\n%%BeginProlog\n%%EndProlog\n"
        f'%ImageData: {view.width} {view.height} 8 {components} 0 1 2 "beginimage"\n'.encode()
    )
    if metadata.icc_profile:
        out.write(b"%%BeginICCProfile: (embedded) -1 Hex\n")
        _write_hex(out, metadata.icc_profile, prefix="%")
        out.write(b"%%EndICCProfile\n")
    decode = " ".join(["0 1"] * components)
    out.write(
        f"%%Page: 1 1\ngsave\n{width:.4f} {height:.4f} scale\n{space} setcolorspace\n"
        "/beginimage {image} bind def\n"
        f"<< /ImageType 1 /Width {view.width} /Height {view.height} /BitsPerComponent 8\n"
        f"/Decode [{decode}] /ImageMatrix [{view.width} 0 0 {-view.height} 0 {view.height}]\n"
        "/DataSource currentfile /ASCIIHexDecode filter /FlateDecode filter >>\n"
        "beginimage\n".encode()
    )
    _write_hex(out, zlib.compress(view.tobytes(), _LEVEL))
    out.write(b">\ngrestore\nshowpage\n%%EOF\n")
    return out.getvalue()


def _write_hex(out: io.BytesIO, data: bytes, prefix: str = "") -> None:
    digits = data.hex("\n", -_LINE)
    out.write(f"{prefix}{digits.replace(chr(10), chr(10) + prefix)}\n".encode())
