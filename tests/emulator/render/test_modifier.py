"""The grammar of a modifier string, and presets."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from s7spec.emulator.render import ImageServerSettings, RenderError, effective_modifier, render
from s7spec.emulator.render.modifier import parse_commands, split_modifiers


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("&", []),
        ("&fmt=png", ["fmt=png"]),
        ("?&hei=400".removeprefix("?"), ["hei=400"]),
        ("wid=1&&hei=2&", ["wid=1", "hei=2"]),
        ("wid=1&.note&hei=2", ["wid=1", "hei=2"]),
        (".note(with{brackets&hei=2", ["hei=2"]),
        ("src=is{a?wid=1&hei=2}&hei=3", ["src=is{a?wid=1&hei=2}", "hei=3"]),
        ("src=is(a?x=(1&2)&hei=2)&hei=3", ["src=is(a?x=(1&2)&hei=2)", "hei=3"]),
        ("src={http://h/?a={b&c}}&d=1", ["src={http://h/?a={b&c}}", "d=1"]),
        ("$zoom$&wid=1", ["$zoom$", "wid=1"]),
    ],
)
def test_split(text: str, parts: list[str]) -> None:
    assert list(split_modifiers(text)) == parts


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("wid=1&hei=2", ["wid=1", "hei=2"]),
        ("a=b=c", ["a=b=c"]),
        ("text=a%26b%3Dc", ["text=a&b=c"]),
        ("bgc=1%2C2%2C3", ["bgc=1,2,3"]),
        ("layer=comp&hide", ["layer=comp", "hide"]),
        ("$w=40&wid=$w$&hei=$W$", ["wid=40", "hei=40"]),
        ("wid=$w$&$w=40", ["wid=$w$"]),
        ("$a=$b$&$b=1&wid=$a$", ["wid=$b$"]),
        ("$w=4&$w=5&wid=$w$0", ["wid=50"]),
        ("$w=4&layer=$w$", ["layer=$w$"]),
        ("$a=1%252&text=$a$", ["text=1%2"]),
        ("$glow$&wid=1", ["$glow$", "wid=1"]),
    ],
)
def test_commands(text: str, commands: list[str]) -> None:
    assert [str(command) for command in parse_commands(text)] == commands


PRESETS = {
    "test": "&fmt=tif&wid=480",
    "Zoom": "wid=2000&$view$",
    "view": "hei=300",
    "$!_s7product$": "wid=240",
    "a": "$b$",
    "b": "qlt=5&$a$",
}


@pytest.mark.parametrize(
    ("is_modifier", "macro", "expected"),
    [
        (None, None, ""),
        ("", "", ""),
        ("&fmt=png", None, "fmt=png"),
        ("&fmt=png", "$test$", "fmt=png&fmt=tif&wid=480"),
        ("&fmt=png", "test", "fmt=png&fmt=tif&wid=480"),
        (None, "$TEST$", "fmt=tif&wid=480"),
        ("wid=9&$test$&wid=10", None, "wid=9&fmt=tif&wid=480&wid=10"),
        ("$zoom$&qlt=90", None, "wid=2000&hei=300&qlt=90"),
        ("qlt=90", "$!_s7product$", "qlt=90&wid=240"),
        ("$shadow$&wid=1", None, "$shadow$&wid=1"),
        ("wid=$test$", None, "wid=$test$"),
    ],
)
def test_effective_modifier(is_modifier: str | None, macro: str | None, expected: str) -> None:
    assert effective_modifier(is_modifier, macro, PRESETS) == expected


@pytest.mark.parametrize(
    ("is_modifier", "macro", "says"),
    [
        (None, "$tset$", r"unknown Image Preset \$tset\$ among 6 presets; did you mean test"),
        ("$zom$", None, "did you mean Zoom"),
        (None, "$qqqqqq$", r"unknown Image Preset \$qqqqqq\$ among 6 presets$"),
        (None, "$a$", "contains itself"),
        (None, "$test$&wid=1", "not one preset name"),
        (None, "fmt=png", "not one preset name"),
        (None, "$$", "not one preset name"),
        ("src={", None, "opening bracket"),
    ],
)
def test_effective_modifier_refuses(is_modifier: str | None, macro: str | None, says: str) -> None:
    with pytest.raises(RenderError, match=says):
        effective_modifier(is_modifier, macro, PRESETS)


def test_presets_cannot_expand_without_bound() -> None:
    layers = {f"p{n}": f"$p{n + 1}$&" * 10 for n in range(15)}
    with pytest.raises(RenderError, match="expand to more than"):
        effective_modifier("$p0$", None, {**layers, "p15": ""})
    with pytest.raises(RenderError, match="longer than"):
        effective_modifier("wid=1&" * 10_000, None, {})
    with pytest.raises(RenderError, match="grows beyond"):
        parse_commands(f"$a={'x' * 9_000}&text={'$a$' * 5}")


def test_the_format_of_the_macro_wins(tmp_path: Path) -> None:
    """Adobe's sample: is_modifier asks for PNG, the preset makes it a .tiff."""
    path = tmp_path / "fileToExport.jpg"
    Image.new("RGB", (8, 8)).save(path)
    modifier = effective_modifier("&fmt=png", "$test$", {"test": "fmt=tif&scl=1"})
    rendered = render(path, modifier, ImageServerSettings())
    assert (rendered.fmt, rendered.extension) == ("tif", ".tiff")


@pytest.mark.parametrize(
    ("modifier", "size"),
    [
        ("wid=480&$view$", (240, 180)),
        ("$view$&wid=480", (480, 360)),
        ("WID=10&wid=20", (20, 15)),
        ("wid=20&WID=10", (10, 8)),
    ],
)
def test_the_later_command_wins(tmp_path: Path, modifier: str, size: tuple[int, int]) -> None:
    path = tmp_path / "source.png"
    Image.new("L", (800, 600)).save(path)
    expanded = effective_modifier(modifier, None, {"view": "wid=240"})
    rendered = render(path, expanded, ImageServerSettings())
    assert (rendered.width, rendered.height) == size
