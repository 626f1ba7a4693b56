"""A manifest on one line: what is said of it stays short, and right."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.acceptance.conftest import Command

HEAD = "{apiVersion: s7spec/v1, kind: ExportManifest, metadata: {name: long}, exports: ["
EXPORT = (
    "{{id: e{0:05}, assets: {{names: [PS_1]}}, fmt: {1}, is_modifier: {{wid: 80}}, "
    "emailSetting: None}}"
)
COUNT = 2_000


def long_manifest(wrong: int) -> str:
    """More than 180,000 characters without a line break; export ``wrong`` has a wrong format."""
    exports = (EXPORT.format(n, "covnert" if n == wrong else "convert") for n in range(COUNT))
    text = HEAD + ", ".join(exports) + "]}"
    assert 180_000 < len(text) < 210_000
    return text


@pytest.mark.parametrize("wrong", [0, 1_000, COUNT - 100])
def test_a_mistake_far_along_a_line(project: Path, s7spec: Command, wrong: int) -> None:
    (project / "long.yaml").write_text(long_manifest(wrong))
    column = long_manifest(wrong).index("covnert") + 1
    done = s7spec("validate", "long.yaml")
    assert done.code == 3
    assert f"long.yaml:1:{column}" in done.out
    lines = done.out.splitlines()
    assert len(done.out) < 2_000
    code, carets = next((a, b) for a, b in pairwise(lines) if "^^^" in b)
    assert code[carets.index("^") : carets.rindex("^") + 1] == "covnert"
    (shown,) = json.loads(s7spec("validate", "long.yaml", "--format", "json").out)["diagnostics"]
    assert shown["where"]["column"] == column
    assert "covnert" in shown["snippet"]
    assert len(shown["snippet"]) <= 2_000


@pytest.mark.parametrize("text", ["? " * 300_000, "a: &a " * 300_000, "user: http://" * 300_000])
def test_a_hundred_findings_on_a_line_of_nonsense(
    project: Path, s7spec: Command, text: str
) -> None:
    (project / "long.yaml").write_text(text)
    for output in ("human", "json", "sarif", "github", "junit"):
        done = s7spec("validate", "long.yaml", "--format", output)
        assert done.code == 3
        assert len(done.out) < 1_000_000
