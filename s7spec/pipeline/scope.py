"""What of a project a command looks at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from s7spec.pipeline.selecting import EVERYTHING, Narrowing


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedManifest:
    """A file with manifests that counts as changed. ``by`` says why when it is not the file itself
    that changed: the file that did, or why nobody can tell."""

    path: str
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """The manifests that changed since ``revision``, of ``total`` files that hold any.

    ``files`` are to be read: those of ``changed``, and templates among the manifests. With
    ``is_all`` they are all, because the project itself changed. ``gone`` are the names of manifests
    that were there and are no more: their jobs are looked at, too.
    """

    revision: str
    base: str
    changed: tuple[ChangedManifest, ...]
    total: int
    files: tuple[Path, ...]
    gone: frozenset[str] = frozenset()
    is_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """``paths`` are files and folders, none: what the project's patterns find."""

    paths: tuple[Path, ...] = ()
    narrowing: Narrowing = EVERYTHING
    since: Since | None = None

    @property
    def is_whole(self) -> bool:
        """Whether all jobs of the environment are looked at. A plan that leaves jobs out only after
        it has looked at them still can tell what is no longer declared."""
        is_partly = self.since is not None and not self.since.is_all
        return not (self.paths or is_partly or self.narrowing.leaves_out_offline)


WHOLE = Scope()
