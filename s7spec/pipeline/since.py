"""Which manifests changed: their own files, or anything that they are made of."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from s7spec.load import PROJECT_FILE, load_text
from s7spec.load.reading import shown_path
from s7spec.model.changed_files import ChangedFiles
from s7spec.model.diagnostics import Diagnostic, Severity
from s7spec.model.manifest import Manifest
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile
from s7spec.pipeline.compiling import Compilation
from s7spec.pipeline.scope import ChangedManifest, Since

_NOT_KEPT = "{}, which git ignores"
_BROKEN = "what is wrong with it"


def manifests_since(
    compilation: Compilation, changes: ChangedFiles, *, root: Path
) -> tuple[Since, tuple[Diagnostic, ...]]:
    """``compilation`` is that of the whole project: each manifest is read, none is expanded.

    When nobody can tell whether a manifest changed, it counts as changed. The findings are those
    that only the whole project shows, such as names that are taken.
    """
    look = _Look(root, changes)
    by: dict[str, str | None] = {}
    seen: dict[str, None] = {}
    for manifest in compilation.read():
        path = manifest.document.file.path
        seen[path] = None
        why = _why(manifest, compilation, look)
        if why is not None and path not in by:
            by[path] = None if why == path else why
    errors = [each for each in compilation.findings().diagnostics if _is_error(each)]
    shown = {shown_path(path, root=root): path for path in compilation.paths}
    broken = {each.where.path for each in errors if each.where is not None} & shown.keys()
    for path in sorted(broken):
        seen[path] = None
        by.setdefault(path, None if look.at(path) == path else _BROKEN)
    is_all = look.at(PROJECT_FILE) is not None
    chosen = {path for path in shown if is_all or path in by or look.at(path) is not None}
    since = Since(
        revision=changes.revision,
        base=changes.base,
        changed=tuple(ChangedManifest(path=path, by=by[path]) for path in shown if path in by),
        total=len(seen),
        files=tuple(file for path, file in shown.items() if path in chosen),
        gone=frozenset(_names(changes.before)) - compilation.names,
        is_all=is_all,
    )
    return since, tuple(each for each in errors if _is_of_project(each, shown))


def _why(manifest: Manifest, compilation: Compilation, look: _Look) -> str | None:
    path = manifest.document.file.path
    named, is_all = compilation.files_named_by(manifest)
    found = next(filter(None, map(look.at, (path, *named))), None)
    return found if found is not None or is_all else _BROKEN


class _Look:
    """Holds files against what changed: by the way they are named, and by where links lead."""

    def __init__(self, root: Path, changes: ChangedFiles) -> None:
        self._root = root
        self._real_root = root.resolve()
        self._changes = changes
        self._known: dict[str, str | None] = {}

    def at(self, path: str) -> str | None:
        """What of ``path`` changed, None: nothing."""
        if path not in self._known:
            self._known[path] = self._at(path)
        return self._known[path]

    def _at(self, path: str) -> str | None:
        plain = os.path.normpath(path)
        ways = [plain]
        real = (self._root / path).resolve()
        if real.is_relative_to(self._real_root):
            ways.append(real.relative_to(self._real_root).as_posix())
        for way in ways:
            if not self._changes.paths.isdisjoint(_with_folders(way)):
                return plain
            if not self._changes.ignored.isdisjoint(_with_folders(way)):
                return _NOT_KEPT.format(plain)
        return None


def _with_folders(path: str) -> Iterator[str]:
    """A folder can change itself: a link, or a repository inside of this one."""
    yield path
    yield from (str(folder) for folder in PurePosixPath(path).parents)


def _is_of_project(finding: Diagnostic, shown: Mapping[str, Path]) -> bool:
    is_in_manifest = finding.where is not None and finding.where.path in shown
    return finding.rule is Rule.DUPLICATE_NAME or not is_in_manifest


def _is_error(finding: Diagnostic) -> bool:
    return finding.severity is Severity.ERROR


def _names(files: Iterable[SourceFile]) -> Iterator[str]:
    """Of manifests as they were. What could not be read had no jobs."""
    for file in files:
        for document in load_text(file).documents:
            value = document.value
            metadata = value.get("metadata") if isinstance(value, Mapping) else None
            name = metadata.get("name") if isinstance(metadata, Mapping) else None
            is_manifest = isinstance(value, Mapping) and value.get("kind") == "ExportManifest"
            if is_manifest and isinstance(name, str):
                yield name
