"""`s7spec ledger`: looked into, backed up and restored, unlocked."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from s7spec.adapters.clock import SystemClock
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ledger import Holder
from tests.acceptance.conftest import Command

SCHEMAS = Path(__file__).parents[2] / "schemas"
COMMANDS = ("list", "show", "lease", "unlock", "check", "backup", "restore", "rebuild")


def held_to(schema: str, text: str) -> Any:
    """The document, once it was found to keep to its schema."""
    document = json.loads(text)
    rules = json.loads((SCHEMAS / f"{schema}.schema.json").read_text())
    errors = list(Draft202012Validator(rules).iter_errors(document))
    assert not errors, errors[0]
    return document


def _ledger(project: Path) -> Path:
    return project / ".s7spec" / "ledger.db"


def _lose_ledger(project: Path) -> None:
    for path in _ledger(project).parent.glob("ledger.db*"):
        path.unlink()


def _hold(project: Path, *, host: str, pid: int, seconds: int = 600, age: int = 0) -> None:
    with SqliteLedger(_ledger(project), create=True) as ledger:
        ledger.acquire(
            "Acme",
            "local",
            holder=Holder(host=host, pid=pid, user="dana", url="https://ci.example.com/7"),
            now=SystemClock().now() - timedelta(seconds=age),
            seconds=seconds,
        )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_examples(s7spec: Command, name: str) -> None:
    helped = s7spec("ledger", name, "--help")
    assert helped.code == 0
    assert "Examples:" in helped.out
    assert f"s7spec ledger {name}" in helped.out


def test_the_group_lists_its_commands(s7spec: Command) -> None:
    listed = s7spec("ledger")
    assert listed.code == 0
    assert all(name in listed.out for name in COMMANDS)
    misspelt = s7spec("ledger", "restor")
    assert misspelt.code == 3
    assert "Did you mean 'restore'?" in misspelt.err


def test_an_empty_ledger_is_told_as_such(project: Path, s7spec: Command) -> None:
    assert s7spec("ledger", "list").out == "0 jobs\n"
    assert held_to("ledger-list", s7spec("ledger", "list", "--format", "json").out)["jobs"] == []
    checked = s7spec("ledger", "check")
    assert checked.code == 0
    assert "The ledger is empty" in checked.out
    assert "Nobody holds" in s7spec("ledger", "lease").out
    assert s7spec("ledger", "show", "shop/large").code == 3
    backup = s7spec("ledger", "backup", "b.jsonl")
    assert backup.code == 3
    assert "nothing to back up" in backup.err
    assert not (project / "b.jsonl").exists()
    assert not _ledger(project).exists()


def test_what_was_exported_is_listed_and_shown(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    listed = s7spec("ledger", "list")
    assert listed.out.count("ok  ") == 3
    assert listed.out.endswith("3 jobs: 3 ok\n")
    jobs = held_to("ledger-list", s7spec("ledger", "list", "--format", "json").out)["jobs"]
    assert [job["export"] for job in jobs] == ["large", "masters", "small"]
    narrow = s7spec("ledger", "list", "--select", "shop/m*", "--state", "ok")
    assert "masters" in narrow.out
    assert narrow.out.endswith("1 job: 1 ok\n")
    assert s7spec("ledger", "list", "--state", "failed").out == "0 jobs\n"
    assert s7spec("ledger", "list", "--state", "lost").code == 3

    shown = s7spec("ledger", "show", "shop/large")
    assert all(word in shown.out for word in ("PS_1", "PS_2", "intent", "accepted", "sha256:"))
    document = held_to("ledger-job", s7spec("ledger", "show", "shop/large", "--format=json").out)
    (attempt,) = document["attempts"]
    assert attempt["name"] == jobs[0]["attempt_name"]
    assert [outcome["kind"] for outcome in attempt["outcomes"]] == ["ok", "ok"]
    assert len(document["spec_digest"]) == 64


def test_a_restored_ledger_knows_everything(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    before = s7spec("ledger", "show", "shop/large", "--format", "json").out
    assert s7spec("ledger", "backup", "plain.jsonl").code == 0
    assert s7spec("ledger", "backup", "packed.jsonl.gz").code == 0
    plain = (project / "plain.jsonl").read_bytes()
    for line in plain.splitlines():
        held_to("ledger-backup", line.decode())
    packed = gzip.decompress((project / "packed.jsonl.gz").read_bytes())
    assert packed.splitlines()[1:-1] == plain.splitlines()[1:-1]
    for name in ("plain.jsonl", "packed.jsonl.gz"):
        _lose_ledger(project)
        tried = s7spec("ledger", "restore", name, "--dry-run")
        assert tried.code == 0
        assert "3 attempts of 3 jobs can be restored" in tried.err
        assert not _ledger(project).exists()
        restored = s7spec("ledger", "restore", name)
        assert restored.code == 0, restored.said
        assert s7spec("ledger", "show", "shop/large", "--format", "json").out == before
        assert s7spec("plan", "--detailed-exitcode").code == 0
        assert s7spec("ledger", "check").code == 0


def test_a_backup_replaces_nothing_unasked(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes", "--select", "shop/masters").code == 0
    path = project / "b.jsonl"
    path.write_text("dear")
    refused = s7spec("ledger", "backup", path)
    assert refused.code == 3
    assert "S7E053" in refused.err
    assert path.read_text() == "dear"
    assert s7spec("ledger", "backup", path, "--force").code == 0
    assert "s7spec-ledger" in path.read_text()
    assert s7spec("ledger", "backup", project / "no" / "b.jsonl").code == 3
    assert sorted(each.name for each in project.glob("*.jsonl*")) == ["b.jsonl"]


def test_a_ledger_that_has_attempts_is_not_restored_into(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes", "--select", "shop/masters").code == 0
    assert s7spec("ledger", "backup", "b.jsonl").code == 0
    assert s7spec("apply", "--yes").code == 0
    before = s7spec("ledger", "list").out
    refused = s7spec("ledger", "restore", "b.jsonl")
    assert refused.code == 3
    assert "S7E075" in refused.err
    # Whether a backup is whole can be seen on the machine that made it.
    tried = s7spec("ledger", "restore", "b.jsonl", "--dry-run")
    assert tried.code == 0, tried.said
    assert "1 attempt of 1 job can be restored into an empty ledger" in tried.err
    (project / "cut.jsonl").write_bytes((project / "b.jsonl").read_bytes()[:-9])
    assert "S7E076" in s7spec("ledger", "restore", "cut.jsonl", "--dry-run").err
    assert s7spec("ledger", "list").out == before


def _damaged(good: bytes) -> dict[str, bytes]:
    lines = good.splitlines(keepends=True)
    return {
        "empty": b"",
        "cut in a line": good[: len(good) // 2],
        "cut at a line": b"".join(lines[:-1]),
        "without its header": b"".join(lines[1:]),
        "a record less": b"".join([lines[0], *lines[2:]]),
        "a record twice": b"".join([*lines[:2], *lines[1:]]),
        "another outcome": good.replace(b'"ok"', b'"failed"', 1),
        "another number": good.replace(b'"generation":1', b'"generation":2', 1),
        "more behind it": good + b"{}\n",
        "another format": good.replace(b"s7spec-ledger", b"s7spec-LEDGER"),
        "a newer version": good.replace(b'"format_version":1', b'"format_version":2'),
        "a plan": b'{"format": "s7spec-plan"}\n',
        "a text": b"no backup at all\n",
        "binary": os.urandom(2000),
        "a list": b"[1, 2]\n",
        "packed and cut": gzip.compress(good)[:-20],
        "packed and changed": gzip.compress(good)[:-9] + b"\0" * 9,
        "half a character": good.replace(b'"message":""', b'"message":"\\ud800"', 1),
        "deeply nested": b"[" * 100_000 + b"\n",
    }


def test_damaged_cut_and_foreign_files_are_refused(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes", "--select", "shop/large").code == 0
    assert s7spec("ledger", "backup", "good.jsonl").code == 0
    good = (project / "good.jsonl").read_bytes()
    _lose_ledger(project)
    for what, content in _damaged(good).items():
        assert content != good, what
        (project / "bad.jsonl").write_bytes(content)
        refused = s7spec("ledger", "restore", "bad.jsonl")
        assert refused.code == 3, (what, refused.said)
        assert "error[S7E076]" in refused.err, (what, refused.said)
        assert "--> bad.jsonl" in refused.err, what
        assert not _ledger(project).exists(), what
    assert s7spec("ledger", "restore", "nowhere.jsonl").code == 3
    assert s7spec("ledger", "restore", ".").code == 3
    assert s7spec("ledger", "restore", "good.jsonl").code == 0


def test_a_damaged_ledger_is_found(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes", "--select", "shop/large").code == 0
    path = _ledger(project)
    path.write_bytes(path.read_bytes()[:5000])
    checked = s7spec("ledger", "check")
    assert checked.code == 1, checked.said
    assert "damaged" in checked.out
    document = held_to("ledger-check", s7spec("ledger", "check", "--format", "json").out)
    assert not document["ok"]
    path.write_text("no database")
    assert s7spec("ledger", "check").code == 1


def test_the_lease_is_shown_and_given_back(project: Path, s7spec: Command) -> None:
    assert s7spec("ledger", "unlock").code == 0
    _hold(project, host="build-7", pid=1)
    shown = s7spec("ledger", "lease").out
    assert all(word in shown for word in ("dana@build-7 (pid 1)", "https://ci.example.com/7"))
    document = held_to("ledger-lease", s7spec("ledger", "lease", "--format", "json").out)
    assert document["lease"]["holder"]["host"] == "build-7"
    assert document["has_run_out"] is False
    assert "dana@build-7" in s7spec("status").out
    held = s7spec("apply", "--yes")
    assert held.code == 7
    assert "not running" not in held.said  # of another machine nobody here can know
    asked = s7spec("ledger", "unlock")
    assert asked.code == 3
    assert "--yes" in asked.err
    assert s7spec("apply", "--yes").code == 7
    unlocked = s7spec("ledger", "unlock", "--yes")
    assert unlocked.code == 0
    assert "dana@build-7" in unlocked.err
    assert s7spec("ledger", "lease", "--format", "json").out.count('"lease": null') == 1
    assert s7spec("apply", "--yes").code == 0


def test_a_living_holder_on_this_machine_is_named(project: Path, s7spec: Command) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        _hold(project, host=socket.gethostname(), pid=process.pid)
        refused = s7spec("ledger", "unlock", "--yes")
        assert refused.code == 7, refused.said
        assert f"process {process.pid} of this machine" in refused.err
        assert s7spec("ledger", "unlock", "--yes", "--force").code == 0
        _hold(project, host=socket.gethostname(), pid=process.pid)
        for told in (s7spec("apply", "--yes"), s7spec("status"), s7spec("ledger", "lease")):
            assert "not running any more" not in told.said
        process.kill()
    for told in (s7spec("apply", "--yes"), s7spec("status"), s7spec("ledger", "lease")):
        said = " ".join(told.said.split())
        assert "not running any more: `s7spec ledger unlock` gives" in said
    # Now it is dead, and its lease need not be forced.
    assert s7spec("ledger", "unlock", "--yes").code == 0


def test_a_lease_that_ran_out_says_so(project: Path, s7spec: Command) -> None:
    _hold(project, host=socket.gethostname(), pid=os.getpid(), seconds=60, age=7200)
    assert "it ran out" in s7spec("ledger", "lease").out
    assert held_to("ledger-lease", s7spec("ledger", "lease", "--format", "json").out)["has_run_out"]
    assert s7spec("ledger", "unlock", "--yes").code == 0


@pytest.mark.parametrize("arguments", [("list",), ("lease",), ("check",), ("show", "shop/large")])
def test_plain_terminals_get_plain_text(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    assert s7spec("apply", "--yes", "--select", "shop/large").code == 0
    done = subprocess.run(
        [sys.executable, "-m", "s7spec", "ledger", *arguments],
        env={**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().isascii()
    assert b"\x1b" not in done.stdout


def test_explain_tells_of_the_last_attempt(project: Path, s7spec: Command) -> None:
    """Offline: whether IPS has changed is not asked."""
    before = s7spec("explain", "shop/large")
    assert "In the ledger" not in before.out
    assert (
        held_to("job-trace", s7spec("explain", "shop/large", "--format", "json").out)["ledger"]
        is None
    )
    assert s7spec("apply", "--yes").code == 0
    same = s7spec("explain", "shop/large")
    assert "last attempt" in same.out
    assert "the same as now" in same.out
    manifest = project / "shop.yaml"
    manifest.write_text(manifest.read_text().replace("qlt: 90", "qlt: 80"))
    other = s7spec("explain", "shop/large")
    assert "something else than now" in other.out
    document = held_to("job-trace", s7spec("explain", "shop/large", "--format", "json").out)
    assert document["ledger"]["asked_alike"] is False
    _ledger(project).write_text("no database")
    damaged = s7spec("explain", "shop/large")
    assert damaged.code == 0
    assert "the ledger is not looked at" in damaged.err


def test_an_export_alone_names_its_job(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    for command in (["history"], ["ledger", "show"]):
        whole, alone = s7spec(*command, "shop/large"), s7spec(*command, "large")
        assert (alone.code, alone.out) == (0, whole.out)
        unknown = s7spec(*command, "huge")
        assert unknown.code == 3
        assert "the ledger has no job of the export `huge`" in unknown.err
    manifest = (project / "shop.yaml").read_text()
    (project / "other.yaml").write_text(manifest.replace("name: shop", "name: other"))
    assert s7spec("apply", "--yes").code == 0
    several = s7spec("history", "large")
    assert several.code == 3
    assert "write one of them: other/large, shop/large" in several.err


@pytest.mark.parametrize("command", [["history"], ["ledger", "show"]], ids=" ".join)
def test_bytes_that_are_no_text_name_no_job(
    command: list[str], project: Path, s7spec: Command
) -> None:
    assert s7spec("apply", "--yes").code == 0
    shown = s7spec(*command, "shop/\udcff")
    assert shown.code == 3, shown.said
    assert "is not the name of a job" in shown.err
