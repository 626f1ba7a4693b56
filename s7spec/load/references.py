"""Files that manifests name: confined to the project, whatever links lead where."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from s7spec.load.characters import Lines, find_unreadable, has_control, why_unreadable
from s7spec.load.findings import PROJECT_FILE
from s7spec.load.reading import Bound, read_text
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile, SourceRange

MAX_LIBRARY_BYTES = 2**20
"""A library of macros is written by people; the largest known have some 100 KiB."""

_OWN_FOLDERS = frozenset({".s7spec", ".git"})
_LIBRARY_ENDING = ".j2"
_LIBRARY = Bound(
    max_bytes=MAX_LIBRARY_BYTES, rule=Rule.UNREADABLE_FILE, hint="split it into several libraries"
)
_RELATIVE = "write the path relative to s7spec.yaml, with forward slashes, without `..`"
_DRIVE = re.compile(r"[A-Za-z]:")
_MOST_LISTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a reference leads to no file; where it stands in the manifest its reader knows."""

    rule: Rule
    summary: str
    hint: str


def resolve_reference(root: Path, reference: str) -> Path | Refusal:
    """The file below ``root`` that ``reference`` names, or why there is none. Never raises.

    A reference is a relative path with forward slashes. It leads to a regular file below ``root``,
    symbolic links included: they count where they lead. The project file, and what lies in the
    folders of s7spec and git, cannot be named.
    """
    refusal = _misspelt(reference)
    if refusal is not None:
        return refusal
    parts = PurePosixPath(reference).parts
    path = root.joinpath(*parts)
    try:
        real, real_root = path.resolve(), root.resolve()
        if not real.is_relative_to(real_root):
            return _escapes(f"`{reference}` leads out of the project", "copy the file into it")
        own = {*map(str.casefold, parts), *map(str.casefold, real.relative_to(real_root).parts)}
        if own & _OWN_FOLDERS or real.name.casefold() == PROJECT_FILE:
            return _escapes(f"`{reference}` belongs to the project itself", "name another file")
        mode = real.stat().st_mode
    except FileNotFoundError:
        return _missing(root, reference)
    except (OSError, RuntimeError) as error:
        # A RuntimeError is a loop of links, in Pythons before 3.13.
        why = getattr(error, "strerror", None) or "its links lead in a circle"
        return Refusal(
            rule=Rule.UNREADABLE_FILE,
            summary=f"`{reference}` cannot be read: {why}",
            hint="check its path and its rights",
        )
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        return Refusal(
            rule=Rule.UNREADABLE_FILE, summary=f"`{reference}` is {what}", hint="name a file"
        )
    return path


def load_library(path: Path, *, root: Path) -> SourceFile | Diagnostic:
    """The text of a library of Jinja macros: a ``.j2`` file, UTF-8, at most 1 MiB.

    Places are printed relative to ``root``. Never raises: what stands in the way is a diagnostic.
    Does not look whether ``path`` lies below ``root``: ``resolve_reference`` does.
    """
    file = read_text(path, root=root, what=_LIBRARY)
    if isinstance(file, Diagnostic):
        return file
    if path.suffix.lower() != _LIBRARY_ENDING:
        return Diagnostic(
            rule=Rule.UNREADABLE_FILE,
            summary=f"a library of macros whose name does not end in `{_LIBRARY_ENDING}`",
            where=SourceRange(path=file.path),
            hint=f"name it {path.stem}{_LIBRARY_ENDING}",
        )
    bad = find_unreadable(file.text)
    if bad is None:
        return file
    summary, hint = why_unreadable(file.text[bad])
    where = Lines(file.path, file.text).place(bad, bad + 1)
    return Diagnostic(
        rule=Rule.UNREADABLE_FILE,
        summary=summary,
        where=where,
        hint=hint,
        snippet=file.snippet(where.line),
    )


def _misspelt(reference: str) -> Refusal | None:
    """What is wrong with the words alone, before any file is looked at."""
    if has_control(reference) or any(each in reference for each in "\t\n\r\x85"):
        return _escapes("a path with a control character", _RELATIVE)
    if not reference.strip():
        return _escapes("an empty path", _RELATIVE)
    if "://" in reference:
        return _escapes(
            f"`{reference}` is an address, not a file",
            "s7spec compiles offline: copy the file into the project",
        )
    if "\\" in reference:
        return _escapes(f"`{reference}` has backslashes", _RELATIVE)
    is_absolute = reference.startswith(("/", "~")) or _DRIVE.match(reference)
    if is_absolute or ".." in PurePosixPath(reference).parts:
        return _escapes(f"`{reference}` leaves the project", _RELATIVE)
    return None


def _escapes(summary: str, hint: str) -> Refusal:
    return Refusal(rule=Rule.PATH_ESCAPES, summary=summary, hint=hint)


def _missing(root: Path, reference: str) -> Refusal:
    path = PurePosixPath(reference)
    folder = root.joinpath(*path.parts[:-1])
    if not folder.is_dir():
        summary = f"`{reference}` does not exist: there is no folder `{path.parent}`"
        return Refusal(rule=Rule.UNREADABLE_FILE, summary=summary, hint=_RELATIVE)
    return Refusal(
        rule=Rule.UNREADABLE_FILE,
        summary=f"`{reference}` does not exist",
        hint=_instead(root, folder, path),
    )


def _instead(root: Path, folder: Path, path: PurePosixPath) -> str:
    """What could be meant: a file of a similar name, or one of the same ending."""
    if not folder.resolve().is_relative_to(root.resolve()):
        return _RELATIVE
    names = sorted(islice(_files(folder), _MOST_LISTED))
    import difflib  # only here: most runs miss no file

    # Without the endings, which would make all names alike.
    spelt = {PurePosixPath(name).stem.casefold(): name for name in names}
    near = difflib.get_close_matches(path.stem.casefold(), spelt, n=1)
    if near:
        return f"did you mean `{path.with_name(spelt[near[0]])}`?"
    alike = [name for name in names if name.endswith(path.suffix)][:5] if path.suffix else []
    if alike:
        shown = ", ".join(f"`{name}`" for name in alike)
        return f"files that end in {path.suffix} there: {shown}"
    return _RELATIVE


def _files(folder: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                hidden = entry.name.startswith(".") or entry.name == PROJECT_FILE
                if not hidden and entry.is_file():
                    yield entry.name
    except OSError:
        return
