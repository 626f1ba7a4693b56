"""Image presets as people use them: looked up, kept in git, warned of offline."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import CATALOG, PROJECT, Command

MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shop}
defaults: {assets: {names: [PS_1]}, fmt: convert, emailSetting: None}
exports:
  - {id: macro, macro: thumb}
  - id: modifier
    is_modifier: $View$&wid=40
  - {id: plain, is_modifier: wid=5}
"""
PRESETS = """\
presets:
  - {name: Thumb, urlModifier: "wid=10&hei=10&fmt=png"}
  - {name: View, urlModifier: "$Base$&wid=30"}
  - {name: Base, urlModifier: "fmt=png"}
"""
SNAPSHOT = "presets/Acme.json"


@pytest.fixture
def shop(project: Path) -> Path:
    (project / "shop.yaml").write_text(MANIFEST)
    have(project, PRESETS)
    return project


def have(project: Path, presets: str) -> None:
    head, _, tail = CATALOG.partition("presets:\n")
    assets = tail[tail.index("assets:") :]
    (project / "catalog" / "catalog.yaml").write_text(head + presets + assets)


def misspell(project: Path, before: str = "$View$", after: str = "$Veiw$") -> None:
    path = project / "shop.yaml"
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))


def jobs(project: Path) -> dict[str, dict[str, Any]]:
    plan = json.loads((project / "plan.json").read_text())
    return {item["key"]["export"]: item for item in plan["items"]}


class TestPlanning:
    def test_an_unknown_preset_in_the_modifier_is_an_error_at_its_place(
        self, shop: Path, s7spec: Command
    ) -> None:
        misspell(shop)
        assert s7spec("validate").code == 0
        finished = s7spec("plan")
        assert finished.code == 3
        assert "error[S7E043]: image preset `$Veiw$` does not exist in Acme" in finished.err
        assert "shop.yaml:8:18" in finished.err
        assert "did you mean $View$?" in finished.err

    def test_a_preset_that_only_another_one_names(self, shop: Path, s7spec: Command) -> None:
        have(shop, PRESETS.replace("name: Base", "name: Bass"))
        finished = s7spec("plan")
        assert finished.code == 3
        assert "image preset `$Base$` in `$View$` does not exist in Acme" in finished.err

    def test_an_edited_preset_runs_the_job_again_and_only_that(
        self, shop: Path, s7spec: Command
    ) -> None:
        assert s7spec("apply", "--yes").code == 0
        assert s7spec("plan", "--detailed-exitcode").code == 0
        have(shop, PRESETS.replace('"fmt=png"', '"fmt=tif"'))
        finished = s7spec("plan", "--detailed-exitcode", "--out", "plan.json")
        assert finished.code == 2
        assert "image preset $Base$ was edited in IPS" in finished.out
        assert "$Base$ fmt png → tif" in finished.out
        found = jobs(shop)
        assert {name: item["action"] for name, item in found.items()} == {
            "macro": "skip",
            "modifier": "submit",
            "plain": "skip",
        }
        assert found["modifier"]["export_job"]["presets"] == [
            {"name": "Base", "urlModifier": "fmt=tif"},
            {"name": "View", "urlModifier": "$Base$&wid=30"},
        ]

    def test_a_saved_plan_is_stale_when_such_a_preset_changed(
        self, shop: Path, s7spec: Command
    ) -> None:
        assert s7spec("plan", "--out", "plan.json").code == 0
        have(shop, PRESETS.replace('"fmt=png"', '"fmt=tif"'))
        finished = s7spec("apply", "plan.json")
        assert finished.code == 4
        assert "image preset $Base$ has changed: planned `fmt=png`, now `fmt=tif`" in finished.err

    def test_history_tells_what_presets_meant(self, shop: Path, s7spec: Command) -> None:
        assert s7spec("apply", "--yes").code == 0
        document = json.loads(s7spec("history", "shop/modifier", "--format", "json").out)
        (attempt,) = document["attempts"]
        assert [each["name"] for each in attempt["export_job"]["presets"]] == ["Base", "View"]


