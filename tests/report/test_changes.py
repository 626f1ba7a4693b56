"""Before and after, cut down to what differs; numbers and times as people read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from s7spec.model.asset import AssetVersion
from s7spec.model.plan import AssetChange, AssetChangeKind, FieldChange
from s7spec.model.preset import Preset
from s7spec.report.changes import (
    asset_name,
    difference,
    modifier_commands,
    payload_difference,
    version_difference,
)
from s7spec.report.figures import byte_size, duration, iso, megapixels, moment, moment_of_ms
from tests.report.jobs import NOW, export_job


def _text(before: str | None, after: str | None, field: str = "is_modifier") -> str:
    (found,) = difference([FieldChange(field=field, before=before, after=after)])
    return found.text("->")


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("wid=1000&hei=9&qlt=92", "wid=1200&hei=9&qlt=92", "wid 1000 -> 1200"),
        ("wid=1&qlt=92", "wid=1&fit=crop,1", "+fit=crop,1; -qlt=92"),
        ("&wid=1", "wid=2&", "wid 1 -> 2"),
        ("wid=1", "wid=1&$zoom$", "+$zoom$"),
        (
            "src=is{a?b&wid=9}&wid=1",
            "src=is{a?b&wid=8}&wid=1",
            "src is{a?b&wid=9} -> is{a?b&wid=8}",
        ),
        ("wid=1&hei=2", "hei=2&wid=1", "wid=1&hei=2 -> hei=2&wid=1"),
        ("a=1&b=2&c=3", "b=2&a=1&c=4", "a=1&b=2&c=3 -> b=2&a=1&c=4"),
        (
            "layer=0&wid=1&layer=1",
            "layer=0&wid=2&layer=1",
            "layer=0&wid=1&layer=1 -> layer=0&wid=2&layer=1",
        ),
        (None, "wid=1&hei=2", "(not set) -> wid=1&hei=2"),
        ("wid=1", None, "wid=1 -> (not set)"),
        ("wid=1", "wid=", 'wid 1 -> ""'),
        ("text=a ", "text=a", "text a\\x20 -> a"),
    ],
)
def test_modifier_difference(before: str | None, after: str | None, text: str) -> None:
    assert _text(before, after) == text


@pytest.mark.parametrize("field", ["fmt", "macro", "emailSetting"])
def test_other_fields_change_as_a_whole(field: str) -> None:
    assert _text("a=1&b=2", "a=1&b=3", field) == "a=1&b=2 -> a=1&b=3"


def test_preset_differs_command_by_command() -> None:
    assert _text("wid=1&qlt=80", "wid=1&qlt=90", "preset.urlModifier") == "qlt 80 -> 90"


def test_words_of_the_author_change_as_a_whole_and_by_their_names() -> None:
    before = replace(export_job(), code_version="wid=1", inputs=(("a", "1"), ("b", "2")))
    after = replace(export_job(), code_version="wid=2", inputs=(("b", "3"), ("c", "x y ")))
    found = payload_difference(before, after)
    assert [(each.field, each.label, each.text("->")) for each in found] == [
        ("code_version", "code_version", "wid=1 -> wid=2"),
        ("inputs.a", "inputs", "a 1 -> (not set)"),
        ("inputs.b", "inputs", "b 2 -> 3"),
        ("inputs.c", "inputs", "c (not set) -> x y\\x20"),
    ]


@pytest.mark.parametrize(
    ("modifier", "commands"),
    [
        ("", ()),
        ("&&wid=1&", ("wid=1",)),
        ("wid=1&src=is{x?a=1&b=2}&c", ("wid=1", "src=is{x?a=1&b=2}", "c")),
        ("a=(1&2)&b", ("a=(1&2)", "b")),
        ("a=}&b={&c", ("a=}", "b={&c")),
    ],
)
def test_commands(modifier: str, commands: tuple[str, ...]) -> None:
    assert modifier_commands(modifier) == commands


def test_payload_difference_between_attempts() -> None:
    zoom = Preset(name="zoom", urlModifier="wid=2")
    found = payload_difference(export_job("wid=1"), export_job(None, preset=zoom))
    assert {change.field: change.text("->") for change in found} == {
        "is_modifier": "wid=1 -> (not set)",
        "macro": "(not set) -> $zoom$",
        "preset": "(not set) -> wid=2",
    }
    assert payload_difference(export_job("wid=1"), export_job("wid=1")) == ()


def test_each_preset_that_a_modifier_names_differs_by_itself() -> None:
    before = (Preset(name="a", urlModifier="wid=1&qlt=2"), Preset(name="$b$", urlModifier="x=1"))
    after = (Preset(name="a", urlModifier="wid=1&qlt=3"), Preset(name="c", urlModifier=""))
    found = payload_difference(export_job("$a$", presets=before), export_job("$a$", presets=after))
    assert [(change.field, change.label, change.text("->")) for change in found] == [
        ("presets.b", "presets", "$b$ x=1 -> (not set)"),
        ("presets.a", "presets", "$a$ qlt 2 -> 3"),
        ("presets.c", "presets", '$c$ (not set) -> ""'),
    ]


def _version(
    *, ms: int | None = 0, size: int | None = 1_400_000, width: int | None = 20
) -> AssetVersion:
    height = None if width is None else 10
    return AssetVersion(
        path="F/a", type="Image", last_modified_ms=ms, file_size=size, width=width, height=height
    )


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (_version(), _version(width=40), "20x10 -> 40x10"),
        (_version(), _version(size=1_500_000), "1.4 MB -> 1.5 MB"),
        (_version(), _version(size=1_400_001), "1,400,000 bytes -> 1,400,001 bytes"),
        (_version(), _version(ms=61_000), "1970-01-01 00:00:00 UTC -> 1970-01-01 00:01:01 UTC"),
        (_version(), _version(ms=999), "0 ms -> 999 ms"),
        (_version(width=None), _version(), "?x? -> 20x10"),
        (_version(size=None), _version(), "? -> 1.4 MB"),
        (None, _version(ms=None), "20x10, 1.4 MB"),
        (None, None, ""),
    ],
)
def test_version_difference(
    before: AssetVersion | None, after: AssetVersion | None, text: str
) -> None:
    change = AssetChange(kind=AssetChangeKind.CHANGED, path="F/a", before=before, after=after)
    assert version_difference(change, "->") == text


@pytest.mark.parametrize(
    ("path", "name"), [("F/G/a", "a"), ("a", "a"), ("", ""), ("F/", "F"), ("/", "/")]
)
def test_asset_name(path: str, name: str) -> None:
    assert asset_name(path) == name


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (12_345_678, "12 MB"),
        (1_500_000_000, "1.5 GB"),
        (5_000_000_000_000_000, "5,000 TB"),
    ],
)
def test_byte_size(size: int, text: str) -> None:
    assert byte_size(size) == text


@pytest.mark.parametrize(
    ("pixels", "text"),
    [(0, "< 0.1 MP"), (300_000, "0.3 MP"), (9_960_000, "10 MP"), (1_204_000_000, "1,204 MP")],
)
def test_megapixels(pixels: int, text: str) -> None:
    assert megapixels(pixels) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0.0 s"),
        (0.42, "0.4 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (3599.9, "1 h 0 min"),
        (7400, "2 h 3 min"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(NOW, NOW + timedelta(seconds=seconds)) == text


def test_times_are_utc() -> None:
    there = datetime(2026, 11, 23, 22, 15, 1, 5000, tzinfo=timezone(timedelta(hours=2)))
    assert moment(there) == "2026-11-23 20:15:01 UTC"
    assert iso(there) == "2026-11-23T20:15:01.005Z"
    assert iso(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000Z"
    assert moment_of_ms(-62_135_596_800_001) == "-62135596800001 ms"
    assert moment_of_ms(10**20) == f"{10**20} ms"
