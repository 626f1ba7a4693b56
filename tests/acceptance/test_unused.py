"""A warning from the command line to the comment that silences it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.acceptance.conftest import MANIFEST, Command

IDLE = MANIFEST + "vars: {season: ss27}{comment}\n"


def _write(project: Path, comment: str) -> None:
    (project / "shop.yaml").write_text(IDLE.replace("{comment}", comment), "utf-8")


@pytest.mark.parametrize("form", ["human", "json", "github", "sarif", "junit"])
def test_an_idle_declaration_is_shown_in_every_format_and_fails_nothing(
    form: str, project: Path, s7spec: Command
) -> None:
    _write(project, "")
    finished = s7spec("validate", "--format", form)
    assert finished.code == 0
    assert "S7W003" in finished.said
    assert "`vars.season` is declared but never used" in finished.said
    if form in ("json", "sarif"):
        json.loads(finished.out)
    if form == "junit":
        ET.fromstring(finished.out)


def test_a_comment_with_a_reason_silences_it(project: Path, s7spec: Command) -> None:
    _write(project, " # s7spec: ignore=S7W003 reason=the next season uses it")
    finished = s7spec("validate")
    assert finished.code == 0
    assert "S7W003" not in finished.said
    assert "S7W002" not in finished.said


def test_the_comment_is_idle_when_the_variable_is_used(project: Path, s7spec: Command) -> None:
    _write(project, " # s7spec: ignore=S7W003 reason=the next season uses it")
    text = (project / "shop.yaml").read_text("utf-8")
    (project / "shop.yaml").write_text(text.replace("masters", '"m-{{ vars.season }}"'), "utf-8")
    finished = s7spec("validate")
    assert finished.code == 0
    assert "S7W002" in finished.said


def test_the_rule_has_a_page(s7spec: Command) -> None:
    finished = s7spec("explain", "S7W003")
    assert finished.code == 0
    assert "never used" in finished.out