class TestCommand:
    def test_a_list(self, shop: Path, s7spec: Command) -> None:
        finished = s7spec("presets")
        assert (finished.code, finished.err) == (0, "")
        assert finished.out.splitlines()[0] == "Acme/local on embedded: 3 image presets"
        assert finished.out.splitlines()[-1] == "$View$   $Base$&wid=30"

    def test_what_is_saved_is_what_programs_get_and_what_plans_know(
        self, shop: Path, s7spec: Command
    ) -> None:
        finished = s7spec("presets", "--save")
        assert (finished.code, finished.out) == (0, "")
        assert finished.err == f"{SNAPSHOT}: 3 image presets\n"
        text = (shop / SNAPSHOT).read_text()
        assert s7spec("presets", "--format", "json").out == text
        assert s7spec("plan", "--out", "plan.json").code == 0
        plan = json.loads((shop / "plan.json").read_text())
        assert json.loads(text)["hash"] == plan["header"]["preset_hash"]
        assert stat.S_IMODE((shop / SNAPSHOT).stat().st_mode) & 0o111 == 0
        assert [path.name for path in (shop / "presets").iterdir()] == ["Acme.json"]

    def test_saving_again_changes_nothing(self, shop: Path, s7spec: Command) -> None:
        assert s7spec("presets", "--save").code == 0
        before = (shop / SNAPSHOT).read_bytes()
        finished = s7spec("presets", "--save", "--format", "json")
        assert finished.err == f"{SNAPSHOT}: 3 image presets (unchanged)\n"
        assert finished.out.encode() == before == (shop / SNAPSHOT).read_bytes()
        assert s7spec("presets", "--save", "-q").err == ""

    def test_a_check_says_what_differs(self, shop: Path, s7spec: Command) -> None:
        assert s7spec("presets", "--save").code == 0
        same = s7spec("presets", "--check")
        assert (same.code, same.out) == (0, "")
        assert same.err == f"{SNAPSHOT} is up to date: 3 image presets\n"
        have(shop, PRESETS.replace("wid=10", "wid=12").replace("name: View", "name: Look"))
        differs = s7spec("presets", "--check")
        assert differs.code == 2
        assert differs.out.splitlines() == [
            "+ $Look$  $Base$&wid=30",
            "~ $Thumb$  wid 10 → 12",
            "- $View$  $Base$&wid=30",
        ]
        assert "1 added, 1 removed, 1 changed; `s7spec presets --save`" in differs.err
        document = json.loads(s7spec("presets", "--check", "--format", "json").out)
        assert (document["same"], len(document["changes"])) == (False, 3)
        saved = s7spec("presets", "--save")
        assert saved.err == f"{SNAPSHOT}: 3 image presets (1 added, 1 removed, 1 changed)\n"
        assert s7spec("presets", "--check", "-q").said == ""

    def test_a_check_without_a_file(self, shop: Path, s7spec: Command) -> None:
        finished = s7spec("presets", "--check")
        assert finished.code == 3
        assert f"error[S7E045]: there is no snapshot {SNAPSHOT}" in finished.err
        assert "`s7spec presets --save` makes one" in finished.err

    def test_a_damaged_file_is_told_before_anybody_is_asked(
        self, shop: Path, s7spec: Command
    ) -> None:
        (shop / "presets").mkdir()
        (shop / SNAPSHOT).write_text('{"format": "s7spec-presets"')
        finished = s7spec("presets", "--check", "--env", "nowhere")
        assert finished.code == 3
        assert "S7E045" in finished.err
        assert f"{SNAPSHOT}:1:" in finished.err
        assert s7spec("presets", "--save").code == 0
        assert s7spec("presets", "--check").code == 0

    def test_saving_never_replaces_what_is_no_snapshot(self, shop: Path, s7spec: Command) -> None:
        (shop / "skus.json").write_text("[1]")
        write_project(shop, "presets: skus.json")
        finished = s7spec("presets", "--save")
        assert finished.code == 3
        assert "skus.json is no snapshot of image presets: nothing was written" in finished.err
        assert (shop / "skus.json").read_text() == "[1]"

    def test_what_could_not_be_read_back_is_not_saved(self, shop: Path, s7spec: Command) -> None:
        have(shop, PRESETS + '  - {name: "two\\nlines", urlModifier: "wid=3"}\n')
        finished = s7spec("presets", "--save")
        assert finished.code == 3
        assert "the image presets on IPS cannot be kept: `two lines` cannot be" in finished.err
        assert "nothing was written" in finished.err
        assert not (shop / SNAPSHOT).exists()
        assert s7spec("presets").code == 0

    def test_saving_follows_no_links(self, shop: Path, s7spec: Command, tmp_path: Path) -> None:
        (shop / "presets").mkdir()
        (shop / "elsewhere.json").write_text("")
        (shop / SNAPSHOT).symlink_to(shop / "elsewhere.json")
        finished = s7spec("presets", "--save")
        assert (finished.code, (shop / "elsewhere.json").read_text()) == (3, "")
        assert "symbolic link" in finished.err
        (shop / SNAPSHOT).unlink()
        (shop / "presets").rmdir()
        (shop / "presets").symlink_to(tmp_path)
        assert "leads out of the project" in s7spec("presets", "--save").err
        assert not (tmp_path / "Acme.json").exists()

    def test_another_file_of_an_environment(self, shop: Path, s7spec: Command) -> None:
        write_project(shop, "presets: kept/staging.json")
        assert s7spec("presets", "--save").code == 0
        assert json.loads((shop / "kept" / "staging.json").read_text())["company"] == "Acme"
        write_project(shop, "presets: ../staging.json")
        finished = s7spec("validate")
        assert finished.code == 3
        assert "S7E007" in finished.err + finished.out

    def test_usage(self, shop: Path, s7spec: Command) -> None:
        assert s7spec("presets", "--save", "--check").code == 3
        helped = s7spec("presets", "--help")
        assert helped.code == 0
        assert "s7spec presets --check --env production" in helped.out
        assert s7spec("presets", "--env", "nowhere").code == 3


