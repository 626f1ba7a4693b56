"""What the README shows is what the program does."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from s7spec.cli.app import COMMANDS
from s7spec.cli.boundary import run
from s7spec.cli.exit_codes import MEANINGS

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()
TOUR = re.search(r"## The tour.*?```console\n(.*?)```", README, re.DOTALL)
VARYING = (r"sha256:[0-9a-f]{64}", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")


def _steps() -> list[tuple[str, list[str]]]:
    """(command, the lines shown after it)"""
    assert TOUR is not None
    steps: list[tuple[str, list[str]]] = []
    for line in TOUR[1].splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        else:
            steps[-1][1].append(line)
    return steps


def _same(line: str) -> str:
    for pattern in VARYING:
        line = re.sub(pattern, "*", line)
    return line


def _shown_in_order(shown: list[str], printed: list[str]) -> bool:
    """Every shown line was printed, in this order; only `...` may stand for others."""
    place = 0
    gap = False
    for line in shown:
        if line == "...":
            gap = True
            continue
        try:
            found = printed.index(_same(line), place)
        except ValueError:
            return False
        if found != place and not gap:
            return False
        place, gap = found + 1, False
    return gap or place == len(printed)


def test_tour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command, shown in _steps():
        program, *arguments = shlex.split(command)
        if program == "cd":
            monkeypatch.chdir(arguments[0])
        elif program == "sed":
            _, expression, name = arguments
            _, before, after, _ = expression.split("/")
            path = Path(name)
            assert before in path.read_text()
            path.write_text(path.read_text().replace(before, after))
        else:
            capfd.readouterr()
            assert run(arguments) == 0
            printed = [_same(line) for line in capfd.readouterr().out.splitlines()]
            assert _shown_in_order(shown, printed), (command, printed)


def test_the_error_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "shop")]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    path = Path("example.yaml")
    path.write_text(path.read_text().replace("emailSetting:", "emailSettings:"))
    capfd.readouterr()
    assert run(["validate"]) == 3
    assert f"$ s7spec validate\n{capfd.readouterr().out}```" in README


def test_exit_codes() -> None:
    table = dict(re.findall(r"^\| (\d+) \| (.+) \|$", README, re.MULTILINE))
    assert table == {str(code.value): meaning for code, meaning in MEANINGS.items()}


def test_commands() -> None:
    shown = set(re.findall(r"^\| `s7spec (\w+)", README, re.MULTILINE))
    assert shown == set(COMMANDS)


def test_the_manifest_it_shows_is_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shown = re.search(r"## A manifest.*?```yaml\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    (tmp_path / "zalando.yaml").write_text(shown[1])
    specs = Path(__file__).resolve().parents[2] / "specs"
    (tmp_path / "s7spec.yaml").write_text((specs / "s7spec.yaml").read_text())
    monkeypatch.chdir(tmp_path)
    assert run(["validate"]) == 0, capfd.readouterr()


def test_the_manual_shows_a_valid_manifest_and_every_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    root = Path(__file__).resolve().parents[2]
    manual = (root / "docs" / "manifests.md").read_text()
    shown = re.search(r"```yaml\n(.*?)```", manual, re.DOTALL)
    assert shown is not None
    (tmp_path / "shop.yaml").write_text(shown[1])
    (tmp_path / "s7spec.yaml").write_text((root / "specs" / "s7spec.yaml").read_text())
    monkeypatch.chdir(tmp_path)
    assert run(["validate"]) == 0, capfd.readouterr()
    schema = json.loads((root / "schemas" / "manifest.schema.json").read_text())
    export = schema["$defs"]["export"]["properties"]
    selection = schema["$defs"]["selection"]["properties"]
    missing = [key for key in (*schema["properties"], *export, *selection) if key not in manual]
    assert missing == []
