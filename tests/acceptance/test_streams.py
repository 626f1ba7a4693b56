"""Pipes, closed streams, odd encodings and bare commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command

S7SPEC = f"{sys.executable} -m s7spec"


def _shell(command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("s7spec", S7SPEC, 1)],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", [(), ("ips",)], ids=["s7spec", "ips"])
def test_a_bare_command_shows_its_help(s7spec: Command, arguments: tuple[str, ...]) -> None:
    finished = s7spec(*arguments)
    assert finished.code == 0
    assert finished.out.startswith("Usage:")
    assert finished.err == ""


@pytest.mark.parametrize(
    ("arguments", "instead"),
    [
        (("plan", "--out"), "--format json"),
        (("plan", "--md"), "--format markdown"),
        (("apply", "--yes", "--out-run"), "--format json"),
        (("schema", "plan", "--out"), "without --out"),
        (("modifier", "wid=8", "--out"), "name a file"),
        (("ledger", "backup"), "name a file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_dash_is_no_file(
    project: Path, s7spec: Command, arguments: tuple[str, ...], instead: str
) -> None:
    refused = s7spec(*arguments, "-")
    assert refused.code == 3
    assert "S7E054" in refused.err
    assert "takes a file, not -" in refused.err
    assert instead in refused.err
    assert not (project / "-").exists()
    assert not (project / ".s7spec").exists()


def test_a_reader_that_leaves_changes_nothing(project: Path) -> None:
    done = _shell("s7spec render | true")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_said(project: Path) -> None:
    done = _shell("s7spec render > /dev/full")
    assert done.returncode == 1
    assert "cannot write the output" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_only_who_submits_is_told_where_that_is_recorded(project: Path) -> None:
    assert _shell("s7spec plan --out plan.json").returncode == 0
    for command in ("show plan.json", "plan", "status"):
        done = _shell(f"s7spec {command} > /dev/full")
        assert done.returncode == 1
        assert "cannot write the output" in done.stderr
        assert "submitted" not in done.stderr
    applied = _shell("s7spec apply plan.json --yes > /dev/full")
    assert applied.returncode == 1
    assert "what was submitted is recorded: `s7spec status`" in applied.stderr


def test_closed_streams(project: Path) -> None:
    assert _shell("s7spec validate >&- 2>&-").returncode == 0


def test_nobody_can_answer_on_a_closed_stdin(project: Path) -> None:
    done = _shell("s7spec apply <&-")
    assert done.returncode == 3
    assert "nobody is there to be asked" in done.stderr


def test_a_folder_that_is_gone_is_said(project: Path) -> None:
    for ledger in ("", "ledger.db"):
        apart = {"PYTHONPATH": "", "PYTHONSAFEPATH": "1", "S7SPEC_LEDGER": ledger}
        done = _shell("mkdir gone; cd gone; rmdir ../gone; s7spec plan", **apart)
        assert done.returncode == 3, done.stderr
        assert "the current folder does not exist any more" in done.stderr
        done = _shell("mkdir gone; cd gone; rmdir ../gone; s7spec plan --out x --md y", **apart)
        assert done.returncode == 3
        assert "the current folder does not exist any more" in done.stderr


@pytest.mark.parametrize("verb", ["show", "apply"])
def test_a_plan_out_of_a_device_is_refused(project: Path, verb: str) -> None:
    (project / "endless.json").symlink_to("/dev/zero")
    done = _shell(f"s7spec {verb} endless.json")
    assert done.returncode == 3
    assert "cannot read the plan: it is no file" in done.stderr


def test_an_output_that_knows_only_ascii(project: Path) -> None:
    manifest = project / "shop.yaml"
    manifest.write_text(manifest.read_text().replace("[PS_1, PS_2]", '["Größe"]'))
    done = _shell("s7spec render", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()


def test_out_may_be_a_pipe(project: Path) -> None:
    done = _shell("s7spec plan --out /dev/stderr > /dev/null")
    assert done.returncode == 0, done.stderr
    assert '"format": "s7spec-plan"' in done.stderr
    assert Path("/dev/stderr").exists()


def test_catalog_yaml_is_no_manifest(project: Path, s7spec: Command) -> None:
    assert s7spec("validate", ".").code == 0