def write_project(project: Path, key: str) -> None:
    text = PROJECT.replace("quarantine_seconds: 1}", f"quarantine_seconds: 1, {key}}}")
    assert text != PROJECT
    (project / "s7spec.yaml").write_text(text)


class TestOffline:
    @pytest.fixture
    def kept(self, shop: Path, s7spec: Command) -> Path:
        assert s7spec("presets", "--save").code == 0
        return shop

    def test_presets_that_are_known_are_no_matter(self, kept: Path, s7spec: Command) -> None:
        misspell(kept, "wid=5", "wid=5&$shadow$&.$comment$")
        finished = s7spec("validate", "--strict")
        assert (finished.code, finished.out) == (0, "")

    def test_validate_warns_of_others_once_for_each_export(
        self, kept: Path, s7spec: Command
    ) -> None:
        misspell(kept)
        misspell(kept, "macro: thumb", "macro: $Tumb$, matrix: {n: [1, 2]}")
        misspell(kept, "id: macro", 'id: "macro-{{ matrix.n }}"')
        finished = s7spec("validate", "--format", "json")
        assert finished.code == 0
        found = json.loads(finished.out)["diagnostics"]
        assert [
            (each["rule"], each["summary"], each["where"]["line"], each["where"]["column"])
            for each in found
        ] == [
            ("S7W129", f"image preset `$Tumb$` is not in the snapshot {SNAPSHOT}", 6, 41),
            ("S7W129", f"image preset `$Veiw$` is not in the snapshot {SNAPSHOT}", 8, 18),
        ]
        assert found[0]["hint"].startswith("did you mean $Thumb$?")
        assert "s7spec presets --save" in found[0]["hint"]
        assert s7spec("validate", "--strict").code == 3

    def test_render_and_explain_warn_beside_what_they_show(
        self, kept: Path, s7spec: Command
    ) -> None:
        misspell(kept)
        rendered = s7spec("render", "-o", "json")
        assert rendered.code == 0
        assert len(json.loads(rendered.out)["jobs"]) == 3
        assert "warning[S7W129]: image preset `$Veiw$`" in rendered.err
        assert s7spec("render", "-q").err == ""
        assert s7spec("render", "--select", "shop/plain").err == ""
        explained = s7spec("explain", "shop/modifier", "--format", "json")
        assert explained.code == 0
        json.loads(explained.out)
        assert "warning[S7W129]: image preset `$Veiw$`" in explained.err
        assert s7spec("explain", "shop/macro").err == ""

    def test_a_warning_can_be_ignored_and_plans_do_not_miss_it(
        self, kept: Path, s7spec: Command
    ) -> None:
        misspell(
            kept, "    is_mod", "    # s7spec: ignore=S7W129 reason=made next week\n    is_mod"
        )
        assert "S7W002" in s7spec("validate").out
        assert "S7W002" not in s7spec("plan").out
        misspell(kept)
        assert s7spec("validate", "--strict").code == 0
        assert s7spec("explain", "shop/modifier").err == ""
        (kept / SNAPSHOT).unlink()
        assert s7spec("validate", "--strict").code == 0

    def test_a_preset_made_since_is_a_warning_here_and_none_there(
        self, kept: Path, s7spec: Command
    ) -> None:
        misspell(kept)
        have(kept, PRESETS + '  - {name: Veiw, urlModifier: "wid=3"}\n')
        assert "S7W129" in s7spec("validate").out
        planned = s7spec("plan")
        assert planned.code == 0
        assert "S7W129" not in planned.said
        assert f"the image presets on IPS are not those of {SNAPSHOT}" in planned.err
        assert s7spec("plan", "-q").err == ""
        assert s7spec("presets", "--save").code == 0
        assert s7spec("plan").err == ""
        assert s7spec("validate", "--strict").code == 0

    def test_a_file_that_cannot_be_used(self, kept: Path, s7spec: Command) -> None:
        path = kept / SNAPSHOT
        path.write_text(path.read_text().replace("wid=10&", "wid=11&"))
        for arguments in (["validate"], ["validate", "--format", "sarif"], ["render"]):
            finished = s7spec(*arguments)
            assert finished.code == 3
            assert "S7E045" in finished.said
            assert "do not match their hash" in finished.said
        explained = s7spec("explain", "shop/plain")
        assert explained.code == 0
        assert "S7E045" in explained.err
        planned = s7spec("plan")
        assert planned.code == 0
        assert f"{SNAPSHOT} cannot be used" in planned.err

    def test_another_company_has_a_file_of_its_own(self, kept: Path, s7spec: Command) -> None:
        assert s7spec("validate", "--env", "stranger").code == 0
        (kept / SNAPSHOT).rename(kept / "presets" / "Nobody.json")
        finished = s7spec("validate", "--env", "stranger")
        assert finished.code == 3
        assert "holds the presets of `Acme`, not of `Nobody`" in finished.out
