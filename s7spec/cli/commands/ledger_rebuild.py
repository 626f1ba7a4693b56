"""``s7spec ledger rebuild``."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from s7spec import __version__
from s7spec.adapters.clock import SystemClock
from s7spec.apply import ApplyOptions, Crew, Means, ThreadCrew
from s7spec.cli import terminal
from s7spec.cli.applying import cold_wait
from s7spec.cli.connection import connected, holder, open_ledger
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.live.progress import progress, signs_of_life
from s7spec.cli.narrowing import ScopeAsked, scope_of
from s7spec.cli.options import (
    Invocation,
    common_options,
    examples,
    format_option,
    select_option,
)
from s7spec.cli.planning import compile_or_stop
from s7spec.cli.signals import stopping_on_signals
from s7spec.cli.telling import Telling, events_option, told
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.diagnostics import has_errors
from s7spec.model.rebuilt import Rebuilt
from s7spec.pipeline.compiled import Compiled
from s7spec.pipeline.rebuilding import Hands, Wanted, rebuild, wanted_jobs
from s7spec.ports import IpsGateway

if TYPE_CHECKING:
    from s7spec.adapters.ips_soap import IpsSoapGateway

_AGE = re.compile(r"([1-9][0-9]{0,4})([dhw])")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "w": timedelta(weeks=1)}
_SLICE = 0.5


def _age(ctx: click.Context, param: click.Parameter, value: str) -> timedelta:
    match = _AGE.fullmatch(value)
    if match is None:
        raise click.BadParameter(f"{value!r} is not a time such as 90d, 36h or 2w", ctx, param)
    return int(match[1]) * _UNITS[match[2]]


@click.command(
    name="rebuild",
    epilog=examples(
        "s7spec ledger rebuild --dry-run",
        "s7spec ledger rebuild --since 180d",
        "s7spec ledger rebuild --env production --format json",
    ),
)
@click.option(
    "--since",
    callback=_age,
    default="90d",
    show_default=True,
    metavar="AGE",
    help="How far back the job logs of IPS are looked through: 90d, 36h, 2w.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be recovered, write nothing.")
@click.option(
    "--no-wait",
    is_flag=True,
    help="Nothing was sent lately: do not wait for jobs still on their way to IPS.",
)
@select_option
@click.option(
    "--max-parallel",
    type=click.IntRange(1, 32),
    default=8,
    show_default=True,
    help="Calls to IPS at once.",
)
@events_option
@format_option("human", "json")
@common_options
def command(
    invocation: Invocation,
    since: timedelta,
    dry_run: bool,
    no_wait: bool,
    select: tuple[str, ...],
    max_parallel: int,
    events_target: str | None,
    output_format: str,
) -> int:
    """Recover attempts from IPS into a ledger that was lost, or is an older copy.

    The manifests say which jobs there are and what is wanted of them now; IPS lists the names of
    what was sent. Where a name is that of a job wanted now, its last run goes into the ledger with
    what IPS shows of it: at work, or ended with the outcome of each asset. Nothing is sent. Runs
    with other content are told of, but not recovered: IPS does not say what was in them.

    With an empty ledger it first waits for the quarantine, as apply does: a submit of the lost one
    may still be on its way. Exits with 5 when something is left to be looked at.
    """

    def work(telling: Telling) -> int:
        telling.refuse_two_on_stdout(output_format)
        workplace = open_workplace(invocation)
        scope = scope_of(
            ScopeAsked(
                select=select,
                select_instead="a rebuild makes no plan: select by name, label: or path:",
            ),
            workplace,
        )
        compiled = compile_or_stop(workplace, scope)
        with connected(workplace, around=telling.tracing.call) as gateway:
            rebuilding = _begun(workplace, compiled, gateway, since, invocation)
            if dry_run:
                rebuilt = rebuilding.trial()
            else:
                rebuilt = rebuilding.carry_out(
                    invocation, telling, max_parallel=max_parallel, is_short=no_wait
                )
        _show(rebuilt, output_format, telling)
        if rebuilt.interrupted:
            return ExitCode.INTERRUPTED
        return ExitCode.INCOMPLETE if rebuilt.fell_short else ExitCode.OK

    return told(events_target, "ledger rebuild", work)


def _begun(
    workplace: Workplace,
    compiled: Compiled,
    gateway: IpsSoapGateway,
    since: timedelta,
    invocation: Invocation,
) -> _Rebuilding:
    """What is wanted of the jobs as they are declared today; what was found then is told."""
    now = SystemClock().now()
    with signs_of_life("looking up assets", quiet=invocation.quiet):
        wanted = wanted_jobs(compiled, gateway, now=now, tool_version=__version__)
    _tell_findings(wanted, invocation)
    return _Rebuilding(workplace, gateway, wanted, now - since)


class _Rebuilding:
    def __init__(
        self, workplace: Workplace, gateway: IpsGateway, wanted: Wanted, since: datetime
    ) -> None:
        self._workplace = workplace
        self._environment = workplace.environment
        self._gateway = gateway
        self._wanted = wanted
        self._since = since

    def trial(self) -> Rebuilt:
        listed = self._gateway.known_jobs(self._since)
        with open_ledger(self._workplace, create=False) as ledger:
            return rebuild(self._wanted, listed, since=self._since, ledger=ledger, hands=None)

    def carry_out(
        self, invocation: Invocation, telling: Telling, *, max_parallel: int, is_short: bool
    ) -> Rebuilt:
        is_verbose = invocation.verbosity > 0

        def crew() -> Crew:
            return telling.tracing.crew(ThreadCrew(max_parallel))

        with (
            open_ledger(self._workplace, create=True) as ledger,
            progress(telling.tally, quiet=invocation.quiet, verbose=is_verbose) as shown,
            stopping_on_signals(
                telling.events.interrupted_at_once, is_quiet=invocation.quiet
            ) as sign,
        ):
            means = Means(
                ledger=ledger,
                gateway=self._gateway,
                clock=SystemClock(),
                observer=telling.observer(shown),
                crew=crew(),
                stop=sign,
            )
            self._wait(means, is_short=is_short)
            listed = () if sign.asked else self._gateway.known_jobs(self._since)
            options = ApplyOptions(
                holder=holder(os.environ),
                description=f"s7spec {__version__} ledger rebuild",
                max_parallel=max_parallel,
                quarantine_seconds=self._environment.quarantine_seconds,
            )
            hands = Hands(means=means, options=options, crew=crew)
            rebuilt = rebuild(self._wanted, listed, since=self._since, ledger=ledger, hands=hands)
            return replace(rebuilt, interrupted=rebuilt.interrupted or sign.asked)

    def _wait(self, means: Means, *, is_short: bool) -> None:
        """Until nothing that a lost ledger has sent can still be on its way: afterwards the ledger
        is not empty any more, and no apply would wait for that."""
        environment = self._environment
        seconds = cold_wait(environment, first_run=is_short)
        with means.ledger.reading(environment.company, environment.name) as view:
            if not seconds or not view.is_cold():
                return
        means.observer.waits(
            f"the ledger is empty: waits {seconds} s for jobs that a lost ledger may have sent "
            "(--no-wait: nothing was sent lately)",
            seconds=seconds,
        )
        end = means.clock.now() + timedelta(seconds=seconds)
        while not means.stop.asked and (left := (end - means.clock.now()).total_seconds()) > 0:
            means.clock.sleep(min(left, _SLICE))


def _tell_findings(wanted: Wanted, invocation: Invocation) -> None:
    """Jobs that cannot be resolved now do not stand in the way of the others."""
    if invocation.quiet or not has_errors(wanted.diagnostics):
        return
    from s7spec.report.human_diagnostics import diagnostics_text

    terminal.say(diagnostics_text(wanted.diagnostics, terminal.talk_view()))


def _show(rebuilt: Rebuilt, output_format: str, telling: Telling) -> None:
    if output_format == "json":
        from s7spec.report.json_ledger import rebuilt_json

        terminal.write(rebuilt_json(rebuilt))
        return
    from s7spec.report.human_ledger import rebuilt_text

    if telling.takes_stdout:
        terminal.say(rebuilt_text(rebuilt, terminal.talk_view()))
    else:
        terminal.show(rebuilt_text(rebuilt, terminal.view()))
