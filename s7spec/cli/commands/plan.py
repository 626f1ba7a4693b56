"""``s7spec plan``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import click

from s7spec.cli import terminal
from s7spec.cli.apply_command import apply_command
from s7spec.cli.connection import connected
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.files import write_parts, write_whole
from s7spec.cli.html_plan import html_option, html_parts, pictures_option
from s7spec.cli.narrowing import ScopeAsked, scope_of
from s7spec.cli.options import (
    Invocation,
    common_options,
    examples,
    format_option,
    paths_argument,
    select_option,
    since_option,
    wishes_options,
)
from s7spec.cli.output_file import OutputFile
from s7spec.cli.planning import compile_or_stop, plan_or_stop
from s7spec.cli.progress import signs_of_life
from s7spec.cli.snapshots import outdated_snapshot
from s7spec.cli.telling import Telling, events_option, told
from s7spec.cli.workplace import Workplace, open_workplace, tell_ignored
from s7spec.model.plan import Plan
from s7spec.model.wishes import PlanWishes, Refresh
from s7spec.plan import plan_digest, write_plan
from s7spec.report.human_diagnostics import more_about
from s7spec.report.view import View

Detail: TypeAlias = Literal["summary", "job", "full"]
DETAILS: tuple[Detail, ...] = get_args(Detail)


_ON_STDOUT = "--format {} writes to standard output"


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
@click.option("--out", type=OutputFile(instead=_ON_STDOUT.format("json")), help="Save the plan.")
@click.option(
    "--md",
    "markdown",
    type=OutputFile(instead=_ON_STDOUT.format("markdown")),
    help="Write the plan as Markdown, for a pull request.",
)
@html_option(_ON_STDOUT.format("html"))
@pictures_option
@click.option("--detail", type=click.Choice(DETAILS), default="job", show_default=True)
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Exit 2 when there is something to apply, or for people to decide.",
)
@wishes_options
@events_option
@format_option("human", "json", "markdown", "html")
@common_options
def command(
    invocation: Invocation,
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    since: str | None,
    asked: PlanWishes,
    detailed_exitcode: bool,
    events_target: str | None,
    **shown: Any,
) -> int:
    """Compare the manifests with prior runs: one action and its reasons for each job.

    Reads only: nothing is submitted, no lock is taken. PATHS, --select and --since narrow it; a
    narrowed plan never forgets jobs that it did not look at.
    """
    about = ScopeAsked(paths=paths, select=select, since=since)

    def work(telling: Telling) -> int:
        telling.refuse_two_on_stdout(shown["output_format"])
        workplace = open_workplace(invocation)
        plan = _planned(workplace, invocation, about, asked, telling)
        telling.plan(plan)
        exactly = apply_command(
            plan,
            file=shown["out"],
            project=invocation.project,
            looked_at=_looked_at(about, asked),
        )
        page = partial(
            html_parts,
            plan,
            workplace,
            pictures=shown.pop("pictures"),
            command=exactly,
            quiet=invocation.quiet,
        )
        _put_out(
            plan,
            page,
            exactly=exactly,
            is_quiet=invocation.quiet,
            on_stderr=telling.takes_stdout,
            **shown,
        )
        is_settled = not (plan.has_changes or plan.waits_for_people or plan.is_refused)
        return ExitCode.CHANGES if detailed_exitcode and not is_settled else ExitCode.OK

    return told(events_target, "plan", work)


def _looked_at(about: ScopeAsked, asked: PlanWishes) -> tuple[str, ...] | None:
    """What a plan is narrowed and steered by, as `apply` takes it; None when it does not: then
    only a saved plan can be applied."""
    if about.since is not None:
        return None
    given = [str(path) for path in about.paths]
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


def _put_out(
    plan: Plan,
    page: Callable[[], Iterator[str]],
    *,
    exactly: str | None,
    detail: Detail,
    output_format: str,
    is_quiet: bool,
    on_stderr: bool,
    **files: Path | None,
) -> None:
    out, markdown, html = (files[name] for name in ("out", "markdown", "html"))
    if out is not None:
        write_whole(out, write_plan(plan))
    if markdown is not None:
        write_whole(markdown, render_plan(plan, "markdown", next_command=exactly))
    if html is not None:
        write_parts(html, page())
    next_command = None if out is None and output_format == "human" else exactly
    view = terminal.talk_view() if on_stderr else terminal.view()
    if output_format == "html":
        text = "".join(page())
    else:
        text = render_plan(plan, output_format, detail=detail, next_command=next_command, view=view)
    if on_stderr:
        terminal.say(text)
    else:
        put = terminal.show if output_format == "human" else terminal.write
        put(text)
    if output_format == "human" and not is_quiet:
        terminal.say(more_about(plan.warnings))


def render_plan(
    plan: Plan,
    output_format: str,
    *,
    detail: Detail = "job",
    next_command: str | None = None,
    view: View | None = None,
) -> str:
    """A plan in one of its formats; also what `show` prints."""
    match output_format:
        case "json":
            return write_plan(plan)
        case "markdown":
            from s7spec.report.markdown_plan import plan_markdown

            return plan_markdown(plan, digest=plan_digest(plan), command=next_command)
        case _:
            from s7spec.report.human_plan import plan_text

            return plan_text(
                plan,
                view or terminal.view(),
                detail=detail,
                command=next_command,
                digest=plan_digest(plan),
            )
