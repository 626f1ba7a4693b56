"""Small real ICC profiles, made on the spot: none may be shipped, and LittleCMS's Python door makes
only sRGB, XYZ and Lab."""

from __future__ import annotations

import itertools
import struct

from PIL import Image, ImageCms

_D50 = (0x0000F6D6, 0x00010000, 0x0000D32D)
_GRID = 9


def gray_profile(gamma: float = 2.2) -> bytes:
    """A display of one channel."""
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": curve})


def cmyk_profile() -> bytes:
    """A printer whose inks mix as naively as Image Serving converts without profiles."""
    corners = list(itertools.product((0, 255), repeat=4))
    inks = Image.frombytes("CMYK", (len(corners), 1), bytes(itertools.chain(*corners)))
    axis = [round(step * 255 / (_GRID - 1)) for step in range(_GRID)]
    nodes = list(itertools.product(axis, repeat=3))
    # Outside, Pillow's a and b have a sign; in a profile they are counted from -128.
    signed = bytes(itertools.chain(*((light, a ^ 128, b ^ 128) for light, a, b in nodes)))
    lab = Image.frombytes("LAB", (len(nodes), 1), signed)
    to_lab = bytes(
        value ^ (128 if at % 3 else 0)
        for at, value in enumerate(_convert(inks.convert("RGB"), "sRGB", "LAB").tobytes())
    )
    to_inks = _convert(lab, "LAB", "sRGB").convert("CMYK").tobytes()
    return _profile(
        b"prtr",
        b"CMYK",
        b"Lab ",
        {b"A2B0": _table(4, 3, 2, to_lab), b"B2A0": _table(3, 4, _GRID, to_inks)},
    )


def _convert(image: Image.Image, source: str, target: str) -> Image.Image:
    converted = ImageCms.profileToProfile(
        image,
        ImageCms.createProfile("sRGB" if source == "sRGB" else "LAB"),
        ImageCms.createProfile("sRGB" if target == "sRGB" else "LAB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB" if target == "sRGB" else "LAB",
    )
    assert converted is not None
    return converted


def _table(inputs: int, outputs: int, grid: int, nodes: bytes) -> bytes:
    unity = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x10000)
    head = b"mft1" + bytes(4) + bytes((inputs, outputs, grid, 0)) + struct.pack(">9i", *unity)
    return head + bytes(range(256)) * inputs + nodes + bytes(range(256)) * outputs


def _profile(kind: bytes, space: bytes, between: bytes, tables: dict[bytes, bytes]) -> bytes:
    text = b"made for a test"
    described = struct.pack(">I", len(text) + 1) + text + bytes(1 + 4 + 4 + 2 + 1 + 67)
    tags = {
        b"desc": b"desc" + bytes(4) + described,
        b"cprt": b"text" + bytes(4) + text + b"\0",
        b"wtpt": b"XYZ " + bytes(4) + struct.pack(">3i", *_D50),
        **tables,
    }
    at = 128 + 4 + 12 * len(tags)
    index, bodies = struct.pack(">I", len(tags)), b""
    for name, body in tags.items():
        body += bytes(-len(body) % 4)
        index += name + struct.pack(">II", at + len(bodies), len(body))
        bodies += body
    header = struct.pack(
        ">I4sI4s4s4s", at + len(bodies), bytes(4), 0x02400000, kind, space, between
    )
    header += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3I", *_D50)
    return header.ljust(128, b"\0") + index + bodies
