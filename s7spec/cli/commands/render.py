"""``s7spec render``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from s7spec.cli import terminal
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import (
    Invocation,
    common_options,
    examples,
    paths_argument,
    select_option,
)
from s7spec.cli.planning import compile_or_stop
from s7spec.cli.stop import Stop
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.diagnostics import has_errors
from s7spec.model.job import ExpandedJob
from s7spec.pipeline import first_submissions


@click.command(
    name="render",
    epilog=examples(
        "s7spec render",
        "s7spec render zalando.yaml -o json",
        "s7spec render --select zalando/zalando-main -o soap",
    ),
)
@paths_argument
@select_option
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
    invocation: Invocation, paths: tuple[Path, ...], select: tuple[str, ...], output: str
) -> int:
    """Show the concrete jobs the manifests expand to: every template gone.

    yaml and json work offline: assets stand as the selection that will be looked up.
    """
    workplace = open_workplace(invocation)
    compiled = compile_or_stop(workplace, paths, select)
    if output == "soap":
        terminal.write(_envelopes(workplace, compiled.jobs))
    elif output == "json":
        from s7spec.report.payloads import jobs_json

        terminal.write(jobs_json(compiled.jobs))
    else:
        from s7spec.report.payloads import jobs_yaml

        terminal.write(jobs_yaml(compiled.jobs))
    return ExitCode.OK


def _envelopes(workplace: Workplace, jobs: Sequence[ExpandedJob]) -> str:
    from s7spec.cli.connection import connected

    with connected(workplace) as gateway:
        submissions, findings = first_submissions(jobs, gateway)
        if has_errors(findings):
            raise Stop(findings)
        parts = [
            f"<!-- {key.short} -->\n{gateway.envelope(submission).strip()}\n"
            for key, submission in submissions.items()
        ]
    return "\n".join(parts)
