"""Selections and limits from the command line to IPS; and what no plan can be made of yet."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest

from s7spec.adapters.ledger_sqlite import SqliteLedger
from tests.acceptance.conftest import Command

HEAD = "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: picks}\n"
EXPORT = """\
exports:
  - id: "pick-{{ matrix.start }}"
    matrix: {start: [PS_1, PS_2]}
    assets: {folder: Acme/, types: [Image], where: [%s]}
    fmt: orig
    emailSetting: None
"""


def picks(project: Path, *lines: str) -> None:
    (project / "shop.yaml").unlink(missing_ok=True)
    (project / "picks.yaml").write_text(HEAD + "".join(lines))


def assets_of(plan_file: Path) -> dict[str, list[str]]:
    items = json.loads(plan_file.read_text())["items"]
    return {
        item["key"]["export"]: [asset["path"] for asset in item["export_job"]["assets"]]
        for item in items
    }


def test_conditions_go_to_ips(project: Path, s7spec: Command) -> None:
    named = '{field: Name, op: StartsWith, value: "{{ matrix.start }}"}'
    recent = '{field: Created, op: GreaterThan, value: "2001-01-01T00:00:00+00:00"}'
    small = "{field: FileSize, op: LessThan, value: 100000000}"
    picks(project, EXPORT % f"{named}, {recent}, {small}")
    planned = s7spec("plan", "--out", "plan.json")
    assert planned.code == 0, planned.said
    assert assets_of(project / "plan.json") == {
        "pick-PS_1": ["Acme/PS_1"],
        "pick-PS_2": ["Acme/PS_2"],
    }


def test_conditions_that_find_nothing_are_told(project: Path, s7spec: Command) -> None:
    picks(project, EXPORT % '{field: Name, op: EndsWith, value: "_{{ matrix.start }}"}')
    planned = s7spec("plan")
    assert planned.code == 3
    assert planned.err.count("error[S7E042]") == 2
    assert 'with Name EndsWith "_PS_1"' in planned.err
    assert re.search(r"2\s+assets\s+for\s+which\s+not\s+all\s+conditions", planned.err), planned.err
    assert "picks.yaml:7:" in planned.err


def test_more_than_the_export_allows(project: Path, s7spec: Command) -> None:
    export = """\
    defaults: {max_assets: 1}
    exports:
      - id: all
        assets: {folder: Acme/, types: [Image]}
        fmt: orig
    """
    picks(project, dedent(export))
    planned = s7spec("plan")
    assert planned.code == 3
    assert "S7E044" in planned.err
    assert "2 assets selected, but `max_assets` allows 1" in planned.err
    assert "picks.yaml:7:" in planned.err, "the selection"
    assert "picks.yaml:4:" in planned.err, "the limit"


PAST_AND_FUTURE = """\
moved: [{from: old, to: plain}]
forget: [gone]
adopt: [{job: other, job_name: Nightly export}]
defaults: {rerun: "2026-12"}
exports:
  - id: plain
    assets: {names: [PS_1]}
    fmt: orig
    mode: delta
  - id: other
    assets: {names: [PS_2]}
    fmt: orig
  - id: nightly
    assets: {names: [PS_2]}
    fmt: orig
    schedule: {cron: "0 0 6 * * ?"}
"""


def test_what_is_said_of_past_and_future_is_planned(project: Path, s7spec: Command) -> None:
    picks(project, PAST_AND_FUTURE)
    planned = s7spec("plan", "--format", "json")
    assert planned.code == 0, planned.said
    items = {item["key"]["export"]: item for item in json.loads(planned.out)["items"]}
    assert {name: item["action"] for name, item in items.items()} == {
        "nightly": "submit",
        "other": "adopt",
        "plain": "submit",
    }
    assert items["nightly"]["timing"] == {"at": None, "cron": "0 0 6 * * ?"}
    assert items["plain"]["rerun"] == "2026-12"
    assert items["other"]["attempt_name"] == "Nightly export"


def test_it_is_rendered_as_it_is_said(project: Path, s7spec: Command) -> None:
    picks(project, PAST_AND_FUTURE)
    assert s7spec("validate").code == 0
    rendered = s7spec("render", "-o", "json")
    assert rendered.code == 0, rendered.said
    jobs = {job["job"].rpartition("/")[2]: job for job in json.loads(rendered.out)["jobs"]}
    assert (jobs["plain"]["rerun"], jobs["plain"]["mode"]) == ("2026-12", "delta")
    assert jobs["nightly"]["schedule"] == {"cron": "0 0 6 * * ?"}
    as_soap = s7spec("render", "-o", "soap")
    assert as_soap.code == 0, as_soap.said
    assert "execSchedule>0 0 6 * * ?<" in as_soap.out


@pytest.mark.parametrize("saved", [True, False], ids=["saved", "at once"])
def test_the_ledger_keeps_what_was_asked_for(saved: bool, project: Path, s7spec: Command) -> None:
    if saved:
        assert s7spec("plan", "--out", "plan.json").code == 0
        assert s7spec("apply", "plan.json").code == 0
    else:
        assert s7spec("apply", "--yes").code == 0
    with SqliteLedger(project / ".s7spec" / "ledger.db", create=False) as ledger:
        specs = ledger.spec_digests("Acme", "local", "shop")
    assert sorted(specs) == ["large", "masters", "small"]
    assert len(set(specs.values())) == 3
