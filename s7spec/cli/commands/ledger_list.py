"""``s7spec ledger list``."""

from __future__ import annotations

import click

from s7spec.cli import terminal
from s7spec.cli.connection import open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.narrowing import heads_of
from s7spec.cli.options import Invocation, common_options, examples, format_option, select_option
from s7spec.cli.workplace import open_workplace
from s7spec.model.ledger import AttemptState
from s7spec.pipeline.ledger_list import listed_jobs


@click.command(
    name="list",
    epilog=examples(
        "s7spec ledger list",
        "s7spec ledger list --state failed --state partial",
        "s7spec ledger list --env production --select 'zalando/*' --format json",
    ),
)
@click.option(
    "--state",
    "states",
    type=click.Choice([state.value for state in AttemptState]),
    multiple=True,
    help="Only jobs whose latest attempt is in this state. May be repeated.",
)
@select_option
@format_option("human", "json")
@common_options
def command(
    invocation: Invocation, states: tuple[str, ...], select: tuple[str, ...], output_format: str
) -> int:
    """The jobs of an environment with their latest attempt: state, generation, when.

    Any number of jobs: they are shown while they are read.
    """
    workplace = open_workplace(invocation)
    here = workplace.environment
    with (
        open_ledger(workplace, create=False) as ledger,
        ledger.reading(here.company, here.name) as view,
    ):
        takes = heads_of(select, view).takes if select else None
        jobs = listed_jobs(view, states=frozenset(map(AttemptState, states)), takes=takes)
        if output_format == "json":
            from s7spec.report.json_ledger import ledger_list_json

            for piece in ledger_list_json(here.company, here.name, jobs):
                terminal.write(piece)
        else:
            from s7spec.report.human_ledger import ledger_list_text

            for piece in ledger_list_text(jobs, terminal.view()):
                terminal.show(piece)
    return ExitCode.OK
