"""``s7spec status``."""

from __future__ import annotations

import time

import click

from s7spec.cli import terminal
from s7spec.cli.connection import connected, open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples, format_option
from s7spec.cli.stop import Stop
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.ips import ActiveJob
from s7spec.model.ledger import Attempt

WATCH_SECONDS = 2.0


@click.command(
    name="status",
    epilog=examples("s7spec status", "s7spec status --watch", "s7spec status --format json"),
)
@click.option("--watch", is_flag=True, help="Again and again until nothing runs any more.")
@format_option("human", "json")
@common_options
def command(invocation: Invocation, watch: bool, output_format: str) -> int:
    """What the ledger holds for each job, and what runs on IPS now.

    Reads only. What ended on IPS after a detached or interrupted apply is recorded by the next
    `s7spec apply`.
    """
    workplace = open_workplace(invocation)
    try:
        with connected(workplace) as gateway:
            while True:
                running = gateway.active_jobs()
                _show(_latest(workplace), running, output_format)
                if not (watch and running):
                    return ExitCode.OK
                time.sleep(WATCH_SECONDS)
    except Stop:
        if output_format == "human":
            # What the ledger knows does not need IPS; that IPS cannot be asked follows.
            _show(_latest(workplace), None, output_format)
        raise


def _latest(workplace: Workplace) -> tuple[Attempt, ...]:
    environment = workplace.environment
    with (
        open_ledger(workplace, create=False) as ledger,
        ledger.reading(environment.company, environment.name) as view,
    ):
        return tuple(view.attempt(head.attempt_name) for head in view.heads())


def _show(
    attempts: tuple[Attempt, ...], running: tuple[ActiveJob, ...] | None, output_format: str
) -> None:
    if output_format == "json":
        from s7spec.report.json_history import status_json

        terminal.write(status_json(attempts, running))
    else:
        from s7spec.report.human_run import status_text

        terminal.show(status_text(attempts, running, terminal.view()))
