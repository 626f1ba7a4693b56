"""`s7spec explain`, and how findings lead to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from s7spec.model.rules import Rule
from tests.acceptance.conftest import Command

ASK = "# s7spec: ignore=S7W001 reason=sets stay on IPS"


@pytest.mark.parametrize("rule", list(Rule), ids=lambda rule: rule.id)
def test_every_rule_is_explained(rule: Rule, s7spec: Command) -> None:
    finished = s7spec("explain", rule.id.lower())
    assert finished.code == 0
    assert finished.err == ""
    assert rule.id in finished.out
    assert rule.title in finished.out
    assert [word in finished.out for word in ("why", "bad", "good", "to do")] == [True] * 4


def test_all_rules_are_listed(s7spec: Command) -> None:
    listed = s7spec("explain").out.splitlines()
    assert [line.split("  ")[0] for line in listed[: len(Rule)]] == [rule.id for rule in Rule]
    assert [rule.id for rule in Rule] == sorted(rule.id for rule in Rule)


def test_a_misspelt_command_gets_a_suggestion(s7spec: Command) -> None:
    finished = s7spec("vaildate")
    assert finished.code == 3
    assert "No such command 'vaildate'. Did you mean 'validate'?" in finished.err


def test_json(s7spec: Command) -> None:
    one = json.loads(s7spec("explain", "S7E012", "--format", "json").out)
    assert [rule["id"] for rule in one["rules"]] == ["S7E012"]
    everything = json.loads(s7spec("explain", "--format", "json").out)
    assert [rule["id"] for rule in everything["rules"]] == [rule.id for rule in Rule]


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("S7E12", "did you mean S7E012"),
        ("w1", "did you mean S7W001"),
        ("unknown-key", "did you mean S7E011"),
        ("S7E999", "lists all rules"),
    ],
)
def test_near_misses(target: str, hint: str, s7spec: Command) -> None:
    finished = s7spec("explain", target)
    assert finished.code == 3
    assert "there is no rule" in finished.err
    assert hint in finished.err
    assert "\x1b" not in finished.said


def test_findings_lead_to_the_page(project: Path, s7spec: Command) -> None:
    manifest = project / "shop.yaml"
    manifest.write_text(manifest.read_text().replace("emailSetting", "emailSettings", 1))
    said = s7spec("validate")
    assert said.err == "for more: s7spec explain S7E011\n"
    assert s7spec("validate", "-q").err == ""
    assert s7spec("validate", "--format", "json").err == ""
    assert s7spec("plan").err.endswith("\nfor more: s7spec explain S7E011\n")
    assert "for more" not in s7spec("plan", "-q").err
    assert "for more" not in s7spec("plan", "--nonsense").err


def _with_a_set(project: Path, comment: str) -> None:
    """Both jobs of the first export meet the spin set of the catalog and leave it out."""
    manifest = project / "shop.yaml"
    folder = f"{{folder: Acme/, recursive: true}} {comment}\n    on_unsupported: exclude"
    text = manifest.read_text().replace("{folder: Acme/, types: [Image]}", folder)
    manifest.write_text(text)


def test_a_warning_is_told(project: Path, s7spec: Command) -> None:
    _with_a_set(project, "")
    finished = s7spec("plan", "-v")
    assert "S7W001" in finished.out
    assert "ignored" not in finished.err
    assert "for more: s7spec explain S7W001\n" in finished.err


def test_a_warning_is_ignored_where_a_comment_says_so(project: Path, s7spec: Command) -> None:
    _with_a_set(project, ASK)
    finished = s7spec("plan", "-v")
    assert finished.code == 0, finished.said
    assert "S7W00" not in finished.out
    assert "ignored by comments in the manifests" in finished.err
    assert "ignored" not in s7spec("plan").err
    assert s7spec("apply", "--yes").code == 0


def test_an_ignore_without_effect_is_told_by_who_can_know(project: Path, s7spec: Command) -> None:
    manifest = project / "shop.yaml"
    manifest.write_text(manifest.read_text().replace("fmt: orig", f"fmt: orig {ASK}"))
    assert s7spec("validate").out == ""
    assert "S7W002" in s7spec("plan").out
    assert "S7W002" not in s7spec("plan", "--select", "shop/large").out


def test_a_bad_ignore_stops_the_plan(project: Path, s7spec: Command) -> None:
    manifest = project / "shop.yaml"
    bad = "# s7spec: ignore=S7E011 reason=no"
    manifest.write_text(manifest.read_text().replace("fmt: orig", f"fmt: orig {bad}"))
    finished = s7spec("plan")
    assert finished.code == 3
    assert "S7E024" in finished.err
