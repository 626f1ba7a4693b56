"""Guardrails from the command line: what is refused, why, and how it may pass all the same."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.conftest import Command, picture

JOBS = ("shop/large", "shop/masters", "shop/small")


def settle(project: Path, **rails: Any) -> None:
    """The project's environment with these guardrails."""
    local = {"ips": "embedded", "company": "Acme", "catalog": "catalog", "quarantine_seconds": 1}
    document = {
        "apiVersion": "s7spec/v1",
        "kind": "Project",
        "environments": {"local": {**local, **rails}},
    }
    (project / "s7spec.yaml").write_text(yaml.safe_dump(document, sort_keys=False))


def verdicts(path: Path) -> dict[str, dict[str, Any]]:
    document = json.loads(path.read_text())
    return {verdict["guard"]: verdict for verdict in document["verdicts"]}


def plan(s7spec: Command, *further: str) -> dict[str, dict[str, Any]]:
    planned = s7spec("plan", "--out", "plan.json", *further)
    assert planned.code == 0, planned.said
    return verdicts(Path("plan.json"))


def levels(found: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {guard: verdict["level"] for guard, verdict in found.items()}


def zips(project: Path) -> list[Path]:
    return sorted((project / ".s7spec" / "ips" / "Exports").rglob("*.zip"))


@pytest.mark.parametrize(
    ("limits", "guard", "found"),
    [
        ({"jobs": 2}, "limits.jobs", 3),
        ({"assets": 5}, "limits.assets", 6),
        ({"bytes": 10}, "limits.bytes", None),
    ],
)
def test_limits(
    project: Path, s7spec: Command, limits: dict[str, int], guard: str, found: int | None
) -> None:
    settle(project, limits=limits, originals="allow")
    ((name, verdict),) = plan(s7spec).items()
    assert (name, verdict["level"]) == (guard, "deny")
    assert verdict["found"] == found or (found is None and verdict["found"] > 10)
    for arguments in (["plan.json"], ["--yes"]):
        applied = s7spec("apply", *arguments)
        assert applied.code == 6, applied.said
        assert guard in applied.out
    assert zips(project) == []
    shown = s7spec("plan", "--detailed-exitcode")
    assert shown.code == 2
    assert f"REFUSED       {guard}: " in shown.out
    assert "apply will refuse this plan (exit 6)" in shown.out


def test_a_share_of_the_known_jobs(project: Path, s7spec: Command) -> None:
    names = [f"e{number:02}" for number in range(10)]
    exports = [
        {"id": name, "assets": {"names": ["PS_1"]}, "fmt": "convert", "is_modifier": "wid=8"}
        for name in names
    ]
    document = {
        "apiVersion": "s7spec/v1",
        "kind": "ExportManifest",
        "metadata": {"name": "shop"},
        "exports": exports,
    }
    (project / "shop.yaml").write_text(yaml.safe_dump(document))
    settle(project, limits={"pct_of_known": 30})
    few = plan(s7spec)["limits.pct_of_known"]
    assert (few["level"], few["found"]) == ("pass", None)
    assert s7spec("apply", "plan.json").code == 0
    for export in exports[:4]:
        export["is_modifier"] = "wid=9"
    (project / "shop.yaml").write_text(yaml.safe_dump(document))
    many = plan(s7spec)["limits.pct_of_known"]
    assert (many["level"], many["found"], many["allowed"]) == ("deny", 40, 30)
    assert s7spec("apply", "plan.json").code == 6
    narrow = plan(s7spec, "--select", "shop/e00")["limits.pct_of_known"]
    assert (narrow["level"], narrow["found"]) == ("pass", 10)
    assert s7spec("apply", "plan.json").code == 0


def test_taking_back_is_counted(project: Path, s7spec: Command) -> None:
    manifest = project / "shop.yaml"
    kept = manifest.read_text()
    late = (
        "  - {id: late, assets: {names: [PS_1]}, fmt: convert, is_modifier: {wid: 8},\n"
        '     schedule: {at: "2099-01-01T00:00:00Z"}}\n'
    )
    manifest.write_text(kept + late)
    settle(project, limits={"cancels": 0}, protected=["shop/late"])
    assert plan(s7spec)["protected"]["level"] == "deny"
    settle(project, limits={"cancels": 0})
    assert s7spec("apply", "--yes").code == 0
    manifest.write_text(kept)
    verdict = plan(s7spec)["limits.cancels"]
    assert (verdict["level"], verdict["found"], verdict["jobs"]) == ("deny", 1, ["shop/late"])
    assert s7spec("apply", "--yes").code == 6
    settle(project, limits={"cancels": 1})
    assert s7spec("apply", "plan.json").code == 0, "today's limits count"


def test_today_s_guardrails_count_for_a_saved_plan(project: Path, s7spec: Command) -> None:
    settle(project)
    assert levels(plan(s7spec)) == {"originals": "warn"}
    settle(project, protected=["shop/l*"])
    applied = s7spec("apply", "plan.json", "--format", "json")
    assert applied.code == 6
    run = json.loads(applied.out)
    assert run["outcome"] == "refused"
    assert run["verdicts"][0]["jobs"] == ["shop/large"]
    assert "protected: 1 protected job is sent or taken back" in run["message"]
    assert zips(project) == []


@pytest.mark.parametrize(
    "term", ["shop", "label:team=a", "path:shop.yaml", "not:other", "label:team=a,*/large"]
)
def test_protected_by_whatever_manifests_tell(project: Path, s7spec: Command, term: str) -> None:
    manifest = project / "shop.yaml"
    manifest.write_text(
        manifest.read_text().replace("{name: shop}", "{name: shop, labels: {team: a}}")
    )
    settle(project)
    assert s7spec("plan", "--out", "plan.json").code == 0
    settle(project, protected=[term])
    assert s7spec("apply", "plan.json").code == 6, "a saved plan is judged the same"
    found = plan(s7spec)["protected"]
    assert found["level"] == "deny"
    assert found["job_count"] == (1 if "large" in term else 3)
    assert s7spec("apply", "--yes").code == 6
    assert s7spec("apply", "plan.json").code == 6
    assert zips(project) == []


def test_a_plan_of_other_files_is_judged_by_them_when_it_is_applied(
    project: Path, s7spec: Command
) -> None:
    manifest = project / "aside" / "shop.yaml"
    manifest.parent.mkdir()
    (project / "shop.yaml").rename(manifest)
    settle(project, protected=["label:team=a"])
    with (project / "s7spec.yaml").open("a") as file:
        file.write("manifests: ['*.yaml']\n")
    assert plan(s7spec, "aside")["protected"]["level"] == "pass"
    plain = manifest.read_text()
    manifest.write_text(plain.replace("{name: shop}", "{name: shop, labels: {team: a}}"))
    assert s7spec("apply", "plan.json").code == 6
    manifest.unlink()
    assert s7spec("apply", "plan.json").code == 6, "nobody knows"
    manifest.write_text(plain)
    assert s7spec("apply", "plan.json").code == 0


def test_protected_by_a_manifest_that_is_gone(project: Path, s7spec: Command) -> None:
    manifest = project / "shop.yaml"
    late = manifest.read_text().replace(
        "    fmt: orig", '    fmt: orig\n    schedule: {at: "2099-01-01T00:00:00Z"}'
    )
    manifest.write_text(late.replace("{name: shop}", "{name: shop, labels: {team: a}}"))
    settle(project, originals="allow")
    assert s7spec("apply", "--yes").code == 0
    settle(project, protected=["label:team=a"])
    manifest.unlink()
    (project / "new.yaml").write_text(late.replace("{name: shop}", "{name: new}"))
    found = plan(s7spec)["protected"]
    assert (found["level"], found["jobs"]) == ("deny", ["shop/masters"]), "nobody knows"
    assert "is taken for protected" in found["detail"] or "are taken for" in found["detail"]


def test_protected_terms_that_mean_nothing_are_said(project: Path, s7spec: Command) -> None:
    settle(project, protected=["shpo", "other/*"], originals="allow")
    shown = s7spec("plan", "--out", "plan.json")
    found = verdicts(project / "plan.json")["protected"]
    assert (found["level"], found["note_count"]) == ("warn", 2)
    assert found["notes"][0] == "`shpo` means no job here: did you mean `shop`?"
    assert "Warned        protected: `shpo` means no job here" in shown.out
    assert "Guards kept" not in shown.out
    assert "`other/*` means no job here" in s7spec("plan", "--detail", "full").out
    settle(project, protected=["failed"])
    for command in ("validate", "plan", "apply"):
        refused = s7spec(command)
        assert refused.code == 3
        assert "S7E014" in refused.said
        assert "s7spec.yaml:10:7" in refused.said


def test_a_protected_job_that_loses_its_name(project: Path, s7spec: Command) -> None:
    manifest = project / "shop.yaml"
    settle(project, originals="allow")
    assert s7spec("apply", "--yes").code == 0
    settle(project, protected=["shop"], originals="allow")
    manifest.write_text(manifest.read_text().replace("name: shop", "name: shop2"))
    found = plan(s7spec)["protected"]
    assert (found["level"], found["job_count"]) == ("warn", 3)
    assert "3 protected jobs are forgotten" in found["detail"]
    settle(project, protected=["shop/masters"], originals="allow")
    moved = "moved: [{from: masters, to: pictures}]\n"
    manifest.write_text(
        manifest.read_text().replace("shop2", "shop").replace("id: masters", "id: pictures") + moved
    )
    found = plan(s7spec)["protected"]
    assert (found["level"], found["jobs"]) == ("warn", ["shop/pictures"])
    assert "goes on under a name that is not protected" in found["detail"]


def test_all_troubles_with_names_can_be_read(project: Path, s7spec: Command) -> None:
    for number in range(7):
        picture(project / "catalog" / f"com{number}.png")
    settle(project, names="deny", originals="allow")
    shown = s7spec("plan", "--out", "plan.json")
    found = verdicts(project / "plan.json")["names"]
    assert (len(found["notes"]), found["note_count"]) == (7, 7)
    assert "all 7: --detail full" in " ".join(shown.out.split())
    full = s7spec("show", "plan.json", "--detail", "full").out
    assert full.count("is a device to Windows") >= 7
    for form in ("markdown", "human"):
        assert "--detail full" in s7spec("plan", "--format", form).out
    assert s7spec("apply", "plan.json", "--out-run", "run.json").code == 6
    assert len(verdicts(project / "run.json")["names"]["notes"]) == 7


def test_what_was_not_measured_is_not_called_kept(project: Path, s7spec: Command) -> None:
    settle(project, limits={"pct_of_known": 50}, originals="allow")
    for form, words in (
        ("human", "Not measured  pct_of_known: "),
        ("markdown", "- Not measured: "),
    ):
        said = s7spec("plan", "--format", form).out
        assert words in said
        assert "kept" not in said
    assert plan(s7spec)["limits.pct_of_known"]["detail"].startswith("not measured: ")
    assert s7spec("plan", "--html", "plan.html").code == 0
    page = (project / "plan.html").read_text()
    assert "Guardrails not measured" in page
    assert "1 guardrail kept" not in page


def test_originals(project: Path, s7spec: Command) -> None:
    settle(project, originals="deny")
    verdict = plan(s7spec)["originals"]
    assert (verdict["level"], verdict["jobs"]) == ("deny", ["shop/masters"])
    assert s7spec("apply", "--yes").code == 6
    assert s7spec("apply", "--yes", "--select", "shop/small").code == 0
    settle(project, originals="warn")
    shown = s7spec("plan")
    assert "Warned        originals: 1 job hands out 2 originals" in shown.out
    applied = s7spec("apply", "--yes")
    assert applied.code == 0
    assert "Warned    originals: 1 job hands out 2 originals as uploaded" in applied.out


def test_denied_modifiers(project: Path, s7spec: Command) -> None:
    manifest = project / "shop.yaml"
    text = manifest.read_text().replace("qlt: 90}", "qlt: 90, layer: 1, src: Acme/PS_2}")
    manifest.write_text(
        text.replace("    fmt: convert", "    fmt: convert\n    unsafe_modifiers: [src]")
    )
    settle(project, originals="allow")
    assert plan(s7spec) == {}
    settle(project, originals="allow", deny_modifiers=["src"])
    verdict = plan(s7spec)["modifiers"]
    assert (verdict["level"], verdict["jobs"]) == ("deny", ["shop/large", "shop/small"])
    assert verdict["detail"].endswith("denied here: src")
    assert s7spec("apply", "--yes").code == 6
    manifest.write_text(
        manifest.read_text().replace("    is_modifier:", "    macro: $Thumb$\n    is_modifier:")
    )
    settle(project, originals="allow", deny_modifiers=["hei"])
    assert plan(s7spec)["modifiers"]["level"] == "deny", "the preset says hei"


def test_names(project: Path, s7spec: Command) -> None:
    picture(project / "catalog" / "ps_1.png")
    settle(project, originals="allow")
    verdict = plan(s7spec)["names"]
    assert (verdict["level"], verdict["jobs"]) == ("warn", ["shop/large", "shop/small"])
    assert "`PS_1` and `ps_1` are one name where case does not count" in verdict["detail"]
    settle(project, originals="allow", names="deny")
    assert plan(s7spec)["names"]["level"] == "deny"
    assert s7spec("apply", "--yes").code == 6
    settle(project, originals="allow", names="allow")
    assert plan(s7spec) == {}


POLICIES = [
    {"name": "wide", "when": "int(job.modifier.wid) > 50", "message": "too wide for the shop"},
    {"name": "small", "when": "job.assets < 9", "message": "hardly worth it", "level": "warn"},
    {"name": "busy", "when": "plan.sends > 9", "message": "wait", "scope": "plan"},
]


def test_policies(project: Path, s7spec: Command) -> None:
    settle(project, originals="allow", policies=POLICIES)
    found = plan(s7spec)
    assert levels(found) == {
        "policy:wide": "deny",
        "policy:small": "warn",
        "policy:busy": "pass",
    }
    wide = found["policy:wide"]
    assert wide["jobs"] == ["shop/masters"], "it has no is_modifier at all"
    assert "cannot be evaluated for 1 job, so the plan is refused: Key not found" in wide["detail"]
    assert s7spec("apply", "plan.json").code == 6
    policies = [{**POLICIES[0], "when": f"'wid' in job.modifier && {POLICIES[0]['when']}"}]
    settle(project, originals="allow", policies=policies)
    wide = plan(s7spec)["policy:wide"]
    assert (wide["jobs"], wide["detail"]) == (["shop/large"], "too wide for the shop")
    shown = s7spec("show", "plan.json")
    assert "REFUSED       policy:wide: too wide for the shop (shop/large)" in shown.out
    assert s7spec("apply", "plan.json").code == 6
    assert s7spec("apply", "--yes", "--select", "shop/small").code == 0


def test_a_policy_that_is_no_expression(project: Path, s7spec: Command) -> None:
    settle(project, policies=[{"name": "wide", "when": "job.asets > 3", "message": "m"}])
    for command in ("validate", "plan", "apply"):
        finished = s7spec(command)
        assert finished.code == 3
        assert "S7E025" in finished.said
        assert "did you mean `job.assets`?" in finished.said
        assert "s7spec.yaml:11:13" in finished.said
    assert s7spec("explain", "S7E025").code == 0


def test_policies_load_cel_and_nothing_else_does(project: Path) -> None:
    program = (
        "import sys\n"
        "from s7spec.cli.boundary import run\n"
        "code = run(['validate', '--quiet'])\n"
        "print('cel_expr_python' in sys.modules, file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    seen = []
    for policies in ([], POLICIES):
        settle(project, policies=policies)
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        seen.append(done.stderr.splitlines()[-1])
    assert seen == ["False", "True"]


def test_an_approval_lets_exactly_this_plan_pass(project: Path, s7spec: Command) -> None:
    rails: dict[str, Any] = {"limits": {"jobs": 1}, "protected": ["shop"], "originals": "allow"}
    settle(project, **rails)
    shown = s7spec("plan", "--out", "plan.json")
    digest = json.loads((project / "plan.json").read_text())["digest"]
    told = re.findall(r"^    - \{guard: .+$", shown.out, re.MULTILINE)
    assert len(told) == 2
    text = (project / "s7spec.yaml").read_text() + "    approve:\n"
    entries = [each.replace("NAME", "anna").replace("WHY", "the season") for each in told]

    # One guardrail of two: the other still refuses.
    (project / "s7spec.yaml").write_text(text + entries[0] + "\n")
    assert s7spec("apply", "plan.json").code == 6
    assert levels(plan(s7spec)) == {"limits.jobs": "approved", "protected": "deny"}

    # Of another plan: it counts for nothing.
    other = "\n".join(entries).replace(digest, f"sha256:{0:064}")
    (project / "s7spec.yaml").write_text(text + other + "\n")
    assert s7spec("apply", "--yes").code == 6
    assert zips(project) == []

    # As it was told: the digest is still the same, although s7spec.yaml is not.
    (project / "s7spec.yaml").write_text(text + "\n".join(entries) + "\n")
    found = plan(s7spec)
    assert levels(found) == {"limits.jobs": "approved", "protected": "approved"}
    assert json.loads((project / "plan.json").read_text())["digest"] == digest
    assert found["protected"]["approval"] == {
        "guard": "protected",
        "digest": digest,
        "by": "anna",
        "reason": "the season",
    }
    for arguments in ([], ["--format", "markdown"]):
        assert "approved by anna: the season" in s7spec("plan", *arguments).out
    applied = s7spec("apply", "--yes", "--expect-digest", digest, "--out-run", "run.json")
    assert applied.code == 0, applied.said
    assert "Approved  limits.jobs" in applied.out
    run = verdicts(project / "run.json")
    assert levels(run) == {"limits.jobs": "approved", "protected": "approved"}

    # Spent: the next plan is another one.
    picture(project / "catalog" / "PS_2.png", size=(90, 150), colour="green")
    assert s7spec("apply", "--yes").code == 6


def test_there_is_no_flag_that_overrides_everything(s7spec: Command) -> None:
    shown = s7spec("apply", "--help").out
    assert not re.search(r"--(force|override|ignore|no-guard|approve)", shown)


class _Keyboard(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("is_saved", [False, True])
@pytest.mark.parametrize(("typed", "code"), [("local", 0), ("yes", 3), ("Local", 3), ("", 3)])
def test_production_is_named(
    project: Path,
    s7spec: Command,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_saved: bool,
    typed: str,
    code: int,
) -> None:
    settle(project, production=True)
    assert plan(s7spec)["production"]["level"] == "pass"
    monkeypatch.setattr(sys, "stdin", _Keyboard(f"{typed}\n"))
    applied = s7spec("apply", *(["plan.json"] if is_saved else []))
    assert applied.code == code, applied.said
    assert "This goes to production (Acme/local). Type `local` to go on." in applied.err
    assert bool(zips(project)) is (code == 0)


def test_production_without_anybody_there(project: Path, s7spec: Command) -> None:
    settle(project, production=True)
    plan(s7spec)
    digest = json.loads((project / "plan.json").read_text())["digest"]
    alone = s7spec("apply", "--yes")
    assert alone.code == 6
    assert "S7E082" in alone.err
    assert "s7spec.yaml:9:17" in alone.err
    nobody = s7spec("apply", "plan.json")
    assert nobody.code == 3
    assert "nobody is there to be asked" in nobody.err
    assert "`s7spec apply plan.json --yes`" in nobody.err
    assert s7spec("apply", "--yes", "--expect-digest", f"sha256:{0:064}").code == 4
    assert zips(project) == []
    assert s7spec("apply", "--yes", "--expect-digest", digest).code == 0
    assert len(zips(project)) == 3
    assert s7spec("apply", "--yes").code == 0, "there is nothing to do"


def test_a_reviewed_plan_goes_to_production(project: Path, s7spec: Command) -> None:
    settle(project, production=True)
    plan(s7spec)
    assert s7spec("apply", "plan.json", "--yes").code == 0
    assert len(zips(project)) == 3


def test_production_at_a_real_terminal(project: Path) -> None:
    settle(project, production=True)
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "s7spec", "apply", "--select", "shop/small"],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            os.write(ours, b"local\n")
            said, _ = process.communicate(timeout=60)
    finally:
        os.close(ours)
        os.close(theirs)
    assert process.returncode == 0, said
    assert len(zips(project)) == 1


def test_a_refused_plan_is_not_asked_about(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(project, production=True, limits={"jobs": 0})
    monkeypatch.setattr(sys, "stdin", _Keyboard(""))
    applied = s7spec("apply")
    assert applied.code == 6
    assert "Type" not in applied.err


def test_a_plan_of_an_older_s7spec_is_refused(project: Path, s7spec: Command) -> None:
    settle(project)
    plan(s7spec)
    path = project / "plan.json"
    path.write_text(path.read_text().replace('"format_version": "4.0"', '"format_version": "2.0"'))
    applied = s7spec("apply", "plan.json")
    assert applied.code == 3
    assert "format version 2.0, this s7spec reads version 4.0: plan again" in applied.err


def test_a_password_is_in_no_verdict(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S7SPEC_PASSWORD", "canary-of-guardrails")
    monkeypatch.setenv("S7SPEC_USER", "demo@example.com")
    settle(project, limits={"jobs": 0}, policies=POLICIES, protected=["shop"], production=True)
    said = [
        s7spec("plan", "--out", "plan.json").said,
        s7spec("plan", "--format", "markdown").said,
        s7spec("apply", "plan.json", "--yes", "--format", "json", "--out-run", "run.json").said,
        *(path.read_text() for path in project.glob("*.json")),
    ]
    assert not any("canary-of-guardrails" in each for each in said)


def test_events_name_the_guardrails(project: Path, s7spec: Command) -> None:
    settle(project, limits={"jobs": 1}, protected=["shop/small"])
    assert s7spec("apply", "--yes", "--events", "events.jsonl").code == 6
    events = [json.loads(line) for line in (project / "events.jsonl").read_text().splitlines()]
    (planned,) = [event for event in events if event["event"] == "planned"]
    assert planned["refused_by"] == ["limits.jobs", "protected"]


def test_what_a_plan_has_done_is_not_weighed_again(project: Path, s7spec: Command) -> None:
    settle(project, limits={"pct_of_known": 50})
    manifest = project / "shop.yaml"
    more = "".join(
        f"  - {{id: more{number}, assets: {{names: [PS_1]}}, fmt: convert, is_modifier: {{wid: "
        f"{number + 5}, fmt: jpeg}}}}\n"
        for number in range(10)
    )
    manifest.write_text(manifest.read_text() + more)
    plan(s7spec)
    assert s7spec("apply", "plan.json").code == 0
    again = s7spec("apply", "plan.json")
    assert again.code == 0, again.said
    assert len(zips(project)) == 13


def test_a_command_that_manifests_allow_is_denied_by_its_word(
    project: Path, s7spec: Command
) -> None:
    settle(project, deny_modifiers=["url"])
    manifest = project / "shop.yaml"
    manifest.write_text(
        manifest.read_text()
        + "  - {id: far, assets: {names: [PS_1]}, fmt: convert, unsafe_modifiers: [src, url],\n"
        "     is_modifier: 'wid=10&fmt=jpeg&src=http://example.com/x'}\n"
    )
    found = plan(s7spec)["modifiers"]
    assert (found["level"], found["jobs"]) == ("deny", ["shop/far"])
    assert s7spec("apply", "plan.json").code == 6
