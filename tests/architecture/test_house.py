"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from s7spec.model.rules import Rule

PACKAGE = Path(__file__).resolve().parents[2] / "s7spec"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE = 320
FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "misc", "manager", "context"}
HEAVY = {
    *("yaml", "jsonschema", "jsonschema_rs", "jinja2", "zeep", "lxml", "requests", "rich", "PIL"),
    *("waitress", "psycopg", "cel_expr_python"),
}


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_module_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_module_is_named_for_what_it_holds(path: Path) -> None:
    assert path.stem.lower() not in FORBIDDEN_NAMES
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef):
            assert not node.name.endswith(("Manager", "Context", "Helper", "Util"))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_the_cli_prints_and_exits(path: Path) -> None:
    if path.is_relative_to(PACKAGE / "cli"):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"print", "exit", "quit"}
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) != ("sys", "exit")


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_frozen_values_stay_frozen(path: Path) -> None:
    assert "object.__setattr__" not in path.read_text()


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_public_modules_say_what_they_are(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_every_rule_is_used() -> None:
    code = "".join(path.read_text() for path in MODULES)
    assert [rule.name for rule in Rule if f"Rule.{rule.name}" not in code] == []


def test_rule_ids_are_unique_and_say_their_severity() -> None:
    identifiers = [rule.id for rule in Rule]
    assert len(set(identifiers)) == len(identifiers)
    assert all(re.fullmatch(r"S7[EW]\d{3}", identifier) for identifier in identifiers)


ONLY_WHEN_NEEDED = {
    *("difflib", "hashlib", "logging", "shutil", "jinja2", "jsonschema", "rich", "cel_expr_python"),
    *("s7spec.load.data", "s7spec.load.formatting", "s7spec.load.ignore_comments"),
    *("s7spec.load.references", "s7spec.load.syntax", "s7spec.model.lineage"),
    *("s7spec.report.human_diagnostics", "s7spec.validate.reduction", "s7spec.validate.refusals"),
}


def test_validating_what_is_right_loads_nothing_else(tmp_path: Path) -> None:
    """Start-up is a quarter of the time that a thousand manifests take."""
    (tmp_path / "s7spec.yaml").write_text(
        "apiVersion: s7spec/v1\nkind: Project\n"
        "environments: {local: {ips: embedded, company: Acme}}\n"
    )
    (tmp_path / "shop.yaml").write_text(
        "apiVersion: s7spec/v1\nkind: ExportManifest\nmetadata: {name: shop}\n"
        "exports: [{id: a, assets: {names: [x]}, fmt: orig}]\n"
    )
    program = (
        "import sys\n"
        "from s7spec.cli.boundary import run\n"
        f"code = run(['validate', '--project', {str(tmp_path)!r}])\n"
        "print('|'.join(sys.modules), file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.splitlines()[-1].split("|"))
    assert "s7spec.validate.manifests" in loaded
    assert not (ONLY_WHEN_NEEDED & loaded)


@pytest.mark.parametrize(
    ("arguments", "not_loaded"),
    [
        (["--help"], HEAVY),
        (["--version"], HEAVY),
        (["plan", "--help"], HEAVY - {"yaml", "jsonschema_rs", "jinja2"}),
        (["demo", "--help"], HEAVY),
        (["modifier", "--help"], HEAVY),
        (["modifier", "wid=8", "--format", "json"], HEAVY),
        (["modifier", "wid=8"], HEAVY - {"rich"}),
    ],
    ids=["help", "version", "plan", "demo", "modifier", "modifier-json", "modifier-human"],
)
def test_what_is_quick_starts_without_the_heavy_libraries(
    arguments: list[str], not_loaded: set[str]
) -> None:
    """Start-up time, measured in modules rather than in seconds."""
    program = (
        "import sys\n"
        "from s7spec.cli.boundary import run\n"
        f"code = run({arguments!r})\n"
        "print('|'.join(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stderr.splitlines()[-1].split("|"))
    assert "click" in loaded
    assert not (not_loaded & loaded)
