"""Projects in a folder, compiled."""

from __future__ import annotations

from pathlib import Path

from s7spec.pipeline.compiled import Compiled
from s7spec.pipeline.compiling import Compilation
from s7spec.pipeline.projects import open_project
from s7spec.pipeline.scope import WHOLE, Scope
from s7spec.pipeline.selecting import parse
from tests.expand.compiling import schemas

PROJECT = """\
apiVersion: s7spec/v1
kind: Project
manifests: ["*.yaml", "eu/**/*.yaml"]
environments: {local: {ips: embedded, company: Acme}}
"""


def manifest(name: str, *exports: str, labels: str = "", more: str = "") -> str:
    jobs = "".join(f"  - {{id: {each}, assets: {{names: [x]}}, fmt: orig}}\n" for each in exports)
    said = f", labels: {{{labels}}}" if labels else ""
    return (
        "apiVersion: s7spec/v1\nkind: ExportManifest\n"
        f"metadata: {{name: {name}{said}}}\n{more}exports:\n{jobs}"
    )


def make_project(root: Path, files: dict[str, str]) -> Path:
    for path, text in {"s7spec.yaml": PROJECT, **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def compilation(root: Path, scope: Scope = WHOLE) -> Compilation:
    found, findings = open_project(root, schemas())
    assert found is not None, findings
    return Compilation(found, found.project.environments["local"], scope=scope, schemas=schemas())


def compiled(root: Path, *select: str) -> Compiled:
    return compilation(root, Scope(narrowing=parse(select))).whole()
