"""What plan and apply tell while they run: events, signs of life, signals, options that clash."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from s7spec.adapters.clock import SystemClock
from s7spec.adapters.ledger_sqlite import SqliteLedger
from s7spec.model.ledger import Holder
from tests.acceptance.conftest import Command, serving
from tests.acceptance.test_ledger import held_to

SIGNALS = pytest.mark.parametrize(
    "stop_signal", [signal.SIGINT, signal.SIGTERM], ids=["int", "term"]
)

NO_ANSWER = "faults:\n  - {kind: latency, seconds: 60, acted: true, operations: submitJob}\n"


def events_in(path: Path) -> list[dict[str, Any]]:
    found = [held_to("event", line) for line in path.read_text().splitlines()]
    assert found[0]["event"] == "started"
    assert found[-1]["event"] == "summary"
    assert sum(event["event"] == "summary" for event in found) == 1
    return found


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A command in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "s7spec", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait_for(path: Path, text: str) -> None:
    """Until ``text`` stands in a file that another process writes."""
    while not (path.exists() and text in path.read_text()):
        time.sleep(0.02)


def test_events_of_plan_and_apply(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--out", "plan.json", "--events", "plan.jsonl").code == 0
    planned = events_in(project / "plan.jsonl")
    assert [event["event"] for event in planned] == ["started", "planned", "summary"]
    assert planned[1]["actions"]["submit"] == 3
    assert planned[1]["digest"] == json.loads((project / "plan.json").read_text())["digest"]
    assert s7spec("apply", "plan.json", "--events", "apply.jsonl").code == 0
    applied = events_in(project / "apply.jsonl")
    kinds = [event["event"] for event in applied]
    assert kinds[1] == "planned"
    assert "begun" in kinds
    states = [
        event["state"] for event in applied if event.get("export") == "large" and "state" in event
    ]
    assert states[0] == "intent"
    assert states[-1] == "ok"
    assert applied[-1]["totals"]["states"]["ok"] == 3


def test_plan_with_changes_says_so_in_its_summary(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--detailed-exitcode", "--events", "e.jsonl").code == 2
    assert events_in(project / "e.jsonl")[-1]["outcome"] == "changes"


def test_events_on_stdout_leave_it_to_them(project: Path, s7spec: Command) -> None:
    planned = s7spec("plan", "--events", "-")
    assert planned.code == 0
    assert [held_to("event", line)["event"] for line in planned.out.splitlines()] == [
        *("started", "planned", "summary"),
    ]
    assert "Plan: 3 to submit" in planned.err
    applied = s7spec("apply", "--yes", "--events", "-")
    assert all(line.startswith('{"format_version"') for line in applied.out.splitlines())
    assert "Done: 3 ok" in applied.err
    both = s7spec("apply", "--yes", "--events", "-", "--format", "json")
    assert both.code == 3
    assert "both want standard output" in both.out


def test_every_ending_has_its_summary(project: Path, s7spec: Command) -> None:
    endings: dict[tuple[str, ...], str] = {
        ("apply", "--yes", "--env", "narrow"): "refused",
        ("apply", "--yes", "--env", "nowhere"): "invalid",
        ("apply", "--yes", "--env", "nosuch"): "invalid",
        ("apply", "nosuch.json"): "invalid",
        ("apply", "--yes", "--expect-digest", f"sha256:{0:064}"): "stale",
        ("plan", "--env", "stranger"): "invalid",
        ("apply",): "invalid",
    }
    for arguments, outcome in endings.items():
        finished = s7spec(*arguments, "--events", "e.jsonl")
        summary = events_in(project / "e.jsonl")[-1]
        assert summary["outcome"] == outcome, (arguments, finished.said)
        assert summary["exit_code"] == finished.code
        assert summary["findings"] or outcome == "refused"


def test_a_held_lease_is_in_the_summary(project: Path, s7spec: Command) -> None:
    with SqliteLedger(project / ".s7spec" / "ledger.db", create=True) as ledger:
        colleague = Holder(host="build-7", pid=1, user="dana")
        now = SystemClock().now()
        ledger.acquire("Acme", "local", holder=colleague, now=now, seconds=600)
    assert s7spec("apply", "--yes", "--events", "e.jsonl").code == 7
    summary = events_in(project / "e.jsonl")[-1]
    assert summary["outcome"] == "locked"
    assert [finding["rule"] for finding in summary["findings"]] == ["S7E073"]


def test_no_secret_is_in_any_event(
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
    assert s7spec("apply", "--yes", "--events", "e.jsonl", "--out-run", "run.json").code == 0
    for name in ("e.jsonl", "run.json"):
        assert canary not in (project / name).read_text()
    # Handles are good for one session, and nobody's business.
    assert "j|110|" not in (project / "e.jsonl").read_text()


def test_the_run_is_saved_beside_what_people_read(project: Path, s7spec: Command) -> None:
    applied = s7spec("apply", "--yes", "--out-run", "run.json")
    assert applied.code == 0
    assert "Done: 3 ok" in applied.out
    run = held_to("run", (project / "run.json").read_text())
    assert run["outcome"] == "ok"
    assert s7spec("apply", "--yes", "--out-run", "again.json").code == 0
    assert held_to("run", (project / "again.json").read_text())["totals"]["items"] == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--yes", "--fail-fast", "--max-failures", "2"), "--fail-fast does not go with"),
        (("--yes", "--stale", "skip"), "--stale goes with a saved plan only"),
        (("--yes", "--stale", "refuse"), "--stale goes with a saved plan only"),
        (("plan.json", "--select", "shop/large"), "--select does not go with a saved plan"),
        (("plan.json", "--rerun", "shop/large"), "--rerun does not go with a saved plan"),
        (("plan.json", "--refresh", "auto"), "--refresh does not go with a saved plan"),
        (("plan.json", "shop.yaml"), "one saved plan, or manifests"),
        (("--yes", "--detach", "--max-in-flight", "5"), "--max-in-flight does not go with"),
        (("--yes", "--max-failures", "0"), "--max-failures"),
        (("--yes", "--max-parallel", "99"), "--max-parallel"),
        (("--yes", "--rerun", "shop/nothing"), "--rerun shop/nothing: no job matches"),
    ],
)
def test_options_that_clash_are_refused(
    project: Path, s7spec: Command, arguments: tuple[str, ...], said: str
) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    refused = s7spec("apply", *arguments)
    assert refused.code == 3, refused.said
    assert said in refused.err
    assert not (project / ".s7spec" / "ledger.db").exists()


def test_what_no_longer_fits_can_be_left_out(project: Path, s7spec: Command) -> None:
    assert s7spec("plan", "--out", "plan.json").code == 0
    assert s7spec("apply", "--yes", "--select", "shop/large").code == 0
    (project / "catalog" / "PS_2.png").unlink()
    applied = s7spec("apply", "plan.json", "--stale", "skip", "--format", "json")
    assert applied.code == 4, applied.said
    run = held_to("run", applied.out)
    assert {item["export"]: item["state"] for item in run["items"]} == {
        "large": "ok",
        "small": None,
        "masters": None,
    }
    assert "left out: shop/masters: asset Acme/PS_2 does not exist any more" in applied.err


@SIGNALS
def test_the_first_signal_ends_in_order(
    project: Path, s7spec: Command, stop_signal: signal.Signals
) -> None:
    """Nothing more is started, the lease is given back, the summary is written; what runs on IPS
    goes on and is followed by the next apply."""
    events = project / "e.jsonl"
    with serving(project, "--seconds-per-asset", "0.5"):
        with running("apply", "--yes", "--max-in-flight", "1", "--events", str(events)) as process:
            wait_for(events, '"accepted"')
            process.send_signal(stop_signal)
            out, err = process.communicate(timeout=30)
        assert process.returncode == 130, out + err
        assert "Traceback" not in err
        assert "interrupted" in out
        summary = events_in(events)[-1]
        assert (summary["outcome"], summary["exit_code"]) == ("interrupted", 130)
        assert "Nobody holds" in s7spec("ledger", "lease").out
        assert s7spec("apply", "--yes").code == 0
        assert s7spec("plan", "--detailed-exitcode").code == 0
    assert len(sorted((project / ".s7spec" / "ips" / "Exports").rglob("*.zip"))) == 3


def test_a_second_signal_ends_at_once(project: Path, s7spec: Command, tmp_path: Path) -> None:
    """Even with a submit on its way that nobody answers."""
    events = project / "e.jsonl"
    faults = tmp_path / "faults.yaml"
    faults.write_text(
        "faults:\n  - {kind: latency, seconds: 60, acted: true, operations: submitJob}\n"
    )
    with serving(project, "--faults", str(faults)):
        with running("apply", "--yes", "--events", str(events)) as process:
            wait_for(events, '"intent"')
            assert process.stderr is not None
            process.send_signal(signal.SIGINT)
            for line in process.stderr:
                if "waits for submits on their way" in line:
                    break
            process.send_signal(signal.SIGTERM)  # as `timeout` does: both at once are one wish
            time.sleep(0.7)
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        assert process.returncode == 130, out + err
        assert "ends at once" in err
        summary = events_in(events)[-1]
        assert (summary["outcome"], summary["exit_code"]) == ("interrupted", 130)
        # It had no time to give the lease back: that runs out, or is broken.
        assert "is held" in s7spec("ledger", "lease").out
        assert s7spec("ledger", "unlock", "--yes").code == 0
        faults.write_text("faults: []\n")
        again = s7spec("apply", "--yes")
        assert again.code == 0, again.said
    assert len(sorted((project / ".s7spec" / "ips" / "Exports").rglob("*.zip"))) == 3


def test_an_unanswered_submit_is_waited_out_within_bounds(
    project: Path, s7spec: Command, tmp_path: Path
) -> None:
    """One signal is enough: after five seconds it ends, whatever is on its way."""
    events = project / "e.jsonl"
    faults = tmp_path / "faults.yaml"
    faults.write_text(
        "faults:\n  - {kind: latency, seconds: 60, acted: true, operations: submitJob}\n"
    )
    with serving(project, "--faults", str(faults)):
        with running("apply", "--yes", "--events", str(events)) as process:
            wait_for(events, '"intent"')
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        assert process.returncode == 130, out + err
        assert "Nobody holds" in s7spec("ledger", "lease").out
        assert events_in(events)[-1]["outcome"] == "interrupted"


def test_a_signal_while_planning(project: Path, tmp_path: Path) -> None:
    events = project / "e.jsonl"
    faults = tmp_path / "faults.yaml"
    faults.write_text("faults:\n  - {kind: latency, seconds: 60, operations: searchAssets}\n")
    with serving(project, "--faults", str(faults)):
        for command in (("plan",), ("apply", "--yes")):
            with running(*command, "--events", str(events)) as process:
                wait_for(events, '"started"')
                time.sleep(1.0)
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=30)
            assert process.returncode == 130, out + err
            assert "Traceback" not in err
            assert events_in(events)[-1]["outcome"] == "interrupted"
            events.unlink()


def test_an_answer_that_is_lost_is_told_with_the_quarantine(
    project: Path, s7spec: Command, tmp_path: Path
) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text("faults:\n  - {kind: reset, operations: submitJob, nth: 1}\n")
    text = (project / "s7spec.yaml").read_text()
    (project / "s7spec.yaml").write_text(
        text.replace("quarantine_seconds: 1", "quarantine_seconds: 3")
    )
    with serving(project, "--faults", str(faults)):
        applied = s7spec(
            "apply", "--yes", "--select", "shop/large", "--first-run", "--events", "e.jsonl"
        )
    assert applied.code == 0, applied.said
    assert "shop/large: it is not known whether IPS took it" in applied.err
    assert "quarantine of 3 s" in applied.err
    waiting = [event for event in events_in(project / "e.jsonl") if event["event"] == "waiting"]
    assert waiting[0]["job"] == "Acme/local/shop/large"
    assert 0 < waiting[0]["seconds"] <= 3


def test_quiet_is_quiet(project: Path, s7spec: Command, tmp_path: Path) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text("faults:\n  - {kind: reset, operations: submitJob, nth: 1}\n")
    with serving(project, "--faults", str(faults)):
        for _ in ("sends", "has nothing to do"):
            applied = s7spec("apply", "--yes", "-q", "--first-run")
            assert applied.code == 0, applied.said
            assert applied.err == ""
    said = s7spec("apply", "--yes").err
    assert said.lower().count("nothing to do") == 1


def test_max_failures_stops_after_so_many(project: Path, s7spec: Command, tmp_path: Path) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text("faults:\n  - {kind: job-fails}\n")
    with serving(project, "--faults", str(faults)):
        applied = s7spec(
            "apply", "--yes", "--max-failures", "2", "--max-in-flight", "1", "--format", "json"
        )
    assert applied.code == 5, applied.said
    states = [item["state"] for item in held_to("run", applied.out)["items"]]
    assert sorted(map(str, states)) == ["None", "failed", "failed"]


def test_a_watch_follows_a_detached_apply(project: Path, s7spec: Command) -> None:
    with serving(project, "--seconds-per-asset", "0.3"):
        assert s7spec("apply", "--yes", "--detach").code == 0
        watched = s7spec("status", "--watch")
        assert watched.code == 0, watched.said
        assert "at work" in watched.out
        words = " ".join(watched.out.split())
        assert "the next `s7spec apply` records what they delivered" in words
        status = held_to("status", s7spec("status", "--watch", "--format", "json").out)
        assert status["running"] == []
        assert s7spec("apply", "--yes").code == 0
        assert "Nothing of this ledger is at work" in s7spec("status", "--watch").out


@SIGNALS
def test_a_watch_ends_cleanly(project: Path, s7spec: Command, stop_signal: signal.Signals) -> None:
    with serving(project, "--seconds-per-asset", "30"):
        assert s7spec("apply", "--yes", "--detach").code == 0
        with running("status", "--watch") as process:
            assert process.stdout is not None
            for line in process.stdout:
                if "at work" in line:
                    break
            process.send_signal(stop_signal)
            _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.strip() == "interrupted"
