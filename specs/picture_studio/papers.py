"""The files that are not photographs: a 16-bit height map and a PDF size chart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from picture_studio.textures import leather

_CHART = (
    ("Size", "Chest", "Length", "Sleeve"),
    ("XS", "88 - 92", "62", "60"),
    ("S", "92 - 96", "64", "61"),
    ("M", "96 - 102", "66", "62"),
    ("L", "102 - 108", "68", "63"),
    ("XL", "108 - 114", "70", "64"),
)


def write_height_map(path: Path) -> None:
    """Leather grain as a 16-bit gray PNG, 600 x 600; 12 significant bits, like a scanner's."""
    heights = leather(40, 600, 17)
    levels = (np.clip(heights, 0.0, 1.0) * 4095 + 0.5).astype(np.uint16) << 4
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(levels).save(path, optimize=True, dpi=(300, 300))


def _page() -> bytes:
    """Drawing operators of the size chart on A4 (595 x 842 points)."""
    out = ["0.13 0.16 0.22 rg 0 742 595 100 re f", "1 1 1 rg"]

    def text(x: float, y: float, size: float, words: str, font: str = "F1") -> None:
        out.append(f"BT /{font} {size} Tf {x} {y} Td ({words}) Tj ET")

    text(56, 792, 26, "ACME", "F2")
    text(56, 768, 12, "Size chart - knitwear, season SS27")
    out.append("0.10 0.10 0.12 rg")
    text(56, 700, 12, "PS_1005 Cable-knit pullover. Body measures in centimetres.")
    for row, cells in enumerate(_CHART):
        y = 650 - 34 * row
        if row % 2 == 1:
            out.append(f"0.94 0.95 0.97 rg 56 {y - 11} 483 34 re f 0.10 0.10 0.12 rg")
        for column, words in enumerate(cells):
            text(70 + 120 * column, y, 12, words, "F2" if row == 0 or column == 0 else "F1")
    out.append(f"0.13 0.16 0.22 RG 1 w 56 {650 - 11} m 539 {650 - 11} l S")
    text(
        56,
        420,
        10,
        "Chest: around the fullest part. Length: shoulder to hem. Sleeve: shoulder to cuff.",
    )
    return "\n".join(out).encode("ascii")


def write_size_chart(path: Path) -> None:
    """A one-page PDF 1.4 with real text."""
    page = _page()
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
        b"<< /Title (Acme size chart SS27) /Producer (picture_studio) >>",
    )
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    starts = []
    for number, body in enumerate(bodies, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\n" % (len(bodies) + 1)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(out)
