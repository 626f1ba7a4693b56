"""What is selected before there is a plan: by name, label and path."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.projects import compiled, make_project, manifest

FILES = {
    "shoes.yaml": manifest("shoes", "main", "small", labels="team: shoes, season: ss27"),
    "hats.yaml": manifest("hats", "main", labels='team: hats, note: "a, b"'),
    "eu/de.yaml": manifest("de", "main", "changed", labels="team: shoes"),
    "eu/deep/at.yaml": manifest("at", "main"),
}
ALL = {"shoes/main", "shoes/small", "hats/main", "de/main", "de/changed", "at/main"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("project"), FILES)


def jobs(root: Path, *select: str) -> set[str]:
    outcome = compiled(root, *select)
    assert outcome.diagnostics == ()
    assert outcome.left_out in (0, len(ALL) - len(outcome.jobs))
    return {job.key.short for job in outcome.jobs}


@pytest.mark.parametrize(
    ("select", "wanted"),
    [
        ([], ALL),
        (["shoes"], {"shoes/main", "shoes/small"}),
        (["shoes/main"], {"shoes/main"}),
        (["*/main"], {"shoes/main", "hats/main", "de/main", "at/main"}),
        (["label:team=shoes"], {"shoes/main", "shoes/small", "de/main", "de/changed"}),
        (["label:team=*s", "at"], ALL),
        (["label:season"], {"shoes/main", "shoes/small"}),
        (['label:note="a, b"'], {"hats/main"}),
        (["path:eu"], {"de/main", "de/changed", "at/main"}),
        (["path:eu/*.yaml"], {"de/main", "de/changed"}),
        (["path:*.yaml"], {"shoes/main", "shoes/small", "hats/main"}),
        (["label:team=shoes,*/main"], {"shoes/main", "de/main"}),
        (["label:team=shoes,not:*/main"], {"shoes/small", "de/changed"}),
        (["hats at"], {"hats/main", "at/main"}),
        (["hats", "at"], {"hats/main", "at/main"}),
        (["not:label:team"], {"at/main"}),
        (["not:shoes not:path:eu"], {"hats/main"}),
        (["not:shoes,not:path:eu"], {"hats/main"}),
        (["path:eu", "not:at"], {"de/main", "de/changed"}),
        (["not:at", "path:eu"], {"de/main", "de/changed"}),
        # What only a plan can tell is left in.
        (["changed"], ALL),
        (["not:changed"], ALL),
        (["changed,shoes"], {"shoes/main", "shoes/small"}),
        (["not:changed,not:shoes"], ALL - {"shoes/main", "shoes/small"}),
        (["failed", "shoes"], ALL),
    ],
)
def test_selected(root: Path, select: list[str], wanted: set[str]) -> None:
    assert jobs(root, *select) == wanted


@pytest.mark.parametrize(
    ("select", "whole"),
    [
        ([], True),
        (["changed"], True),
        (["failed", "not:reason:assets"], True),
        (["changed", "shoes"], True),
        (["changed,shoes"], False),
        (["changed", "not:shoes"], False),
        (["shoes"], False),
        (["not:shoes"], False),
        (["not:changed,not:shoes"], False),
    ],
)
def test_whether_everything_is_looked_at(root: Path, select: list[str], whole: bool) -> None:
    assert compiled(root, *select).whole is whole


@pytest.mark.parametrize(
    ("select", "summary", "hint"),
    [
        ("shoe", "shoe: no job matches", "did you mean `shoes`?"),
        ("shoe/main", "shoe/main: no job matches", "did you mean `shoes/main`?"),
        ("shoes/smal", "shoes/smal: no job matches", "did you mean `shoes/small`?"),
        ("shoes/xyz", "shoes/xyz: no job matches", "has the jobs `shoes/main`, `shoes/small`"),
        ("not:shoe", "shoe: no job matches", "did you mean `shoes`?"),
        ("faild", "faild: no job matches", "did you mean `failed`?"),
        ("shoes.yaml", "shoes.yaml: no job matches", "a file: write path:shoes.yaml"),
        ("zzz", "zzz: no job matches", "`s7spec render` lists the jobs"),
        ("label:taem=x", "label:taem=x: no job matches", "did you mean `label:team=x`?"),
        ("label:team=shoe", "label:team=shoe: no job matches", "`label:team=shoes`?"),
        ("label:team=zz", "label:team=zz: no job matches", "its values are `hats`, `shoes`"),
        ("label:hats", "label:hats: no job matches", "did you mean `label:team=hats`?"),
        ("label:zz", "label:zz: no job matches", "there are `note`, `season`, `team`"),
        ("path:eu/dee.yaml", "path:eu/dee.yaml: no job matches", "`path:eu/de.yaml`?"),
        ("path:zz", "path:zz: no job matches", "relative to s7spec.yaml"),
        ("shoes,hats", "shoes,hats: no job is all of this", "a comma joins"),
        ("shoes,not:label:team", "shoes,not:label:team: no job is all", "a comma joins"),
        ("shoes not:path:*.yaml", "shoes not:path:*.yaml: no job is left", "take less away"),
    ],
)
def test_what_finds_nothing_is_said(root: Path, select: str, summary: str, hint: str) -> None:
    (finding,) = compiled(root, select).diagnostics
    assert summary in finding.summary
    assert hint in (finding.hint or "")
    assert finding.snippet == select


TEMPLATE = """\
apiVersion: s7spec/v1
kind: ExportTemplate
metadata: {name: market}
exports: [{id: main, assets: {names: [x]}, fmt: orig}]
"""
USING = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: lists}
exports: [{template: templates/t.yaml}]
"""


