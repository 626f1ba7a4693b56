"""`s7spec ledger rebuild` on the embedded IPS: the ledger is lost, and nothing is sent twice."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from s7spec.adapters.clock import SystemClock
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ledger import Holder
from tests.acceptance.conftest import Command, serving
from tests.acceptance.test_ledger import held_to


def lose_ledger(project: Path) -> None:
    for path in (project / ".s7spec").glob("ledger.db*"):
        path.unlink()


def zips(project: Path) -> list[Path]:
    return sorted((project / ".s7spec" / "ips" / "Exports").rglob("*.zip"))


def actions(s7spec: Command) -> dict[str, str]:
    plan = json.loads(s7spec("plan", "--format", "json").out)
    return {item["key"]["export"]: item["action"] for item in plan["items"]}


def test_after_it_the_plan_says_all_unchanged(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    delivered = zips(project)
    lose_ledger(project)
    tried = s7spec("ledger", "rebuild", "--dry-run")
    assert tried.code == 0, tried.said
    assert "3 attempts would be recovered" in tried.out
    assert not (project / ".s7spec" / "ledger.db").exists()
    rebuilt = s7spec("ledger", "rebuild", "--format", "json")
    assert rebuilt.code == 0, rebuilt.said
    document = held_to("ledger-rebuild", rebuilt.out)
    assert [each["state"] for each in document["recovered"]] == ["ok"] * 3
    assert s7spec("plan", "--detailed-exitcode").code == 0
    assert zips(project) == delivered
    history = s7spec("history", "shop/large").out
    assert "found on IPS under its name" in history
    assert "2 files ok" in history
    again = s7spec("ledger", "rebuild")
    assert again.code == 0
    assert "3  already in the ledger" in again.out


def test_into_postgresql(
    project: Path, s7spec: Command, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert s7spec("apply", "--yes").code == 0
    assert s7spec("ledger", "backup", "b.jsonl.gz").code == 0
    delivered = zips(project)
    monkeypatch.setenv("S7SPEC_LEDGER", postgres_url)
    assert s7spec("ledger", "list").out == "0 jobs\n"
    rebuilt = s7spec("ledger", "rebuild")
    assert rebuilt.code == 0, rebuilt.said
    assert s7spec("plan", "--detailed-exitcode").code == 0
    assert s7spec("ledger", "check").code == 0
    assert s7spec("ledger", "restore", "b.jsonl.gz").code == 3
    assert zips(project) == delivered


def test_a_backup_goes_into_postgresql(
    project: Path, s7spec: Command, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert s7spec("apply", "--yes").code == 0
    assert s7spec("ledger", "backup", "b.jsonl.gz").code == 0
    monkeypatch.setenv("S7SPEC_LEDGER", postgres_url)
    restored = s7spec("ledger", "restore", "b.jsonl.gz")
    assert restored.code == 0, restored.said
    assert s7spec("plan", "--detailed-exitcode").code == 0
    assert s7spec("status").code == 0


def test_partial_and_running_jobs_come_back_as_they_are(project: Path, s7spec: Command) -> None:
    """One ended in part, one is at work, one was never sent."""
    faults = project.parent / "faults.yaml"
    faults.write_text(
        "faults:\n"
        "  - {kind: job-fails-assets, share: 0.5, nth: 1}\n"
        "  - {kind: job-hangs, after: 0, nth: 2}\n"
    )
    with serving(project, "--faults", str(faults)):
        assert s7spec("apply", "--yes", "--select", "shop/large").code == 5
        assert s7spec("apply", "--yes", "--select", "shop/small", "--detach").code == 0
        before = json.loads(s7spec("ledger", "show", "shop/large", "--format", "json").out)
        lose_ledger(project)
        rebuilt = s7spec("ledger", "rebuild", "--format", "json")
        assert rebuilt.code == 0, rebuilt.said
        document = held_to("ledger-rebuild", rebuilt.out)
        assert {each["export"]: each["state"] for each in document["recovered"]} == {
            "large": "partial",
            "small": "active",
        }
        assert document["without"] == ["Acme/local/shop/masters"]
        after = json.loads(s7spec("ledger", "show", "shop/large", "--format", "json").out)
        same = ("name", "state", "outcomes", "zip_urls", "failure", "export_job", "generation")
        for key in same:
            assert after["attempts"][0][key] == before["attempts"][0][key], key
        assert actions(s7spec) == {"large": "repair", "small": "wait", "masters": "submit"}


def test_the_lease_is_respected(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    lose_ledger(project)
    with SqliteLedger(project / ".s7spec" / "ledger.db", create=True) as ledger:
        colleague = Holder(host="build-7", pid=1, user="dana")
        now = SystemClock().now()
        ledger.acquire("Acme", "local", holder=colleague, now=now, seconds=600)
    held = s7spec("ledger", "rebuild")
    assert held.code == 7, held.said
    assert "dana@build-7" in held.err


def test_a_cold_ledger_waits_for_what_may_be_on_its_way(project: Path, s7spec: Command) -> None:
    """Afterwards the ledger is not empty any more, and no apply would wait."""
    assert s7spec("apply", "--yes").code == 0
    lose_ledger(project)
    waited = s7spec("ledger", "rebuild")
    assert "waits 1 s for jobs that a lost ledger may have sent" in waited.err
    lose_ledger(project)
    assert "waits" not in s7spec("ledger", "rebuild", "--no-wait").err
    assert "waits" not in s7spec("ledger", "rebuild").err


def test_what_was_exported_long_ago_is_not_exported_again(project: Path, s7spec: Command) -> None:
    """Without a rebuild, a part first, and one job has another name by now."""
    assert s7spec("apply", "--yes").code == 0
    delivered = zips(project)
    lose_ledger(project)
    grow_old(project, days=400)
    manifest = project / "shop.yaml"
    moved = manifest.read_text().replace("id: masters", "id: originals")
    manifest.write_text(f"{moved}moved: [{{from: masters, to: originals}}]\n")
    assert set(actions(s7spec).values()) == {"adopt"}
    assert s7spec("apply", "--yes", "--select", "shop/large").code == 0
    assert actions(s7spec) == {"large": "skip", "originals": "adopt", "small": "adopt"}
    applied = s7spec("apply", "--yes", "--refresh", "none", "--select", "shop/small")
    assert applied.code == 0, applied.said
    assert "found on IPS under its name" in s7spec("history", "shop/small").out
    assert s7spec("apply", "--yes").code == 0
    assert s7spec("plan", "--detailed-exitcode").code == 0
    assert zips(project) == delivered


def grow_old(project: Path, *, days: int) -> None:
    """The jobs of the embedded IPS, all of which have ended."""
    past = days * 86_400_000
    times = ("submitted", "triggered", "started", "finished")
    for path in (project / ".s7spec" / "ips").glob("*.db"):
        with closing(sqlite3.connect(path)) as connection, connection:
            if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'jobs'").fetchone():
                changes = ", ".join(f"{each} = {each} - {past}" for each in times)
                connection.execute(f"UPDATE jobs SET {changes}")  # noqa: S608 -- our own words


def test_jobs_whose_assets_are_gone_are_named(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    lose_ledger(project)
    (project / "catalog" / "PS_2.png").unlink()
    rebuilt = s7spec("ledger", "rebuild")
    assert rebuilt.code == 5, rebuilt.said
    assert "shop/masters" in rebuilt.out
    assert "S7E040" in rebuilt.err


def test_ages_are_checked(project: Path, s7spec: Command) -> None:
    for wrong in ("90", "d", "-1d", "0d", "1y", "9" * 9 + "d"):
        refused = s7spec("ledger", "rebuild", "--since", wrong)
        assert refused.code == 3, wrong
        assert "90d, 36h or 2w" in refused.err
    assert s7spec("ledger", "rebuild", "--since", "2w", "--dry-run").code == 0
    assert s7spec("ledger", "rebuild", "--since", "99999w", "--dry-run").code in (0, 3)


def test_events_of_a_rebuilding(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    lose_ledger(project)
    assert s7spec("ledger", "rebuild", "--events", "events.jsonl").code == 0
    lines = (project / "events.jsonl").read_text().splitlines()
    events = [held_to("event", line) for line in lines]
    assert [event["event"] for event in events[:2]] == ["started", "waiting"]
    assert events[-1]["event"] == "summary"
    assert sum(event["event"] == "item" and event["state"] == "ok" for event in events) == 3
