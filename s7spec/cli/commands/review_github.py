"""``s7spec review github``."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from s7spec.adapters.code_hosts.github_run import GitHubRun, github_run
from s7spec.cli import terminal
from s7spec.cli.apply_command import apply_command
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import Invocation, common_options, examples
from s7spec.cli.planning import read_plan_file
from s7spec.cli.reviewing import (
    address_or_stop,
    append,
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
from s7spec.ports import CodeHostForbids
from s7spec.report.markdown_plan import MOST_BYTES
from s7spec.report.review import (
    MOST_SUMMARY_BYTES,
    Source,
    comment_text,
    github_outputs,
    outputs_of,
    summary_text,
)

_TOKEN_HINT = "in a step: `env: {GITHUB_TOKEN: ${{ github.token }}}`"  # noqa: S105 - its name
_RIGHTS_HINT = "give the job `permissions: {pull-requests: write}`"
_READ_ONLY = (
    "no comment: the token of a pull request from a fork or from Dependabot may only read; the "
    "plan stands in the summary of this run"
)


@click.command(
    name="github",
    epilog=examples(
        "s7spec review github plan.json",
        "s7spec review github plan.json --always",
        "s7spec review github plan.json --pr 12",
    ),
)
@review_options
@click.option("--no-comment", is_flag=True, help="Only the summary of the step and its outputs.")
@click.option("--pr", "number", type=click.IntRange(1), help="Pull request.  [default: the run's]")
@common_options
def command(
    invocation: Invocation,
    plan_file: Path,
    always: bool,
    timeout: int,
    no_comment: bool,
    number: int | None,
) -> int:
    """Show a saved plan in its pull request: one comment for each environment, kept up to date.

    Reads what GitHub Actions sets, and GITHUB_TOKEN. Writes the plan into the summary of the step,
    and its outputs: plan_digest, has_changes, jobs (to send), refused. Without a pull request
    these are all. Only comments of this token's user or of GitHub Actions are ever changed.

    The token of a pull request from a fork may not comment: that is said, and the exit code is 0.
    """
    plan = read_plan_file(plan_file)
    run = github_run(os.environ)
    text = apply_command(plan, file=plan_file)
    _put_into_run(plan, run, text)
    if no_comment:
        return ExitCode.OK
    number = number or run.number
    if number is None:
        if run.summary is None and run.outputs is None:
            raise unknown("this is no run of GitHub Actions, and no --pr is given", _TOKEN_HINT)
        _say(invocation, "no comment: this run belongs to no pull request")
        return ExitCode.OK
    where = f"pull request {number}"
    try:
        with code_host_errors_as_findings(_RIGHTS_HINT):
            told = _comment(plan, run, number, text, always=always, seconds=timeout)
    except _MayOnlyRead:
        terminal.say(_READ_ONLY)
        return ExitCode.OK
    _say(invocation, told_text(told, where))
    return ExitCode.OK


class _MayOnlyRead(Exception):
    """Nobody made a mistake: this run's token cannot comment."""


def _comment(
    plan: Plan, run: GitHubRun, number: int, command_text: str, *, always: bool, seconds: float
) -> Told:
    # requests takes 0.1 s to import: `--help` does without.
    from s7spec.adapters.code_hosts.github import GitHubDiscussion

    if not run.repository:
        raise unknown("GITHUB_REPOSITORY is not set to OWNER/NAME", None)
    text = comment_text(
        plan,
        digest=plan_digest(plan),
        command=command_text,
        source=Source(commit=run.commit, url=run.url),
    )
    discussion = GitHubDiscussion(
        address_or_stop(run.api, "GITHUB_API_URL"),
        repository=run.repository,
        number=number,
        token=token_or_stop(os.environ, "GITHUB_TOKEN", hint=_TOKEN_HINT),
        seconds=seconds,
    )
    with discussion:
        try:
            return comment_on(discussion, plan, text, always=always)
        except CodeHostForbids as error:
            if run.is_read_only:
                raise _MayOnlyRead from error
            raise


def _put_into_run(plan: Plan, run: GitHubRun, command_text: str) -> None:
    """First of all: what comes after it may fail, and others go on with these."""
    digest = plan_digest(plan)
    if run.outputs is not None:
        delimiter = f"s7spec-{secrets.token_hex(16)}"
        append(run.outputs, github_outputs(outputs_of(plan, digest=digest), delimiter=delimiter))
    if run.summary is None:
        return
    room = MOST_SUMMARY_BYTES - _size(run.summary) - 2
    if room < MOST_BYTES:
        terminal.say("no summary: this step has written too much into it already")
        return
    text = summary_text(plan, digest=digest, command=command_text, room=room)
    append(run.summary, f"\n{text}\n" if _size(run.summary) else text)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _say(invocation: Invocation, text: str) -> None:
    if not invocation.quiet:
        terminal.say(text)
