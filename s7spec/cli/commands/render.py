"""``s7spec render``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from s7spec.cli import terminal
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.narrowing import ScopeAsked, scope_of, tell_since
from s7spec.cli.options import (
    Invocation,
    common_options,
    examples,
    paths_argument,
    select_option,
    since_option,
)
from s7spec.cli.snapshots import tell_presets
from s7spec.cli.stop import Stop
from s7spec.cli.workplace import Workplace, compilation_here, open_workplace
from s7spec.model.diagnostics import has_errors
from s7spec.model.job import ExpandedJob
from s7spec.pipeline.checking import check
from s7spec.pipeline.compiled import Findings
from s7spec.pipeline.compiling import Compilation

_INSTEAD = "ask `s7spec plan`; `s7spec render --changed` compares with what the ledger keeps"


@click.command(
    name="render",
    epilog=examples(
        "s7spec render",
        "s7spec render zalando.yaml -o json",
        "s7spec render --changed",
        "s7spec render --select zalando/zalando-main -o soap",
    ),
)
@paths_argument
@select_option
@since_option
@click.option(
    "--changed",
    is_flag=True,
    help="Only jobs that are new or say something else than when they were last sent, by the "
    "ledger; asks nobody.",
)
@click.option(
    "-o",
    "output",
    type=click.Choice(("yaml", "json", "soap")),
    default="yaml",
    show_default=True,
    help="soap asks IPS for the asset handles and shows the envelope without the credentials.",
)
@common_options
def command(
    invocation: Invocation,
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    since: str | None,
    changed: bool,
    output: str,
) -> int:
    """Show the concrete jobs the manifests expand to: every template gone.

    yaml and json work offline: assets stand as the selection that will be looked up. --changed
    compares what each job asks for (format, modifier, preset, selection) with what the ledger
    keeps of its last attempt: assets that changed on IPS are only seen by `s7spec plan`.
    """
    workplace = open_workplace(invocation)
    # Nothing is shown when anything is wrong; any number of jobs is shown without keeping them.
    scope_asked = ScopeAsked(paths=paths, select=select, since=since, select_instead=_INSTEAD)
    scope = scope_of(scope_asked, workplace)
    tell_since(scope, invocation)
    compilation = compilation_here(workplace, scope, presets=workplace.presets)
    _stop_on_errors(check(compilation).findings)
    if output == "soap":
        terminal.write(_envelopes(workplace, list(_chosen(workplace, compilation, changed))))
    else:
        from s7spec.report.payloads import jobs_json, jobs_yaml

        show = jobs_json if output == "json" else jobs_yaml
        for piece in show(_chosen(workplace, compilation, changed)):
            terminal.write(piece)
    findings = compilation.findings()
    _stop_on_errors(findings)
    tell_presets(invocation, findings.diagnostics)
    return ExitCode.OK


def _stop_on_errors(findings: Findings) -> None:
    if has_errors(findings.diagnostics):
        raise Stop(findings.diagnostics)


def _chosen(workplace: Workplace, compilation: Compilation, changed: bool) -> Iterator[ExpandedJob]:
    if not changed:
        yield from compilation
        return
    from s7spec.cli.connection import open_ledger
    from s7spec.pipeline.changes import changed_jobs

    with open_ledger(workplace, create=False) as ledger:
        yield from changed_jobs(compilation, workplace.environment, ledger)


def _envelopes(workplace: Workplace, jobs: Sequence[ExpandedJob]) -> str:
    from s7spec.cli.connection import connected
    from s7spec.pipeline.planning import first_submissions

    with connected(workplace) as gateway:
        submissions, findings = first_submissions(jobs, gateway)
        if has_errors(findings):
            raise Stop(findings)
        parts = [
            f"<!-- {key.short} -->\n{gateway.envelope(submission).strip()}\n"
            for key, submission in submissions.items()
        ]
    return "\n".join(parts)
