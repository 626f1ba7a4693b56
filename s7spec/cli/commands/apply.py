"""``s7spec apply``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from s7spec.cli import terminal
from s7spec.cli.applying import Wishes, carry_out_and_show
from s7spec.cli.asking import (
    Asked,
    refuse_since,
    refuse_what_does_not_go_together,
    saved_plan_of,
)
from s7spec.cli.connection import (
    connected,
    hosts_ips_itself,
    open_ledger,
)
from s7spec.cli.consent import confirm_apply
from s7spec.cli.embedded import DEFAULT_CATALOG, DEFAULT_DATA
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.live.progress import signs_of_life
from s7spec.cli.narrowing import ScopeAsked, scope_of
from s7spec.cli.options import (
    Invocation,
    common_options,
    examples,
    format_option,
    paths_argument,
    select_option,
    wishes_options,
)
from s7spec.cli.outputs.output_file import OutputFile
from s7spec.cli.plan_output import render_plan
from s7spec.cli.planning import compile_or_stop, declared_for, plan_or_stop, read_plan_file
from s7spec.cli.stop import Stop, stop
from s7spec.cli.telling import Telling, events_option, told
from s7spec.cli.workplace import Workplace, open_workplace
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import ResolvedJob
from s7spec.model.plan import Plan
from s7spec.model.rules import Rule
from s7spec.model.wishes import PlanWishes
from s7spec.pipeline.guarding import judge_plan
from s7spec.pipeline.planning import refresh_plan
from s7spec.plan import plan_digest
from s7spec.report.visible import visible
from s7spec.resolve import Refreshed, StaleItem

if TYPE_CHECKING:
    from s7spec.adapters.ips_soap import IpsSoapGateway


@click.command(
    name="apply",
    epilog=examples(
        "s7spec plan --out plan.json && s7spec apply plan.json",
        "s7spec apply --yes --select 'zalando/*'",
        "s7spec apply plan.json --expect-digest sha256:0a1b... --detach",
        "s7spec apply plan.json --events events.jsonl --out-run run.json",
    ),
)
@paths_argument
@select_option
@click.option("--since", hidden=True)
@click.option(
    "--yes",
    is_flag=True,
    help="Do not ask. A saved plan is asked about in production only; there --yes goes with it or "
    "with --expect-digest.",
)
@click.option("--expect-digest", metavar="DIGEST", help="Refuse any plan but this one.")
@click.option(
    "--detach",
    is_flag=True,
    help="Submit and return; do not follow the jobs. `s7spec status --watch` follows them, the "
    "next apply records them.",
)
@click.option(
    "--max-in-flight",
    type=click.IntRange(1, 1000),
    default=10,
    show_default=True,
    help="Jobs on IPS at once; not with --detach.",
)
@click.option(
    "--max-parallel",
    type=click.IntRange(1, 32),
    default=8,
    show_default=True,
    help="Calls to IPS at once.",
)
@click.option("--fail-fast", is_flag=True, help="Start no further job after the first failure.")
@click.option(
    "--max-failures",
    type=click.IntRange(1),
    metavar="N",
    help="Start no further job after N failures. Otherwise all are tried.",
)
@click.option(
    "--timeout",
    type=click.IntRange(1),
    metavar="SECONDS",
    help="Follow no job for longer: it goes on at IPS (exit 5). Otherwise each to its end.",
)
@click.option(
    "--stale",
    type=click.Choice(("refuse", "skip")),
    default="refuse",
    show_default=True,
    help="When items of a saved plan no longer fit: start nothing, or leave them out (exit 4).",
)
@click.option(
    "--first-run",
    is_flag=True,
    help="Nothing was ever exported here: with an empty ledger, do not look or wait for lost jobs.",
)
@wishes_options
@events_option
@click.option(
    "--out-run",
    type=OutputFile(instead="--format json writes to standard output"),
    help="Save what became of each job as JSON, whatever --format says.",
)
@format_option("human", "json")
@common_options
def command(
    invocation: Invocation,
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    asked: PlanWishes,
    events_target: str | None,
    **options: Any,
) -> int:
    """Submit what the plan says, follow the jobs to their end, record every outcome.

    With one PLAN.JSON: exactly that plan, if it still fits. With PATHS or nothing: plans afresh,
    shows the plan and asks. Each submit is written to the ledger before it is sent: after an apply
    that was cut off at any moment, plan and apply again; nothing is exported twice.

    Ctrl-C starts nothing more, waits up to five seconds for submits on their way and gives the
    lease back; what runs on IPS goes on. A second Ctrl-C ends at once.
    """
    asking = Asked(paths=paths, select=select, wishes=asked)
    return told(
        events_target, "apply", lambda telling: _apply(invocation, asking, options, telling)
    )


def _apply(invocation: Invocation, asking: Asked, options: dict[str, Any], telling: Telling) -> int:
    telling.refuse_two_on_stdout(options["output_format"])
    refuse_since(options.pop("since"))
    path = saved_plan_of(asking.paths)
    refuse_what_does_not_go_together(asking, options, is_saved=path is not None)
    saved = None if path is None else read_plan_file(path)
    workplace = open_workplace(invocation)
    hosting = hosts_ips_itself(workplace)
    wishes = Wishes(hosting=hosting, **options)
    if wishes.detach and hosting:
        raise _nobody_to_leave_it_to(workplace)
    if saved is not None:
        return _apply_saved(saved, workplace, invocation, wishes, telling)
    scope = scope_of(ScopeAsked(paths=asking.paths, select=asking.select), workplace)
    compiled = compile_or_stop(workplace, scope)
    with connected(workplace, around=telling.tracing.call) as gateway:
        with signs_of_life("planning", quiet=invocation.quiet):
            asked = replace(asking.wishes, first_run=wishes.first_run)
            planned = plan_or_stop(workplace, compiled, gateway, asked)
        plan = planned.plan
        assert plan is not None
        telling.plan(plan)
        if not invocation.quiet:
            terminal.say(render_plan(plan, "human", view=terminal.talk_view()))
        _check_digest(plan, wishes.expect_digest)
        jobs = planned.jobs.values()
        if not plan.has_changes:
            return _nothing_to_do(plan, jobs, workplace, gateway, wishes, telling)
        if not plan.is_refused:
            confirm_apply(workplace, wishes, is_saved=False)
        return carry_out_and_show(plan, jobs, workplace, gateway, invocation, wishes, telling)


def _apply_saved(
    plan: Plan, workplace: Workplace, invocation: Invocation, wishes: Wishes, telling: Telling
) -> int:
    _check_digest(plan, wishes.expect_digest)
    _check_environment(plan, workplace)
    with connected(workplace, around=telling.tracing.call) as gateway:
        plan, refreshed = _refreshed(plan, workplace, gateway)
        telling.plan(plan)
        if refreshed.stale and wishes.stale == "refuse":
            raise Stop(tuple(map(_stale_finding, refreshed.stale)), ExitCode.STALE)
        for item in refreshed.stale:
            terminal.say(f"left out: {visible(item.key.short)}: {visible(item.why)}")
        if plan.has_changes and not plan.is_refused:
            confirm_apply(workplace, wishes, is_saved=True)
        # An item without its job cannot be sent: that makes it stale in the run, too.
        return carry_out_and_show(
            plan, refreshed.jobs, workplace, gateway, invocation, wishes, telling
        )


def _refreshed(plan: Plan, workplace: Workplace, gateway: IpsSoapGateway) -> tuple[Plan, Refreshed]:
    """The guardrails in force are today's, not those of the day the plan was made."""
    environment = workplace.environment
    with (
        open_ledger(workplace, create=False) as ledger,
        ledger.reading(environment.company, environment.name) as view,
    ):
        judged = judge_plan(
            plan, environment.guardrails, view, lambda: declared_for(plan, workplace)
        )
        return judged, refresh_plan(plan, gateway, view)


