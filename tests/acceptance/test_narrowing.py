"""Plans of a part: by --select and by --since, from the command line to IPS and the ledger."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Command
from tests.repository import commit, run_git

SHOES = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: shoes, labels: {team: shoes}}
data: {sizes: data/sizes.csv}
exports:
  - id: "{{ each.id }}"
    for_each: "{{ data.sizes }}"
    assets: {names: [PS_1]}
    fmt: convert
    is_modifier: {wid: "{{ each.wid }}", fmt: jpeg, qlt: 90}
    emailSetting: None
"""
EVERY_JOB = {"shop/large", "shop/small", "shop/masters", "shoes/a", "shoes/b"}


@pytest.fixture
def root(project: Path) -> Path:
    """Two manifests in a repository, on a branch of their own."""
    (project / "data").mkdir()
    (project / "data" / "sizes.csv").write_text("id,wid\na,20\nb,30\n")
    (project / "shoes.yaml").write_text(SHOES)
    (project / ".gitignore").write_text(".s7spec/\n*.json\n")
    run_git(project, "init", "--quiet", "--initial-branch=main")
    commit(project)
    run_git(project, "switch", "--quiet", "--create", "topic")
    return project


def planned(s7spec: Command, *arguments: str) -> dict[str, str]:
    """Actions by job."""
    done = s7spec("plan", "--format", "json", *arguments)
    assert done.code == 0, done.said
    return actions(json.loads(done.out))


def actions(plan: dict[str, Any]) -> dict[str, str]:
    return {
        f"{item['key']['manifest']}/{item['key']['export']}": item["action"]
        for item in plan["items"]
    }


TEMPLATE = """\
apiVersion: s7spec/v1
kind: ExportTemplate
metadata: {name: market}
exports:
  - {id: main, assets: {names: [PS_1]}, fmt: orig, emailSetting: None}
"""
USERS = """\
apiVersion: s7spec/v1
kind: ExportManifest
metadata: {name: lists}
exports: [{template: templates/t.yaml}]
"""


def test_a_template_is_no_manifest(root: Path, s7spec: Command) -> None:
    (root / "templates").mkdir()
    (root / "templates" / "t.yaml").write_text(TEMPLATE)
    (root / "lists.yaml").write_text(USERS)
    for command in (("plan",), ("apply", "--yes"), ("render",)):
        for path in ("templates/t.yaml", "./templates", root / "templates" / "t.yaml"):
            refused = s7spec(*command, path, "shop.yaml")
            assert refused.code == 3, refused.said
            assert refused.out == ""
            assert "error[S7E006]" in refused.err
            assert "jobs only for the manifests that use" in " ".join(refused.err.split())
            assert "= hint: name manifests that use it: `lists.yaml`" in refused.err
    (root / "lists.yaml").unlink()
    assert "hint: no manifest of the project does" in s7spec("plan", "templates/t.yaml").err
    os.mkfifo(root / "pipe.yaml")
    assert "error[S7E001]" in s7spec("plan", "pipe.yaml").err
    (root / "pipe.yaml").unlink()
    (root / "templates" / "t.yaml").write_text(TEMPLATE, encoding="utf-16")
    assert "error[S7E006]" in s7spec("plan", "templates").err
    assert s7spec("validate", "templates/t.yaml").code == 0
    assert set(planned(s7spec, ".")) == EVERY_JOB


