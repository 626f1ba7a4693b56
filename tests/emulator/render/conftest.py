"""Small pictures for the renderer's tests, made on the spot."""

from __future__ import annotations

import io
from collections.abc import Callable
from hashlib import shake_256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from s7spec.emulator.render import ImageServerSettings, Rendered, render

Save = Callable[..., Path]
Open = Callable[[Rendered], Image.Image]
Show = Callable[..., Image.Image]


@pytest.fixture(scope="session")
def noise() -> Callable[[int, int], Image.Image]:
    """Gray noise of a size, the same in every run."""

    def noise(width: int, height: int) -> Image.Image:
        return Image.frombytes("L", (width, height), shake_256(b"n").digest(width * height))

    return noise


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write a picture under a name whose suffix is the format; further arguments go to Pillow."""

    def save(image: Image.Image, name: str, **options: Any) -> Path:
        path = tmp_path / name
        image.save(path, **options)
        return path

    return save


@pytest.fixture
def quadrants() -> Image.Image:
    """40x30: red, lime above blue, white."""
    image = Image.new("RGB", (40, 30), "red")
    image.paste("lime", (20, 0, 40, 15))
    image.paste("blue", (0, 15, 20, 30))
    image.paste("white", (20, 15, 40, 30))
    return image


@pytest.fixture
def cutout(quadrants: Image.Image) -> Image.Image:
    """The quadrants with a transparent lower right one."""
    image = quadrants.convert("RGBA")
    image.paste((0, 0, 0, 0), (20, 15, 40, 30))
    return image


@pytest.fixture
def reopen() -> Open:
    """Read a rendered file back with Pillow, its size checked."""

    def reopen(rendered: Rendered) -> Image.Image:
        image = Image.open(io.BytesIO(rendered.data))
        image.load()
        assert image.size == (rendered.width, rendered.height)
        return image

    return reopen


@pytest.fixture
def show(save: Save, reopen: Open) -> Show:
    """Render a picture, to PNG unless the modifier says otherwise, and read the result back."""

    def show(image: Image.Image, modifier: str, **settings: Any) -> Image.Image:
        path = save(image, "shown.png")
        return reopen(render(path, f"fmt=png&{modifier}", ImageServerSettings(**settings)))

    return show
