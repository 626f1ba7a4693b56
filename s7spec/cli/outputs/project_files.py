"""What a project is made of, and where it keeps things: files that are in nobody's way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from s7spec.adapters.bundled import schema_texts
from s7spec.cli.embedded import DEFAULT_CATALOG, DEFAULT_DATA, EMBEDDED
from s7spec.cli.ledgers import ledger_place
from s7spec.cli.outputs.same_file import identity, is_below, is_same, real
from s7spec.load import PROJECT_FILE, find_project
from s7spec.model.diagnostics import has_errors
from s7spec.model.project import is_ledger_url
from s7spec.pipeline.compiling import Compilation
from s7spec.pipeline.presets import OfflinePresets
from s7spec.pipeline.projects import ProjectFound, open_project
from s7spec.pipeline.scope import WHOLE, Scope
from s7spec.validate import SchemaSet

_BESIDE_LEDGERS = ("", "-wal", "-shm", "-journal")
_NAMED_BY_MANIFESTS = frozenset({".csv", ".tsv", ".json", ".yaml", ".yml", ".j2"})
"""How the names of data, lists, templates and libraries end."""
_PERHAPS_NAMED = "a file that manifests may name: not all of them can be read"
_OF_BROKEN = f"would overwrite a file of the project: {PROJECT_FILE} cannot be read"
_CATALOG, _DATA = "the catalog of the embedded IPS", "the data folder of the embedded IPS"
_YAML = frozenset({".yaml", ".yml"})
_OURS = frozenset({".html", ".json", ".jsonl", ".md"})
"""How the names of what we write end; no asset's does."""
_SAVED_PLAN = re.compile(rb'"format": "s7spec-plan",\s+"format_version"')
_HEAD = 2**16


class ProjectFiles:
    """``given`` are further manifests, or folders with some. Without a project nothing is known."""

    def __init__(self, start: Path, *, given: tuple[Path, ...] = ()) -> None:
        self._project_file = find_project(start.absolute())
        # Not a saved plan, which is given in the same place: as YAML it would take long to read.
        self._given = tuple(path.absolute() for path in given if path.suffix != ".json")

    def trouble(self, path: Path) -> str | None:
        """What writing ``path`` would do to the project, None: nothing that anybody would miss."""
        if any(part.lower() == ".git" for part in real(path).parts):
            return "is a file of git"
        if self._project_file is None:
            return None
        if is_same(path, self._project_file):
            return f"would overwrite the project file, {PROJECT_FILE}"
        found = self._found
        if found is None:  # nobody knows what is what
            is_there = path.is_file() and is_below(path, self._project_file.parent)
            return _OF_BROKEN if is_there and not _is_saved_plan(path) else None
        for what, place in _kept(found):
            if is_same(path, place):
                return f"would take the place of {what}"
        for what, folder in _folders(found):
            is_inside = is_below(path, folder) and not is_below(found.root, folder)
            if is_inside and (what is _DATA or _is_kept(path)):
                return f"lies in {what}"
        if path.suffix.lower() in _YAML and not path.exists() and is_below(path, found.root):
            return "would be taken for a manifest, as all files of such a name may be"
        made_of = self._made_of(found, path) if path.is_file() else None
        return None if made_of is None else f"would overwrite {made_of}"

    @cached_property
    def _schemas(self) -> SchemaSet:
        return SchemaSet(schema_texts())

    @cached_property
    def _found(self) -> ProjectFound | None:
        assert self._project_file is not None
        found, _ = open_project(self._project_file.parent, self._schemas)
        return found

    def _made_of(self, found: ProjectFound, path: Path) -> str | None:
        compilations = [self._compilation(found)]
        if self._given:
            compilations.append(self._compilation(found, Scope(paths=self._given)))
        if any(_is_one_of(path, compilation.paths) for compilation in compilations):
            return "a manifest or a template of the project"
        may_be_named = path.suffix.lower() in _NAMED_BY_MANIFESTS and is_below(path, found.root)
        if not may_be_named or _is_saved_plan(path):
            return None
        is_known = True
        for compilation in compilations:
            for manifest in compilation.read():
                names, is_all = compilation.files_named_by(manifest)
                if _is_one_of(path, (found.root / name for name in names)):
                    return f"a file that {manifest.document.file.path} names"
                is_known = is_known and is_all
            is_known = is_known and not has_errors(compilation.findings().diagnostics)
        return None if is_known else _PERHAPS_NAMED

    def _compilation(self, found: ProjectFound, scope: Scope = WHOLE) -> Compilation:
        environment = next(iter(found.project.environments.values()))
        return Compilation(found, environment, scope=scope, schemas=self._schemas)


def _kept(found: ProjectFound) -> Iterator[tuple[str, Path]]:
    """Files of the project by name, whether they are there yet or not."""
    project = found.project
    place = ledger_place(project.ledger, found.root, os.environ)
    if not is_ledger_url(place.text):
        ledger = place.root / place.text
        for ending in _BESIDE_LEDGERS:
            yield "the ledger", ledger.with_name(f"{ledger.name}{ending}")
    for environment in project.environments.values():
        presets = OfflinePresets(found.root, environment, schemas=SchemaSet({}))
        yield "the snapshot of image presets", found.root / presets.path
        if environment.ca is not None:
            yield f"`ca` of environment `{environment.name}`", found.root / environment.ca


def _folders(found: ProjectFound) -> Iterator[tuple[str, Path]]:
    for environment in found.project.environments.values():
        if environment.ips == EMBEDDED or environment.catalog is not None:
            catalog = found.root / (environment.catalog or DEFAULT_CATALOG)
            yield _CATALOG, catalog
        if environment.ips == EMBEDDED or environment.data is not None:
            data = found.root / (environment.data or DEFAULT_DATA)
            yield _DATA, data


def _is_kept(path: Path) -> bool:
    """Beside assets something of ours may lie, and be written anew."""
    return path.suffix.lower() not in _OURS


def _is_one_of(path: Path, files: Iterable[Path]) -> bool:
    there = identity(path)
    return there is not None and any(identity(file) == there for file in files)


def _is_saved_plan(path: Path) -> bool:
    """Of an earlier run, most likely. What manifests name need not be looked up, which takes half
    as long as a plan."""
    try:
        with path.open("rb") as file:
            return _SAVED_PLAN.search(file.read(_HEAD)) is not None
    except OSError:
        return False
