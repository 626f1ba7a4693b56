"""No option that writes a file destroys what is read, or what another one wrote."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command

TEMPLATE = """\
apiVersion: s7spec/v1
kind: ExportTemplate
metadata: {name: market}
libraries: {mod: templates/lib.j2}
data: {sizes: data/sizes.csv}
exports:
  - id: "{{ each.id }}"
    for_each: "{{ data.sizes }}"
    assets: {names: [PS_1]}
    fmt: convert
    is_modifier: {wid: "{{ mod.side() }}"}
    emailSetting: None
"""
MANIFEST = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: market}
data: {rows: data/rows.json}
exports:
  - {template: templates/market.yaml}
  - {id: "list-{{ data.rows[0] }}", assets: {file: data/skus.tsv, column: sku}, fmt: orig}
"""
FILES = {
    "markets/market.yaml": MANIFEST,
    "templates/market.yaml": TEMPLATE,
    "templates/lib.j2": "{% macro side() %}80{% endmacro %}",
    "data/sizes.csv": "id\na\n",
    "data/rows.json": '["a"]',
    "data/skus.tsv": "sku\nPS_1\n",
}


@pytest.fixture
def full(project: Path) -> Path:
    """With everything that a project can be made of."""
    with (project / "s7spec.yaml").open("a") as file:
        file.write('manifests: ["*.yaml", "markets/*.yaml"]\n')
    for name, text in FILES.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text)
    return project


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


INPUTS = {
    "s7spec.yaml": "would overwrite the project file",
    "shop.yaml": "would overwrite a manifest",
    "./markets/../markets/market.yaml": "would overwrite a manifest",
    "templates/market.yaml": "would overwrite a file that markets/market.yaml names",
    "templates/lib.j2": "would overwrite a file that markets/market.yaml names",
    "data/sizes.csv": "would overwrite a file that markets/market.yaml names",
    "data/rows.json": "would overwrite a file that markets/market.yaml names",
    "data/skus.tsv": "would overwrite a file that markets/market.yaml names",
    "catalog/catalog.yaml": "lies in the catalog of the embedded IPS",
    "catalog/PS_1.png": "lies in the catalog of the embedded IPS",
    "presets/Acme.json": "would take the place of the snapshot of image presets",
    ".s7spec/ledger.db": "would take the place of the ledger",
    ".s7spec/ledger.db-wal": "would take the place of the ledger",
    ".s7spec/ledger.db-shm": "would take the place of the ledger",
    ".s7spec/ips/server.lock": "lies in the data folder of the embedded IPS",
}


@pytest.mark.parametrize(("name", "trouble"), INPUTS.items())
def test_what_a_project_is_made_of_is_never_overwritten(
    full: Path, s7spec: Command, name: str, trouble: str
) -> None:
    before = everything(full)
    refused = s7spec("plan", "--out", name)
    assert refused.code == 3
    said = " ".join(refused.err.split())
    assert "error[S7E054]" in said
    assert trouble in said
    assert everything(full) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "--md"),
        ("plan", "--html"),
        ("plan", "--events"),
        ("plan", "shop.yaml", "--out"),
        ("apply", "--yes", "--out-run"),
        ("apply", "--yes", "--events"),
        ("schema", "plan", "--out"),
        ("ledger", "backup", "--force"),
        ("ledger", "rebuild", "--events"),
        ("modifier", "wid=8", "--try", "catalog/PS_1.png", "--force", "--out"),
    ],
    ids=" ".join,
)
def test_whatever_writes_a_file_looks_first(
    full: Path, s7spec: Command, arguments: tuple[str, ...]
) -> None:
    before = everything(full)
    refused = s7spec(*arguments, "markets/market.yaml")
    assert refused.code == 3
    assert "would overwrite a manifest" in refused.err
    assert everything(full) == before


def test_links_lead_to_the_same_file(full: Path, s7spec: Command) -> None:
    (full / "soft.json").symlink_to("shop.yaml")
    os.link(full / "s7spec.yaml", full / "hard.json")
    before = everything(full)
    assert "would overwrite a manifest" in s7spec("plan", "--out", "soft.json").err
    assert "would overwrite the project file" in s7spec("plan", "--events", "hard.json").err
    assert everything(full) == before


def test_a_circle_of_links_leads_nowhere(project: Path, s7spec: Command) -> None:
    (project / "circle").symlink_to("circle")
    for option in ("--out", "--html", "--events"):
        refused = s7spec("plan", option, "circle")
        assert (refused.code, "Traceback" in refused.err) == (3, False), refused.err
        assert "error[S7E052]: cannot write" in refused.err


def test_manifests_that_no_pattern_finds_are_read_all_the_same(
    project: Path, s7spec: Command
) -> None:
    (project / "drafts").mkdir()
    draft = (project / "shop.yaml").rename(project / "drafts" / "shop.yaml")
    text = draft.read_text()
    assert "what PATHS names" in s7spec("plan", draft, "--out", draft).err
    assert "would overwrite a manifest" in s7spec("plan", "drafts", "--out", draft).err
    assert draft.read_text() == text


