"""`s7spec explain JOB`: jobs as people write them, offline."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.acceptance.conftest import Command
from tests.report.traces import CANARY

SCHEMA = Path(__file__).parents[2] / "schemas" / "job-trace.schema.json"
SECOND = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: press}
vars: {width: 300}
environments:
  narrow: {vars: {width: 30}}
exports:
  - {id: large, assets: {names: [PS_1]}, fmt: convert, is_modifier: {wid: "{{ vars.width }}"}}
  - {id: poster, assets: {names: [PS_1]}, fmt: orig}
"""


@pytest.fixture
def two(project: Path) -> Path:
    """The usual project with a second manifest, and without what an offline command could miss."""
    (project / "press.yaml").write_text(SECOND)
    shutil.rmtree(project / "catalog")
    return project


def test_each_field_with_its_place_and_the_chain(two: Path, s7spec: Command) -> None:
    finished = s7spec("explain", "shop/large")
    assert finished.code == 0, finished.said
    assert finished.err == ""
    assert finished.out.startswith("shop/large  Acme/local\n")
    for part in (
        'id              large  shop.yaml:5:9  "{{ matrix.size.id }}"',
        "matrix.size.id = large  shop.yaml:6:26  (matrix.size[0].id)",
        'wid           80  shop.yaml:9:24  "{{ matrix.size.wid }}"',
        "matrix.size.wid = 80  shop.yaml:6:38  (matrix.size[0].wid)",
        "How it came about",
        "environment   local  s7spec.yaml:5:3",
        "entry         exports[0]  shop.yaml:5:5",
    ):
        assert part in finished.out
    assert not (two / ".s7spec").exists()


@pytest.mark.parametrize("target", ["masters", "shop/masters", "Acme/local/shop/masters"])
def test_forms_of_a_job_s_name(target: str, two: Path, s7spec: Command) -> None:
    finished = s7spec("explain", target)
    assert finished.code == 0, finished.said
    assert finished.out.startswith("shop/masters  Acme/local\n")


def test_json_keeps_to_its_schema(two: Path, s7spec: Command) -> None:
    finished = s7spec("explain", "shop/large", "--format", "json")
    assert finished.code == 0, finished.said
    found = json.loads(finished.out)
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(found)
    assert found["job"] == "Acme/local/shop/large"
    assert s7spec("schema", "job-trace").out == SCHEMA.read_text("utf-8")


def test_a_job_s_name_says_its_environment(two: Path, s7spec: Command) -> None:
    for arguments in (["press/large", "--env", "narrow"], ["Acme/narrow/press/large"]):
        finished = s7spec("explain", *arguments)
        assert finished.code == 0, finished.said
        assert "vars.width = 30  press.yaml:6:26  (vars of the manifest's environment)" in (
            finished.out
        )
    other = s7spec("explain", "Acme/narrow/press/large", "--env", "local")
    assert other.code == 3
    assert "not a job of environment `local`" in other.err
    assert s7spec("explain", "Other/local/press/large").code == 3
    unknown = s7spec("explain", "Acme/narow/press/large")
    assert unknown.code == 3
    assert "did you mean `narrow`?" in unknown.err


def test_several_jobs_of_one_name_are_listed(two: Path, s7spec: Command) -> None:
    finished = s7spec("explain", "large")
    assert finished.code == 3
    assert "2 jobs are called `large`" in finished.err
    assert "press/large" in finished.err
    assert "shop/large" in finished.err


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("shop/larg", "did you mean `shop/large`?"),
        ("shpo/large", "did you mean the manifest `shop`?"),
        ("postr", "did you mean `press/poster`?"),
        ("press", "its jobs are:"),
        ("zzz", "lists the jobs"),
        ("shop/zzz", "lists the jobs"),
        ("zzz/zzz", "lists the jobs"),
        ("a/b/c", "write it as manifest/export"),
        ("shop/", "write it as manifest/export"),
        ("shop/main\x1b[31m", "lists the jobs"),
    ],
)
def test_unknown_jobs(target: str, hint: str, two: Path, s7spec: Command) -> None:
    finished = s7spec("explain", target)
    assert finished.code == 3
    assert finished.out == ""
    assert hint in finished.err
    assert "\x1b" not in finished.said
    assert s7spec("explain", target, "--format", "json").code == 3


def test_mistakes_elsewhere_do_not_stand_in_the_way(two: Path, s7spec: Command) -> None:
    (two / "bad.yaml").write_text("kind: [")
    assert s7spec("explain", "shop/large").code == 0
    text = (two / "shop.yaml").read_text().replace("{{ matrix.size.id }}", "{{ matrix.size.idd }}")
    (two / "shop.yaml").write_text(text)
    finished = s7spec("explain", "shop/large")
    assert finished.code == 3
    assert "S7E031" in finished.err
    assert "there is no job `shop/large`" in finished.err
    assert s7spec("explain", "shop/masters").code == 0


def test_outside_of_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, s7spec: Command
) -> None:
    monkeypatch.chdir(tmp_path)
    finished = s7spec("explain", "shop/large")
    assert finished.code == 3
    assert "S7E050" in finished.err


@pytest.mark.parametrize("output", ["human", "json"])
def test_no_credential_comes_out(output: str, two: Path, s7spec: Command) -> None:
    (two / "rows.csv").write_text(f"sku,api_token\nkey,{CANARY}\n")
    (two / "press.yaml").write_text(
        SECOND.partition("exports:")[0]
        + "data: {rows: rows.csv}\nexports:\n"
        + '  - id: "t-{{ each.sku }}"\n    for_each: "{{ data.rows }}"\n'
        + '    assets: {names: ["x-{{ each.api_token }}"]}\n    fmt: convert\n'
        + '    is_modifier: {text: "{{ each.api_token }}", wid: "{{ data.rows | length }}"}\n'
    )
    finished = s7spec("explain", "t-key", "--format", output)
    assert finished.code == 0, finished.said
    assert CANARY not in finished.said
    assert "x-********" in finished.out