def test_names_labels_and_paths_narrow_what_is_looked_up(root: Path, s7spec: Command) -> None:
    # An asset that is not there stops only those who ask for it.
    shop = (root / "shop.yaml").read_text()
    (root / "shop.yaml").write_text(shop.replace("PS_2", "PS_9"))
    assert s7spec("plan").code == 3
    for select in ("shoes", "label:team=shoes", "path:shoes.yaml", "not:shop"):
        assert planned(s7spec, "--select", select) == dict.fromkeys(
            ("shoes/a", "shoes/b"), "submit"
        )


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def test_a_plan_says_what_it_leaves_out(root: Path, s7spec: Command) -> None:
    done = s7spec("plan", "--select", "new,shoes", "--select", "*/small", "--out", "plan.json")
    assert done.code == 0, done.said
    said = "--select 'new,shoes */small': 2 jobs left out"
    assert said in done.out
    assert done.err == ""
    plan = json.loads((root / "plan.json").read_text())
    assert actions(plan).keys() == {"shoes/a", "shoes/b", "shop/small"}
    assert plan["narrowed"] == [said]
    for detail in ("summary", "job", "full"):
        assert said in s7spec("show", "plan.json", "--detail", detail).out
    by_path = unwrapped(s7spec("plan", "shoes.yaml").out)
    assert "narrowed PATHS: only 1 manifest is looked at (shoes)" in by_path


def test_only_what_is_selected_is_applied(root: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--select", "label:team", "--out", "plan.json").code == 0
    applied = s7spec("apply", "plan.json")
    assert applied.code == 0, applied.said
    assert planned(s7spec, "--select", "changed").keys() == {
        *("shop/large", "shop/masters", "shop/small")
    }
    applied = s7spec("apply", "--yes", "--select", "new,not:*/masters")
    assert applied.code == 0, applied.said
    assert planned(s7spec, "--select", "changed") == {"shop/masters": "submit"}
    assert planned(s7spec, "--select", "unchanged").keys() == EVERY_JOB - {"shop/masters"}


def test_the_digest_is_over_what_is_selected(root: Path, s7spec: Command) -> None:
    whole, part, same = (
        json.loads(s7spec("plan", "--format", "json", *more).out)["digest"]
        for more in ((), ("--select", "new,shoes"), ("--select", "new,shoes"))
    )
    assert whole != part == same
    refused = s7spec("apply", "--yes", "--select", "shoes", "--expect-digest", whole)
    assert refused.code == 4
    applied = s7spec("apply", "--yes", "--select", "new,shoes", "--expect-digest", part)
    assert applied.code == 0, applied.said


def test_limits_count_what_is_selected(root: Path, s7spec: Command) -> None:
    assert "REFUSED" in s7spec("plan", "--env", "narrow").out
    plan = s7spec("plan", "--env", "narrow", "--select", "new,shoes/a")
    assert "REFUSED" not in plan.out
    assert s7spec("apply", "--yes", "--env", "narrow", "--select", "new,shoes/a").code == 0


def test_reasons_actions_and_failures(root: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    (root / "shoes.yaml").write_text(SHOES.replace("90", "80"))
    (root / "shop.yaml").unlink()
    assert planned(s7spec, "--select", "reason:payload") == {
        "shoes/a": "submit",
        "shoes/b": "submit",
    }
    gone = dict.fromkeys(("shop/large", "shop/masters", "shop/small"), "forget")
    assert planned(s7spec, "--select", "action:forget") == gone
    by_name = s7spec("plan", "--select", "reason:gone,*/small")
    assert by_name.code == 3, "no manifest declares it: names are those of manifests"
    assert planned(s7spec, "--select", "failed") == {}
    nothing = s7spec("plan", "--select", "failed", "--detailed-exitcode")
    assert nothing.code == 0
    assert "Nothing to do in what was looked at: no jobs\n" in nothing.out
    assert "--select 'failed': 5 jobs left out" in nothing.out
    applied = s7spec("apply", "--yes", "--select", "action:forget")
    assert applied.code == 0, applied.said
    assert planned(s7spec).keys() == {"shoes/a", "shoes/b"}


def test_what_is_wrong_stands_below_what_was_written(root: Path, s7spec: Command) -> None:
    refused = s7spec("plan", "--select", "shop", "--select", "shoes,chnged not:shp")
    assert refused.code == 3
    assert refused.out == ""
    assert refused.err.startswith(
        """\
error[S7E054]: --select chnged: no job matches
  --> --select:2:7
   |
 2 | shoes,chnged not:shp
   |       ^^^^^^
   = hint: did you mean `changed`?

error[S7E054]: --select shp: no job matches
  --> --select:2:14
   |
 2 | shoes,chnged not:shp
   |              ^^^^^^^
   = hint: did you mean `shop`?
"""
    )


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("render", "--select", "shop,changed"), "--select changed: only a plan can tell"),
        (("render", "--select", "reason:x"), "there is no reason `x`"),
        (("status", "--select", "label:team"), "the ledger alone cannot tell"),
        (("ledger", "list", "--select", "path:x"), "the ledger alone cannot tell"),
        (("ledger", "rebuild", "--select", "failed"), "only a plan can tell"),
        (("plan", "--select", "!shop"), "write not:shop"),
        (("plan", "--select", ""), "nothing is selected"),
        (("plan", "--since", "main", "shop.yaml"), "it does not go with PATHS"),
        (("plan", "--since", "--output=stolen"), "`--output=stolen` is an option"),
        (("plan", "--since", "nowhere/main"), "git knows no revision `nowhere/main`"),
        (("validate", "--since", "main..topic"), "is a range"),
        (("render", "--since", "\x1b[31m"), "no revision"),
        (("apply", "--since", "main"), "apply takes no --since"),
    ],
)
def test_refused(root: Path, s7spec: Command, command: tuple[str, ...], said: str) -> None:
    done = s7spec(*command)
    assert done.code == 3, done.said
    assert said in " ".join(done.err.split())
    assert "\x1b" not in done.err
    assert not (root / "stolen").exists()


