"""Lints, what has to be allowed, and what is foretold, through the real command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command

HEAD = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
exports:
  - id: main
    assets: {names: [PS_1, PS_2]}
    fmt: convert
"""


@pytest.fixture
def shop(project: Path) -> Path:
    return project / "shop.yaml"


def test_an_error_stops_everything_before_anything_is_sent(shop: Path, s7spec: Command) -> None:
    shop.write_text(f"{HEAD}    is_modifier: wid=80&qlt=750\n")
    for command in (("validate",), ("plan",), ("apply", "--yes"), ("render",)):
        done = s7spec(*command)
        assert done.code == 3, command
        assert "error[S7E101]" in done.said
        assert "shop.yaml:8:29" in done.said


def test_unsafe_commands_must_be_allowed_and_are_shown(shop: Path, s7spec: Command) -> None:
    shop.write_text(f"{HEAD}    is_modifier: wid=80&locale=de\n")
    refused = s7spec("plan")
    assert refused.code == 3
    assert "unsafe_modifiers: [locale]" in refused.said
    shop.write_text(f"{HEAD}    is_modifier: wid=80&locale=de\n    unsafe_modifiers: [Locale]\n")
    planned = s7spec("plan", "--out", "plan.json", "--md", "plan.md")
    assert planned.code == 0, planned.said
    assert "unsafe        uses locale" in planned.out
    assert "**unsafe**: uses `locale`" in (shop.parent / "plan.md").read_text()
    (item,) = json.loads((shop.parent / "plan.json").read_text())["items"]
    assert item["unsafe_modifiers"] == ["locale"]
    assert s7spec("show", "plan.json").code == 0
    rendered = json.loads(s7spec("render", "-o", "json").out)
    assert rendered["jobs"][0]["unsafe_modifiers"] == ["Locale"]


OWN = "  - {file: %s, lastModified: 2026-05-01T10:00:00Z, %s}\n"


def test_modifiers_of_assets_are_said_not_to_be_looked_at(
    project: Path, shop: Path, s7spec: Command
) -> None:
    catalog = project / "catalog" / "catalog.yaml"
    bare = catalog.read_text()

    def told() -> list[str]:
        planned = s7spec("plan", "--format", "json")
        assert planned.code == 0, planned.said
        texts: list[str] = json.loads(planned.out)["assumptions"]
        return [text.partition(":")[0] for text in texts if "beside those of the job" in text]

    shop.write_text(f"{HEAD}    is_modifier: wid=80&fmt=jpeg\n")
    assert told() == []
    catalog.write_text(bare + OWN % ("PS_1.png", 'urlModifier: "op_invert=1&src=Acme/PS_2"'))
    assert told() == ["1 asset has modifiers on IPS that change pictures beside those of the job"]
    both = OWN % ("PS_2.png", 'urlPostApplyModifier: "op_blur=3"')
    catalog.write_text(catalog.read_text() + both)
    assert told() == ["2 assets have modifiers on IPS that change pictures beside those of the job"]
    shop.write_text(f"{HEAD.replace('convert', 'orig')}")
    assert told() == []
    # It is so: nothing is sent again for them, and no guardrail denies them.
    shop.write_text(f"{HEAD}    is_modifier: wid=80&fmt=jpeg\n")
    text = (project / "s7spec.yaml").read_text()
    (project / "s7spec.yaml").write_text(
        text.replace("quarantine_seconds: 1}", "quarantine_seconds: 1, deny_modifiers: [src]}")
    )
    assert s7spec("apply", "--yes").code == 0
    catalog.write_text(catalog.read_text().replace("op_blur=3", "op_blur=9"))
    assert s7spec("plan", "--detailed-exitcode").code == 0
    assert told() == []


def test_what_is_allowed_does_not_run_a_job_again(shop: Path, s7spec: Command) -> None:
    shop.write_text(f"{HEAD}    is_modifier: wid=80\n")
    assert s7spec("apply", "--yes").code == 0
    shop.write_text(f"{HEAD}    is_modifier: wid=80\n    unsafe_modifiers: [src]\n")
    assert s7spec("plan", "--detailed-exitcode").code == 0


def test_what_becomes_of_pictures_is_foretold_and_comes_true(shop: Path, s7spec: Command) -> None:
    shop.write_text(f"{HEAD}    is_modifier: wid=30&hei=20&fit=crop&fmt=png\n")
    planned = s7spec("plan", "--out", "plan.json")
    assert "becomes       2 png of 30x20" in planned.out
    (item,) = json.loads((shop.parent / "plan.json").read_text())["items"]
    assert item["predicted"]["most_width"] == 30
    assert item["predicted"]["extension"] == "png"


def test_enlarged_pictures_are_a_warning_that_can_be_ignored(shop: Path, s7spec: Command) -> None:
    shop.write_text(f"{HEAD}    is_modifier: wid=4000&fit=fit,1&fmt=png\n")
    assert "S7W112" not in s7spec("validate").said  # only IPS knows how large the sources are
    assert "S7W112 2 of 2 pictures will be enlarged" in s7spec("plan").out
    silent = "is_modifier: wid=4000&fit=fit,1&fmt=png # s7spec: ignore=S7W112 reason=posters"
    shop.write_text(f"{HEAD}    {silent}\n")
    assert s7spec("validate", "--strict").code == 0
    planned = s7spec("plan", "-v")
    assert "S7W112" not in planned.out
    assert "1 warning ignored" in planned.err


