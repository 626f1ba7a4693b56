"""``s7spec review gitlab``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s7spec.adapters.code_hosts.gitlab_run import GitLabRun, gitlab_run
from s7spec.cli import terminal
from s7spec.cli.apply_command import apply_command
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.files import write_whole
from s7spec.cli.options import examples
from s7spec.cli.planning import read_plan_file
from s7spec.cli.reviewing import (
    address_or_stop,
    code_host_errors_as_findings,
    comment_on,
    review_options,
    token_or_stop,
    told_text,
    unknown,
    warn_on,
    warned_text,
)
from s7spec.model.plan import Plan
from s7spec.plan import plan_digest
from s7spec.report.review import Source, comment_text, dotenv, outputs_of

if TYPE_CHECKING:
    from s7spec.adapters.code_hosts.gitlab import GitLabDiscussion

_TOKENS = ("S7SPEC_GITLAB_TOKEN", "GITLAB_TOKEN")
_HINT = (
    "put a project access token with the scope `api` into a masked variable: CI_JOB_TOKEN may not "
    "write notes"
)
_RIGHTS_HINT = "the token needs the scope `api` and the role of a reporter, or a higher one"


@click.command(
    name="gitlab",
    epilog=examples(
        "s7spec review gitlab plan.json --dotenv plan.env",
        "s7spec review gitlab plan.json --always",
        "s7spec review gitlab plan.json --mr 12",
        "s7spec review gitlab --failed production",
    ),
)
@review_options
@click.option("--mr", "number", type=click.IntRange(1), help="Merge request.  [default: the job's]")
@click.option(
    "--dotenv",
    "variables",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write S7SPEC_PLAN_DIGEST, _HAS_CHANGES, _JOBS and _REFUSED for `reports: dotenv`.",
)
def command(
    plan_file: Path | None,
    failed: str | None,
    always: bool,
    timeout: int,
    quiet: bool,
    number: int | None,
    variables: Path | None,
) -> int:
    """Show a saved plan in its merge request: one note for each environment, kept up to date.

    Reads what GitLab CI sets, and a token from S7SPEC_GITLAB_TOKEN or GITLAB_TOKEN. Without a
    merge request only --dotenv is written. Only notes of this token's user are ever changed.

    A pipeline of a fork has no token: that is said, and the exit code is 0.
    """
    run = gitlab_run(os.environ)
    plan = None if plan_file is None else read_plan_file(plan_file)
    if variables is not None:
        _write_variables(variables, plan)
    if run.is_of_fork and not any(os.environ.get(name) for name in _TOKENS):
        terminal.say("no note: a pipeline of a fork has no token; the plan stands in its log")
        return ExitCode.OK
    number = number or run.number
    if number is None and variables is None:
        raise unknown("this job belongs to no merge request, and no --mr is given", None)
    if number is None:
        told = "no note: this job belongs to no merge request"
    else:
        where, source = f"merge request {number}", Source(commit=run.commit, url=run.url)
        with code_host_errors_as_findings(_RIGHTS_HINT), _discussion(run, number, timeout) as notes:
            if plan is None:
                told = warned_text(warn_on(notes, failed or "", source), where)
            else:
                text = _text(plan, plan_file, source)
                told = told_text(comment_on(notes, plan, text, always=always), where)
    if not quiet:
        terminal.say(told)
    return ExitCode.OK


def _write_variables(path: Path, plan: Plan | None) -> None:
    if plan is None:
        raise click.UsageError("--dotenv says what is in PLAN.JSON.")
    write_whole(path, dotenv(outputs_of(plan, digest=plan_digest(plan))))


def _text(plan: Plan, plan_file: Path | None, source: Source) -> str:
    command_line = apply_command(plan, file=plan_file)
    return comment_text(plan, digest=plan_digest(plan), command=command_line, source=source)


def _discussion(run: GitLabRun, number: int, seconds: float) -> GitLabDiscussion:
    from s7spec.adapters.code_hosts.gitlab import GitLabDiscussion

    if not run.api:
        raise unknown("CI_API_V4_URL is not set", None)
    if not run.project:
        raise unknown(
            "neither CI_MERGE_REQUEST_PROJECT_ID nor CI_PROJECT_ID is set to a project",
            "its number, or GROUP/NAME such as acme/shop",
        )
    return GitLabDiscussion(
        address_or_stop(run.api, "CI_API_V4_URL"),
        project=run.project,
        number=number,
        token=token_or_stop(os.environ, *_TOKENS, hint=_HINT),
        seconds=seconds,
    )
