"""The offline way from text to jobs, as the pipeline goes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from s7spec.expand import expand
from s7spec.load import Loaded, load_file, load_text
from s7spec.model.diagnostics import Diagnostic, in_order
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Environment, Manifest
from s7spec.model.source import Pointer, SourceFile
from s7spec.validate import (
    SchemaSet,
    check_export_job,
    check_names,
    read_manifest,
    read_project,
)

REPOSITORY = Path(__file__).parents[2]
SCHEMA_FILES = sorted((REPOSITORY / "schemas").glob("*.schema.json"))
LOCAL = Environment(pointer=(), name="local", ips="embedded", company="Acme")


@cache
def schemas() -> SchemaSet:
    return SchemaSet(
        {path.name.removesuffix(".schema.json"): path.read_text("utf-8") for path in SCHEMA_FILES}
    )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a file: jobs, and findings in the order of the text."""

    jobs: tuple[ExpandedJob, ...]
    findings: tuple[Diagnostic, ...]

    @property
    def rules(self) -> list[str]:
        return [f"{finding.rule.id} {place(finding)}" for finding in self.findings]


def place(finding: Diagnostic) -> str:
    assert finding.where is not None
    return f"{finding.where.line}:{finding.where.column}"


def check_payload(payload: Mapping[str, object]) -> tuple[tuple[Pointer, str], ...]:
    return check_export_job(payload, schemas())


def compile_text(text: str, *, path: str = "test.yaml") -> Outcome:
    return compile_loaded(load_text(SourceFile(path=path, text=text)))


def compile_file(path: Path) -> Outcome:
    return compile_loaded(load_file(path, root=path.parent))


def compile_loaded(loaded: Loaded) -> Outcome:
    findings = list(loaded.diagnostics)
    manifests: list[Manifest] = []
    for document in loaded.documents:
        if document.file.path.startswith("project-"):
            findings += read_project(document, schemas())[1]
            continue
        manifest, found = read_manifest(document, schemas())
        findings += found
        manifests += [manifest] if manifest is not None else []
    findings += check_names(manifests)
    jobs: list[ExpandedJob] = []
    for manifest in manifests:
        for result in expand(manifest, LOCAL, check_payload):
            if isinstance(result, Diagnostic):
                findings.append(result)
            else:
                jobs.append(result)
    return Outcome(jobs=tuple(jobs), findings=in_order(findings))