def test_a_warning_of_modifiers_can_be_ignored_by_a_comment(shop: Path, s7spec: Command) -> None:
    shop.write_text(f"{HEAD}    is_modifier: wid=80&fmt=png&qlt=80\n")
    assert s7spec("validate", "--strict").code == 3
    ignored = "# s7spec: ignore=S7W102 reason=the preset of tomorrow is jpeg"
    shop.write_text(f"{HEAD}    {ignored}\n    is_modifier: wid=80&fmt=png&qlt=80\n")
    assert s7spec("validate", "--strict").code == 0
    shop.write_text(f"{HEAD}    {ignored}\n    is_modifier: wid=80&fmt=jpeg&qlt=80\n")
    assert "S7W002" in s7spec("validate").out


def test_with_a_preset_nobody_knows_ignores_are_not_called_unused(
    shop: Path, s7spec: Command
) -> None:
    text = f"{HEAD}    # s7spec: ignore=S7W101 reason=the preset has none\n    macro: view\n"
    shop.write_text(text)
    assert s7spec("validate", "--strict").code == 0


def test_the_catalog_of_the_embedded_ips_says_what_its_image_server_has_set(
    project: Path, shop: Path, s7spec: Command
) -> None:
    catalog = project / "catalog" / "catalog.yaml"
    settings = "settings: {defaultPix: [12, 12], maxPix: [25, 25]}\n"
    catalog.write_text((catalog.read_text() if catalog.exists() else "") + settings)
    shop.write_text(f"{HEAD}    is_modifier: fmt=png\n")
    planned = s7spec("plan", "--out", "plan.json")
    (item,) = json.loads((project / "plan.json").read_text())["items"]
    assert item["predicted"]["most_width"] <= 12, planned.said
    shop.write_text(f"{HEAD}    is_modifier: wid=30&hei=30&fmt=png\n")
    assert "larger than the company's MaxPix" in s7spec("plan").out


def test_what_is_known_with_pictures_is_said_instead_of_less(shop: Path, s7spec: Command) -> None:
    shop.write_text(f"{HEAD}    is_modifier: wid=9000&hei=9000&fmt=png\n")
    assert "too large to preview" in s7spec("validate").out
    planned = " ".join(s7spec("plan").out.split())
    assert planned.count("S7W124") == 1
    assert "MaxPix: image servers refuse that" in planned


def test_a_region_outside_of_the_pictures_is_told(shop: Path, s7spec: Command) -> None:
    shop.write_text(f"{HEAD}    is_modifier: wid=30&rgn=9000,9000,10,10\n")
    assert "S7W130 2 of 2 pictures will show nothing but background" in s7spec("plan").out


def test_plans_hold_an_address_to_look_at_a_picture(
    project: Path, shop: Path, s7spec: Command
) -> None:
    path = project / "s7spec.yaml"
    server = "image_server: {url: https://s7d9.scene7.com}"
    path.write_text(path.read_text().replace("catalog: catalog", f"catalog: catalog, {server}"))
    shop.write_text(f"{HEAD}    is_modifier: wid=30&fmt=png\n")
    planned = s7spec("plan", "--out", "plan.json", "--md", "plan.md")
    address = (
        "https://s7d9.scene7.com/is/image/Acme/PS_1?wid=30&fmt=png&bfc=off&dpr=off&network=off"
    )
    assert f"preview       {address}" in planned.out
    assert f"[preview]({address})" in (project / "plan.md").read_text()
    (item,) = json.loads((project / "plan.json").read_text())["items"]
    assert item["predicted"]["preview"] == address


def test_presets_that_say_nonsense_are_told_and_their_reach_is_shown(
    project: Path, shop: Path, s7spec: Command
) -> None:
    catalog = project / "catalog" / "catalog.yaml"
    bad = '{name: bad, urlModifier: "wid=30&qlt=750&src=Acme/x"}'
    catalog.write_text(f"presets: [{bad}]\n")
    shop.write_text(f"{HEAD}    macro: bad\n")
    planned = s7spec("plan")
    assert planned.code == 0, planned.said
    assert "S7W131 the image preset $bad$ says `qlt=750`" in planned.out
    said = " ".join(planned.out.split())
    assert "uses src in $bad$" in said
    assert "2 pictures of unknown size (" in said
    assert "src: may render another picture" in said


def test_variables_do_not_hide_an_error_behind_one_another(shop: Path, s7spec: Command) -> None:
    export = HEAD.replace("id: main", 'id: "{{ each }}"\n    for_each: [png, m3u8]')
    shop.write_text(f"{export}    is_modifier: '$v={{{{ each }}}}&wid=8&fmt=$v$'\n")
    refused = s7spec("validate")
    assert refused.code == 3
    assert "S7E106" in refused.out
