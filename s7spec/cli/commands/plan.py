"""``s7spec plan``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from s7spec.cli import terminal
from s7spec.cli.apply_command import ApplyCommand
from s7spec.cli.connection import connected
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.live.progress import signs_of_life
from s7spec.cli.narrowing import ScopeAsked, scope_of
from s7spec.cli.options import (
    Invocation,
    common_options,
    examples,
    paths_argument,
    select_option,
    since_option,
    wishes_options,
)
from s7spec.cli.plan_output import PlanShown, plan_output_options, put_out
from s7spec.cli.planning import compile_or_stop, plan_or_stop
from s7spec.cli.snapshots import outdated_snapshot
from s7spec.cli.telling import Telling, events_option, told
from s7spec.cli.workplace import Workplace, open_workplace, tell_ignored
from s7spec.model.plan import Plan
from s7spec.model.wishes import PlanWishes, Refresh


@click.command(
    name="plan",
    epilog=examples(
        "s7spec plan",
        "s7spec plan --out plan.json --md plan.md --html plan.html",
        "s7spec plan --env production --select 'zalando/*' --detailed-exitcode",
        "s7spec plan --since origin/main --md plan.md",
        "s7spec plan --select failed --select label:team=shoes,reason:assets",
        "s7spec plan --out plan.json --events events.jsonl",
    ),
)
@paths_argument
@select_option
@since_option
@plan_output_options
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Exit 2 when there is something to apply, or for people to decide.",
)
@wishes_options
@events_option
@common_options
def command(
    invocation: Invocation,
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    since: str | None,
    asked: PlanWishes,
    detailed_exitcode: bool,
    events_target: str | None,
    shown: PlanShown,
) -> int:
    """Compare the manifests with prior runs: one action and its reasons for each job.

    Reads only: nothing is submitted, no lock is taken. PATHS, --select and --since narrow it; a
    narrowed plan never forgets jobs that it did not look at.
    """
    about = ScopeAsked(paths=paths, select=select, since=since)

    def work(telling: Telling) -> int:
        telling.refuse_two_on_stdout(shown.output_format)
        workplace = open_workplace(invocation)
        plan = _planned(workplace, invocation, about, asked, telling)
        telling.plan(plan)
        exactly = ApplyCommand(
            plan=plan,
            file=shown.out,
            project=invocation.project,
            looked_at=_looked_at(about, asked),
        )
        put_out(
            shown,
            exactly,
            workplace,
            quiet=invocation.quiet,
            on_stderr=telling.takes_stdout,
        )
        is_settled = not (plan.has_changes or plan.waits_for_people or plan.is_refused)
        return ExitCode.CHANGES if detailed_exitcode and not is_settled else ExitCode.OK

    return told(events_target, "plan", work)


def _looked_at(about: ScopeAsked, asked: PlanWishes) -> tuple[Path | str, ...] | None:
    """What a plan is narrowed and steered by, as `apply` takes it; None when it does not: then
    only a saved plan can be applied."""
    if about.since is not None:
        return None
    given: list[Path | str] = [*about.paths]
    given += [word for pattern in about.select for word in ("--select", pattern)]
    given += [word for pattern in asked.rerun for word in ("--rerun", pattern)]
    if asked.refresh is not Refresh.AUTO:
        given += ["--refresh", asked.refresh.value]
    return tuple(given)


def _planned(
    workplace: Workplace,
    invocation: Invocation,
    about: ScopeAsked,
    asked: PlanWishes,
    telling: Telling,
) -> Plan:
    scope = scope_of(about, workplace)
    with signs_of_life("planning", quiet=invocation.quiet):
        compiled = compile_or_stop(workplace, scope)
        with connected(workplace, around=telling.tracing.call) as gateway:
            planned = plan_or_stop(workplace, compiled, gateway, asked)
    plan = planned.plan
    assert plan is not None
    tell_ignored(invocation, planned.ignored)
    outdated = outdated_snapshot(workplace, plan)
    if outdated is not None:
        # It is in the plan as well, for those who review it.
        plan = replace(plan, assumptions=(outdated, *plan.assumptions))
        if not invocation.quiet:
            terminal.say(outdated)
    return plan
