"""What is foretold of a job's pictures, and what is said about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from s7spec.lint import PictureLint
from s7spec.model.asset import Asset, AssetVersion
from s7spec.model.job import ExpandedJob
from s7spec.model.pictures import PictureFlag
from s7spec.model.preset import Preset
from s7spec.model.project import ImageServerSettings
from tests.expand.compiling import compile_text

HEAD = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
exports:
  - id: main
    assets: {names: [hero]}
"""
PRESETS = (Preset(name="View", urlModifier="wid=300&hei=300&fit=stretch"),)


def job(conversion: str) -> ExpandedJob:
    (made,) = compile_text(f"{HEAD}{conversion}").jobs
    return made


def converted(modifier: str) -> ExpandedJob:
    return job(f"    fmt: convert\n    is_modifier: '{modifier}'\n")


def asset(name: str, width: int | None, height: int | None, post: str = "") -> Asset:
    version = AssetVersion(path=f"Acme/{name}", type="Image", width=width, height=height)
    return Asset(
        handle=name,
        name=name,
        folder="Acme/",
        file_name=name,
        version=version,
        urlPostApplyModifier=post,
    )


def lint(server: ImageServerSettings | None = None) -> PictureLint:
    return PictureLint(PRESETS, server or ImageServerSettings())


def test_originals_become_nothing() -> None:
    assert lint().look_at(job("    fmt: orig\n"), [asset("a", 1, 1)]) == (None, ())


def test_sizes_bytes_and_flags_are_summed_up() -> None:
    assets = [asset("a", 3000, 2000), asset("b", 400, 300), asset("c", None, None)]
    predicted, found = lint().look_at(converted("wid=800&hei=800&fit=fit,1&fmt=png"), assets)
    assert predicted is not None
    assert (predicted.pictures, predicted.unknown) == (2, 1)
    assert (predicted.format, predicted.extension) == ("png", "png")
    sides = (predicted.least_width, predicted.most_width, predicted.least_height)
    assert (*sides, predicted.most_height) == (800, 800, 800, 800)
    assert 0 < predicted.least_bytes < predicted.likely_bytes < predicted.most_bytes
    assert predicted.flags == (
        PictureFlag(flag="padded", pictures=2),
        PictureFlag(flag="upscaled", pictures=1),
    )
    (finding,) = found
    assert finding.rule.id == "S7W112"
    assert finding.summary == (
        "1 of 3 pictures will be enlarged beyond the source: b is 400x300 and becomes 800x800"
    )
    assert str(finding.where) == "test.yaml:8:35"


def test_bytes_of_some_pictures_alone_are_no_estimate_of_the_job() -> None:
    """They would be passed off as those of all whose size is known."""
    odd = asset("b", 400, 300, post="network=slow")
    for assets in ([asset("a", 400, 300), odd], [odd, asset("a", 400, 300)]):
        predicted, _ = lint().look_at(converted("wid=300&fmt=png"), assets)
        assert predicted is not None
        assert (predicted.pictures, predicted.unknown) == (2, 0)
        assert (predicted.least_bytes, predicted.likely_bytes, predicted.most_bytes) == (0, 0, 0)


def test_the_smallest_source_is_the_example_in_any_order() -> None:
    assets = [asset("b", 40, 30), asset("a", 40, 30), asset("c", 50, 30)]
    said = [
        lint().look_at(converted("wid=800&fit=fit,1"), order)[1][0].summary
        for order in (assets, assets[::-1])
    ]
    assert said[0] == said[1]
    assert ": a is 40x30" in said[0]


@pytest.mark.parametrize(
    ("modifier", "size", "words"),
    [
        ("scl=1", (6000, 5000), "MaxPix"),
        ("scl=1", (5000, 5001), "MaxPix"),
        ("scl=0.1", (5000, 2001), "100 million"),
    ],
)
def test_what_is_too_large(modifier: str, size: tuple[int, int], words: str) -> None:
    found = lint().look_at(converted(modifier), [asset("a", *size)])[1]
    (finding,) = [each for each in found if each.rule.id == "S7W124"]
    assert words in finding.summary


def test_what_cannot_be_previewed() -> None:
    server = ImageServerSettings(max_pix=(0, 0))
    (finding,) = lint(server).look_at(converted("scl=1"), [asset("a", 6000, 5000)])[1]
    assert finding.rule.id == "S7W124"
    assert "too large to preview" in finding.summary


def test_files_of_more_than_a_gigabyte() -> None:
    assets = [asset(f"a{number}", 5000, 5000) for number in range(100)]
    (finding,) = lint().look_at(converted("scl=1&fmt=tif"), assets)[1]
    assert finding.rule.id == "S7W124"
    assert "7.5 GB" in finding.summary


def test_originals_of_more_than_a_gigabyte_are_told_once() -> None:
    large = asset("a", 10, 10)
    large = replace(large, version=replace(large.version, file_size=1_200_000_000))
    looked, originals = lint(), job("    fmt: orig\n")
    predicted, (finding,) = looked.look_at(originals, [large])
    assert (predicted, finding.rule.id) == (None, "S7W124")
    assert "the originals of the job `main` take 1.2 GB" in finding.summary
    assert str(finding.where) == "test.yaml:6:13"
    assert looked.look_at(originals, [large]) == (None, ())


def test_presets_are_looked_into() -> None:
    macro = job("    fmt: convert\n    macro: view\n")
    predicted, found = lint().look_at(macro, [asset("a", 3000, 2000)])
    assert predicted is not None
    assert predicted.most_width == 300
    assert [(each.rule.id, str(each.where)) for each in found] == [("S7W114", "test.yaml:8:12")]


def test_modifiers_of_assets_prevail_and_are_told() -> None:
    assets = [asset("a", 900, 900), asset("b", 900, 900, post="wid=100&bgc=0,0,0")]
    predicted, found = lint().look_at(converted("wid=300"), assets)
    assert predicted is not None
    assert (predicted.least_width, predicted.most_width) == (100, 300)
    (finding,) = found
    assert finding.rule.id == "S7W121"
    assert "`wid=100`" in finding.summary
    assert finding.summary.endswith("(1 of 2 pictures, b for one)")


def test_a_mask_is_lost_in_jpeg() -> None:
    masked = replace(asset("a", 900, 900), maskFile="a_mask.tif")
    (finding,) = lint().look_at(converted("wid=300"), [masked, asset("b", 900, 900)])[1]
    assert finding.rule.id == "S7W111"
    assert finding.summary.startswith("1 of 2 pictures will lose transparency: a is 900x900")
    assert lint().look_at(converted("wid=300&fmt=png-alpha"), [masked])[1] == ()


def test_default_pix_is_the_company_s() -> None:
    server = ImageServerSettings(default_pix=(200, 200))
    predicted, _ = lint(server).look_at(converted("fmt=png"), [asset("a", 900, 300)])
    assert predicted is not None
    assert (predicted.most_width, predicted.most_height) == (200, 67)


def test_a_finding_is_told_once_for_each_export() -> None:
    looked = lint()
    first = looked.look_at(converted("wid=800&fit=fit,1"), [asset("a", 4, 3)])[1]
    again = looked.look_at(converted("wid=800&fit=fit,1"), [asset("b", 4, 3)])[1]
    assert (len(first), again) == (1, ())
