"""docs/guardrails.md tells of every key, every fact, and shows nothing that is refused."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from s7spec.model.guardrails import Guardrails, Limits, PolicyScope
from s7spec.policies import FACTS, compile_policy

TEXT = (Path(__file__).parents[2] / "docs" / "guardrails.md").read_text("utf-8")
BLOCKS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)]
POLICIES: list[dict[str, Any]] = [
    policy
    for block in BLOCKS
    for settings in [block, *block.get("environments", {}).values()]
    for policy in settings.get("policies", [])
]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy["name"])
def test_policies_shown_are_expressions(policy: dict[str, Any]) -> None:
    compile_policy(policy["when"], PolicyScope(policy.get("scope", "job")))


def test_there_are_policies_to_look_at() -> None:
    assert len(POLICIES) >= 5


def test_every_fact_is_told_with_its_type() -> None:
    for name, kind in FACTS[PolicyScope.JOB].items():
        (row,) = [line for line in TEXT.splitlines() if re.match(rf"\|[^|]*`{name}`", line)]
        assert row.split("|")[2].strip() == kind, name
    for name in FACTS[PolicyScope.PLAN]:
        assert f"`{name}`" in TEXT, name


def test_every_key_is_told() -> None:
    for each in fields(Limits):
        assert f"| `limits.{each.name}` | `limits.{each.name}` |" in TEXT
    for each in fields(Guardrails):
        if each.name not in ("limits", "approve"):
            assert f"| `{each.name}` |" in TEXT, each.name
    assert "approve:" in TEXT
