"""The command line that applies exactly a plan, for those who review it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from s7spec.adapters.git import root_of
from s7spec.model.plan import Plan
from s7spec.plan import plan_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyCommand:
    """With a plan's ``file`` that one; otherwise it is made anew. Either way nothing else is
    applied than what has this digest. ``looked_at`` are the paths and options that the plan was
    made with: with others it would be another one. None when it cannot be made anew: then there is
    no command without a file."""

    plan: Plan
    file: Path | None
    project: Path
    looked_at: tuple[Path | str, ...] | None = ()

    def here(self) -> str | None:
        """To be run in the folder that this process was started in."""
        return self._seen_from(None)

    def at_root(self) -> str | None:
        """To be run in the root of the project's repository: there those begin who read it in a
        pull request. Outside of a repository it is the same as ``here``."""
        return self._seen_from(root_of(self.project))

    def _seen_from(self, root: Path | None) -> str | None:
        what: Iterable[Path | str] | None = [self.file] if self.file else self.looked_at
        if what is None:
            return None
        words = ["s7spec", "apply", *(_word(each, root) for each in what)]
        project = _word(self.project, root)
        if project != ".":
            words += ["--project", project]
        words += ["--env", self.plan.header.environment]
        return shlex.join([*words, "--expect-digest", plan_digest(self.plan)])


def _word(given: Path | str, root: Path | None) -> str:
    """What lies outside of the root is told as it was given."""
    if isinstance(given, str):
        return given
    whole = given.resolve()
    shown = str(whole.relative_to(root) if root and whole.is_relative_to(root) else given)
    return f"./{shown}" if shown.startswith("-") else shown  # else it would be an option