def test_render_by_name_label_and_path(root: Path, s7spec: Command) -> None:
    for select in ("shoes", "label:team=shoes", "path:*oes.yaml,not:shop"):
        done = s7spec("render", "-o", "json", "--select", select)
        assert done.code == 0, done.said
        assert [job["job"] for job in json.loads(done.out)["jobs"]] == ["shoes/a", "shoes/b"]


def test_status_and_the_ledger(root: Path, s7spec: Command) -> None:
    assert s7spec("status", "--select", "anything").code == 0, "an empty ledger knows no names"
    assert s7spec("apply", "--yes").code == 0
    shown = s7spec("status", "--select", "shoes")
    assert "Ledger: 2 jobs (2 ok)" in shown.out
    assert "shop" not in shown.out
    found = json.loads(s7spec("status", "--select", "*/a", "--format", "json").out)
    assert [each["name"].split("-")[1] for each in found["attempts"]] == ["shoes"]
    assert "Ledger: 0 jobs" in s7spec("status", "--select", "failed").out
    watched = s7spec("status", "--watch", "--select", "shoes")
    assert watched.code == 0, watched.said
    assert "shop" not in watched.out
    listed = s7spec("ledger", "list", "--select", "not:shop", "--select", "not:*/a")
    assert re.findall(r"\w+/\w+", listed.out)[:1] == ["shoes/b"]
    for command in (("status",), ("ledger", "list")):
        refused = s7spec(*command, "--select", "shos")
        assert refused.code == 3
        assert "did you mean `shoes`?" in refused.err


def test_since(root: Path, s7spec: Command) -> None:
    nothing = s7spec("plan", "--since", "main", "--detailed-exitcode")
    assert nothing.code == 0, nothing.said
    assert "--since main: 0 of 2 manifests changed" in nothing.out
    assert "Nothing to do in what was looked at: no jobs" in nothing.out
    (root / "data" / "sizes.csv").write_text("id,wid\na,25\nb,30\n")
    done = s7spec("plan", "--since", "main", "--md", "plan.md")
    said = "--since main: 1 of 2 manifests changed (shoes.yaml by data/sizes.csv)"
    assert said in unwrapped(done.out)
    assert "2 to submit" in done.out
    assert "1 of 2 manifests changed" in (root / "plan.md").read_text()
    assert planned(s7spec, "--since", "main", "--select", "*/a") == {"shoes/a": "submit"}
    commit(root)
    assert planned(s7spec, "--since", "main").keys() == {"shoes/a", "shoes/b"}
    assert planned(s7spec, "--since", "HEAD") == {}
    (root / "s7spec.yaml").write_text((root / "s7spec.yaml").read_text() + "# more\n")
    done = s7spec("plan", "--since", "main", "--quiet")
    assert "5 to submit" in done.out
    assert done.err == ""


