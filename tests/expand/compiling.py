"""The offline way from text to jobs, as the pipeline goes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from s7spec.expand import CheckPayloads, expand, find_broken_leaves, find_unused
from s7spec.lint import JobLint, Permissions
from s7spec.load import Loaded, load_file, load_text, read_ignores
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.ignores import Ignore, apply_ignores
from s7spec.model.inputs import Inputs
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Manifest
from s7spec.model.project import Environment
from s7spec.model.rules import SEEN_OFFLINE
from s7spec.model.source import SourceFile
from s7spec.validate import (
    NameRegister,
    SchemaSet,
    argument_problem,
    check_export_job,
    read_manifest,
    read_project,
    read_template,
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


@cache
def payloads() -> CheckPayloads:
    return CheckPayloads(
        accept=lambda payload: schemas().accepts(payload, "export-job"),
        accept_all=lambda key, texts: schemas().accept_texts(texts, "export-job", key),
        explain=lambda payload: check_export_job(payload, schemas()),
    )


def compile_text(text: str, *, path: str = "test.yaml") -> Outcome:
    return compile_loaded(load_text(SourceFile(path=path, text=text)))


def compile_file(path: Path) -> Outcome:
    return compile_loaded(load_file(path, root=path.parent))


def compile_loaded(loaded: Loaded) -> Outcome:
    """A name that begins with ``project-`` is s7spec.yaml, one with ``template-`` a template."""
    findings = list(loaded.diagnostics)
    manifests: list[Manifest] = []
    names = NameRegister()
    for document in loaded.documents:
        if document.file.path.startswith("project-"):
            findings += read_project(document, schemas())[1]
            continue
        if document.file.path.startswith("export-template-"):
            findings += read_template(document, schemas(), defaults=None)[1]
            continue
        manifest, found = read_manifest(document, schemas())
        findings += found
        if manifest is None:
            findings += find_broken_leaves(document)
        else:
            manifests.append(manifest)
            findings += names.enter(manifest)
    jobs: list[ExpandedJob] = []
    lint = JobLint()
    for manifest in manifests:
        results = expanded(manifest)
        wrong = [result for result in results if isinstance(result, Diagnostic)]
        findings += wrong or find_unused(manifest, Inputs())
        jobs += [result for result in results if isinstance(result, ExpandedJob)]
        findings += [finding for job in jobs for finding in lint.findings(job)]
        permissions = Permissions()
        for job in jobs:
            permissions.note(job)
        findings += permissions.unused()
    ignores: list[Ignore] = []
    for file in {document.file.path: document.file for document in loaded.documents}.values():
        asked, found = read_ignores(file)
        ignores += asked
        findings += found
    return Outcome(
        jobs=tuple(jobs),
        findings=apply_ignores(findings, ignores, looked_for=SEEN_OFFLINE - lint.unseen),
    )


def expanded(
    manifest: Manifest, environment: Environment = LOCAL, inputs: Inputs | None = None
) -> list[ExpandedJob | Diagnostic]:
    return list(expansion(manifest, payloads(), environment, inputs))


def expansion(
    manifest: Manifest,
    check: CheckPayloads,
    environment: Environment = LOCAL,
    inputs: Inputs | None = None,
) -> Iterator[ExpandedJob | Diagnostic]:
    return expand(
        manifest,
        environment,
        inputs=inputs or Inputs(),
        payloads=check,
        argument=argument_problem,
    )
