"""``clipPathE`` and ``cropPathE`` on files that carry Photoshop paths."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image

from s7spec.emulator.render import ImageServerSettings, Rendered, RenderError, render
from s7spec.emulator.render.photoshop_paths import paths_in

Reopen = Callable[[Rendered], Image.Image]
Show = Callable[[str], Image.Image]
SETTINGS = ImageServerSettings()

Corners = Sequence[tuple[float, float]]
SQUARE: Corners = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
HOLE: Corners = [(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)]
LEFT: Corners = [(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)]
BEYOND: Corners = [(-0.5, 0.0), (0.5, 0.0), (0.5, 1.0), (-0.5, 1.0)]


def fixed(share: float) -> int:
    return round(share * (1 << 24))


def record(selector: int, *points: tuple[float, float]) -> bytes:
    numbers = [fixed(number) for x, y in points for number in (y, x)]
    return struct.pack(f">H{len(numbers)}i", selector, *numbers).ljust(26, b"\0")


def outline(corners: Corners, *, closed: bool = True) -> bytes:
    head = struct.pack(">HH", 0 if closed else 3, len(corners)).ljust(26, b"\0")
    return head + b"".join(record(2 if closed else 5, at, at, at) for at in corners)


def circle() -> bytes:
    """Four curves about the centre, radius 0.4."""
    reach = 0.4 * 0.5523
    knots = [
        ((0.5 - reach, 0.1), (0.5, 0.1), (0.5 + reach, 0.1)),
        ((0.9, 0.5 - reach), (0.9, 0.5), (0.9, 0.5 + reach)),
        ((0.5 + reach, 0.9), (0.5, 0.9), (0.5 - reach, 0.9)),
        ((0.1, 0.5 + reach), (0.1, 0.5), (0.1, 0.5 - reach)),
    ]
    head = struct.pack(">HH", 0, 4).ljust(26, b"\0")
    return head + b"".join(record(1, *knot) for knot in knots)


def resource(number: int, name: str, data: bytes) -> bytes:
    pascal = bytes([len(name)]) + name.encode("latin-1")
    pascal += bytes(len(pascal) % 2)
    head = b"8BIM" + struct.pack(">H", number) + pascal + struct.pack(">I", len(data))
    return head + data + bytes(len(data) % 2)


RULE = struct.pack(">H", 6).ljust(26, b"\0")
RESOURCES = b"".join(
    [
        resource(1005, "", bytes(16)),
        resource(2000, "Square", RULE + outline(SQUARE)),
        resource(2001, "Ring", RULE + outline(SQUARE) + outline(HOLE)),
        resource(2002, "Left half", outline(LEFT)),
        resource(2003, "Round", circle()),
        resource(2004, "Open", outline(SQUARE, closed=False)),
        resource(2005, "Beyond", outline(BEYOND)),
        resource(2006, "Cut short", outline(SQUARE)[:60]),
        resource(2999, "", b"\6Square"),
    ]
)
NAMES = ("Square", "Ring", "Left half", "Round", "Beyond")


def jpeg(resources: bytes = RESOURCES) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 200), "red").save(buffer, "JPEG", quality=95)
    data = b"Photoshop 3.0\0" + resources
    segment = b"\xff\xed" + struct.pack(">H", len(data) + 2) + data
    whole = buffer.getvalue()
    return whole[:2] + segment + whole[2:]


def tiff(resources: bytes = RESOURCES) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 200), "red").save(buffer, "TIFF", tiffinfo={34377: resources})
    return buffer.getvalue()


def psd() -> bytes:
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 200, 400, 8, 3)
    parts = [head, bytes(4), struct.pack(">I", len(RESOURCES)), RESOURCES, bytes(4), bytes(2)]
    return b"".join([*parts, b"\xff" * 80_000, bytes(160_000)])


MAKERS = {"a.jpg": jpeg, "a.tif": tiff, "a.psd": psd}


@pytest.fixture(params=list(MAKERS))
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name: str = request.param
    path = tmp_path / name
    path.write_bytes(MAKERS[name]())
    return path


@pytest.fixture
def shown(source: Path, reopen: Reopen) -> Show:
    return lambda modifier: reopen(render(source, f"fmt=png-alpha&{modifier}", SETTINGS))


def alpha(image: Image.Image, x: int, y: int) -> int:
    return image.getchannel("A").tobytes()[y * image.width + x]


def test_names(source: Path) -> None:
    with Image.open(source) as opened:
        assert tuple(path.name for path in paths_in(opened)) == NAMES


@pytest.mark.parametrize(
    ("modifier", "clear", "solid"),
    [
        ("clipPathE=Square", [(50, 100), (200, 40), (350, 100)], [(102, 52), (200, 100)]),
        ("clipPathE=Ring", [(200, 100), (50, 50)], [(120, 60), (280, 140)]),
        ("clipPathE=Left%20half,Square", [(250, 100), (50, 100)], [(150, 100)]),
        ("clipPathE=Round", [(60, 30), (340, 170)], [(45, 100), (200, 25), (90, 50)]),
        ("clipPathE=Square&flip=lr&rotate=90", [], []),
    ],
)
def test_clip(
    shown: Show, modifier: str, clear: list[tuple[int, int]], solid: list[tuple[int, int]]
) -> None:
    image = shown(f"scl=1&{modifier}")
    assert [alpha(image, *at) for at in clear] == [0] * len(clear)
    assert [alpha(image, *at) for at in solid] == [255] * len(solid)
    assert sum(image.getchannel("A").histogram()[129:]) > 0


@pytest.mark.parametrize(
    ("modifier", "box"),
    [
        ("scl=1", (100, 50, 300, 150)),
        ("wid=200", (50, 25, 150, 75)),
        ("scl=1&rotate=90", (50, 100, 150, 300)),
        ("scl=1&crop=100,0,300,200", (0, 50, 200, 150)),
        ("scl=1&crop=100,0,300,200&flip=lr", (100, 50, 300, 150)),
        ("scl=1&extend=10,0,0,0", (110, 50, 310, 150)),
        ("scl=1&scale=0.5&extend=10,0,0,0", (60, 25, 160, 75)),
        ("scl=1&rgn=50,0,350,200", (50, 50, 250, 150)),
        ("wid=100&hei=200&fit=crop&scl=1", (0, 50, 100, 150)),
    ],
)
def test_the_outline_moves_with_the_picture(
    shown: Show, modifier: str, box: tuple[int, int, int, int]
) -> None:
    image = shown(f"clipPathE=Square&{modifier}")
    assert image.getchannel("A").point([0] * 128 + [255] * 128).getbbox() == box


@pytest.mark.parametrize(
    ("names", "size"),
    [("Square", (200, 100)), ("Left%20half,Square", (100, 100)), ("Beyond", (400, 200))],
)
def test_crop(shown: Show, names: str, size: tuple[int, int]) -> None:
    image = shown(f"scl=1&cropPathE={names}")
    assert image.size == size
    assert alpha(image, size[0] - 1, size[1] - 1) == 255


def test_a_path_that_reaches_out_of_the_picture(shown: Show) -> None:
    image = shown("scl=1&cropPathE=Beyond")
    assert (alpha(image, 100, 100), alpha(image, 300, 100)) == (0, 255)


def test_soft_edges(shown: Show) -> None:
    levels = set(shown("scl=1&clipPathE=Round").getchannel("A").tobytes())
    assert {0, 255} < levels


def test_what_is_missing_is_ignored_and_said(source: Path) -> None:
    rendered = render(source, "scl=1&clipPathE=square,Open&cropPathE=Cut%20short", SETTINGS)
    assert (rendered.width, rendered.height) == (400, 200)
    assert rendered.warnings == tuple(
        f"{command}: the source has no path named {name!r}; ignored, as documented"
        for command, name in (
            ("clipPathE", "square"),
            ("clipPathE", "Open"),
            ("cropPathE", "Cut short"),
        )
    )


def test_crop_and_a_path_together_are_said(source: Path) -> None:
    (warning,) = render(source, "scl=1&crop=0,0,9,9&cropPathE=Square", SETTINGS).warnings
    assert warning.startswith("crop and cropPathE together")


def test_refused(source: Path) -> None:
    for modifier in ("clipPathE=", "cropPathE=a,,b"):
        with pytest.raises(RenderError, match="needs the names of Photoshop paths"):
            render(source, modifier, SETTINGS)


def test_damaged_resources_cost_the_paths_only(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    for end in range(0, len(RESOURCES), 37):
        path.write_bytes(jpeg(RESOURCES[:end]))
        render(path, "wid=10&clipPathE=Square,Ring,Round", SETTINGS)


def test_very_many_knots_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    many = resource(2000, "Many", outline([*SQUARE] * 2_000)) + resource(
        2001, "Few", outline(SQUARE)
    )
    Image.new("RGB", (8, 8)).save(path, tiffinfo={34377: many})
    (warning,) = render(path, "clipPathE=Many", SETTINGS).warnings
    assert "no path named 'Many'" in warning


def rings(number: int) -> bytes:
    """Outlines in each other: each turns nearly the whole picture over."""
    edges = (share * 0.25 / number for share in range(number))
    return b"".join(
        outline([(at, at), (1 - at, at), (1 - at, 1 - at), (at, 1 - at)]) for at in edges
    )


def test_many_outlines_are_drawn_with_coarser_edges(tmp_path: Path, reopen: Reopen) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(resource(2000, "Many", rings(300)) + resource(2001, "Round", circle())))
    few, many = (
        reopen(render(path, f"fmt=png-alpha&wid=4000&fit=fit,1&clipPathE={names}", SETTINGS))
        for names in ("Round", "Round,Many")
    )
    levels = [len(set(image.getchannel("A").tobytes())) for image in (few, many)]
    # A pixel has 16 parts in the one, 4 in the other, where levels of both paths are multiplied.
    assert 2 < levels[1] <= 9 < levels[0] <= 17
    assert (alpha(many, 100, 1000), alpha(many, 3900, 1000)) == (0, 0)
    # Between the rings every other step of 3 pixels is clear.
    row = many.getchannel("A").crop((500, 1000, 950, 1001)).tobytes()
    assert 0.45 < sum(row) / 255 / len(row) < 0.55


def test_what_would_hold_the_renderer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    nested, alike = resource(2000, "p", rings(900)), resource(2000, "p", outline(SQUARE)) * 900
    for resources in (nested, alike):
        path.write_bytes(tiff(resources))
        shown = render(path, "wid=100&clipPathE=p&fmt=png-alpha", SETTINGS)
        assert shown.warnings == ()
        with pytest.raises(RenderError, match="clipPathE: the outlines of the paths are too many"):
            render(path, "wid=5000&hei=5000&fit=stretch,1&clipPathE=p", SETTINGS)
