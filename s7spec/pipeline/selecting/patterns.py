"""Patterns of names and of paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from s7spec.model.job import JobKey

_ANY_DEPTH = "**"


def matches(key: JobKey, pattern: str) -> bool:
    """A manifest's name, or a pattern of ``manifest/export``."""
    return key.manifest == pattern or fnmatchcase(key.short, pattern)


def path_matches(path: str, pattern: str) -> bool:
    """As under ``manifests`` of a project: ``*`` stays within a part, ``**`` is any number of
    parts. A folder stands for all that lies below it."""
    wanted = [part for part in pattern.split("/") if part not in ("", ".")]
    reached = _with_any_depth({0}, wanted)
    for part in path.split("/"):
        if len(wanted) in reached:
            break
        reached = _with_any_depth(set(_next(part, reached, wanted)), wanted)
    return len(wanted) in reached


def _next(part: str, reached: Iterable[int], wanted: Sequence[str]) -> Iterable[int]:
    for at in reached:
        if wanted[at] == _ANY_DEPTH:
            yield at
        elif fnmatchcase(part, wanted[at]):
            yield at + 1


def _with_any_depth(reached: set[int], wanted: Sequence[str]) -> set[int]:
    """``**`` may be no part at all."""
    found: set[int] = set()
    for at in reached:
        found.add(at)
        while at < len(wanted) and wanted[at] == _ANY_DEPTH:
            at += 1
            found.add(at)
    return found
