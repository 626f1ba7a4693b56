"""The command line that applies exactly a plan, for those who review it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path

from s7spec.model.plan import Plan
from s7spec.plan import plan_digest


def apply_command(
    plan: Plan, *, file: Path | None, project: Path | None = None, looked_at: Iterable[str] = ()
) -> str:
    """With a plan's ``file`` that one; otherwise it is made anew. Either way nothing else is
    applied than what has this digest. ``looked_at`` are the paths and options that the plan was
    made with: with others it would be another one."""
    words = ["s7spec", "apply", *([str(file)] if file else looked_at)]
    if project is not None and project != Path():
        words += ["--project", str(project)]
    words += ["--env", plan.header.environment, "--expect-digest", plan_digest(plan)]
    return shlex.join(words)