@pytest.mark.parametrize(
    ("select", "hint"),
    [
        (
            "path:templates/t.yaml",
            "`templates/t.yaml` is a template: jobs have the path of their manifest, "
            "`path:lists.yaml`",
        ),
        ("path:eu/alone.yaml", "`eu/alone.yaml` is a template, and no manifest uses it"),
        ("path:*/*.yaml", "these are templates: jobs have the path of their manifest, `path:"),
        ("path:templates/tt.yaml", "paths are those of manifests"),
        ("path:list.yaml", "did you mean `path:lists.yaml`?"),
    ],
)
def test_a_template_has_no_jobs_of_its_own(tmp_path: Path, select: str, hint: str) -> None:
    files = {"lists.yaml": USING, "templates/t.yaml": TEMPLATE, "eu/alone.yaml": TEMPLATE}
    (finding,) = compiled(make_project(tmp_path, files), select).diagnostics
    assert (finding.hint or "").startswith(hint)


def test_only_what_finds_nothing_is_pointed_at(root: Path) -> None:
    first, second = compiled(root, "shoes zz", "label:team=zz,changed").diagnostics
    assert first.where is not None
    assert second.where is not None
    assert (first.where.line, first.where.column, first.where.end_column) == (1, 7, 9)
    assert (second.where.line, second.where.column, second.where.end_column) == (2, 1, 14)


def test_a_word_that_means_two_things(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.yaml": manifest("new", "main"), "b.yaml": FILES["hats.yaml"]})
    (finding,) = compiled(root, "new").diagnostics
    assert finding.summary == "--select new: that is a state, and the name of a manifest"
    assert finding.hint == "write name:new or state:new"
    assert {job.key.short for job in compiled(root, "name:new").jobs} == {"new/main"}
    assert compiled(root, "state:new").diagnostics == ()


def test_where_jobs_are_missing_nobody_knows_what_a_name_would_find(tmp_path: Path) -> None:
    broken = manifest("shoes", "main").replace("fmt: orig", "fmt: none")
    outcome = compiled(make_project(tmp_path, {"a.yaml": broken}), "shoes")
    assert [finding.rule.id for finding in outcome.diagnostics] == ["S7E014"]


def test_no_labels_anywhere(tmp_path: Path) -> None:
    root = make_project(tmp_path, {"a.yaml": manifest("shoes", "main")})
    (finding,) = compiled(root, "label:team").diagnostics
    assert finding.hint == "no manifest has `labels` in its `metadata`"
