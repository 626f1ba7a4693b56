"""``s7spec review gitlab``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from s7spec.adapters.code_hosts.gitlab_run import GitLabRun, gitlab_run
from s7spec.cli import terminal
from s7spec.cli.apply_command import apply_command
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.files import write_whole
from s7spec.cli.options import Invocation, common_options, examples
from s7spec.cli.planning import read_plan_file
from s7spec.cli.reviewing import (
    address_or_stop,
    code_host_errors_as_findings,
    comment_on,
    review_options,
    token_or_stop,
    told_text,
    unknown,
)
from s7spec.model.comment import Told
from s7spec.model.plan import Plan
from s7spec.plan import plan_digest
from s7spec.report.review import Source, comment_text, dotenv, outputs_of

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
@common_options
def command(
    invocation: Invocation,
    plan_file: Path,
    always: bool,
    timeout: int,
    number: int | None,
    variables: Path | None,
) -> int:
    """Show a saved plan in its merge request: one note for each environment, kept up to date.

    Reads what GitLab CI sets, and a token from S7SPEC_GITLAB_TOKEN or GITLAB_TOKEN. Without a
    merge request only --dotenv is written. Only notes of this token's user are ever changed.

    A pipeline of a fork has no token: that is said, and the exit code is 0.
    """
    plan = read_plan_file(plan_file)
    run = gitlab_run(os.environ)
    if variables is not None:
        write_whole(variables, dotenv(outputs_of(plan, digest=plan_digest(plan))))
    if run.is_of_fork and not any(os.environ.get(name) for name in _TOKENS):
        terminal.say("no note: a pipeline of a fork has no token; the plan stands in its log")
        return ExitCode.OK
    number = number or run.number
    if number is None:
        if variables is None:
            raise unknown("this job belongs to no merge request, and no --mr is given", None)
        told = "no note: this job belongs to no merge request"
    else:
        with code_host_errors_as_findings(_RIGHTS_HINT):
            done = _comment(plan, run, number, plan_file, always=always, seconds=timeout)
        told = told_text(done, f"merge request {number}")
    if not invocation.quiet:
        terminal.say(told)
    return ExitCode.OK


def _comment(
    plan: Plan, run: GitLabRun, number: int, plan_file: Path, *, always: bool, seconds: float
) -> Told:
    from s7spec.adapters.code_hosts.gitlab import GitLabDiscussion

    if not run.api or not run.project:
        raise unknown("CI_API_V4_URL or CI_PROJECT_ID is not set", None)
    text = comment_text(
        plan,
        digest=plan_digest(plan),
        command=apply_command(plan, file=plan_file),
        source=Source(commit=run.commit, url=run.url),
    )
    discussion = GitLabDiscussion(
        address_or_stop(run.api, "CI_API_V4_URL"),
        project=run.project,
        number=number,
        token=token_or_stop(os.environ, *_TOKENS, hint=_HINT),
        seconds=seconds,
    )
    with discussion:
        return comment_on(discussion, plan, text, always=always)
