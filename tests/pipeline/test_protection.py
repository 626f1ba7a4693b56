"""``protected``: what it means of any job, and where it cannot say."""

from __future__ import annotations

from pathlib import Path

import pytest

from s7spec.pipeline.projects import open_project
from s7spec.pipeline.protection import Declared, Protection
from s7spec.plan import Standing
from tests.expand.compiling import schemas
from tests.fakes.jobs import job_key
from tests.pipeline.projects import compilation, make_project, manifest

PROTECTED, FREE, UNKNOWN = Standing.PROTECTED, Standing.FREE, Standing.UNKNOWN


@pytest.fixture
def declared(tmp_path: Path) -> Declared:
    files = {
        "press.yaml": manifest("press", "main", "masters", labels="team: red"),
        "eu/shop.yaml": manifest("shop", "main", labels="team: blue, season: ss26"),
    }
    read = compilation(make_project(tmp_path, files)).read()
    return Declared(manifests=tuple(read), is_all=True)


@pytest.mark.parametrize(
    ("terms", "press", "shop", "gone"),
    [
        (["press"], PROTECTED, FREE, FREE),
        (["*/main"], PROTECTED, PROTECTED, PROTECTED),
        (["name:gone"], FREE, FREE, PROTECTED),
        (["label:team=red"], PROTECTED, FREE, UNKNOWN),
        (["label:season"], FREE, PROTECTED, UNKNOWN),
        (["path:eu"], FREE, PROTECTED, UNKNOWN),
        (["path:press.yaml", "gone"], PROTECTED, FREE, PROTECTED),
        (["label:team=red,*/masters"], FREE, FREE, FREE),
        (["label:team=red,*/main"], PROTECTED, FREE, UNKNOWN),
        (["not:press"], FREE, PROTECTED, PROTECTED),
        (["not:label:team=red"], FREE, PROTECTED, UNKNOWN),
        (["label:team", "not:shop"], PROTECTED, FREE, UNKNOWN),
        (["press shop"], PROTECTED, PROTECTED, FREE),
        # Refused where s7spec.yaml is read; whoever calls the package may not have asked.
        (["failed"], UNKNOWN, UNKNOWN, UNKNOWN),
        (["press", "reason:new"], PROTECTED, UNKNOWN, UNKNOWN),
        (["!press"], UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_standing(
    declared: Declared, terms: list[str], press: Standing, shop: Standing, gone: Standing
) -> None:
    protection = Protection(tuple(terms), lambda: declared)
    found = [protection.standing(job_key(f"{name}/main")) for name in ("press", "shop", "gone")]
    assert found == [press, shop, gone]


def test_manifests_are_read_only_for_labels_and_paths() -> None:
    def nobody() -> Declared:
        raise AssertionError("they were read")

    protection = Protection(("press", "not:*/masters"), nobody)
    assert protection.standing(job_key("press/main")) is PROTECTED
    keys = [job_key("press/main"), job_key("press/masters")]
    assert protection.idle(keys, lambda: (), is_whole=True).notes == ()


@pytest.mark.parametrize(
    ("term", "note"),
    [
        ("pres", "`pres` means no job here: did you mean `press`?"),
        ("press/mian", "`press/mian` means no job here: did you mean `press/main`?"),
        ("label:team=rde", "`label:team=rde` means no job here: did you mean `label:team=red`?"),
        (
            "path:eu/*.yml",
            "`path:eu/*.yml` means no job here: paths are those of manifests, relative to "
            "s7spec.yaml: path:eu/*.yaml, path:eu",
        ),
        ("not:shpo", "`shpo` means no job here: did you mean `shop`?"),
    ],
)
def test_terms_that_mean_no_job(declared: Declared, term: str, note: str) -> None:
    protection = Protection(("shop", term), lambda: declared)
    keys = [job_key("press/main"), job_key("shop/main")]
    found = protection.idle(keys, lambda: (), is_whole=True)
    assert (found.notes, found.is_sure) == ((note,), True)


def test_what_the_ledger_or_a_narrowed_plan_may_still_mean(declared: Declared) -> None:
    protection = Protection(("old", "shop", "label:team=blue", "nobody"), lambda: declared)
    keys = [job_key("press/main")]
    idle = protection.idle(keys, lambda: [job_key("old/main")], is_whole=False)
    assert [note.split()[0] for note in idle.notes] == ["`nobody`"]
    assert idle.is_sure
    some = Declared(manifests=declared.manifests, is_all=False)
    assert not Protection(("nobody",), lambda: some).idle(keys, lambda: (), is_whole=False).is_sure


@pytest.mark.parametrize(
    ("term", "place", "summary", "hint"),
    [
        (
            "failed",
            "6:47",
            "`failed` does not tell which jobs",
            "the manifest of that name is name",
        ),
        ("state:new", "6:47", "`new` does not tell which", "policies can ask"),
        ("reason:new", "6:47", "it changes from plan to plan", "policies can ask about actions"),
        ("press,action:retry", "6:47", "`action:retry` does not", "names, label:team=shoes"),
        ("!press", "6:47", "`!press` cannot be read: `!` does not stand before", "not:press"),
        (
            "lable:team=a",
            "6:47",
            "there are no terms of the kind `lable`",
            "did you mean `label:`?",
        ),
        ("a, b", "6:47", "a term is missing here", "a comma joins"),
        (" ", "6:47", "nothing is selected", "docs/selecting.md"),
    ],
)
def test_terms_that_cannot_protect_are_refused(
    tmp_path: Path, term: str, place: str, summary: str, hint: str
) -> None:
    (tmp_path / "s7spec.yaml").write_text(
        "apiVersion: s7spec/v1\nkind: Project\ndefault_environment: here\n"
        "environments:\n"
        "  here: {ips: embedded, company: Acme}\n"
        f"  there: {{ips: na, company: Acme, protected: ['{term}']}}\n"
    )
    found, (finding,) = open_project(tmp_path, schemas())
    assert found is None
    assert (finding.rule.id, str(finding.where)) == ("S7E014", f"s7spec.yaml:{place}")
    assert summary in finding.summary
    assert hint in (finding.hint or "")


def test_they_are_told_with_all_other_mistakes(tmp_path: Path) -> None:
    (tmp_path / "s7spec.yaml").write_text(
        "apiVersion: s7spec/v1\nkind: Project\nledgr: x\nenvironments:\n"
        "  here: {ips: embedded, company: Acme, protected: [failed, 7, new, press]}\n"
    )
    _, findings = open_project(tmp_path, schemas())
    assert [finding.rule.id for finding in findings] == ["S7E011", "S7E014", "S7E013", "S7E014"]


@pytest.mark.parametrize("environments", ["7", "[]", "{a: 7}", "{a: {protected: 7}}"])
def test_what_does_not_fit_the_schema_is_no_crash(tmp_path: Path, environments: str) -> None:
    (tmp_path / "s7spec.yaml").write_text(
        f"apiVersion: s7spec/v1\nkind: Project\nenvironments: {environments}\n"
    )
    found, findings = open_project(tmp_path, schemas())
    assert found is None
    assert findings
