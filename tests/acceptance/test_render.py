"""`render`: what is shown of which jobs, offline."""

from __future__ import annotations

import json
from pathlib import Path

from tests.acceptance.conftest import Command, Finished


def keys(rendered: Finished) -> list[str]:
    assert rendered.code == 0, rendered.said
    return [job["job"] for job in json.loads(rendered.out)["jobs"]]


def test_all_jobs_have_changed_where_nothing_was_sent(project: Path, s7spec: Command) -> None:
    shown = s7spec("render", "--changed", "-o", "json")
    assert keys(shown) == ["shop/large", "shop/small", "shop/masters"]
    assert not (project / ".s7spec").exists()


def test_only_changed_jobs_are_shown_after_apply(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    assert keys(s7spec("render", "--changed", "-o", "json")) == []
    manifest = project / "shop.yaml"
    manifest.write_text(manifest.read_text().replace("wid: 20}", "wid: 24}"))
    assert keys(s7spec("render", "--changed", "-o", "json")) == ["shop/small"]
    assert keys(s7spec("render", "--changed", "--select", "shop/large", "-o", "json")) == []
    assert len(keys(s7spec("render", "-o", "json"))) == 3
    assert s7spec("render", "--changed").out.count("\njob:") == 1


def test_comments_and_mails_change_nothing(project: Path, s7spec: Command) -> None:
    assert s7spec("apply", "--yes").code == 0
    manifest = project / "shop.yaml"
    text = manifest.read_text().replace("emailSetting: None", "emailSetting: Error # told")
    manifest.write_text(text)
    assert keys(s7spec("render", "--changed", "-o", "json")) == []


def test_nothing_is_shown_when_anything_is_wrong(project: Path, s7spec: Command) -> None:
    (project / "zone.yaml").write_text(
        "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: zone}\nexports:\n"
        '  - {id: "{{ vars.no }}", assets: {names: [PS_1]}, fmt: orig}\n'
    )
    shown = s7spec("render")
    assert shown.code == 3
    assert shown.out == ""
    assert "zone.yaml:5:" in shown.err


def test_a_pattern_that_takes_no_job_is_said(project: Path, s7spec: Command) -> None:
    shown = s7spec("render", "--select", "shop/lrage")
    assert shown.code == 3
    assert shown.out == ""
    assert "no job matches" in shown.err
