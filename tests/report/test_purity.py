"""Renderers touch nothing: no file, no clock, and no heavy library before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import s7spec.report

_FOLDER = Path(s7spec.report.__file__).parent
_MODULES = sorted(_FOLDER.rglob("*.py"))
_FORBIDDEN_CALLS = {"print", "open", "input", "exec", "eval"}
_FORBIDDEN_IMPORTS = {"time", "random", "os", "socket", "subprocess", "pathlib", "tempfile", "sys"}
_FORBIDDEN_METHODS = {"now", "today", "utcnow"}


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: str(path.relative_to(_FOLDER)))
def test_module_is_pure(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                assert name not in _FORBIDDEN_CALLS
            case ast.Call(func=ast.Attribute(attr=name)):
                assert name not in _FORBIDDEN_METHODS
            case ast.Import(names=names):
                assert not {each.name.split(".")[0] for each in names} & _FORBIDDEN_IMPORTS
            case ast.ImportFrom(module=str(module)):
                assert module.split(".")[0] not in _FORBIDDEN_IMPORTS


def test_importing_every_renderer_loads_no_rich() -> None:
    names = [
        ".".join(("s7spec.report", *path.relative_to(_FOLDER).with_suffix("").parts))
        for path in _MODULES
        if path.name != "__init__.py" and path.name != "payloads.py"
    ]
    program = f"import sys, {', '.join(names)}\nprint('rich' in sys.modules, 'lxml' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
