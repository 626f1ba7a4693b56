"""Where a command works: the project, its environment and the schemas."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from s7spec.adapters.bundled import schema_texts
from s7spec.cli import terminal
from s7spec.cli.ledgers import LedgerPlace, ledger_place
from s7spec.cli.options import Invocation
from s7spec.cli.stop import Stop, stop
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.project import Environment, Project, is_ledger_url
from s7spec.model.rules import Rule
from s7spec.model.source import Pointer, SourceRange
from s7spec.pipeline.compiling import Compilation
from s7spec.pipeline.presets import OfflinePresets
from s7spec.pipeline.projects import ProjectFound, open_project
from s7spec.pipeline.scope import WHOLE, Scope
from s7spec.report.figures import count
from s7spec.validate import SchemaSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    root: Path
    project: Project
    environment: Environment
    schemas: SchemaSet
    findings: tuple[Diagnostic, ...]
    presets: OfflinePresets

    @property
    def ledger(self) -> LedgerPlace:
        return ledger_place(self.project.ledger, self.root, os.environ)

    def place(self, *keys: str) -> SourceRange:
        """Where something about the environment stands in s7spec.yaml."""
        return self.project.document.locate((*self.environment.pointer, *keys))

    def ledger_place(self) -> SourceRange:
        """Where it was said: in s7spec.yaml, in a variable, or nowhere (the usual file)."""
        variable = self.ledger.variable
        if variable is not None:
            return SourceRange(path=variable)
        value = self.project.document.value
        stated = isinstance(value, dict) and "ledger" in value
        if not stated:
            return SourceRange(path=self.project.ledger)
        return self.project.document.locate(("ledger",))

    def snippet(self, where: SourceRange) -> str | None:
        file = self.project.document.file
        return file.snippet(where.line) if where.path == file.path else None


def _resolved(project: Path) -> Path:
    try:
        return project.resolve()
    except FileNotFoundError as error:
        raise stop(
            Rule.USAGE, "the current folder does not exist any more", hint="change to another one"
        ) from error


def open_workplace(invocation: Invocation) -> Workplace:
    """Finds and reads the project and picks the environment. Raises Stop."""
    schemas = SchemaSet(schema_texts())
    found, findings = open_project(_resolved(invocation.project), schemas)
    if found is None:
        raise Stop(findings)
    environment = _choose_environment(found.project, invocation.environment)
    _check_paths(found, environment)
    return Workplace(
        root=found.root,
        project=found.project,
        environment=environment,
        schemas=schemas,
        findings=findings,
        presets=OfflinePresets(found.root, environment, schemas=schemas),
    )


def compilation_here(
    workplace: Workplace,
    scope: Scope = WHOLE,
    *,
    presets: OfflinePresets | None = None,
) -> Compilation:
    """load -> validate -> expand, job by job, for the command's scope. With ``presets`` the jobs'
    image presets are looked up in them."""
    return Compilation(
        ProjectFound(root=workplace.root, project=workplace.project),
        workplace.environment,
        scope=scope,
        schemas=workplace.schemas,
        presets=presets,
    )


def tell_ignored(invocation: Invocation, number: int) -> None:
    """With -v: how many warnings the comments in the manifests keep silent."""
    if number and invocation.verbosity > 0:
        terminal.say(f"{count(number, 'warning')} ignored by comments in the manifests")


def _check_paths(found: ProjectFound, environment: Environment) -> None:
    """Plans run on checkouts nobody has reviewed yet: no file of theirs may lead them outside."""
    document = found.project.document
    ledger = found.project.ledger
    stated: tuple[tuple[Pointer, str | None], ...] = (
        (("ledger",), None if is_ledger_url(ledger) else ledger),
        ((*environment.pointer, "catalog"), environment.catalog),
        ((*environment.pointer, "data"), environment.data),
        ((*environment.pointer, "ca"), environment.ca),
        ((*environment.pointer, "presets"), environment.presets),
    )
    root = found.root.resolve()
    for pointer, path in stated:
        if path is None or (root / path).resolve().is_relative_to(root):
            continue
        where = document.locate(pointer)
        raise stop(
            Rule.PATH_ESCAPES,
            f"`{pointer[-1]}: {path}` leads out of the project",
            hint="keep it below the folder of s7spec.yaml, also behind symbolic links",
            where=where,
            snippet=document.file.snippet(where.line),
        )


def _choose_environment(project: Project, name: str | None) -> Environment:
    wanted = name or project.default_environment
    if wanted in project.environments:
        return project.environments[wanted]
    pointer: Pointer = ("environments",) if name else ("default_environment",)
    where = project.document.locate(pointer, key=bool(name))
    import difflib  # only here: it takes its time, and most runs name no environment wrongly

    near = difflib.get_close_matches(wanted, project.environments, n=1)
    known = ", ".join(project.environments)
    raise stop(
        Rule.UNKNOWN_ENVIRONMENT,
        f"environment `{wanted}` is not in s7spec.yaml",
        hint=f"did you mean `{near[0]}`?" if near else f"there are: {known}",
        where=where,
        snippet=project.document.file.snippet(where.line),
    )
