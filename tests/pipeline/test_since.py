"""Which manifests count as changed, by what git says of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from s7spec.model.changed_files import ChangedFiles
from s7spec.model.source import SourceFile
from s7spec.pipeline.narrowed import since_text
from s7spec.pipeline.scope import Scope, Since
from s7spec.pipeline.selecting import parse
from s7spec.pipeline.since import manifests_since
from tests.pipeline.projects import compilation, make_project, manifest

TEMPLATE = """\
apiVersion: s7spec/v1
kind: ExportTemplate
metadata: {name: market}
libraries: {mod: templates/lib.j2}
data: {sizes: data/sizes.csv}
exports:
  - id: "{{ each.id }}"
    for_each: "{{ data.sizes }}"
    assets: {names: [x]}
    fmt: convert
    is_modifier: {wid: "{{ mod.side() }}"}
"""
BY_TEMPLATE = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: market}
exports: [{template: templates/market.yaml}]
"""
BY_NAMES = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: skus}
data: {rows: data/rows.json}
exports: [{id: main, assets: {file: data/skus.csv, column: sku}, fmt: orig}]
"""
FILES = {
    "plain.yaml": manifest("plain", "main"),
    "eu/market.yaml": BY_TEMPLATE,
    "eu/skus.yaml": BY_NAMES,
    "two.yaml": manifest("two-a", "main") + "---\n" + manifest("two-b", "main"),
    "templates/market.yaml": TEMPLATE,
    "templates/lib.j2": "{% macro side() %}80{% endmacro %}",
    "data/sizes.csv": "id\na\n",
    "data/rows.json": "[]",
    "data/skus.csv": "sku\nPS_1\n",
    "README.md": "read",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_project(tmp_path, FILES)


def look(
    root: Path, *paths: str, before: dict[str, str] | None = None, ignored: tuple[str, ...] = ()
) -> Since:
    changes = ChangedFiles(
        revision="main",
        base="0" * 40,
        paths=frozenset(paths),
        ignored=frozenset(ignored),
        before=tuple(SourceFile(path=path, text=text) for path, text in (before or {}).items()),
    )
    since, findings = manifests_since(compilation(root), changes, root=root)
    assert findings == ()
    return since


def by(since: Since) -> dict[str, str | None]:
    return {each.path: each.by for each in since.changed}


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ("plain.yaml", {"plain.yaml": None}),
        ("README.md", {}),
        ("templates/market.yaml", {"eu/market.yaml": "templates/market.yaml"}),
        ("templates/lib.j2", {"eu/market.yaml": "templates/lib.j2"}),
        ("data/sizes.csv", {"eu/market.yaml": "data/sizes.csv"}),
        ("data/rows.json", {"eu/skus.yaml": "data/rows.json"}),
        ("data/skus.csv", {"eu/skus.yaml": "data/skus.csv"}),
        ("two.yaml", {"two.yaml": None}),
        # A folder that changes itself is a link, or a repository inside of this one.
        ("data", {"eu/market.yaml": "data/sizes.csv", "eu/skus.yaml": "data/rows.json"}),
        ("eu", {"eu/market.yaml": None, "eu/skus.yaml": None}),
        ("da", {}),
    ],
)
def test_what_a_manifest_is_made_of(root: Path, changed: str, wanted: dict[str, object]) -> None:
    since = look(root, changed)
    assert by(since) == wanted
    assert (since.total, since.is_all, since.gone) == (4, False, frozenset())
    assert {str(file.relative_to(root)) for file in since.files} == {*wanted}


def test_only_what_changed_is_compiled(root: Path) -> None:
    since = look(root, "data/sizes.csv", "two.yaml")
    outcome = compilation(root, Scope(since=since)).whole()
    assert {job.key.short for job in outcome.jobs} == {"market/a", "two-a/main", "two-b/main"}
    assert not outcome.whole
    assert outcome.walked == {"market", "two-a", "two-b"}


def test_nothing_changed(root: Path) -> None:
    since = look(root)
    outcome = compilation(root, Scope(since=since)).whole()
    assert (outcome.jobs, outcome.diagnostics, outcome.whole) == ((), (), False)
    assert since_text(since) == "--since main: 0 of 4 manifests changed"


def test_the_project_changed(root: Path) -> None:
    since = look(root, "s7spec.yaml", "plain.yaml")
    outcome = compilation(root, Scope(since=since)).whole()
    assert len(outcome.jobs) == 5
    assert outcome.whole
    assert since_text(since) == "--since main: s7spec.yaml changed: all 4 manifests count"


def test_links(root: Path) -> None:
    (root / "real").mkdir()
    (root / "data" / "sizes.csv").rename(root / "real" / "sizes.csv")
    (root / "data" / "sizes.csv").symlink_to(Path("..", "real", "sizes.csv"))
    assert by(look(root, "real/sizes.csv")) == {"eu/market.yaml": "data/sizes.csv"}
    assert by(look(root, "data/sizes.csv")) == {"eu/market.yaml": "data/sizes.csv"}


def test_a_file_that_is_gone_counts_as_changed(root: Path) -> None:
    (root / "data" / "sizes.csv").unlink()
    assert by(look(root, "data/sizes.csv")) == {"eu/market.yaml": "data/sizes.csv"}


def test_what_nobody_can_tell_counts_as_changed(root: Path) -> None:
    (root / "templates" / "market.yaml").write_text("kind: [")
    (root / "plain.yaml").write_text(manifest("plain", "main").replace("orig", "none"))
    (root / "two.yaml").write_text("- [")
    assert by(look(root)) == {
        "eu/market.yaml": "what is wrong with it",
        "plain.yaml": "what is wrong with it",
        "two.yaml": "what is wrong with it",
    }
    assert by(look(root, "templates/market.yaml", "two.yaml")) == {
        "eu/market.yaml": "templates/market.yaml",
        "plain.yaml": "what is wrong with it",
        "two.yaml": None,
    }


def test_what_git_ignores(root: Path) -> None:
    since = look(root, ignored=("data/skus.csv", "plain.yaml"))
    assert by(since) == {
        "eu/skus.yaml": "data/skus.csv, which git ignores",
        "plain.yaml": "plain.yaml, which git ignores",
    }


def test_a_repository_that_git_ignores(root: Path) -> None:
    assert by(look(root, ignored=("eu",))) == {
        "eu/market.yaml": "eu/market.yaml, which git ignores",
        "eu/skus.yaml": "eu/skus.yaml, which git ignores",
    }


def test_manifests_that_are_gone(root: Path) -> None:
    before = {
        # Renamed file, same name; renamed manifest; a document taken out; no manifest at all.
        "old/plain.yaml": FILES["plain.yaml"],
        "eu/skus.yaml": BY_NAMES.replace("skus}", "old-skus}"),
        "two.yaml": FILES["two.yaml"] + "---\n" + manifest("two-c", "main"),
        "templates/old.yaml": TEMPLATE,
        "ci.yaml": "jobs: {metadata: {name: x}}",
        "list.yaml": "[1]",
        "broken.yaml": "kind: ExportManifest\nmetadata: {name: [",
        "odd.yaml": "kind: ExportManifest\nmetadata: {name: 7}",
    }
    since = look(root, *before, "plain.yaml", before=before)
    assert since.gone == {"old-skus", "two-c"}
    assert since_text(since) == (
        "--since main: 3 of 4 manifests changed (eu/skus.yaml; plain.yaml; two.yaml); "
        "gone: old-skus, two-c"
    )
    outcome = compilation(root, Scope(since=since)).whole()
    assert outcome.walked == {"old-skus", "two-c", "skus", "plain", "two-a", "two-b"}


def test_with_a_selection_by_name_nothing_is_gone(root: Path) -> None:
    since = look(root, "plain.yaml", before={"x.yaml": manifest("gone", "main")})
    for select, walked in [("plain", set()), ("changed", {"plain", "gone"})]:
        scope = Scope(since=since, narrowing=parse([select]))
        assert compilation(root, scope).whole().walked == walked


def test_many_changes_in_few_words(tmp_path: Path) -> None:
    files = {f"m{number}.yaml": manifest(f"m{number}", "main") for number in range(9)}
    since = look(make_project(tmp_path, files), *files)
    assert since_text(since) == (
        "--since main: 9 of 9 manifests changed "
        "(m0.yaml; m1.yaml; m2.yaml; m3.yaml; m4.yaml; 4 more)"
    )


def test_a_template_among_the_manifests_is_read_when_it_changed(tmp_path: Path) -> None:
    files = {
        "t.yaml": TEMPLATE.replace("templates/lib.j2", "lib.j2").replace("data/", ""),
        "lib.j2": FILES["templates/lib.j2"],
        "sizes.csv": "id\na\n",
        "use.yaml": BY_TEMPLATE.replace("templates/market", "t"),
        "other.yaml": manifest("other", "main"),
    }
    root = make_project(tmp_path, files)
    since = look(root, "t.yaml")
    assert (by(since), since.total) == ({"use.yaml": "t.yaml"}, 2)
    assert [file.name for file in since.files] == ["t.yaml", "use.yaml"]


def test_a_name_that_is_taken_by_what_did_not_change(root: Path) -> None:
    (root / "new.yaml").write_text(manifest("two-b", "main"))
    changes = ChangedFiles(revision="main", base="0", paths=frozenset({"new.yaml"}))
    _, (finding,) = manifests_since(compilation(root), changes, root=root)
    assert finding.rule.id == "S7E020"


def test_no_manifests_left(tmp_path: Path) -> None:
    root = make_project(tmp_path, {})
    changes = ChangedFiles(revision="main", base="0", paths=frozenset({"a.yaml"}))
    _, (finding,) = manifests_since(compilation(root), changes, root=root)
    assert finding.rule.id == "S7E006"
