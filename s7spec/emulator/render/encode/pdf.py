"""A PDF of one page that is one picture.

Pillow's own writer always compresses with JPEG, so ``fmt=pdf`` and ``fmt=pdf,,zip`` would lose
pixels they promise to keep.
"""

from __future__ import annotations

import io
import zlib

from PIL import Image

from s7spec.emulator.render.contract import MARKER
from s7spec.emulator.render.encode.metadata import Metadata
from s7spec.emulator.render.formats import Compression

_SPACE = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
_COMPONENTS = {"L": 1, "RGB": 3, "CMYK": 4}
_POINTS_PER_INCH = 72


def write_pdf(
    view: Image.Image, compression: Compression, quality: int, metadata: Metadata
) -> bytes:
    """Write mode L, RGB or CMYK; the page is as large as the picture at its print resolution."""
    points = _POINTS_PER_INCH / (metadata.dpi or _POINTS_PER_INCH)
    width, height = (f"{side * points:.4f}" for side in view.size)
    pixels, how = _pixels(view, compression, quality)
    space = "[/ICCBased 6 0 R]" if metadata.icc_profile else _SPACE[view.mode]
    content = f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R "
        "/Resources << /XObject << /Im0 5 0 R >> >> >>".encode(),
        _stream("", content),
        _stream(
            f"/Type /XObject /Subtype /Image /Width {view.width} /Height {view.height} "
            f"/BitsPerComponent 8 /ColorSpace {space} {how}",
            pixels,
        ),
    ]
    if metadata.icc_profile:
        objects.append(_stream(f"/N {_COMPONENTS[view.mode]}", metadata.icc_profile))
    return _file([*objects, f"<< /Title ({MARKER}) /Producer ({MARKER}) >>".encode()])


def _pixels(view: Image.Image, compression: Compression, quality: int) -> tuple[bytes, str]:
    if compression is Compression.JPEG:
        buffer = io.BytesIO()
        view.save(buffer, "JPEG", quality=quality)
        # Pillow writes CMYK JPEGs inverted, as Adobe does; a PDF reader must be told.
        inverted = " /Decode [1 0 1 0 1 0 1 0]" if view.mode == "CMYK" else ""
        return buffer.getvalue(), f"/Filter /DCTDecode{inverted}"
    if compression is Compression.ZIP:
        return zlib.compress(view.tobytes()), "/Filter /FlateDecode"
    return view.tobytes(), ""


def _stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: list[bytes]) -> bytes:
    """Number the objects from 1 and add the cross-reference table; the last is the Info object."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets: list[int] = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")
    start = out.tell()
    count = len(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, len(objects), start)
    )
    return out.getvalue()
