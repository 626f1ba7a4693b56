"""Carries a plan out on the environment's ports and shows what became of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from s7spec import __version__
from s7spec.adapters.clock import SystemClock
from s7spec.apply import ApplyOptions, Means, ThreadCrew
from s7spec.cli import terminal
from s7spec.cli.connection import embedded_files, holder, open_ledger
from s7spec.cli.embedded import EMBEDDED
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.live.progress import progress
from s7spec.cli.options import Invocation
from s7spec.cli.outputs.files import write_whole
from s7spec.cli.port_findings import as_stop
from s7spec.cli.signals import stopping_on_signals
from s7spec.cli.stop import Stop
from s7spec.cli.telling import Telling
from s7spec.cli.workplace import Workplace
from s7spec.model.job import ResolvedJob
from s7spec.model.plan import Action, Plan
from s7spec.model.policy import OnAmbiguous
from s7spec.model.project import DEFAULT_QUARANTINE, Environment
from s7spec.model.receipt import RunOutcome, RunReport
from s7spec.pipeline.planning import carry_out
from s7spec.plan import plan_digest
from s7spec.ports import PortError

if TYPE_CHECKING:
    from s7spec.adapters.ips_soap import IpsSoapGateway


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The options of one apply; ``hosting``: the embedded IPS lives and ends with it."""

    yes: bool
    expect_digest: str | None
    detach: bool
    max_in_flight: int
    max_parallel: int
    fail_fast: bool
    max_failures: int | None
    timeout: int | None
    stale: str
    first_run: bool
    output_format: str
    out_run: Path | None
    hosting: bool


def carry_out_and_show(
    plan: Plan,
    jobs: Iterable[ResolvedJob],
    workplace: Workplace,
    gateway: IpsSoapGateway,
    invocation: Invocation,
    wishes: Wishes,
    telling: Telling,
) -> int:
    options = _options(plan, workplace.environment, wishes)
    report = _carried_out(plan, jobs, workplace, gateway, invocation, options, telling)
    telling.report(report)
    with _recorded_all_the_same():
        _show(report, wishes, telling)
        if not invocation.quiet:
            _say_where_zips_lie(report, workplace, hosting=wishes.hosting)
    return _EXIT_CODES[report.outcome]


def _options(plan: Plan, environment: Environment, wishes: Wishes) -> ApplyOptions:
    return ApplyOptions(
        max_in_flight=wishes.max_in_flight,
        max_parallel=wishes.max_parallel,
        max_failures=1 if wishes.fail_fast else wishes.max_failures,
        follow_seconds=wishes.timeout,
        skip_stale=wishes.stale == "skip",
        detach=wishes.detach,
        hold=environment.on_ambiguous is OnAmbiguous.HOLD,
        quarantine_seconds=environment.quarantine_seconds,
        cold_wait_seconds=cold_wait(environment, first_run=wishes.first_run),
        first_run=wishes.first_run,
        holder=holder(os.environ),
        description=f"s7spec {__version__} plan {plan_digest(plan)[:19]}",
    )


def _carried_out(
    plan: Plan,
    jobs: Iterable[ResolvedJob],
    workplace: Workplace,
    gateway: IpsSoapGateway,
    invocation: Invocation,
    options: ApplyOptions,
    telling: Telling,
) -> RunReport:
    """Raises Stop when the run breaks off."""
    with (
        _recorded_all_the_same(),
        open_ledger(workplace, create=True) as ledger,
        progress(telling.tally, quiet=invocation.quiet, verbose=invocation.verbosity > 0) as shown,
        stopping_on_signals(telling.events.interrupted_at_once, is_quiet=invocation.quiet) as sign,
    ):
        means = Means(
            ledger=ledger,
            gateway=gateway,
            clock=SystemClock(),
            observer=telling.observer(shown),
            crew=telling.tracing.crew(ThreadCrew(options.max_parallel)),
            stop=sign,
        )
        try:
            return carry_out(plan, jobs, means=means, options=options)
        except PortError as error:
            raise _broken_off(error, workplace, begun=telling.tally.begun) from error


@contextmanager
def _recorded_all_the_same() -> Iterator[None]:
    """Whoever cannot be shown what became of the jobs is told where that stands."""
    try:
        yield
    except terminal.OutputLost as error:
        raise terminal.OutputLost(
            f"{error}; what was submitted is recorded: `s7spec status`"
        ) from error


def cold_wait(environment: Environment, *, first_run: bool) -> int:
    """Nothing is on its way to an embedded IPS for longer than a moment, unless somebody says so:
    it is on this machine."""
    is_near = environment.ips == EMBEDDED and environment.quarantine_seconds == DEFAULT_QUARANTINE
    return 0 if first_run or is_near else environment.quarantine_seconds


def _broken_off(error: PortError, workplace: Workplace, *, begun: bool) -> Stop:
    """Before the first submit an error means what it always means; after it, something ran."""
    ending = as_stop(error, workplace)
    if not begun:
        return ending
    hint = (
        "the run broke off after jobs had been submitted: when this is mended, plan and apply "
        "again; what IPS took is found by its name"
    )
    findings = tuple(replace(finding, hint=hint) for finding in ending.findings)
    return Stop(findings, ExitCode.ERROR)


def _show(report: RunReport, wishes: Wishes, telling: Telling) -> None:
    if wishes.output_format == "json" or wishes.out_run is not None:
        from s7spec.report.json_run import run_json

        document = run_json(report)
        if wishes.out_run is not None:
            write_whole(wishes.out_run, document)
        if wishes.output_format == "json":
            terminal.write(document)
            return
    from s7spec.report.human_run import run_text

    if telling.takes_stdout:
        terminal.say(run_text(report, terminal.talk_view()))
    else:
        terminal.show(run_text(report, terminal.view()))


def _say_where_zips_lie(report: RunReport, workplace: Workplace, *, hosting: bool) -> None:
    """The embedded IPS may end with this command, and its addresses with it; the files stay."""
    if hosting and report.outcome is RunOutcome.INTERRUPTED:
        terminal.say("The embedded IPS ends with this command; the next one starts its jobs again.")
    new = (item for item in report.items if item.action is not Action.SKIP)
    zips = embedded_files(workplace, (url for item in new for url in item.zip_urls))
    if zips:
        terminal.say("The embedded IPS keeps the archives on disk:")
        for path in zips:
            terminal.say(f"  {path}")


_EXIT_CODES: dict[RunOutcome, ExitCode] = {
    RunOutcome.OK: ExitCode.OK,
    RunOutcome.INCOMPLETE: ExitCode.INCOMPLETE,
    RunOutcome.STALE: ExitCode.STALE,
    RunOutcome.REFUSED: ExitCode.REFUSED,
    RunOutcome.AMBIGUOUS: ExitCode.AMBIGUOUS,
    RunOutcome.INTERRUPTED: ExitCode.INTERRUPTED,
}
