"""``s7spec ledger unlock``."""

from __future__ import annotations

from datetime import datetime

import click

from s7spec.adapters.clock import SystemClock
from s7spec.cli import terminal
from s7spec.cli.confirming import confirm
from s7spec.cli.connection import open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.holders import is_alive_here
from s7spec.cli.options import Invocation, common_options, examples
from s7spec.cli.stop import Stop, stop
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.ledger import Lease
from s7spec.model.rules import Rule
from s7spec.ports import LedgerConflict


@click.command(
    name="unlock",
    epilog=examples(
        "s7spec ledger unlock",
        "s7spec ledger unlock --env production --yes",
    ),
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--force", is_flag=True, help="Also when the holder is a process of this machine and alive."
)
@common_options
def command(invocation: Invocation, yes: bool, force: bool) -> int:
    """Give back the lease of an environment for a holder who cannot do it any more.

    Rarely needed: a lease runs out by itself, a minute after its holder died. The holder is shown,
    and you are asked. Whoever held the lease can write no more to the ledger; what was sent is
    found by its name when you plan and apply.
    """
    workplace = open_workplace(invocation)
    here = workplace.environment
    where = f"{here.company}/{here.name}"
    with open_ledger(workplace, create=False) as ledger:
        lease = ledger.lease(here.company, here.name)
    if lease is None:
        terminal.say(f"nobody holds the lease of {where}: there is nothing to unlock")
        return ExitCode.OK
    now = SystemClock().now()
    _tell(lease, where, now)
    if not force and lease.expires_at > now and is_alive_here(lease.holder):
        raise _alive(lease, workplace)
    if not yes:
        confirm(
            f"Give back the lease of {where} for {lease.holder.user}@{lease.holder.host}?",
            nobody="say --yes to unlock without being asked",
            refused="not confirmed; the lease is still held",
        )
    _give_back(lease, workplace)
    terminal.say(f"the lease of {where} is free")
    return ExitCode.OK


def _tell(lease: Lease, where: str, now: datetime) -> None:
    from s7spec.report.human_ledger import lease_text

    terminal.say(lease_text(lease, where, now, terminal.talk_view()))


def _give_back(lease: Lease, workplace: Workplace) -> None:
    with open_ledger(workplace, create=True) as ledger:
        try:
            ledger.break_lease(lease)
        except LedgerConflict as error:
            raise stop(
                Rule.LEASE_HELD,
                f"the lease has changed hands meanwhile: {error}",
                hint="look again: `s7spec ledger lease`",
                exit_code=ExitCode.LOCKED,
            ) from error


def _alive(lease: Lease, workplace: Workplace) -> Stop:
    where = workplace.ledger_place()
    pid = lease.holder.pid
    return stop(
        Rule.LEASE_HELD,
        f"process {pid} of this machine holds the lease, and it is alive",
        hint=f"let it end, or end it (`kill -INT {pid}`): then it gives the lease back; "
        "--force takes it all the same",
        where=where,
        snippet=workplace.snippet(where),
        exit_code=ExitCode.LOCKED,
    )
