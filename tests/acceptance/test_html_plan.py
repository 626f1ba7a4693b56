"""`plan --html` and `show --html`: one page, with pictures that the embedded IPS renders."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from s7spec.cli.pictures import sheet as contact_sheets
from tests.acceptance.conftest import Command, picture
from tests.report.pages import data_of

BEFORE_IS, BEFORE, AFTER, PROBLEM = 3, 2, 4, 5


def samples_of(page: str, job: str) -> list[Any]:
    shared, rows = data_of(page, "shared"), data_of(page, "rows")
    keys = [f"{shared['manifests'][row[0]]}/{row[1]}" for row in rows]
    found: list[Any] = data_of(page, "pictures")["jobs"].get(str(keys.index(job)), [])
    return found


def decoded(page: str, sample: list[Any], side: int) -> Image.Image:
    uri = data_of(page, "pictures")["uris"][sample[side][0]]
    assert uri.startswith("data:image/webp;base64,")
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


def test_a_new_job_has_its_sources_and_what_becomes_of_them(project: Path, s7spec: Command) -> None:
    done = s7spec("plan", "--out", "plan.json", "--html", "plan.html")
    assert done.code == 0, done.said
    page = (project / "plan.html").read_text()
    assert "2 of 2 jobs have pictures (emulated, not Adobe output)" in page
    assert "s7spec apply plan.json" in page
    first, second = samples_of(page, "shop/small")
    assert first[:2] == ["Acme/PS_2", ["largest", "oddest shape"]]
    assert second[:2] == ["Acme/PS_1", ["smallest"]]
    assert first[BEFORE][1].startswith("90x150")
    assert first[BEFORE_IS] == "the source"
    assert first[AFTER][1].startswith("20x33 jpeg")
    assert decoded(page, first, BEFORE).size == (90, 150)
    assert decoded(page, first, AFTER).size == (20, 33)
    assert samples_of(page, "shop/masters") == []


def test_a_changed_job_has_what_it_was_sent_with(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    manifest = project / "shop.yaml"
    manifest.write_text(manifest.read_text().replace("wid: 80", "wid: 60"))
    assert s7spec("plan", "--html", "plan.html").code == 0
    page = (project / "plan.html").read_text()
    assert "1 of 1 job has pictures" in page
    sample = samples_of(page, "shop/large")[1]
    assert sample[BEFORE_IS] == "with the last attempt's settings"
    assert sample[BEFORE][1].startswith("80x60")
    assert sample[AFTER][1].startswith("60x45")


def test_an_asset_that_the_last_attempt_did_not_have_was_never_otherwise(
    project: Path, s7spec: Command
) -> None:
    assert s7spec("apply", "--yes").code == 0
    manifest = project / "shop.yaml"
    manifest.write_text(manifest.read_text().replace("wid: 80", "wid: 60"))
    picture(project / "catalog" / "PS_3.png", size=(300, 200))
    assert s7spec("plan", "--html", "plan.html").code == 0
    found = samples_of((project / "plan.html").read_text(), "shop/large")
    before = {sample[0]: sample[BEFORE_IS] for sample in found}
    assert before["Acme/PS_3"] == "the source"
    assert before["Acme/PS_1"] == "with the last attempt's settings"


def test_transparency_and_cmyk_are_looked_for(project: Path, s7spec: Command) -> None:
    catalog = project / "catalog"
    for number in range(3, 9):
        picture(catalog / f"PS_{number}.png", size=(100, 100))
    Image.new("RGBA", (100, 100), (200, 0, 0, 90)).save(catalog / "PS_clear.png")
    Image.new("CMYK", (100, 100), (0, 200, 0, 0)).save(catalog / "PS_print.jpg")
    assert s7spec("plan", "--html", "plan.html").code == 0
    page = (project / "plan.html").read_text()
    found = {sample[0]: sample[1] for sample in samples_of(page, "shop/small")}
    assert len(found) == 5
    assert found["Acme/PS_clear"] == ["transparency"]
    assert found["Acme/PS_print"] == ["CMYK"]


def test_a_picture_that_cannot_be_rendered_is_told(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    (project / "catalog" / "PS_1.png").write_bytes(b"no picture")
    assert s7spec("show", "plan.json", "--html", "plan.html").code == 0
    page = (project / "plan.html").read_text()
    broken = next(each for each in samples_of(page, "shop/small") if each[0] == "Acme/PS_1")
    assert broken[BEFORE] is None
    assert broken[AFTER] is None
    assert broken[PROBLEM].startswith("cannot be rendered here: ")


def test_as_many_pictures_as_are_asked_for(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--html", "plan.html", "--pictures", "1").code == 0
    assert len(samples_of((project / "plan.html").read_text(), "shop/small")) == 1
    assert s7spec("plan", "--html", "plan.html", "--pictures", "none").code == 0
    assert "have pictures" not in (project / "plan.html").read_text()
    refused = s7spec("plan", "--html", "plan.html", "--pictures", "many")
    assert refused.code == 3
    assert "neither a number up to 20 nor none" in refused.err


def test_what_runs_out_is_said(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_sheets, "MOST_SECONDS", 0.0)
    assert s7spec("plan", "--html", "plan.html").code == 0
    said = "0 of 2 jobs have pictures (emulated, not Adobe output; rendering stopped after 0 s)"
    assert said in (project / "plan.html").read_text()
    monkeypatch.setattr(contact_sheets, "MOST_SECONDS", 60.0)
    monkeypatch.setattr(contact_sheets, "MOST_BYTES", 100)
    assert s7spec("plan", "--html", "plan.html").code == 0
    assert "1 of 2 jobs have pictures" in (project / "plan.html").read_text()


def test_a_saved_plan_is_shown_anywhere(
    project: Path, s7spec: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    shown = s7spec("show", "plan.json", "--format", "html")
    assert shown.code == 0
    assert shown.out.startswith("<!doctype html>")
    assert "2 of 2 jobs have pictures" in shown.out
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    quiet = s7spec("show", project / "plan.json", "--html", "plan.html")
    assert (quiet.code, quiet.out) == (0, "")
    assert "have pictures" not in (elsewhere / "plan.html").read_text()


def test_the_file_is_written_whole_or_not_at_all(project: Path, s7spec: Command) -> None:
    refused = s7spec("plan", "--html", "nowhere/plan.html")
    assert refused.code != 0
    assert "cannot write nowhere/plan.html" in " ".join(refused.err.split())
    dash = s7spec("plan", "--html", "-")
    assert dash.code == 3
    assert "--format html" in dash.err
