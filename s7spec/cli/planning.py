"""Steps that several commands take: compile, connect, plan."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from s7spec import __version__
from s7spec.adapters.clock import SystemClock
from s7spec.adapters.git import head_of
from s7spec.cli.connection import open_ledger, with_image_server
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.stop import Stop, stop
from s7spec.cli.workplace import Workplace, compilation_here
from s7spec.model.diagnostics import has_errors
from s7spec.model.plan import Plan
from s7spec.model.rules import Rule
from s7spec.model.source import SourceRange
from s7spec.model.wishes import NO_WISHES, PlanWishes
from s7spec.pipeline.compiled import Compiled
from s7spec.pipeline.planning import Planned, plan_exports
from s7spec.pipeline.protection import Declared
from s7spec.pipeline.scope import Scope
from s7spec.pipeline.selecting import matches
from s7spec.plan import PlanFileError, read_plan

if TYPE_CHECKING:
    from s7spec.adapters.ips_soap import IpsSoapGateway


def compile_or_stop(workplace: Workplace, scope: Scope) -> Compiled:
    """All at once. Raises Stop with all findings when any of them is an error."""
    compiled = compilation_here(workplace, scope).whole()
    if has_errors(compiled.diagnostics):
        raise Stop(compiled.diagnostics)
    return compiled


def plan_or_stop(
    workplace: Workplace,
    compiled: Compiled,
    gateway: IpsSoapGateway,
    wishes: PlanWishes = NO_WISHES,
) -> Planned:
    """Reads IPS and the ledger, writes nothing. Raises Stop when the plan cannot be made."""
    _check_patterns(compiled, wishes)
    environment = workplace.environment
    compiled = replace(compiled, environment=with_image_server(workplace))
    with (
        open_ledger(workplace, create=False) as ledger,
        ledger.reading(environment.company, environment.name) as view,
    ):
        planned = plan_exports(
            compiled,
            catalog=gateway,
            gateway=gateway,
            view=view,
            clock=SystemClock(),
            tool_version=__version__,
            wishes=wishes,
        )
    if planned.plan is None:
        raise Stop(planned.diagnostics)
    return replace(planned, plan=_with_commit(planned.plan, workplace.root))


def declared_for(plan: Plan, workplace: Workplace) -> Declared:
    """The manifests of today, for a saved plan: those of the project, and those that it was made
    of besides."""
    manifests = {each.name: each for each in compilation_here(workplace).read()}
    origins = [item.origin for item in plan.items if item.key.manifest not in manifests]
    besides = sorted({origin.path for origin in origins if origin and "\0" not in origin.path})
    if besides:
        scope = Scope(paths=tuple(workplace.root / path for path in besides))
        for each in compilation_here(workplace, scope).read():
            manifests.setdefault(each.name, each)
    return Declared(manifests=tuple(manifests.values()), is_all=True)


def _with_commit(plan: Plan, root: Path) -> Plan:
    head = head_of(root)
    if head is None:
        return plan
    commit, is_dirty = head
    return replace(plan, header=replace(plan.header, git_commit=commit, git_dirty=is_dirty))


def _check_patterns(compiled: Compiled, wishes: PlanWishes) -> None:
    keys = [job.key for job in compiled.jobs]
    for pattern in wishes.rerun:
        if not any(matches(key, pattern) for key in keys):
            raise stop(
                Rule.USAGE,
                f"--rerun {pattern}: no job matches",
                hint="give `manifest`, `manifest/export` or a pattern such as 'zalando/*'",
            )


def read_plan_file(path: Path) -> Plan:
    """Raises Stop when the file cannot be read, was changed, or is no plan."""
    where = SourceRange(path=str(path))
    try:
        return read_plan(_text_of(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise stop(
            Rule.BAD_PLAN_FILE,
            f"cannot read the plan: {reason}",
            where=where,
            hint="`s7spec plan --out plan.json` writes one",
            exit_code=ExitCode.INVALID,
        ) from error
    except PlanFileError as error:
        raise stop(
            Rule.BAD_PLAN_FILE,
            str(error),
            where=where,
            hint="make a new one: `s7spec plan --out plan.json`",
        ) from error


def _text_of(path: Path) -> str:
    """Of a file or a pipe: a device such as /dev/zero never ends. Raises OSError."""
    with path.open("rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise OSError(errno.EINVAL, "it is no file", str(path))
        return file.read().decode()
