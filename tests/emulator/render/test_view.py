"""The view transform against the documented vectors, in numbers and in delivered pixels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image, ImageChops

from s7spec.emulator.render import ImageServerSettings, Rendered, render
from s7spec.emulator.render.reading import parse_request
from s7spec.emulator.render.view import place_view

VECTORS = yaml.safe_load(Path(__file__).with_name("cases").joinpath("views.yaml").read_text())


def _id(vector: dict[str, Any]) -> str:
    return f"{vector['source'][0]} {vector['modifier'] or 'nothing'}"


@pytest.mark.parametrize("vector", VECTORS, ids=_id)
def test_sizes(vector: dict[str, Any]) -> None:
    request = parse_request(vector["modifier"], no_fit_upscale=vector.get("upscale", False))
    width, height = vector.get("composite", vector["source"])
    default_pix = None if vector.get("unlimited") else (1280, 1280)
    placement = place_view((width, height), request.view, default_pix)
    assert placement.image == tuple(vector["image"])
    assert placement.out == tuple(vector["out"])


@pytest.mark.parametrize("vector", VECTORS, ids=_id)
def test_delivered_pixels(
    vector: dict[str, Any],
    save: Callable[..., Path],
    reopen: Callable[[Rendered], Image.Image],
) -> None:
    """A black source on a white reply shows where the scaled picture lies."""
    path = save(Image.new("L", tuple(vector["source"])), "black.png")
    settings = ImageServerSettings(
        default_pix=None if vector.get("unlimited") else (1280, 1280),
        no_fit_upscale=vector.get("upscale", False),
    )
    rendered = render(path, f"fmt=png,gray&{vector['modifier']}", settings)
    reply = reopen(rendered)
    assert reply.size == tuple(vector["out"])
    shown = ImageChops.invert(reply).getbbox()
    seen = [min(i, o) for i, o in zip(vector["image"], vector["out"], strict=True)]
    left, top = ((o - s + 1) // 2 for o, s in zip(vector["out"], seen, strict=True))
    assert shown == (left, top, left + seen[0], top + seen[1])


@pytest.mark.parametrize(
    ("align", "box"),
    [
        ("-1,-1", (0, 0, 40, 30)),
        ("1,1", (60, 70, 100, 100)),
        ("0,0", (30, 35, 70, 65)),
        ("0.5,-0.5", (45, 18, 85, 48)),
        ("1,-1", (60, 0, 100, 30)),
    ],
)
def test_align_places_the_picture(
    show: Callable[..., Image.Image], align: str, box: tuple[int, int, int, int]
) -> None:
    reply = show(Image.new("RGB", (40, 30)), f"wid=100&hei=100&align={align}")
    assert ImageChops.invert(reply.convert("L")).getbbox() == box


@pytest.mark.parametrize(
    ("align", "colour"), [("-1,0", (255, 0, 0)), ("1,0", (0, 255, 0)), ("1,1", (0, 255, 0))]
)
def test_align_chooses_what_crop_keeps(
    show: Callable[..., Image.Image],
    quadrants: Image.Image,
    align: str,
    colour: tuple[int, int, int],
) -> None:
    reply = show(quadrants, f"wid=10&hei=15&fit=crop&align={align}")
    assert reply.getpixel((5, 3)) == colour


def test_stretch_ignores_align(show: Callable[..., Image.Image]) -> None:
    reply = show(Image.new("RGB", (40, 30)), "wid=100&hei=100&fit=stretch&align=-1,-1")
    assert ImageChops.invert(reply.convert("L")).getbbox() == (30, 35, 70, 65)


def test_default_pix_is_said(save: Callable[..., Path]) -> None:
    path = save(Image.new("L", (300, 200)), "source.png")
    rendered = render(path, "", ImageServerSettings(default_pix=(128, 128)))
    assert (rendered.width, rendered.height, rendered.fmt) == (128, 85, "jpeg")
    (warning,) = rendered.warnings
    assert "reduced from 300x200 to 128x85 by DefaultPix 128x128" in warning


@pytest.mark.parametrize("default_pix", [None, (0, 0), (0, 500), (300, 200)])
def test_default_pix_leaves_what_fits(
    save: Callable[..., Path], default_pix: tuple[int, int] | None
) -> None:
    path = save(Image.new("L", (300, 200)), "source.png")
    rendered = render(path, "fmt=png", ImageServerSettings(default_pix=default_pix))
    assert (rendered.width, rendered.height, rendered.warnings) == (300, 200, ())


def test_max_pix_zero_is_unconstrained(save: Callable[..., Path]) -> None:
    path = save(Image.new("L", (4, 3)), "source.png")
    settings = ImageServerSettings(max_pix=(0, 100))
    assert render(path, "wid=6000&hei=90&fmt=png,gray", settings).width == 6000


def test_rect_may_cut_a_view_beyond_max_pix(show: Callable[..., Image.Image]) -> None:
    reply = show(Image.new("RGB", (40, 30)), "scl=0.1&rect=390,290,20,20", max_pix=(100, 100))
    assert reply.size == (20, 20)
    assert ImageChops.invert(reply.convert("L")).getbbox() == (0, 0, 10, 10)


def test_rect_position_counts_after_its_scale(
    show: Callable[..., Image.Image], quadrants: Image.Image
) -> None:
    reply = show(quadrants, "scl=1&rect=40,30,40,30,2")
    assert reply.getpixel((20, 15)) == (255, 255, 255)
    assert reply.size == (40, 30)


def test_rgn_counts_before_scaling_and_pads_outside(
    show: Callable[..., Image.Image], quadrants: Image.Image
) -> None:
    reply = show(quadrants, "rgn=-20,15,40,15&wid=20&bgc=000000")
    assert reply.size == (20, 8)
    assert reply.getpixel((3, 4)) == (0, 0, 0)
    assert reply.getpixel((16, 4)) == (0, 0, 255)


@pytest.mark.parametrize("mode", ["bilin", "bicub", "sharp2", "bisharp"])
def test_every_res_mode_keeps_size_and_place(
    show: Callable[..., Image.Image], quadrants: Image.Image, mode: str
) -> None:
    reply = show(quadrants, f"scl=2&resMode={mode}")
    assert reply.size == (20, 15)
    assert reply.getpixel((4, 4)) == (255, 0, 0)
    assert reply.getpixel((15, 11)) == (255, 255, 255)


def test_res_modes_differ(
    show: Callable[..., Image.Image], noise: Callable[[int, int], Image.Image]
) -> None:
    replies = {
        show(noise(64, 64), f"scl=2&resMode={mode}").tobytes()
        for mode in ("bilin", "bicub", "sharp2", "bisharp")
    }
    assert len(replies) == 4


def test_a_jpeg_decoded_small_is_the_same_picture(
    save: Callable[..., Path], reopen: Callable[[Rendered], Image.Image]
) -> None:
    """Decoding at a fraction must change neither the size nor the place of anything.

    1001x667 is no multiple of 8, so the decoder's rounding would show at the right and bottom.
    """
    source = Image.linear_gradient("L").resize((1001, 667)).rotate(180)
    source.paste(255, (985, 0, 1001, 667))
    jpeg, png = save(source, "a.jpg", quality=95), save(source, "a.png")
    modifier = "wid=100&hei=100&fmt=png,gray&bgc=000000"
    replies = [reopen(render(path, modifier, ImageServerSettings())) for path in (jpeg, png)]
    assert replies[0].size == (100, 100)
    difference = ImageChops.difference(*replies)
    assert max(difference.tobytes()) <= 12
