"""The whole loop from the command line: plan, apply, plan again, change, apply again."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from s7spec.adapters.clock import SystemClock
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.emulator import running_server
from s7spec.model.ledger import Holder
from tests.acceptance.conftest import Command, picture, serving


def _actions(plan_file: Path) -> dict[str, tuple[str, list[str]]]:
    """job -> (action, reason codes)"""
    document = json.loads(plan_file.read_text())
    return {
        f"{item['key']['manifest']}/{item['key']['export']}": (
            item["action"],
            [reason["code"] for reason in item["reasons"]],
        )
        for item in document["items"]
    }


def _zips(project: Path) -> list[Path]:
    return sorted((project / ".s7spec" / "ips" / "Exports").rglob("*.zip"))


def test_from_manifest_to_delivered_zip(project: Path, s7spec: Command) -> None:
    planned = s7spec("plan", "--out", "plan.json", "--detailed-exitcode")
    assert planned.code == 2, planned.said
    assert _actions(project / "plan.json") == {
        "shop/large": ("submit", ["new"]),
        "shop/small": ("submit", ["new"]),
        "shop/masters": ("submit", ["new"]),
    }
    assert _zips(project) == []

    applied = s7spec("apply", "plan.json")
    assert applied.code == 0, applied.said
    sizes = {}
    for path in _zips(project):
        assert applied.out.count(path.name) == 1
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with Image.open(io.BytesIO(archive.read(name))) as image:
                    sizes[(name, image.size)] = image.format
    assert sizes == {
        ("PS_1.jpg", (80, 60)): "JPEG",
        ("PS_2.jpg", (80, 133)): "JPEG",
        ("PS_1.jpg", (20, 15)): "JPEG",
        ("PS_2.jpg", (20, 33)): "JPEG",
        ("PS_1.png", (120, 90)): "PNG",
        ("PS_2.png", (90, 150)): "PNG",
    }


def test_after_an_apply_everything_is_up_to_date(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    again = s7spec("plan", "--out", "again.json", "--detailed-exitcode")
    assert again.code == 0, again.said
    assert {action for action, _ in _actions(project / "again.json").values()} == {"skip"}
    assert s7spec("apply", "again.json").code == 0
    assert len(_zips(project)) == 3


def test_only_what_changed_runs_again(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    picture(project / "catalog" / "PS_2.png", size=(90, 150), colour="green")
    manifest = project / "shop.yaml"
    manifest.write_text(manifest.read_text().replace("[PS_1, PS_2]", "[PS_1]"))
    planned = s7spec("plan", "--out", "plan.json")
    actions = _actions(project / "plan.json")
    assert {job: action for job, (action, _) in actions.items()} == {
        "shop/large": "submit",
        "shop/small": "submit",
        "shop/masters": "submit",
    }
    assert "PS_2" in planned.out
    assert s7spec("apply", "plan.json").code == 0
    assert len(_zips(project)) == 6


def test_a_saved_plan_applied_twice_exports_once(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    assert s7spec("apply", "plan.json").code == 0
    assert s7spec("apply", "plan.json").code == 0
    assert len(_zips(project)) == 3


def test_what_a_saved_plan_has_done_stays_done_when_its_assets_change(
    project: Path, s7spec: Command
) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    assert s7spec("apply", "plan.json").code == 0
    picture(project / "catalog" / "PS_2.png", size=(90, 150), colour="green")
    again = s7spec("apply", "plan.json")
    assert again.code == 0, again.said
    assert len(_zips(project)) == 3
    (project / "catalog" / "PS_2.png").unlink()
    assert s7spec("apply", "plan.json").code == 0


def test_a_stale_plan_starts_nothing(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    (project / "catalog" / "PS_2.png").unlink()
    finished = s7spec("apply", "plan.json")
    assert finished.code == 4, finished.said
    assert "PS_2" in finished.err
    assert _zips(project) == []


def test_a_tampered_plan_is_refused(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    path = project / "plan.json"
    path.write_text(path.read_text().replace("wid=80", "wid=81"))
    for verb in ("show", "apply"):
        finished = s7spec(verb, "plan.json")
        assert finished.code == 3, finished.said
        assert "S7E080" in finished.err


def test_a_plan_is_bound_to_its_environment(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    assert s7spec("apply", "plan.json", "--env", "narrow").code == 4


def test_expected_digest(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    digest = json.loads((project / "plan.json").read_text())["digest"]
    assert s7spec("apply", "plan.json", "--expect-digest", f"sha256:{0:064}").code == 4
    assert _zips(project) == []
    malformed = s7spec("apply", "plan.json", "--expect-digest", digest[:12])
    assert malformed.code == 3
    assert "not the digest of a plan" in malformed.err
    assert s7spec("apply", "--yes", "--expect-digest", digest).code == 0
    assert len(_zips(project)) == 3


def test_planning_again_gives_the_same_digest(project: Path, s7spec: Command) -> None:
    """Review a digest in the pull request, plan afresh after the merge: no file to carry over."""
    digests = set()
    for number in range(2):
        assert s7spec("plan", "--out", f"{number}.json").code == 0
        digests.add(json.loads((project / f"{number}.json").read_text())["digest"])
    assert len(digests) == 1


def test_guardrail(project: Path, s7spec: Command) -> None:
    planned = s7spec("plan", "--env", "narrow")
    assert planned.code == 0
    assert "limit" in planned.out
    refused = s7spec("apply", "--yes", "--env", "narrow")
    assert refused.code == 6, refused.said
    assert _zips(project) == []


def _edit(project: Path) -> None:
    manifest = project / "shop.yaml"
    manifest.write_text(manifest.read_text().replace("qlt: 90", "qlt: 80"))


@pytest.mark.parametrize("edits", [0, 1])
def test_lost_ledger_does_not_export_twice(project: Path, s7spec: Command, edits: int) -> None:
    first = s7spec("apply", "--yes")
    assert first.code == 0, first.said
    for _ in range(edits):
        _edit(project)
        assert s7spec("apply", "--yes").code == 0
    delivered = _zips(project)
    for path in (project / ".s7spec").glob("ledger.db*"):
        path.unlink()
    again = s7spec("apply", "--yes")
    assert again.code == 0, again.said
    assert again.out.count("found on IPS under its name: not sent again") == 3
    assert _zips(project) == delivered


def test_restored_ledger_does_not_export_twice(project: Path, s7spec: Command) -> None:
    """A CI restores the ledger of an earlier run: what was sent since is found by its name."""
    ledger = project / ".s7spec" / "ledger.db"
    assert s7spec("apply", "--yes").code == 0
    earlier = ledger.read_bytes()
    _edit(project)
    assert s7spec("apply", "--yes").code == 0
    delivered = _zips(project)
    ledger.write_bytes(earlier)
    again = s7spec("apply", "--yes")
    assert again.code == 0, again.said
    assert "found on IPS" in s7spec("history", "shop/large").out
    assert _zips(project) == delivered


def test_dropped_export_is_forgotten_never_undone(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    manifest = project / "shop.yaml"
    text = manifest.read_text()
    manifest.write_text(text[: text.index("  - id: masters")])
    assert s7spec("plan", "--out", "plan.json").code == 0
    assert _actions(project / "plan.json")["shop/masters"][0] == "forget"
    assert s7spec("apply", "plan.json").code == 0
    assert len(_zips(project)) == 3
    assert "masters" not in s7spec("plan").out


def test_selection_narrows_and_never_forgets(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    assert s7spec("plan", "--select", "shop/small", "--out", "plan.json").code == 0
    assert list(_actions(project / "plan.json")) == ["shop/small"]
    assert s7spec("plan", "--select", "nothing/*").code == 3


def test_presets_are_found_whatever_their_case(project: Path, s7spec: Command) -> None:
    manifest = project / "shop.yaml"
    text = manifest.read_text().replace("fmt: orig", "fmt: convert\n    macro: thumb")
    manifest.write_text(text)
    assert s7spec("apply", "--yes", "--select", "shop/masters").code == 0
    manifest.write_text(text.replace("macro: thumb", "macro: $THUMB$"))
    assert s7spec("plan", "--select", "shop/masters", "--detailed-exitcode").code == 0


def test_render_shows_payloads(project: Path, s7spec: Command) -> None:
    jobs = json.loads(s7spec("render", "-o", "json").out)["jobs"]
    assert [job["exportJob"].get("is_modifier") for job in jobs] == [
        "wid=80&fmt=jpeg&qlt=90",
        "wid=20&fmt=jpeg&qlt=90",
        None,
    ]
    assert "job: shop/large" in s7spec("render").out
    soap = s7spec("render", "--select", "shop/large", "-o", "soap").out
    assert "wid=80&amp;fmt=jpeg&amp;qlt=90" in soap
    assert ">demo<" not in soap


def test_status_and_history(project: Path, s7spec: Command) -> None:
    assert s7spec("history", "shop/large").code == 3
    assert s7spec("apply", "--yes").code == 0
    status = json.loads(s7spec("status", "--format", "json").out)
    assert len(status["attempts"]) == 3
    history = s7spec("history", "shop/large")
    assert history.code == 0
    assert all(word in history.out for word in ("intent", "accepted", "ok"))


def test_detached_jobs_are_followed_by_the_next_apply(
    project: Path, s7spec: Command, served: str
) -> None:
    assert s7spec("apply", "--yes", "--detach").code == 0
    planned = s7spec("plan", "--out", "plan.json")
    assert {action for action, _ in _actions(project / "plan.json").values()} == {"wait"}, (
        planned.said
    )
    assert s7spec("apply", "plan.json").code == 0
    assert len(_zips(project)) == 3


def test_status_shows_the_ledger_when_ips_is_down(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    path = project / "s7spec.yaml"
    text = path.read_text().replace("local: {ips: embedded", 'local: {ips: "http://127.0.0.1:9/"')
    path.write_text(text.replace(", catalog: catalog, quarantine_seconds: 1}", "}"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("S7SPEC_USER", "demo@example.com")
        patch.setenv("S7SPEC_PASSWORD", "demo")
        status = s7spec("status")
    assert status.code == 3
    assert "shop/large" in status.out
    assert "not known" in status.out
    assert "S7E060" in status.err


def test_detaching_needs_an_ips_that_stays(project: Path, s7spec: Command) -> None:
    finished = s7spec("apply", "--yes", "--detach")
    assert finished.code == 3
    assert "s7spec ips serve --catalog catalog" in finished.err
    assert _zips(project) == []


def test_apply_asks_and_needs_somebody_to_answer(project: Path, s7spec: Command) -> None:
    finished = s7spec("apply")
    assert finished.code == 3
    assert "--yes" in finished.err
    assert _zips(project) == []


def test_no_secret_in_any_output_or_file(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = "canary-9f2c"
    (project / "catalog" / "catalog.yaml").write_text(
        "company: {name: Acme, number: 110, rootPath: Acme/}\n"
        f"users: [{{email: ci@example.com, password: {canary}, firstName: C, lastName: I,"
        " role: IpsCompanyAdmin}]\n"
    )
    monkeypatch.setenv("S7SPEC_USER", "ci@example.com")
    monkeypatch.setenv("S7SPEC_PASSWORD", canary)
    for arguments in (
        ("render", "-o", "soap"),
        ("plan", "-vv", "--out", "plan.json", "--md", "plan.md"),
        ("apply", "-vv", "plan.json"),
        ("status", "-vv"),
        ("history", "shop/large"),
    ):
        finished = s7spec(*arguments)
        assert finished.code == 0, finished.said
        assert canary not in finished.said
    for path in project.rglob("*"):
        if path.is_file() and path.name != "catalog.yaml":
            assert canary.encode() not in path.read_bytes(), path


def test_init_makes_a_project_that_plans(
    tmp_path: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "new"
    assert s7spec("init", folder).code == 0
    monkeypatch.chdir(folder)
    assert s7spec("validate").code == 0
    assert s7spec("apply", "--yes").code == 0
    assert len(_zips(folder)) == 2
    assert s7spec("init", folder).code == 3


def test_a_served_ips_is_found_and_shared(project: Path, s7spec: Command, served: str) -> None:
    data = project / ".s7spec" / "ips"
    applied = s7spec("apply", "--yes")
    assert applied.code == 0, applied.said
    assert served in applied.out
    refused = s7spec("ips", "serve", "--catalog", "catalog", "--data", data, "--port", "0")
    assert refused.code == 3
    assert served in refused.err


@pytest.mark.parametrize("stop_signal", [signal.SIGINT, signal.SIGTERM], ids=["int", "term"])
def test_a_served_ips_ends_cleanly(
    project: Path, s7spec: Command, stop_signal: signal.Signals
) -> None:
    with serving(project) as server:
        assert s7spec("apply", "--yes").code == 0
        server.send_signal(stop_signal)
        _, said = server.communicate(timeout=20)
        assert server.returncode == 0, said
    assert running_server(project / ".s7spec" / "ips") is None
    assert s7spec("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("stop_signal", [signal.SIGINT, signal.SIGTERM], ids=["int", "term"])
def test_interrupted_apply_can_be_started_again(
    project: Path, s7spec: Command, stop_signal: signal.Signals
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "s7spec", "apply", "--yes", "-v", "--max-in-flight", "1"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if ": accepted" in line:
                break
        process.send_signal(stop_signal)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130, out + err
    assert "Traceback" not in err
    again = s7spec("apply", "--yes")
    assert again.code == 0, again.said
    assert s7spec("plan", "--detailed-exitcode").code == 0
    assert len(_zips(project)) == 3


def test_limits_are_those_of_today(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    path = project / "s7spec.yaml"
    path.write_text(path.read_text().replace("quarantine_seconds: 1}", "limits: {jobs: 1}}"))
    assert s7spec("apply", "plan.json").code == 6
    assert _zips(project) == []


def test_a_ledger_that_fails_midway_does_not_say_nothing_was_submitted(
    project: Path, s7spec: Command
) -> None:
    """Somebody else holds the database after the first submit: exit 1, not 3."""
    assert s7spec("plan", "--out", "plan.json").code == 0
    with subprocess.Popen(
        [sys.executable, "-m", "s7spec", "apply", "plan.json", "-v", "--max-in-flight", "1"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if ": accepted" in line:
                break
        blocker = sqlite3.connect(project / ".s7spec" / "ledger.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        _, err = process.communicate(timeout=50)
        blocker.rollback()
        blocker.close()
    assert process.returncode == 1, err
    assert "after jobs had been submitted" in err
    with sqlite3.connect(project / ".s7spec" / "ledger.db") as ledger:
        ledger.execute("UPDATE lease SET released = 1")
    ledger.close()
    again = s7spec("apply", "--yes")
    assert again.code == 0, again.said
    assert len(_zips(project)) == 3


def test_failed_exports_exit_with_5_and_are_retried(project: Path, s7spec: Command) -> None:
    manifest = project / "shop.yaml"
    text = manifest.read_text().replace("wid: 20}", "wid: 20, fmt: jpegxr}")
    text = text.replace("fmt: jpeg,", "fmt: \"{{ matrix.size.fmt | default('jpeg') }}\",")
    manifest.write_text(text)
    failed = s7spec("apply", "--yes")
    assert failed.code == 5, failed.said
    assert "jpegxr" in failed.out
    assert s7spec("plan", "--out", "plan.json").code == 0
    actions = _actions(project / "plan.json")
    assert actions["shop/small"] == ("retry", ["failed"])
    assert actions["shop/large"][0] == "skip"


def test_a_held_lease_is_respected(project: Path, s7spec: Command) -> None:
    with SqliteLedger(project / ".s7spec" / "ledger.db", create=True) as ledger:
        colleague = Holder(host="build-7", pid=1, user="dana", url="https://ci.example.com/7")
        now = SystemClock().now()
        lease = ledger.acquire("Acme", "local", holder=colleague, now=now, seconds=600)
        finished = s7spec("apply", "--yes")
        assert finished.code == 7, finished.said
        assert "dana@build-7" in finished.err
        assert _zips(project) == []
        ledger.release(lease)
    assert s7spec("apply", "--yes").code == 0
