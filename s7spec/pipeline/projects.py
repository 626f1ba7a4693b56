"""The project that a command works in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from s7spec.load import PROJECT_FILE, find_project, load_file
from s7spec.model.diagnostics import Diagnostic, has_errors, in_order
from s7spec.model.project import Project
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceDocument, SourceRange
from s7spec.validate import SchemaSet, read_project
from s7spec.validate.mistakes import Mistake, diagnose, value_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFound:
    root: Path
    project: Project


def open_project(
    start: Path, schemas: SchemaSet
) -> tuple[ProjectFound | None, tuple[Diagnostic, ...]]:
    """Finds ``s7spec.yaml`` in ``start`` or above it and reads it."""
    path = find_project(start)
    if path is None:
        return None, (
            Diagnostic(
                rule=Rule.NO_PROJECT,
                summary=f"no {PROJECT_FILE} in {start} or any folder above it",
                hint="run `s7spec init` to make one, or name its folder with --project",
            ),
        )
    root = path.parent
    loaded = load_file(path, root=root)
    if has_errors(loaded.diagnostics):
        return None, loaded.diagnostics
    if len(loaded.documents) != 1:
        place = SourceRange(path=PROJECT_FILE)
        summary = f"{PROJECT_FILE} holds {len(loaded.documents)} documents, not one"
        return None, (Diagnostic(rule=Rule.NOT_A_MAPPING, summary=summary, where=place),)
    (document,) = loaded.documents
    project, findings = read_project(document, schemas)
    findings = (*loaded.diagnostics, *findings, *diagnose(document, _unfit_protection(document)))
    if project is None or has_errors(findings):
        return None, in_order(findings)
    return ProjectFound(root=root, project=project), findings


def _unfit_protection(document: SourceDocument) -> Iterator[Mistake]:
    """Takes any value; what does not fit the schema is passed over."""
    environments = value_at(document.value, ("environments",))
    for name in environments if isinstance(environments, dict) else ():
        pointer: Pointer = ("environments", name, "protected")
        terms = value_at(document.value, pointer)
        if not (isinstance(terms, list) and terms):
            continue
        from s7spec.pipeline.selecting.fixed import unfit_terms  # only here: most have none

        for index, summary, hint in unfit_terms(terms):
            yield Mistake(
                rule=Rule.NOT_ALLOWED, pointer=(*pointer, index), summary=summary, hint=hint
            )
