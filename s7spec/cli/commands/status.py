"""``s7spec status``."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

import click

from s7spec.adapters.clock import SystemClock
from s7spec.cli import terminal
from s7spec.cli.connection import connected, open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.holders import is_gone
from s7spec.cli.narrowing import heads_of
from s7spec.cli.options import Invocation, common_options, examples, format_option, select_option
from s7spec.cli.stop import Stop
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.ips import ActiveJob
from s7spec.model.job import JobKey
from s7spec.model.ledger import JobHead
from s7spec.pipeline.following import LedgerWatch, Sighting, changes
from s7spec.pipeline.standing import latest_attempts, owners, standing_of
from s7spec.ports import IpsAnswerUnreadable, IpsFault, IpsGateway, IpsUnreachable, LedgerView

if TYPE_CHECKING:
    from s7spec.ports import Ledger

WATCH_SECONDS = 2.0
_MOST_FAILED_LOOKS = 5

_Takes: TypeAlias = Callable[[JobHead], bool]


@click.command(
    name="status",
    epilog=examples(
        "s7spec status",
        "s7spec status --select failed",
        "s7spec status --watch",
        "s7spec status --format json",
    ),
)
@select_option
@click.option(
    "--watch",
    is_flag=True,
    help="Stay until nothing of this ledger is at work any more, and tell what changes. With "
    "--format json: stay silent, then print.",
)
@format_option("human", "json")
@common_options
def command(
    invocation: Invocation, select: tuple[str, ...], watch: bool, output_format: str
) -> int:
    """What the ledger holds for each job, who holds its lease, and what runs on IPS now.

    --select goes by names and `failed`: it needs neither manifests nor a plan.

    Reads only. What ended on IPS after a detached or interrupted apply is recorded by the next
    `s7spec apply`.
    """
    workplace = open_workplace(invocation)
    is_human = output_format == "human"
    with open_ledger(workplace, create=False) as ledger:
        takes = _takes(select, ledger, workplace)
        try:
            with connected(workplace) as gateway:
                if watch and not is_human:
                    _watch(ledger, gateway, workplace, takes, aloud=False)
                _show(ledger, gateway.active_jobs(), workplace, takes, is_human=is_human)
                if watch and is_human:
                    _watch(ledger, gateway, workplace, takes, aloud=not invocation.quiet)
        except Stop:
            if is_human:
                # What the ledger knows does not need IPS; that IPS cannot be asked follows.
                _show(ledger, None, workplace, takes, is_human=True)
            raise
    return ExitCode.OK


def _show(
    ledger: Ledger,
    running: tuple[ActiveJob, ...] | None,
    workplace: Workplace,
    takes: _Takes | None,
    *,
    is_human: bool,
) -> None:
    environment = workplace.environment
    lease = ledger.lease(environment.company, environment.name)
    with _reading(ledger, workplace) as view:
        known: Mapping[str, JobKey] = owners(view, running or ())
        if takes is not None and running is not None:
            taken = {head.key for head in view.heads() if takes(head)}
            running = tuple(job for job in running if known.get(job.originalName) in taken)
        if is_human:
            from s7spec.report.human_run import status_text

            company, name = environment.company, environment.name
            standing = standing_of(view, company, name, lease=lease, takes=takes)
            gone = lease is not None and is_gone(lease.holder)
            view_of = terminal.view()
            terminal.show(status_text(standing, running, known, view_of, holder_is_gone=gone))
            return
        from s7spec.report.json_status import status_json

        for piece in status_json(latest_attempts(view, takes), running, known, lease):
            terminal.write(piece)


def _takes(select: tuple[str, ...], ledger: Ledger, workplace: Workplace) -> _Takes | None:
    if not select:
        return None
    with _reading(ledger, workplace) as view:
        return heads_of(select, view).takes


def _watch(
    ledger: Ledger,
    gateway: IpsGateway,
    workplace: Workplace,
    takes: _Takes | None,
    *,
    aloud: bool,
) -> None:
    from s7spec.report.human_run import last_words, sightings_text

    clock = SystemClock()
    patience = timedelta(seconds=workplace.environment.quarantine_seconds)
    watch = LedgerWatch(gateway, patience=patience)
    before: tuple[Sighting, ...] = ()
    failed = 0
    while True:
        now = clock.now()
        try:
            seen = watch.look(_open_heads(ledger, workplace, takes), now)
            failed = 0
        except (IpsUnreachable, IpsFault, IpsAnswerUnreadable) as error:
            failed += 1
            if failed >= _MOST_FAILED_LOOKS:
                raise
            terminal.say(f"IPS could not be asked, asks again: {error}")
            seen = before
        if aloud:
            terminal.show(sightings_text(changes(before, seen), now, terminal.view()))
        before = seen
        if not (watch.goes_on or failed):
            break
        time.sleep(WATCH_SECONDS)
    if aloud:
        terminal.show(last_words(before, terminal.view()))


def _open_heads(ledger: Ledger, workplace: Workplace, takes: _Takes | None) -> tuple[JobHead, ...]:
    with _reading(ledger, workplace) as view:
        heads = (head for head in view.heads() if head.state.is_open and not head.forgotten)
        return tuple(head for head in heads if takes is None or takes(head))


def _reading(ledger: Ledger, workplace: Workplace) -> AbstractContextManager[LedgerView]:
    environment = workplace.environment
    return ledger.reading(environment.company, environment.name)
