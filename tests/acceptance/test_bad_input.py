"""Bad input gets a clear finding with its place, exit 3, and nothing is submitted."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command, Finished

CASES = sorted((Path(__file__).parent / "bad_manifests").glob("*.yaml"))


def _nothing_was_submitted(project: Path) -> None:
    assert not (project / ".s7spec" / "ledger.db").exists()
    assert not list((project / ".s7spec").glob("ips/Exports/**/*.zip"))


def _is_clear(finished: Finished, rule: str, place: str) -> None:
    assert finished.code == 3, finished.said
    assert "Traceback" not in finished.said
    assert rule in finished.err
    assert place in finished.err
    assert re.search(r"\^", finished.err), finished.err
    assert "hint:" in finished.err


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
@pytest.mark.parametrize("verb", [["plan"], ["apply", "--yes"]], ids=lambda verb: verb[0])
def test_bad_manifest(case: Path, verb: list[str], project: Path, s7spec: Command) -> None:
    first = case.read_text().splitlines()[0]
    rule, place, words = re.fullmatch(r"# expect: (\S+) (\S+) ?(.*)", first).groups()  # type: ignore[union-attr]
    shutil.copy(case, project / "bad.yaml")
    finished = s7spec(*verb)
    _is_clear(finished, rule, f"bad.yaml:{place}")
    assert words in finished.err
    _nothing_was_submitted(project)


def test_every_file_is_reported_at_once(project: Path, s7spec: Command) -> None:
    for case in CASES[:4]:
        text = case.read_text().replace("name: bad", f"name: {case.stem.replace('_', '-')}")
        (project / case.name).write_text(text)
    finished = s7spec("validate")
    assert finished.code == 3
    assert [case.name in finished.out for case in CASES[:4]] == [True] * 4


def test_unreachable_ips(project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S7SPEC_USER", "someone@example.com")
    monkeypatch.setenv("S7SPEC_PASSWORD", "canary-7b31")
    finished = s7spec("apply", "--yes", "--env", "nowhere")
    _is_clear(finished, "S7E060", "s7spec.yaml:6:")
    assert "127.0.0.1:9" in finished.err
    assert "canary-7b31" not in finished.said
    _nothing_was_submitted(project)


def test_wrong_password(project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S7SPEC_USER", "demo@example.com")
    monkeypatch.setenv("S7SPEC_PASSWORD", "canary-7b31")
    finished = s7spec("apply", "--yes")
    _is_clear(finished, "S7E062", "s7spec.yaml:5:")
    assert "canary-7b31" not in finished.said
    _nothing_was_submitted(project)


def test_missing_credentials(project: Path, s7spec: Command) -> None:
    finished = s7spec("apply", "--yes", "--env", "nowhere")
    _is_clear(finished, "S7E061", "s7spec.yaml:6:")
    assert "S7SPEC_PASSWORD" in finished.err


def test_unknown_company(project: Path, s7spec: Command) -> None:
    finished = s7spec("apply", "--yes", "--env", "stranger")
    _is_clear(finished, "S7E063", "s7spec.yaml:8:")
    _nothing_was_submitted(project)


def test_unknown_environment(project: Path, s7spec: Command) -> None:
    finished = s7spec("plan", "--env", "locale")
    _is_clear(finished, "S7E051", "s7spec.yaml:4:1")
    assert "did you mean `local`" in finished.err


def test_corrupt_ledger(project: Path, s7spec: Command) -> None:
    ledger = project / ".s7spec" / "ledger.db"
    ledger.parent.mkdir()
    ledger.write_bytes(b"this is no database, but somebody's notes\n" * 100)
    finished = s7spec("apply", "--yes")
    assert finished.code == 3
    assert "S7E071" in finished.err
    assert "Traceback" not in finished.err
    assert ".s7spec/ledger.db" in finished.err
    assert ledger.read_bytes().startswith(b"this is no database")


def test_ledger_of_a_newer_version(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    with sqlite3.connect(project / ".s7spec" / "ledger.db") as database:
        database.execute("PRAGMA user_version = 999")
    database.close()
    finished = s7spec("plan")
    assert finished.code == 3
    assert "S7E072" in finished.err


def test_folder_that_cannot_be_written(project: Path, s7spec: Command) -> None:
    # A file where the folder should be: the same error for root, who may write anywhere.
    (project / ".s7spec").write_text("in the way")
    finished = s7spec("apply", "--yes")
    assert finished.code == 3
    assert "Traceback" not in finished.err
    assert "S7E052" in finished.err


def test_plan_file_in_a_missing_folder(project: Path, s7spec: Command) -> None:
    finished = s7spec("plan", "--out", "no/such/folder/plan.json")
    assert finished.code == 3
    assert "S7E052" in finished.err


def test_usage_error_is_not_mistaken_for_changes(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--no-such-option").code == 3
    assert s7spec("aply").code == 3
    finished = s7spec("validate", "--format", "json", "--no-such-option")
    assert finished.code == 3
    assert finished.out.startswith("{")


@pytest.mark.parametrize(
    ("ledger", "local"),
    [
        ("ledger: ../ledger.db\n", "catalog: catalog"),
        ("", "catalog: catalog, data: ../ips"),
        ("", "catalog: link"),
        ("", "ca: link/authority.pem"),
    ],
    ids=["ledger", "data", "catalog", "ca"],
)
def test_paths_stay_in_the_project(
    project: Path, s7spec: Command, tmp_path: Path, ledger: str, local: str
) -> None:
    (tmp_path / "outside").mkdir()
    (project / "link").symlink_to(tmp_path / "outside")
    (project / "s7spec.yaml").write_text(
        f"apiVersion: s7spec/v1\nkind: Project\n{ledger}default_environment: local\n"
        f"environments:\n  local: {{ips: embedded, company: Acme, {local}}}\n"
    )
    finished = s7spec("plan")
    _is_clear(finished, "S7E007", "s7spec.yaml:")
    assert not (tmp_path / "ips").exists()


def test_password_is_not_sent_in_clear(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S7SPEC_USER", "someone@example.com")
    monkeypatch.setenv("S7SPEC_PASSWORD", "canary-7b31")
    path = project / "s7spec.yaml"
    path.write_text(path.read_text().replace("http://127.0.0.1:9/", "http://ips.example.com/"))
    finished = s7spec("plan", "--env", "nowhere")
    _is_clear(finished, "S7E055", "s7spec.yaml:6:")
    assert "canary-7b31" not in finished.said


def test_a_project_in_a_folder_whose_name_is_not_utf_8(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = Path(os.fsdecode(os.fsencode(project.parent) + b"/o\xffdd"))
    try:
        project.rename(odd)
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    monkeypatch.chdir(odd)
    refused = s7spec("plan")
    assert refused.code == 3
    assert "S7E065" in refused.err
    assert "a folder above has a name that is not UTF-8" in refused.err
    assert "hint: rename the folder" in refused.err
