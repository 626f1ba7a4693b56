"""``s7spec review github``."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s7spec.adapters.code_hosts.github_run import GitHubRun, github_run
from s7spec.cli import terminal
from s7spec.cli.apply_command import apply_command
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import examples
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
    warn_on,
    warned_text,
)
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

if TYPE_CHECKING:
    from s7spec.adapters.code_hosts.github import GitHubDiscussion

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
        "s7spec review github --failed production",
    ),
)
@review_options
@click.option("--no-comment", is_flag=True, help="Only the summary of the step and its outputs.")
@click.option("--pr", "number", type=click.IntRange(1), help="Pull request.  [default: the run's]")
def command(
    plan_file: Path | None,
    failed: str | None,
    always: bool,
    timeout: int,
    quiet: bool,
    no_comment: bool,
    number: int | None,
) -> int:
    """Show a saved plan in its pull request: one comment for each environment, kept up to date.

    Reads what GitHub Actions sets, and GITHUB_TOKEN. Writes the plan into the summary of the step,
    and its outputs: plan_digest, has_changes, jobs (to send), refused. Without a pull request
    these are all. Only comments of this token's user or of GitHub Actions are ever changed.

    The token of a pull request from a fork may not comment: that is said, and the exit code is 0.
    """
    run = github_run(os.environ)
    text = None if plan_file is None else _plan_text(plan_file, run)
    if no_comment:
        return ExitCode.OK
    number = number or run.number
    if number is None:
        if run.summary is None and run.outputs is None:
            raise unknown("this is no run of GitHub Actions, and no --pr is given", _TOKEN_HINT)
        _say(quiet, "no comment: this run belongs to no pull request")
        return ExitCode.OK
    where = f"pull request {number}"
    with code_host_errors_as_findings(_RIGHTS_HINT), _discussion(run, number, timeout) as open_one:
        try:
            if text is None:
                found = warn_on(open_one, failed or "", _source(run))
                _say(quiet, warned_text(found, where))
            else:
                _say(quiet, told_text(comment_on(open_one, *text, always=always), where))
        except CodeHostForbids:
            if not run.is_read_only:
                raise
            terminal.say(_READ_ONLY)
    return ExitCode.OK


def _plan_text(plan_file: Path, run: GitHubRun) -> tuple[Plan, str]:
    """Summary and outputs are written first of all: what comes after may fail."""
    plan = read_plan_file(plan_file)
    command_line = apply_command(plan, file=plan_file)
    _put_into_run(plan, run, command_line)
    digest = plan_digest(plan)
    return plan, comment_text(plan, digest=digest, command=command_line, source=_source(run))


def _source(run: GitHubRun) -> Source:
    return Source(commit=run.commit, url=run.url)


def _discussion(run: GitHubRun, number: int, seconds: float) -> GitHubDiscussion:
    # requests takes 0.1 s to import: `--help` does without.
    from s7spec.adapters.code_hosts.github import GitHubDiscussion

    if not run.repository:
        raise unknown("GITHUB_REPOSITORY is not set to OWNER/NAME", "such as acme/shop")
    return GitHubDiscussion(
        address_or_stop(run.api, "GITHUB_API_URL"),
        repository=run.repository,
        number=number,
        token=token_or_stop(os.environ, "GITHUB_TOKEN", hint=_TOKEN_HINT),
        seconds=seconds,
    )


def _put_into_run(plan: Plan, run: GitHubRun, command_text: str | None) -> None:
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


def _say(quiet: bool, text: str) -> None:
    if not quiet:
        terminal.say(text)
