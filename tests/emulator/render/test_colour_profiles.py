"""``icc``: which profile, which pixel type, which colours; and what is embedded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from s7spec.emulator.render import (
    IccProfileFile,
    ImageServerSettings,
    Rendered,
    RenderError,
    profile_name,
    render,
)
from tests.emulator.render.icc_files import cmyk_profile, gray_profile

Save = Callable[..., Path]
Reopen = Callable[[Rendered], Image.Image]

INKS, GRAY = cmyk_profile(), gray_profile()
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


@pytest.fixture
def settings(tmp_path: Path) -> ImageServerSettings:
    files = {"Press": INKS, "Dot": GRAY, "Lab": LAB, "Broken": b"no profile", "Empty": b""}
    for name, data in files.items():
        tmp_path.joinpath(f"{name}.icc").write_bytes(data)
    found = [IccProfileFile(name=name, path=tmp_path / f"{name}.icc") for name in files]
    return ImageServerSettings(
        icc_profiles=(*found, IccProfileFile(name="Gone", path=tmp_path / "gone.icc"))
    )


@pytest.mark.parametrize("fmt", ["tif", "tif,cmyk,lzw", "jpeg", "tif,gray"])
def test_a_profile_of_inks_makes_cmyk(
    save: Save, reopen: Reopen, settings: ImageServerSettings, fmt: str
) -> None:
    path = save(Image.new("RGB", (8, 8), "red"), "a.png")
    rendered = render(path, f"fmt={fmt}&icc=Press&iccEmbed=1&qlt=100", settings)
    image = reopen(rendered)
    assert (image.mode, rendered.pixel_type, rendered.warnings) == ("CMYK", "cmyk", ())
    assert image.info["icc_profile"] == INKS
    pixel = image.getpixel((4, 4))
    assert isinstance(pixel, tuple)
    # Naively it is 0, 255, 255, 0.
    assert all(abs(a - b) <= 3 for a, b in zip(pixel, (10, 225, 237, 0), strict=True)), pixel
    without = reopen(render(path, f"fmt={fmt}&icc=Press", settings))
    assert "icc_profile" not in without.info


def test_a_gray_profile_makes_gray(
    save: Save, reopen: Reopen, settings: ImageServerSettings
) -> None:
    path = save(Image.new("RGBA", (8, 8), (188, 188, 188, 60)), "a.png")
    image = reopen(render(path, "fmt=png-alpha&icc=Dot&iccEmbed=1", settings))
    assert (image.mode, image.info["icc_profile"]) == ("LA", GRAY)
    level, alpha = image.getpixel((4, 4))  # type: ignore[misc]
    # 188 in sRGB is half the light, and so is 186 in a gamma of 2.2.
    assert abs(level - 186) <= 2
    assert alpha == 60


def test_the_embedded_profile_is_where_colours_come_from(
    save: Save, reopen: Reopen, settings: ImageServerSettings
) -> None:
    picture = Image.new("L", (8, 8), 186)
    tagged = save(picture, "tagged.png", icc_profile=GRAY)
    plain = save(picture, "plain.png")
    for path, expected in ((tagged, 188), (plain, 186)):
        level = reopen(render(path, "fmt=png&icc=sRGB", settings)).getpixel((0, 0))
        assert isinstance(level, tuple)
        assert abs(level[1] - expected) <= 1


def test_inks_of_a_source_go_through_its_profile(
    save: Save, reopen: Reopen, settings: ImageServerSettings
) -> None:
    inks = (10, 225, 237, 0)
    for name in ("a.tif", "a.jpg"):
        path = save(Image.new("CMYK", (16, 16), inks), name, icc_profile=INKS, quality=100)
        rendered = render(path, "fmt=png&iccEmbed=1", settings)
        pixel = reopen(rendered).getpixel((4, 4))
        assert isinstance(pixel, tuple)
        assert pixel[0] > 230
        assert 40 < pixel[1] < 90
        assert rendered.warnings == ()
        assert "icc_profile" not in reopen(rendered).info


def without_table(profile: bytes, tag: bytes) -> bytes:
    """The header stays as it was; what the colours are computed with has another name."""
    return profile.replace(tag, b"none", 1)


@pytest.mark.parametrize(
    ("picture", "embedded"),
    [
        (Image.new("RGB", (8, 8), (200, 90, 10)), SRGB[:200]),
        (Image.new("RGB", (8, 8), (200, 90, 10)), without_table(SRGB, b"rTRC")),
        (Image.new("RGBA", (8, 8), (200, 90, 10, 255)), SRGB[:200]),
        (Image.new("RGB", (8, 8), (200, 90, 10)), GRAY),
        (Image.new("RGB", (8, 8), (200, 90, 10)), b"junk"),
        (Image.new("L", (8, 8), 186), GRAY[:140]),
        (Image.new("L", (8, 8), 186), without_table(GRAY, b"kTRC")),
    ],
)
@pytest.mark.parametrize("modifier", ["fmt=png&icc=sRGB", "fmt=tif&icc=Press", "fmt=png&icc=Dot"])
def test_an_unusable_profile_of_a_source_counts_as_none(
    save: Save,
    reopen: Reopen,
    settings: ImageServerSettings,
    picture: Image.Image,
    embedded: bytes,
    modifier: str,
) -> None:
    damaged = render(save(picture, "a.png", icc_profile=embedded), modifier, settings)
    plain = render(save(picture, "b.png"), modifier, settings)
    assert reopen(damaged).tobytes() == reopen(plain).tobytes()
    assert plain.warnings == ()
    name = modifier.rpartition("=")[2]
    assert damaged.warnings == (
        f"icc={name}: the source's colour profile is unusable; its colours were taken for sRGB",
    )


@pytest.mark.parametrize("embedded", [INKS[:200], without_table(INKS, b"A2B0")])
def test_inks_with_a_damaged_profile_are_converted_without_it(
    save: Save, reopen: Reopen, settings: ImageServerSettings, embedded: bytes
) -> None:
    inks = Image.new("CMYK", (16, 16), (10, 225, 237, 0))
    damaged = render(
        save(inks, "a.tif", icc_profile=embedded), "fmt=png&icc=sRGB&iccEmbed=1", settings
    )
    plain = render(save(inks, "b.tif"), "fmt=png&icc=sRGB", settings)
    assert reopen(damaged).tobytes() == reopen(plain).tobytes()
    (warning,) = damaged.warnings
    assert warning == "the source's colour profile is unusable; CMYK was converted without it"


def test_a_broken_profile_that_is_asked_for_stays_an_error(
    save: Save, tmp_path: Path, settings: ImageServerSettings
) -> None:
    tmp_path.joinpath("Half.icc").write_bytes(without_table(INKS, b"B2A0"))
    half = IccProfileFile(name="Half", path=tmp_path / "Half.icc")
    path = save(Image.new("RGB", (8, 8)), "a.png", icc_profile=SRGB)
    with pytest.raises(RenderError, match="icc=Half: the colours cannot be converted"):
        render(path, "fmt=tif&icc=Half", ImageServerSettings(icc_profiles=(half,)))


@pytest.mark.parametrize("intent", ["perceptual", "relative", "saturation", "absolute"])
@pytest.mark.parametrize("black", ["", ",0", ",1", ",1,1"])
def test_intents(
    save: Save, reopen: Reopen, settings: ImageServerSettings, intent: str, black: str
) -> None:
    path = save(Image.new("RGB", (8, 8), "white"), "a.png")
    image = reopen(render(path, f"fmt=tif&icc=Press,{intent}{black}", settings))
    pixel = image.getpixel((0, 0))
    assert isinstance(pixel, tuple)
    assert max(pixel) <= 2, "white is no ink"


@pytest.mark.parametrize(
    ("modifier", "says"),
    [
        ("fmt=png&icc=Press", "icc=Press: png has no pixel type cmyk: rgb, gray"),
        ("fmt=webp&icc=Dot", "icc=Dot: webp has no pixel type gray"),
        ("icc=Lab", "icc=Lab: Lab is no space of RGB, gray or CMYK colours"),
        ("icc=Broken", "icc=Broken: the file is no usable colour profile"),
        ("icc=Empty", "icc=Empty: the file is no usable colour profile"),
        ("icc=Gone", "icc=Gone: the file is no usable colour profile"),
    ],
)
def test_refused(save: Save, settings: ImageServerSettings, modifier: str, says: str) -> None:
    path = save(Image.new("RGB", (8, 8)), "a.png")
    with pytest.raises(RenderError) as caught:
        render(path, modifier, settings)
    assert says in str(caught.value)


def test_padding_and_flattening_keep_the_background_as_it_was_asked_for(
    save: Save, reopen: Reopen, settings: ImageServerSettings
) -> None:
    path = save(Image.new("RGBA", (8, 8)), "a.png")
    image = reopen(render(path, "fmt=tif&icc=Press&wid=20&hei=20&bgc=0,100,100,0k", settings))
    assert image.getcolors() == [(400, (0, 255, 255, 0))]


def test_only_the_name_decides_which_asset_is_looked_up() -> None:
    assert profile_name("wid=1&icc=A%20B,relative&ICC=Press") == "Press"
    assert profile_name("wid=1") is None
    with pytest.raises(RenderError):
        profile_name("icc=(")
