"""The image presets that are known without asking IPS: a file beside s7spec.yaml.

It is read when it is first asked about, and kept for the run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob, JobSettings
from s7spec.model.preset import SNAPSHOT_FORMAT, Preset, PresetSnapshot
from s7spec.model.project import Environment
from s7spec.model.rules import Rule
from s7spec.model.source import SourceFile, SourceRange
from s7spec.validate import SchemaSet

_UNUSUAL = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 50  # of letters that may take four bytes each, in a file's name of 255 at most


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotFound:
    """``snapshot`` is None when there is no file, or when ``diagnostics`` say what is wrong with
    it."""

    snapshot: PresetSnapshot | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


class OfflinePresets:
    """The snapshot of an environment's company, if the project has one.

    ``path`` is where it stands or would stand, relative to ``root``: what the environment says, or
    ``presets/COMPANY.json``.
    """

    def __init__(self, root: Path, environment: Environment, *, schemas: SchemaSet) -> None:
        self._root = root
        self._environment = environment
        self._schemas = schemas
        self.path = environment.presets or _usual_path(environment.company)

    @cached_property
    def found(self) -> SnapshotFound:
        file = self._root / self.path
        if not _is_there(file):
            return SnapshotFound()
        if self.escapes:
            finding = Diagnostic(
                rule=Rule.PATH_ESCAPES,
                summary=f"{self.path} leads out of the project",
                where=SourceRange(path=self.path),
                hint="keep it below the folder of s7spec.yaml, also behind symbolic links",
            )
            return SnapshotFound(diagnostics=(finding,))
        from s7spec.load.presets import load_presets  # only here: most projects have none
        from s7spec.validate.presets import read_presets

        loaded = load_presets(file, root=self._root)
        if loaded.diagnostics:
            return SnapshotFound(diagnostics=loaded.diagnostics)
        (document,) = loaded.documents
        company = self._environment.company
        snapshot, findings = read_presets(document, self._schemas, company=company)
        return SnapshotFound(snapshot=snapshot, diagnostics=findings)

    def of(self, company: str) -> Mapping[str, Preset] | None:
        """The company's presets by ``preset_key``; None when nothing is known about them."""
        snapshot = self.found.snapshot
        return self._by_key if snapshot is not None and snapshot.company == company else None

    def may_be_replaced(self) -> bool:
        """Whether nothing stands at ``path``, or what was a snapshot once, whole or not."""
        file = self._root / self.path
        if not _is_there(file):
            return True
        from s7spec.load.presets import read_presets_text

        text = read_presets_text(file, root=self._root)
        return isinstance(text, SourceFile) and (
            SNAPSHOT_FORMAT in text.text or not text.text.strip()
        )

    def unreadable_as(self, text: str) -> tuple[Diagnostic, ...]:
        """What would be wrong with the file if it held ``text``."""
        from s7spec.load.presets import load_presets_text
        from s7spec.validate.presets import read_presets

        loaded = load_presets_text(SourceFile(path=self.path, text=text))
        if loaded.diagnostics:
            return loaded.diagnostics
        (document,) = loaded.documents
        return read_presets(document, self._schemas, company=self._environment.company)[1]

    @property
    def escapes(self) -> bool:
        """Whether symbolic links lead the file out of the project."""
        file = Path(os.path.realpath(self._root / self.path))  # Path.resolve fails in loops
        return not file.is_relative_to(os.path.realpath(self._root))

    @cached_property
    def _by_key(self) -> Mapping[str, Preset]:
        return {} if self.found.snapshot is None else self.found.snapshot.by_key


class PresetWatch:
    """Says which presets of jobs are not in a snapshot: of each export once."""

    def __init__(self, snapshot: PresetSnapshot, *, path: str) -> None:
        from s7spec.resolve.presets import PresetShelf  # only here: most projects have none

        self._shelf = PresetShelf(snapshot.by_key)
        self._path = path
        self._settings: JobSettings | None = None
        self._told: set[tuple[str, str]] = set()

    def findings(self, job: ExpandedJob) -> list[Diagnostic]:
        """What was not said of an earlier job of the same export."""
        unknown = self._shelf.used(job.is_modifier, job.macro).unknown
        if not unknown:
            return []
        from s7spec.resolve.findings import unknown_offline

        if job.settings is not self._settings:
            self._settings, self._told = job.settings, set()
        fresh = [each for each in unknown if (each.field, each.name) not in self._told]
        self._told.update((each.field, each.name) for each in fresh)
        return [unknown_offline(job, each, self._shelf, path=self._path) for each in fresh]


def watch_of(presets: OfflinePresets | None) -> PresetWatch | None:
    """None when nothing is known about the company's presets."""
    if presets is None or presets.found.snapshot is None:
        return None
    return PresetWatch(presets.found.snapshot, path=presets.path)


def _usual_path(company: str) -> str:
    name = _UNUSUAL.sub("-", company).strip("-.")[:_LONGEST_NAME]
    return f"presets/{name or 'company'}.json"


def _is_there(file: Path) -> bool:
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # whoever reads it is told why not
    return True
