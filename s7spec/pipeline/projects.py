"""The project that a command works in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from s7spec.load import PROJECT_FILE, find_project, load_file
from s7spec.model.diagnostics import Diagnostic, has_errors
from s7spec.model.project import Project
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.validate import SchemaSet, read_project


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
    project, findings = read_project(loaded.documents[0], schemas)
    if project is None:
        return None, (*loaded.diagnostics, *findings)
    return ProjectFound(root=root, project=project), (*loaded.diagnostics, *findings)
