"""The diff table from the command line: each action planned, carried out on the embedded IPS over
SOAP, and seen in what IPS delivered."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.acceptance.conftest import Command, picture, serving

HEAD = "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: shop}\n"
LARGE = """\
  - id: large
    assets: {folder: Acme/, types: [Image]}
    fmt: convert
    is_modifier: {wid: %s, fmt: jpeg, qlt: 90}
    emailSetting: %s
"""


def declare(project: Path, *exports: str, before: str = "") -> None:
    (project / "shop.yaml").write_text(f"{HEAD}{before}exports:\n{''.join(exports)}")


def large(wid: int = 80, *more: str, email: str = "None") -> str:
    return LARGE % (wid, email) + "".join(f"    {line}\n" for line in more)


def planned(s7spec: Command, *arguments: str) -> dict[str, dict[str, Any]]:
    found = s7spec("plan", "--format", "json", *arguments)
    assert found.code == 0, found.said
    return {item["key"]["export"]: item for item in json.loads(found.out)["items"]}


def actions(s7spec: Command, *arguments: str) -> dict[str, str]:
    return {export: item["action"] for export, item in planned(s7spec, *arguments).items()}


def states(s7spec: Command, job: str) -> list[str]:
    """Of all attempts, oldest first."""
    shown = json.loads(s7spec("history", job, "--format", "json").out)
    return [attempt["state"] for attempt in shown["attempts"]]


def zips(project: Path) -> list[list[str]]:
    """The files in each delivered archive, oldest first."""
    found = sorted((project / ".s7spec" / "ips" / "Exports").rglob("*.zip"), key=by_age)
    return [sorted(Path(name).stem for name in ZipFile(path).namelist()) for path in found]


def by_age(path: Path) -> float:
    return path.stat().st_mtime


@contextmanager
def faulty(project: Path, *rules: str) -> Iterator[None]:
    path = project.parent / "faults.yaml"
    path.write_text("faults:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules))
    with serving(project, "--faults", str(path)):
        yield


def test_repair_sends_what_failed_and_no_more(project: Path, s7spec: Command) -> None:
    declare(project, large())
    with faulty(project, "kind: job-fails-assets, share: 0.5, nth: 1"):
        assert s7spec("apply", "--yes").code == 5
        item = planned(s7spec)["large"]
        assert (item["action"], len(item["only"])) == ("repair", 1)
        assert item["predicted"]["pictures"] == 1, "what is foretold is what is sent"
        assert s7spec("apply", "--yes").code == 0
    first, second = zips(project)
    assert sorted(first + second) == ["PS_1", "PS_2"]
    assert states(s7spec, "shop/large") == ["partial", "ok"]
    assert actions(s7spec) == {"large": "skip"}


def test_what_ips_calls_wrong_is_blocked_until_forced(project: Path, s7spec: Command) -> None:
    declare(project, large())
    with faulty(project, "kind: fault, code: 30001, operations: submitJob, nth: 1"):
        assert s7spec("apply", "--yes").code == 5
        assert actions(s7spec) == {"large": "blocked"}
        assert s7spec("apply", "--yes").code == 5
        assert zips(project) == []
        assert actions(s7spec, "--rerun", "shop/large") == {"large": "submit"}
        assert s7spec("apply", "--yes", "--rerun", "shop/large").code == 0
    assert actions(s7spec) == {"large": "skip"}


@pytest.mark.parametrize(
    ("policy", "code", "ends"),
    [
        ("queue", 0, ["ok", "ok"]),
        ("stop-and-submit", 0, ["stopped", "ok"]),
        ("fail", 5, ["accepted"]),
    ],
)
def test_supersede(policy: str, code: int, ends: list[str], project: Path, s7spec: Command) -> None:
    declare(project, large())
    slow = "1.5" if policy == "queue" else "8"
    with serving(project, "--seconds-per-asset", slow):
        assert s7spec("apply", "--yes", "--detach").code == 0
        declare(project, large(60, f"supersede: {policy}"))
        wanted = "blocked" if policy == "fail" else "supersede"
        assert actions(s7spec) == {"large": wanted}
        applied = s7spec("apply", "--yes")
        assert applied.code == code, applied.said
        assert states(s7spec, "shop/large") == ends


def test_a_schedule_is_changed_and_taken_back(project: Path, s7spec: Command) -> None:
    declare(project, large(80, 'schedule: {at: "2999-01-01T00:00:00Z"}'))
    with serving(project):
        assert s7spec("apply", "--yes").code == 0
        assert states(s7spec, "shop/large") == ["scheduled"]
        assert actions(s7spec) == {"large": "skip"}
        declare(project, large(80, 'schedule: {at: "2999-06-01T00:00:00Z"}'))
        assert actions(s7spec) == {"large": "reschedule"}
        assert s7spec("apply", "--yes").code == 0
        assert states(s7spec, "shop/large") == ["cancelled", "scheduled"]
        (project / "shop.yaml").unlink()
        declare(project, large().replace("large", "other"))
        assert actions(s7spec) == {"large": "cancel", "other": "submit"}
        assert s7spec("apply", "--yes").code == 0
        assert states(s7spec, "shop/large") == ["cancelled", "cancelled"]
    assert len(zips(project)) == 1


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it never comes"
        time.sleep(0.05)


def is_at_work(s7spec: Command) -> bool:
    return bool(json.loads(s7spec("status", "--format", "json").out)["running"])


def test_what_starts_every_second_is_changed_and_taken_back(project: Path, s7spec: Command) -> None:
    declare(project, large(80, 'schedule: {cron: "* * * * * ?"}'))
    with serving(project):
        assert s7spec("apply", "--yes").code == 0
        until(lambda: zips(project))
        assert actions(s7spec) == {"large": "skip"}
        declare(project, large(80, 'schedule: {cron: "0 0 6 ? * *"}'))
        assert actions(s7spec) == {"large": "reschedule"}
        applied = s7spec("apply", "--yes")
        assert applied.code == 0, applied.said
        assert states(s7spec, "shop/large") == ["cancelled", "scheduled"]
        assert actions(s7spec) == {"large": "skip"}
        assert s7spec("apply", "--yes", "--rerun", "shop/large").code == 0
        assert states(s7spec, "shop/large") == ["cancelled", "cancelled", "scheduled"]
        delivered = len(zips(project))
        declare(project, large(80))
        assert s7spec("apply", "--yes").code == 0
        assert states(s7spec, "shop/large")[-2:] == ["cancelled", "ok"]
        assert len(zips(project)) == delivered + 1


def test_what_always_runs_is_taken_back(project: Path, s7spec: Command) -> None:
    declare(project, large(80, 'schedule: {cron: "* * * * * ?"}'))
    with serving(project, "--seconds-per-asset", "5"):
        assert s7spec("apply", "--yes", "--detach").code == 0
        until(lambda: is_at_work(s7spec))
        declare(project, large(80, 'when: "{{ false }}"'))
        assert actions(s7spec) == {"large": "cancel"}
        applied = s7spec("apply", "--yes", "--detach")
        assert applied.code == 0, applied.said
        assert states(s7spec, "shop/large") == ["cancelled"]
        assert actions(s7spec) == {}
        assert not is_at_work(s7spec)


def test_a_history_goes_to_the_new_key(project: Path, s7spec: Command) -> None:
    declare(project, large())
    assert s7spec("apply", "--yes").code == 0
    declare(
        project,
        large().replace("large", "big"),
        before="moved: [{from: large, to: big}]\n",
    )
    item = planned(s7spec)["big"]
    assert (item["action"], item["moved_from"]["export"]) == ("skip", "large")
    assert s7spec("plan", "--detailed-exitcode").code == 2
    assert s7spec("apply", "--yes").code == 0
    assert states(s7spec, "shop/big") == ["ok"]
    assert s7spec("plan", "--detailed-exitcode").code == 0
    assert len(zips(project)) == 1


def test_a_job_on_ips_is_adopted(project: Path, s7spec: Command) -> None:
    declare(project, large())
    assert s7spec("apply", "--yes").code == 0
    name = json.loads(s7spec("history", "shop/large", "--format", "json").out)["attempts"][0][
        "name"
    ]
    for path in (project / ".s7spec").glob("ledger.db*"):
        path.unlink()
    declare(
        project,
        large().replace("large", "big"),
        before=f"adopt: [{{job: big, job_name: {name}}}]\n",
    )
    assert actions(s7spec) == {"big": "adopt"}
    assert s7spec("apply", "--yes").code == 0
    assert states(s7spec, "shop/big") == ["ok"]
    assert actions(s7spec) == {"big": "skip"}
    assert len(zips(project)) == 1


def test_forget_closes_what_is_at_work(project: Path, s7spec: Command) -> None:
    declare(project, large())
    with faulty(project, "kind: job-hangs, after: 0"):
        assert s7spec("apply", "--yes", "--detach").code == 0
        declare(project, large().replace("large", "other"), before="forget: [large]\n")
        assert actions(s7spec, "--select", "shop/other") == {"large": "forget", "other": "submit"}
        assert s7spec("apply", "--yes", "--detach").code == 0
        assert "large" not in actions(s7spec)


def test_delta_sends_what_is_new(project: Path, s7spec: Command) -> None:
    declare(project, large(80, "mode: delta"))
    with serving(project):
        assert s7spec("apply", "--yes").code == 0
    picture(project / "catalog" / "PS_3.png")
    with serving(project):
        item = planned(s7spec)["large"]
        assert [asset["path"] for asset in item["only"]] == ["Acme/PS_3"]
        assert s7spec("apply", "--yes").code == 0
    assert zips(project) == [["PS_1", "PS_2"], ["PS_3"]]
    assert actions(s7spec) == {"large": "skip"}


def test_a_token_runs_it_once_more(project: Path, s7spec: Command) -> None:
    declare(project, large())
    assert s7spec("apply", "--yes").code == 0
    declare(project, large(80, 'rerun: "2026-12"'))
    assert planned(s7spec)["large"]["reasons"][0]["code"] == "forced"
    assert s7spec("apply", "--yes").code == 0
    assert actions(s7spec) == {"large": "skip"}
    assert len(zips(project)) == 2


def test_an_email_setting_is_only_noted(project: Path, s7spec: Command) -> None:
    declare(project, large())
    assert s7spec("apply", "--yes").code == 0
    declare(project, large(email="Error"))
    assert actions(s7spec) == {"large": "update-meta"}
    assert s7spec("apply", "--yes").code == 0
    assert actions(s7spec) == {"large": "skip"}
    assert len(zips(project)) == 1