def test_a_saved_plan_is_not_overwritten_by_what_becomes_of_it(
    project: Path, s7spec: Command
) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    text = (project / "plan.json").read_text()
    for arguments, by in (
        (("show", "plan.json", "--html", "./plan.json"), "PLAN.JSON"),
        (("apply", "plan.json", "--out-run", "plan.json"), "PATHS"),
        (("apply", "plan.json", "--events", "plan.json"), "PATHS"),
    ):
        refused = s7spec(*arguments)
        assert refused.code == 3
        assert f"would overwrite what {by} names" in refused.err
        assert (project / "plan.json").read_text() == text


def test_a_broken_project_keeps_its_files_too(project: Path, s7spec: Command) -> None:
    (project / "s7spec.yaml").write_text("kind: Project\n")
    text = (project / "shop.yaml").read_text()
    refused = s7spec("plan", "--events", "shop.yaml")
    assert refused.code == 3
    assert "would overwrite a file of the project" in refused.err
    assert (project / "shop.yaml").read_text() == text


@pytest.mark.parametrize("other", ["y.json", "./y.json", "there/../y.json", "link.json", "Y.json"])
@pytest.mark.parametrize("option", ["--html", "--md", "--events"])
def test_two_options_never_name_one_file(
    project: Path, s7spec: Command, option: str, other: str
) -> None:
    (project / "there").mkdir()
    (project / "link.json").symlink_to("y.json")
    refused = s7spec("plan", "--out", "y.json", option, other)
    assert refused.code == 3
    assert "error[S7E054]" in refused.err
    assert "name one file" in refused.err
    assert not (project / "y.json").exists()


def test_what_is_nobodys_is_written_as_ever(project: Path, s7spec: Command) -> None:
    for name in ("plan.json", "plan.md", "notes.yaml.txt"):
        (project / name).write_text("old")
    for _ in range(2):
        done = s7spec("plan", "--out", "plan.json", "--md", "plan.md", "--html", "notes.yaml.txt")
        assert done.code == 0, done.said
    assert "old" not in {(project / name).read_text() for name in ("plan.json", "plan.md")}
    assert s7spec("plan", "--out", os.devnull, "--html", os.devnull).code == 0
    assert s7spec("plan", "--events", "-", "--out", "plan.json").code == 0
    assert s7spec("apply", "--yes", "--out-run", "run.json").code == 0
    assert s7spec("apply", "--yes", "--out-run", "run.json").code == 0
    assert s7spec("ledger", "backup", "--force", "plan.md").code == 0


def test_without_a_project_outputs_are_compared_all_the_same(
    tmp_path: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert s7spec("schema", "plan", "--out", "plan.schema.json").code == 0
    assert s7spec("schema", "plan", "--out", "plan.schema.json").code == 0
    assert "name one file" in s7spec("plan", "--out", "a.json", "--md", "a.json").err


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ("markets/market.yaml", "data/sizes.csv"),
        ("markets/market.yaml", "templates/lib.j2"),
        ("templates/market.yaml", "data/rows.json"),
        ("s7spec.yaml", "data/sizes.csv"),
        ("s7spec.yaml", "catalog/PS_1.png"),
        ("s7spec.yaml", "markets/market.yaml"),
    ],
)
def test_what_cannot_be_read_may_name_anything(
    full: Path, s7spec: Command, broken: str, name: str
) -> None:
    with (full / broken).open("a") as file:
        file.write("oops: [\n")
    before = everything(full)
    for arguments in (("plan", "shop.yaml", "--out"), ("schema", "plan", "--out")):
        refused = s7spec(*arguments, name)
        assert refused.code == 3
        assert "would overwrite a file" in refused.err
    assert everything(full) == before
    assert s7spec("schema", "plan", "--out", "new.json").code == 0


def test_beside_assets_a_plan_may_lie_and_be_written_anew(full: Path, s7spec: Command) -> None:
    for _ in range(2):
        done = s7spec("plan", "--out", "catalog/plan.json", "--md", "catalog/plan.md")
        assert done.code == 0, done.said


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("plan.yaml", "would be taken for a manifest"),
        ("markets/PLAN.YML", "would be taken for a manifest"),
        ("catalog/new.jpg", "lies in the catalog of the embedded IPS"),
        ("catalog/more.yaml", "lies in the catalog of the embedded IPS"),
        (".git/config", "is a file of git"),
        (".git/hooks/pre-commit", "is a file of git"),
        ("link.json", "is a file of git"),
    ],
)
def test_nothing_new_is_put_where_it_would_be_read(
    full: Path, s7spec: Command, name: str, trouble: str
) -> None:
    (full / ".git" / "hooks").mkdir(parents=True)
    (full / ".git" / "config").write_text("[core]\n")
    (full / "link.json").symlink_to(".git/config")
    before = everything(full)
    refused = s7spec("plan", "--md", name)
    assert refused.code == 3
    assert trouble in " ".join(refused.err.split())
    assert everything(full) == before
