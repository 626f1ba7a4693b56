# ruff: noqa: E501 rows of a table
"""Pieces and commands in words."""

from __future__ import annotations

import pytest

from s7spec.modifiers import parse_modifier
from s7spec.modifiers.commands import ALL_COMMANDS, Definition, Kind
from s7spec.modifiers.explaining import describe_command, explain_piece

CASES = [
    ("wid=800", "800 pixels wide"),
    ("WID=800", "800 pixels wide"),
    ("fit=crop", "wid x hei filled, what stands out cut off"),
    ("fit=fit,0", "fitted into wid x hei, margins filled, never enlarged"),
    ("fit=constrain,1", "fitted into wid x hei, without margins, enlarged if need be"),
    ("fit=cropp", "mode `cropp`"),
    ("fmt=tif-alpha,cmyk,lzw", "a file in the format tif-alpha, with transparency, CMYK, compression lzw"),
    ("fmt=JPG", "a file in the format jpg"),
    ("fmt=bmp", "unknown format `bmp`"),
    ("qlt=85", "quality 85 of 100"),
    ("qlt=85,0", "quality 85 of 100, colours halved"),
    ("bgc=255,255,255", "margins and lost transparency filled with colour 255,255,255"),
    ("flip=lr", "mirrored left to right"),
    ("size=800,0", "the layer scaled to be 800 pixels wide"),
    ("size=0,600", "the layer scaled to be 600 pixels high"),
    ("size=800,600", "the layer scaled to 800x600 pixels"),
    ("jpegSize=0", "JPEG of any size"),
    ("jpegSize=200", "JPEG of at most 200 kilobytes"),
    ("op_usm=1.75", "unsharp mask of amount 1.75"),
    ("op_usm=1.75,0.5,2,0", "unsharp mask of amount 1.75, radius 0.5, threshold 2"),
    ("op_usmR=1,2", "unsharp mask of amount 1, radius 2, the radius in shares of the output"),
    ("op_sharpen=1", "sharpened: yes"),
    ("icc=sRGB,relative", "colours converted to the profile sRGB, relative colorimetric"),
    ("align=0", "align with a field missing"),
    ("size=800", "size with a field missing"),
    ("wid=", "wid without a value"),
    ("wid", "wid without a value"),
    ("sharpen=1", "unknown: no reference of Image Serving has this command"),
    ("src=is{Acme/a?wid=3}", "another picture instead of the asset: Acme/a"),
    ("$w=8", "what $w$ stands for in the commands after it"),
    ("$view$", "the image preset view, its commands standing here"),
    (".note", "a comment: servers pass over it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), CASES)
def test_words(text: str, words: str) -> None:
    (piece,) = parse_modifier(text).modifier.pieces
    assert explain_piece(piece) == words


@pytest.mark.parametrize("command", ALL_COMMANDS, ids=lambda each: each.name)
def test_every_command_has_words_of_its_own(command: Definition) -> None:
    words = describe_command(command)
    assert words == words.strip()
    assert not words.endswith(".")
    assert "{" not in words
    values = {Kind.CHOICE: "", Kind.COLOR: "FF0000", Kind.WORDS: "x"}
    fields = [
        each.choices[0] if each.choices else values.get(each.kind, "1")
        for each in command.arguments
    ]
    (piece,) = parse_modifier(f"{command.name}={','.join(fields)}").modifier.pieces
    said = explain_piece(piece)
    assert "missing" not in said or command.name == "defaultImage"
    assert "unknown" not in said
    assert "  " not in said
