"""Which files match the patterns of a project: each folder is looked into once per part of one."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeAlias

_ANY_DEPTH = "**"
_WILD = re.compile(r"[*?[]")


_Test: TypeAlias = Callable[[str], object]


class Match(NamedTuple):
    """``path`` below the root as the pattern found it; ``is_link`` of the file itself."""

    path: str
    is_link: bool


class _Entry(NamedTuple):
    name: str
    is_folder: bool
    is_file: bool
    is_link: bool


class _Step(NamedTuple):
    """A folder that a pattern has reached, where it really lies, and the part that comes next."""

    shown: str
    real: str
    part: int


class FolderWalk:
    """Walks below ``root`` for any number of patterns.

    Hidden files and folders are passed over, and the folders of ``excluded``. Links to folders
    inside of the root are followed by all parts but ``**``; what leads outside is never walked:
    ``escapes`` is told of such a folder, if its pattern names it or would find files right in it.
    """

    def __init__(
        self, root: Path, excluded: frozenset[str], escapes: Callable[[str], None]
    ) -> None:
        self._root = str(root)
        self._real_root = os.path.realpath(root)
        self._excluded = excluded
        self._escapes = escapes
        self._listed: dict[str, tuple[_Entry, ...]] = {}

    def matches(self, pattern: str) -> Iterator[Match]:
        """Files that ``pattern`` matches, and links to files.

        Raises ValueError for a ``**`` that is only a piece of a part.
        """
        parts = _parts(pattern)
        if pattern.endswith("/") or parts[-1] == _ANY_DEPTH:
            return  # only folders end so
        tests = tuple(map(_test, parts))
        seen: set[tuple[str, int]] = set()
        steps = [_Step(self._root, self._real_root, 0)]
        while steps:
            step = steps.pop()
            if (step.real, step.part) in seen:
                continue
            seen.add((step.real, step.part))
            if step.part + 1 == len(parts):
                for entry in self._list(step.real):
                    if entry.is_file and tests[-1](entry.name):
                        yield Match(f"{step.shown}{os.sep}{entry.name}", entry.is_link)
            else:
                steps += reversed([*self._next(step, parts, tests)])

    def _next(self, step: _Step, parts: list[str], tests: tuple[_Test, ...]) -> Iterator[_Step]:
        """The folders that the part of ``step`` leads to."""
        folders = [entry for entry in self._list(step.real) if entry.is_folder]
        if parts[step.part] == _ANY_DEPTH:
            yield step._replace(part=step.part + 1)
            plain = (entry for entry in folders if not entry.is_link)
            yield from self._into(step, plain, step.part)
            return
        fits = (entry for entry in folders if tests[step.part](entry.name))
        stays = (entry for entry in fits if self._stays(step, entry, parts, tests))
        yield from self._into(step, stays, step.part + 1)

    def _into(self, step: _Step, entries: Iterable[_Entry], part: int) -> Iterator[_Step]:
        for entry in entries:
            real = self._real(step, entry)
            if real not in self._excluded:
                yield _Step(f"{step.shown}{os.sep}{entry.name}", real, part)

    def _real(self, step: _Step, entry: _Entry) -> str:
        path = f"{step.real.rstrip(os.sep)}{os.sep}{entry.name}"
        return os.path.realpath(path) if entry.is_link else path

    def _stays(
        self, step: _Step, entry: _Entry, parts: list[str], tests: tuple[_Test, ...]
    ) -> bool:
        """False for a link that leads outside."""
        if not entry.is_link:
            return True
        real = self._real(step, entry)
        if real == self._real_root or real.startswith(self._real_root.rstrip(os.sep) + os.sep):
            return True
        is_named = not _WILD.search(parts[step.part])
        holds = step.part + 2 == len(parts) and any(
            tests[-1](each.name) and each.is_file for each in self._list(real)
        )
        if real not in self._excluded and (is_named or holds):
            self._escapes(f"{step.shown}{os.sep}{entry.name}")
        return False

    def _list(self, real: str) -> tuple[_Entry, ...]:
        """What is not hidden in a folder, by name; nothing of one that may not be read."""
        known = self._listed.get(real)
        if known is None:
            try:
                with os.scandir(real) as entries:
                    found = [_entry(each) for each in entries if not each.name.startswith(".")]
            except OSError:
                found = []
            known = self._listed[real] = tuple(sorted(found))
        return known


def _entry(found: os.DirEntry[str]) -> _Entry:
    is_link = found.is_symlink()
    try:
        return _Entry(found.name, found.is_dir(), found.is_file(), is_link)
    except OSError:  # a link that leads to itself
        return _Entry(name=found.name, is_folder=False, is_file=False, is_link=is_link)


def _parts(pattern: str) -> list[str]:
    parts: list[str] = []
    for part in PurePosixPath(pattern).parts:
        if _ANY_DEPTH in part and part != _ANY_DEPTH:
            raise ValueError("`**` is a part of its own")
        if part != _ANY_DEPTH or parts[-1:] != [_ANY_DEPTH]:
            parts.append(part)
    return parts


def _test(part: str) -> _Test:
    """Whether a name fits: ``*``, ``?`` and ``[]`` as in shells."""
    if not _WILD.search(part):
        return part.__eq__
    return re.compile(fnmatch.translate(part)).match
