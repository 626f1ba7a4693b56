"""``--select``: which jobs a command is about."""

from __future__ import annotations

from fnmatch import fnmatchcase

from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ExpandedJob, JobKey
from s7spec.model.rules import Rule


class Choice:
    """Patterns of keys; none at all choose every job: then ``takes`` need not be asked."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._patterns = patterns
        self._idle = dict.fromkeys(patterns)

    @property
    def is_narrow(self) -> bool:
        """False when every job is taken."""
        return bool(self._patterns)

    def takes(self, job: ExpandedJob) -> bool:
        matching = [pattern for pattern in self._patterns if matches(job.key, pattern)]
        for pattern in matching:
            self._idle.pop(pattern, None)
        return bool(matching)

    def findings(self) -> tuple[Diagnostic, ...]:
        """When all jobs have been asked for: the patterns that took none."""
        return tuple(
            Diagnostic(
                rule=Rule.USAGE,
                summary=f"--select {pattern}: no job matches",
                hint="give `manifest`, `manifest/export` or a pattern such as 'zalando/*'; "
                "`s7spec render` lists the jobs",
            )
            for pattern in self._idle
        )


def matches(key: JobKey, pattern: str) -> bool:
    """A manifest's name, or a pattern of ``manifest/export``."""
    return key.manifest == pattern or fnmatchcase(key.short, pattern)