def test_what_is_gone_is_closed(root: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    (root / "other.yaml").write_text(SHOES.replace("name: shoes", "name: other"))
    (root / "data" / "sizes.csv").write_text("id,wid\na,20\n")
    (root / "shop.yaml").unlink()
    gone = {"shop/large": "forget", "shop/masters": "forget", "shop/small": "forget"}
    assert planned(s7spec, "--since", "main") == {
        **gone,
        "other/a": "submit",
        "shoes/a": "skip",
        "shoes/b": "forget",
    }
    assert planned(s7spec, "--since", "main", "--select", "changed") == {
        **gone,
        "other/a": "submit",
        "shoes/b": "forget",
    }
    partly = s7spec("plan", "--since", "main", "--select", "shoes")
    assert "gone: shop" in partly.out
    assert "only looked at without --select: shop" in unwrapped(partly.out)
    assert "to forget" not in partly.out
    assert s7spec("plan", "--since", "main", "--out", "plan.json").code == 0
    applied = s7spec("apply", "plan.json")
    assert applied.code == 0, applied.said
    assert set(planned(s7spec).values()) == {"skip"}


def test_a_renamed_file_is_no_manifest_that_is_gone(root: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    run_git(root, "mv", "shoes.yaml", "boots and shoes.yaml")
    done = s7spec("plan", "--since", "main", "--format", "json")
    assert set(actions(json.loads(done.out)).values()) == {"skip"}
    [said] = json.loads(done.out)["narrowed"]
    assert "(boots and shoes.yaml)" in said
    assert "gone" not in said


def test_since_offline(root: Path, s7spec: Command) -> None:
    (root / "shop.yaml").write_text((root / "shop.yaml").read_text().replace("qlt: 90", "qlt: 80"))
    valid = s7spec("validate", "--since", "main")
    assert valid.code == 0, valid.said
    assert "valid: 1 manifest, 3 jobs" in valid.err
    rendered = s7spec("render", "--since", "main", "-o", "json", "--quiet")
    assert {job["job"] for job in json.loads(rendered.out)["jobs"]} == {
        *("shop/large", "shop/small", "shop/masters")
    }
    assert rendered.err == ""
    (root / "shop.yaml").write_text("- [")
    assert s7spec("validate", "--since", "main").code == 3
    run_git(root, "checkout", "--quiet", "shop.yaml")
    assert s7spec("validate", "--since", "main").code == 0


def test_a_project_in_a_folder_of_the_repository(
    root: Path, tmp_path: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    monkeypatch.chdir(outer)
    (root / ".git").rename(tmp_path / "not a repository")
    root.rename(outer / "exports")
    run_git(outer, "init", "--quiet", "--initial-branch=main")
    commit(outer / "exports")
    (outer / "exports" / "data" / "sizes.csv").write_text("id,wid\na,25\n")
    (outer / "shop.yaml").write_text("not of the project")
    done = s7spec("plan", "--project", "exports", "--since", "main")
    assert done.code == 0, done.said
    assert "1 of 2 manifests changed (shoes.yaml by data/sizes.csv)" in unwrapped(done.out)


def test_no_repository(project: Path, s7spec: Command) -> None:
    done = s7spec("plan", "--since", "main")
    assert done.code == 3
    assert "--since main: the project lies in no git repository" in done.err
    assert "run it in a checkout" in done.err
