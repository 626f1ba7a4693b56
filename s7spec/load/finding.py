"""Which files belong to a project."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from s7spec.load.findings import PROJECT_FILE
from s7spec.load.patterns import FolderWalk
from s7spec.load.reading import shown_path
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange

_SUFFIXES = (".yaml", ".yml")
_CHECK_PATH = "check the spelling; paths are relative to where s7spec was started"


def find_project(start: Path) -> Path | None:
    """The nearest ``s7spec.yaml``: in ``start`` (or beside it, if it is a file) or above."""
    folder = start.absolute()
    if not folder.is_dir():
        folder = folder.parent
    for candidate in (folder, *folder.parents):
        if (candidate / PROJECT_FILE).is_file():
            return candidate / PROJECT_FILE
    return None


def find_manifests(
    root: Path,
    patterns: tuple[str, ...],
    paths: tuple[Path, ...] = (),
    *,
    exclude: Iterable[Path] = (),
) -> tuple[tuple[Path, ...], tuple[Diagnostic, ...]]:
    """The manifests to read, sorted, each once; and what is wrong with ``paths``.

    Without ``paths``: what ``patterns`` match below ``root``, nothing hidden. With ``paths``:
    these files, and all YAML files in these folders. Never the project file, never a file outside
    of ``root`` (a symbolic link counts where it leads), never one below ``exclude``. No file at
    all is an error as well.
    """
    search = _Search(root, exclude)
    if paths:
        for path in paths:
            search.given(path)
    else:
        for pattern in patterns:
            search.pattern(pattern)
    if not search.files and not search.findings:
        search.nothing(patterns, paths)
    return search.files, tuple(search.findings)


class _Folder(NamedTuple):
    """``hidden``: by a part of its path below the folder that was searched."""

    real: str
    inside: bool
    excluded: bool
    hidden: bool


class _Search:
    """Collects files by where they really lie, so that no manifest is read twice."""

    def __init__(self, root: Path, exclude: Iterable[Path]) -> None:
        self._root = root.absolute()
        self._real_root = root.resolve()
        self._excluded = tuple(path.resolve() for path in exclude)
        self._excluded_texts = frozenset(map(str, self._excluded))
        # By their paths as texts: making a path of another one takes longer than finding a file.
        self._folders: dict[tuple[str, Path | None], _Folder] = {}
        self._files: dict[str, Path] = {}
        self._walk = FolderWalk(self._root, self._excluded_texts, self._leads_outside)
        self._outside: set[str] = set()
        self.findings: list[Diagnostic] = []

    @property
    def files(self) -> tuple[Path, ...]:
        """What was found, sorted."""
        return tuple(sorted(self._files.values(), key=lambda file: file.parts))

    def given(self, path: Path) -> None:
        """A file or folder that the user named."""
        if not path.exists():
            self._refuse(Rule.UNREADABLE_FILE, path, "there is no such file or folder", _CHECK_PATH)
        elif path.is_dir():
            for file in _yaml_files(path):
                self._take_visible(file, below=path)
        else:
            self._take(path, is_link=path.is_symlink())

    def pattern(self, pattern: str) -> None:
        """A glob pattern of the project, below its root."""
        parts = PurePosixPath(pattern).parts
        if not parts or pattern.startswith("/") or ".." in parts:
            self._refuse(
                Rule.PATH_ESCAPES,
                self._root / PROJECT_FILE,
                f"the pattern `{pattern}` leaves the project",
                "write patterns relative to the project, without `..`",
            )
            return
        try:
            for found in self._walk.matches(pattern):
                self._take(Path(found.path), is_link=found.is_link)
        except ValueError:
            self._refuse(
                Rule.NOT_ALLOWED,
                self._root / PROJECT_FILE,
                f"`{pattern}` is no pattern for files",
                "write a pattern such as *.yaml or channels/**/*.yaml",
            )

    def _leads_outside(self, folder: str) -> None:
        if folder not in self._outside:
            self._outside.add(folder)
            self._refuse(
                Rule.PATH_ESCAPES,
                Path(folder),
                "the folder lies outside of the project",
                "move it into the project, or let no pattern under `manifests` reach it",
            )

    def nothing(self, patterns: tuple[str, ...], paths: tuple[Path, ...]) -> None:
        """Says that not one manifest was found: in each of ``paths``, or by ``patterns``."""
        looked = ", ".join(patterns)
        for path in dict.fromkeys(paths):
            self._refuse(
                Rule.NO_MANIFESTS,
                path,
                self._why_nothing(path),
                "name a manifest or a folder with manifests, or neither: then "
                f"`manifests` in {PROJECT_FILE} counts ({looked})",
            )
        if not paths:
            self._refuse(
                Rule.NO_MANIFESTS,
                self._root / PROJECT_FILE,
                f"no manifests found ({looked})",
                f"write a manifest, or name where they lie under `manifests` in {PROJECT_FILE}",
            )

    def _why_nothing(self, path: Path) -> str:
        shown = shown_path(path, root=self._root)
        if not path.is_dir():
            return f"`{shown}` is no manifest: it belongs to the project itself"
        if any(map(path.resolve().is_relative_to, self._excluded)):
            return f"the folder `{shown}` holds no manifests: its files belong to an environment"
        passed_over = next(_yaml_files(path), None)
        why = (
            "there are no YAML files in or below it"
            if passed_over is None
            else "its YAML files are hidden, or belong to the project itself"
        )
        return f"the folder `{shown}` holds no manifests: {why}"

    def _take_visible(self, file: Path, *, below: Path) -> None:
        is_hidden = file.name.startswith(".") or self._folder_of(file, below).hidden
        if is_hidden:
            return
        if _is_plain(file):
            self._take(file, is_link=False)
        elif file.is_file():
            self._take(file, is_link=True)

    def _take(self, file: Path, *, is_link: bool) -> None:
        if not str(file).isascii() and not _is_text(shown_path(file, root=self._root)):
            self._refuse(
                Rule.UNREADABLE_FILE,
                file,
                "the file's name is not UTF-8: no plan could tell where its jobs come from",
                "rename it",
            )
            return
        there = file.resolve() if is_link or ".." in file.parts else file
        folder = self._folder_of(there)
        if not folder.inside:
            self._refuse(
                Rule.PATH_ESCAPES,
                file,
                "the file lies outside of the project",
                "move it into the project, or run s7spec in the project it belongs to",
            )
        elif there.name != PROJECT_FILE and not folder.excluded:
            real = f"{folder.real}{os.sep}{there.name}"
            if real not in self._excluded_texts:
                self._files.setdefault(real, file.absolute())

    def _folder_of(self, file: Path, below: Path | None = None) -> _Folder:
        """What is known of a file's folder: it is looked up once, not once for each file."""
        key = (str(file).removesuffix(file.name), below)
        known = self._folders.get(key)
        if known is None:
            path = file.parent
            real = path.resolve()
            steps = path.relative_to(below).parts if below is not None else ()
            known = self._folders[key] = _Folder(
                real=str(real),
                inside=real.is_relative_to(self._real_root),
                excluded=any(map(real.is_relative_to, self._excluded)),
                hidden=any(step.startswith(".") for step in steps),
            )
        return known

    def _refuse(self, rule: Rule, path: Path, summary: str, hint: str) -> None:
        where = SourceRange(path=shown_path(path, root=self._root))
        self.findings.append(Diagnostic(rule=rule, summary=summary, where=where, hint=hint))


def _is_text(name: str) -> bool:
    """False for a name with bytes that are no UTF-8: Python carries them as lone surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_plain(file: Path) -> bool:
    """A file, not a link to one: with one look at it."""
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except OSError:
        return False


def _yaml_files(folder: Path) -> Iterator[Path]:
    return (file for suffix in _SUFFIXES for file in folder.rglob(f"*{suffix}"))
