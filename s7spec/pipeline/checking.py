"""Checking a project: everything is compiled, only what was found is kept.

Many files are checked by several processors side by side. The processes say only whether nothing
was found; where anything was, the whole project is checked again by one process, in order. So what
is said never depends on how many processors there are.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from s7spec.model.source import SourceFile
from s7spec.pipeline.compiled import Findings
from s7spec.pipeline.compiling import Compilation

FEWEST_FILES = 200
"""Starting a child takes longer than checking fewer files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """``paths`` are all files read, as people know them; ``files`` at least those of them in which
    something was found."""

    manifests: int
    jobs: int
    findings: Findings
    paths: tuple[str, ...]
    files: tuple[SourceFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clean:
    """What a child says of a share in which nothing was found."""

    manifests: int
    jobs: int
    names: tuple[str, ...]
    paths: tuple[str, ...]


def check(compilation: Compilation, *, processors: int | None = None) -> Checked:
    """What is found in all files of ``compilation``, which itself is left as it is.

    ``processors`` are as many as this process may use, unless it is given.
    """
    processors = processors or _processors()
    paths = compilation.paths
    if processors < 2 or len(paths) < FEWEST_FILES or not _may_fork():
        return _checked(compilation.anew(), paths, ())
    # Neighbours, which are alike, are dealt out evenly.
    mine, *theirs = [paths[at::processors] for at in range(processors)]
    children = [_Child(compilation, share) for share in theirs]
    try:
        here = compilation.anew()
        _take(here, mine)
        is_clean = _is_clean(here)
        clean = [child.answer() for child in children] if is_clean else []
    finally:
        for child in children:
            child.end()
    answers = [answer for answer in clean if answer is not None]
    names = [*here.names, *chain.from_iterable(answer.names for answer in answers)]
    if len(answers) < len(children) or len(set(names)) < len(names):
        return _checked(compilation.anew(), paths, ())
    return _checked(here, (), answers)


class _Child:
    """A process that checks a share."""

    def __init__(self, compilation: Compilation, share: Sequence[Path]) -> None:
        self._read, write = os.pipe()
        self._id = os.fork()
        if self._id == 0:
            self._run(compilation, share, write)
        os.close(write)

    def answer(self) -> _Clean | None:
        """None where something was found, or the child broke off."""
        with open(self._read, encoding="utf-8", closefd=False) as stream:
            return _answer(stream.read())

    def end(self) -> None:
        """Waits for the process, or stops it when its answer was not waited for."""
        os.close(self._read)
        with suppress(ProcessLookupError):
            os.kill(self._id, signal.SIGKILL)
        os.waitpid(self._id, 0)

    def _run(self, compilation: Compilation, share: Sequence[Path], write: int) -> None:
        code = 1
        try:
            os.close(self._read)
            with open(write, "w", encoding="utf-8") as stream:
                stream.write(_said(compilation.anew(), share))
            code = 0
        finally:
            # No clean-up of the parent's: it does its own. A defect is met again, and told, there.
            os._exit(code)


def _said(compilation: Compilation, share: Sequence[Path]) -> str:
    _take(compilation, share)
    if not _is_clean(compilation):
        return _FOUND
    clean = {
        "manifests": compilation.manifests,
        "jobs": compilation.jobs,
        "names": sorted(compilation.names),
        "paths": [file.path for file in compilation.files],
    }
    return json.dumps(clean)


_FOUND = "null"


def _is_clean(compilation: Compilation) -> bool:
    findings = compilation.findings()
    return not (findings.diagnostics or findings.ignores)


def _answer(text: str) -> _Clean | None:
    try:
        said = json.loads(text or _FOUND)
    except ValueError:
        return None  # it was stopped while it wrote
    if said is None:
        return None
    return _Clean(
        manifests=said["manifests"],
        jobs=said["jobs"],
        names=tuple(said["names"]),
        paths=tuple(said["paths"]),
    )


def _checked(compilation: Compilation, paths: Sequence[Path], clean: Sequence[_Clean]) -> Checked:
    _take(compilation, paths)
    files = compilation.files
    return Checked(
        manifests=compilation.manifests + sum(share.manifests for share in clean),
        jobs=compilation.jobs + sum(share.jobs for share in clean),
        findings=compilation.findings(),
        paths=tuple(sorted(_paths(files, clean))),
        files=files,
    )


def _paths(files: Iterable[SourceFile], clean: Iterable[_Clean]) -> Iterator[str]:
    shared = chain.from_iterable(share.paths for share in clean)
    yield from dict.fromkeys(chain((file.path for file in files), shared))


def _take(compilation: Compilation, paths: Sequence[Path]) -> None:
    for _ in compilation.take(paths):
        pass  # only what is found counts


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _may_fork() -> bool:
    """Forking is sound only in a process with one thread, and dependable only on Linux."""
    threading = sys.modules.get("threading")
    return sys.platform == "linux" and (threading is None or threading.active_count() == 1)
