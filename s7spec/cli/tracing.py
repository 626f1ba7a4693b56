"""A job, as people write it on the command line, explained."""

from __future__ import annotations

from dataclasses import replace

from s7spec.cli import terminal
from s7spec.cli.connection import open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation
from s7spec.cli.snapshots import tell_presets
from s7spec.cli.stop import Stop, stop
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.project import Environment
from s7spec.model.rules import Rule
from s7spec.pipeline.last_attempt import LastAttempt, last_attempt
from s7spec.pipeline.projects import ProjectFound
from s7spec.pipeline.tracing import Traced, WantedJob, trace_job
from s7spec.report.visible import visible

_FORMS = "write it as manifest/export, or as company/environment/manifest/export"


def explain_job(invocation: Invocation, target: str, output_format: str) -> int:
    """Writes where the job comes from. Raises Stop when there is not exactly one of that name."""
    parts = target.split("/")
    if len(parts) not in (1, 2, 4) or not all(parts):
        raise stop(Rule.USAGE, f"`{target}` is not the name of a job or a rule", hint=_FORMS)
    if len(parts) == 4 and invocation.environment is None:
        invocation = replace(invocation, environment=parts[1])
    workplace = open_workplace(invocation)
    if len(parts) == 4:
        _check_environment(target, parts, workplace.environment)
    manifest = parts[-2] if len(parts) > 1 else None
    traced = trace_job(
        ProjectFound(root=workplace.root, project=workplace.project),
        workplace.environment,
        WantedJob(manifest=manifest, export=parts[-1]),
        schemas=workplace.schemas,
        presets=workplace.presets,
    )
    if traced.trace is None:
        raise Stop(traced.diagnostics)
    last = _last_attempt(workplace, traced, invocation)
    if output_format == "json":
        from s7spec.report.json_trace import trace_json

        terminal.write(trace_json(traced.trace, last))
    else:
        from s7spec.report.human_trace import trace_text

        terminal.show(trace_text(traced.trace, terminal.view(), last))
    tell_presets(invocation, traced.diagnostics)
    return ExitCode.OK


def _last_attempt(
    workplace: Workplace, traced: Traced, invocation: Invocation
) -> LastAttempt | None:
    """What the ledger knows of the job. One that cannot be read stands in the way of nothing."""
    assert traced.trace is not None
    try:
        with open_ledger(workplace, create=False) as ledger:
            return last_attempt(ledger, traced.trace.key, traced.spec_digest)
    except Stop as ending:
        if not invocation.quiet:
            terminal.say(f"the ledger is not looked at: {visible(str(ending))}")
        return None


def _check_environment(target: str, parts: list[str], environment: Environment) -> None:
    """A key names company and environment: both must be those that are looked at."""
    if parts[:2] == [environment.company, environment.name]:
        return
    raise stop(
        Rule.USAGE,
        f"`{target}` is not a job of environment `{environment.name}`"
        f" (company `{environment.company}`)",
        hint="leave --env out, or write manifest/export",
    )
