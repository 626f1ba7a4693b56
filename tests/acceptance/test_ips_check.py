"""`s7spec ips check` as people and CI run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.acceptance.conftest import Command

SCHEMA = Path(__file__).parents[2] / "schemas" / "ips-check.schema.json"
STEPS = ["dns", "connection", "login", "company", "permissions", "clock", "version"]


def steps(out: str) -> dict[str, str]:
    """Step to outcome, of the lines that are no remedy."""
    lines = [line.split() for line in out.splitlines() if not line.startswith(" ")]
    return {words[1]: words[0] for words in lines}


def test_the_embedded_ips_is_in_order(project: Path, s7spec: Command) -> None:
    finished = s7spec("ips", "check")
    assert finished.code == 0
    assert list(steps(finished.out)) == STEPS
    assert set(steps(finished.out).values()) == {"ok"}
    assert "TLS: not used on this machine" in finished.out
    assert finished.err == ""


def test_it_works_from_below_and_with_a_named_environment(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert s7spec("ips", "check", "--env", "local", "--project", str(project)).code == 0


def test_a_failure_ends_with_1_and_says_what_to_do(
    project: Path, s7spec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("S7SPEC_USER", "ann@example.com")
    monkeypatch.setenv("S7SPEC_PASSWORD", "canary-7b31")
    finished = s7spec("ips", "check", "--env", "nowhere")
    assert finished.code == 1
    assert list(steps(finished.out).values()) == ["ok", "failed", *["skipped"] * 5]
    assert "check the host and port in `ips:`" in finished.out
    wrong = s7spec("ips", "check")
    assert wrong.code == 1
    assert steps(wrong.out)["login"] == "failed"
    assert "canary-7b31" not in finished.said + wrong.said


def test_a_stranger(project: Path, s7spec: Command) -> None:
    finished = s7spec("ips", "check", "--env", "stranger")
    assert finished.code == 1
    assert steps(finished.out)["company"] == "failed"
    assert "this user may use: Acme" in finished.out


@pytest.mark.parametrize(("environment", "code"), [("local", 0), ("nowhere", 1)])
def test_programs_get_a_document(
    environment: str, code: int, project: Path, s7spec: Command
) -> None:
    finished = s7spec("ips", "check", "--env", environment, "--format", "json")
    assert finished.code == code
    document = json.loads(finished.out)
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert not list(Draft202012Validator(schema).iter_errors(document))
    assert document["ok"] is (code == 0)
    assert [line["step"] for line in document["lines"]] == STEPS


def test_an_address_that_cannot_be_used_is_a_finding(project: Path, s7spec: Command) -> None:
    path = project / "s7spec.yaml"
    path.write_text(path.read_text().replace("http://127.0.0.1:9/", "http://ips.example.com/"))
    finished = s7spec("ips", "check", "--env", "nowhere")
    assert finished.code == 3
    assert "S7E055" in finished.err


def test_help_shows_examples(s7spec: Command) -> None:
    finished = s7spec("ips", "check", "--help")
    assert finished.code == 0
    assert "s7spec ips check --env production" in finished.out
    assert "check" in s7spec("ips", "--help").out