def _stale_finding(item: StaleItem) -> Diagnostic:
    return Diagnostic(
        rule=Rule.STALE_PLAN,
        summary=f"{item.key.short}: {item.why}",
        hint="nothing was submitted; plan again and have it reviewed",
    )


def _nobody_to_leave_it_to(workplace: Workplace) -> Stop:
    catalog = workplace.environment.catalog or DEFAULT_CATALOG
    data = workplace.environment.data or DEFAULT_DATA
    return stop(
        Rule.USAGE,
        "--detach leaves the jobs to IPS, but the embedded IPS would end with this command",
        hint=f"start it first: `s7spec ips serve --catalog {catalog} --data {data}`",
    )


def _nothing_to_do(
    plan: Plan,
    jobs: Iterable[ResolvedJob],
    workplace: Workplace,
    gateway: IpsSoapGateway,
    wishes: Wishes,
    telling: Telling,
) -> int:
    if plan.waits_for_people or wishes.output_format == "json" or wishes.out_run is not None:
        quiet = Invocation(project=workplace.root, environment=None, verbosity=-1)
        return carry_out_and_show(plan, jobs, workplace, gateway, quiet, wishes, telling)
    return ExitCode.OK  # the plan that was shown says so


def _check_digest(plan: Plan, expected: str | None) -> None:
    if expected is None or plan_digest(plan) == expected:
        return
    raise stop(
        Rule.STALE_PLAN,
        f"the plan's digest is {plan_digest(plan)}, not {expected}",
        hint="nothing was submitted; review the new plan and pass its digest",
        exit_code=ExitCode.STALE,
    )


def _check_environment(plan: Plan, workplace: Workplace) -> None:
    """A plan belongs to the environment it was made for: the saved one is taken by name."""
    here = workplace.environment
    header = plan.header
    if (header.environment, header.company, header.ips) == (here.name, here.company, here.ips):
        return
    raise stop(
        Rule.STALE_PLAN,
        f"the plan was made for {header.company}/{header.environment} at {header.ips}, "
        f"but this is {here.company}/{here.name} at {here.ips}",
        hint=f"use --env {header.environment}, or plan again",
        where=workplace.place(),
        snippet=workplace.snippet(workplace.place()),
        exit_code=ExitCode.STALE,
    )
