"""Checking a project: everything is compiled, only what was found is kept.

Many files are checked by several processors side by side. A child process says of its share only
that nothing was found in it; where something was, it is found again here, as if there had been no
children. So what is said never depends on them.
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
from s7spec.pipeline.compiling import Compilation, Findings

FEWEST_FILES = 200
"""Starting a child takes longer than checking fewer files."""

_SHARES_OF_EACH = 2
"""Shares that a child gets: a mistake makes only its share be checked again."""


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
    others = (processors - 1) * _SHARES_OF_EACH
    # Each processor gets as much; neighbours, which are alike, are dealt out evenly.
    shares = [paths[at :: others + _SHARES_OF_EACH] for at in range(others)]
    mine = [path for at in range(others, others + _SHARES_OF_EACH)
            for path in paths[at :: others + _SHARES_OF_EACH]]  # fmt: skip
    children = [_Child(compilation, shares[at :: processors - 1]) for at in range(processors - 1)]
    try:
        here = compilation.anew()
        _take(here, sorted(mine))
        answers = list(chain.from_iterable(child.answers() for child in children))
    finally:
        for child in children:
            child.end()
    asked = list(chain.from_iterable(child.shares for child in children))
    clean = [answer for answer in answers if answer is not None]
    again = [share for share, answer in zip(asked, answers, strict=True) if answer is None]
    names = list(chain.from_iterable(answer.names for answer in clean))
    checked = _checked(here, sorted(chain.from_iterable(again)), clean)
    if len({*names, *here.names}) < len(names) + len(here.names):
        # Two manifests of one name, one of them in a share: who is the first is seen in order.
        return _checked(compilation.anew(), paths, ())
    return checked


class _Child:
    """A process that checks some shares, one after the other."""

    def __init__(self, compilation: Compilation, shares: Sequence[Sequence[Path]]) -> None:
        self.shares = shares
        self._read, write = os.pipe()
        self._id = os.fork()
        if self._id == 0:
            self._run(compilation, write)
        os.close(write)

    def answers(self) -> list[_Clean | None]:
        """One for each share; None where something was found, or the child broke off."""
        with open(self._read, encoding="utf-8", closefd=False) as stream:
            answers = [*map(_answer, stream)]
        return [*answers, *[None] * len(self.shares)][: len(self.shares)]

    def end(self) -> None:
        """Waits for the process, or stops it when its answers were not waited for."""
        os.close(self._read)
        with suppress(ProcessLookupError):
            os.kill(self._id, signal.SIGKILL)
        os.waitpid(self._id, 0)

    def _run(self, compilation: Compilation, write: int) -> None:
        code = 1
        try:
            os.close(self._read)
            with open(write, "w", encoding="utf-8") as stream:
                for share in self.shares:
                    stream.write(_said(compilation.anew(), share))
                    stream.flush()
            code = 0
        finally:
            # No clean-up of the parent's: it does its own. A defect is met again, and told, there.
            os._exit(code)


def _said(compilation: Compilation, share: Sequence[Path]) -> str:
    _take(compilation, share)
    findings = compilation.findings()
    if findings.diagnostics or findings.ignores:
        return "null\n"
    clean = {
        "manifests": compilation.manifests,
        "jobs": compilation.jobs,
        "names": sorted(compilation.names),
        "paths": [file.path for file in compilation.files],
    }
    return f"{json.dumps(clean)}\n"


def _answer(line: str) -> _Clean | None:
    said = json.loads(line)
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
