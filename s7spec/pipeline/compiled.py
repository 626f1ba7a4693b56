"""What compiling a project gives."""

from __future__ import annotations

from dataclasses import dataclass

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.digest import hash_of
from s7spec.model.ignores import Ignore
from s7spec.model.job import ExpandedJob
from s7spec.model.manifest import Manifest
from s7spec.model.project import Environment
from s7spec.model.source import SourceFile
from s7spec.pipeline.scope import WHOLE, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """Everything that is known offline. ``whole`` is False when ``scope`` narrowed it: then nothing
    can be said about jobs that were not looked at; ``left_out`` are those that were made and not
    selected. ``ignores`` have been applied to ``diagnostics``; ``ignored`` is how many warnings
    they took away."""

    environment: Environment
    files: tuple[SourceFile, ...]
    manifests: tuple[Manifest, ...]
    jobs: tuple[ExpandedJob, ...]
    diagnostics: tuple[Diagnostic, ...]
    whole: bool
    scope: Scope = WHOLE
    left_out: int = 0
    ignores: tuple[Ignore, ...] = ()
    ignored: int = 0

    @property
    def manifest_hash(self) -> str:
        """SHA-256 over the paths and texts of the manifests and of the files they name, in the
        order of their paths."""
        files = sorted(self.files, key=lambda file: file.path)
        return hash_of((file.path, file.text) for file in files)

    @property
    def walked(self) -> frozenset[str]:
        """Names of manifests of which all jobs were looked at, or that are gone, where that does
        not hold for the whole project."""
        since = self.scope.since
        if since is None or self.whole or self.scope.narrowing.leaves_out_offline:
            return frozenset()
        return since.gone | {manifest.name for manifest in self.manifests}


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """``ignores`` have been applied to ``diagnostics``; they took away ``ignored`` warnings."""

    diagnostics: tuple[Diagnostic, ...]
    ignores: tuple[Ignore, ...]
    ignored: int
