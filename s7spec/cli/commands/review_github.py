"""``s7spec review github``."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s7spec.adapters.code_hosts.github_run import GitHubRun, github_run
from s7spec.cli import terminal
from s7spec.cli.options import examples
from s7spec.cli.reviewing import (
    ReviewAsked,
    address_or_stop,
    review,
    review_options,
    token_or_stop,
    unknown,
)
from s7spec.cli.stop import stop
from s7spec.model.plan import Plan
from s7spec.model.rules import Rule
from s7spec.plan import plan_digest
from s7spec.report.markdown_plan import MOST_BYTES
from s7spec.report.review import (
    MOST_SUMMARY_BYTES,
    Source,
    github_outputs,
    outputs_of,
    summary_text,
)

if TYPE_CHECKING:
    from s7spec.adapters.code_hosts.github import GitHubDiscussion

_TOKEN_HINT = "in a step: `env: {GITHUB_TOKEN: ${{ github.token }}}`"  # noqa: S105 - its name
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
def command(asked: ReviewAsked, no_comment: bool, number: int | None) -> int:
    """Show a saved plan in its pull request: one comment for each environment, kept up to date.

    Reads what GitHub Actions sets, and GITHUB_TOKEN. Writes the plan into the summary of the step,
    and its outputs: plan_digest, has_changes, jobs (to send), refused. Without a pull request
    these are all. Only comments of this token's user or of GitHub Actions are ever changed.

    The token of a pull request from a fork may not comment: that is said, and the exit code is 0.
    """
    run = github_run(os.environ)
    return review(asked, _GitHub(run=run, number=number or run.number, no_comment=no_comment))


@dataclass(frozen=True, slots=True, kw_only=True)
class _GitHub:
    """A run of GitHub Actions, and the pull request that is meant."""

    run: GitHubRun
    number: int | None
    no_comment: bool
    rights_hint: str = "give the job `permissions: {pull-requests: write}`"

    @property
    def source(self) -> Source:
        return Source(commit=self.run.commit, url=self.run.url)

    @property
    def where(self) -> str:
        return f"pull request {self.number}"

    @property
    def read_only(self) -> str | None:
        return _READ_ONLY if self.run.is_read_only else None

    def hand_on(self, plan: Plan | None, command: str | None) -> None:
        if plan is None:
            return
        digest = plan_digest(plan)
        if self.run.outputs is not None:
            delimiter = f"s7spec-{secrets.token_hex(16)}"
            outputs = github_outputs(outputs_of(plan, digest=digest), delimiter=delimiter)
            _append(self.run.outputs, outputs)
        if self.run.summary is not None:
            _summarize(self.run.summary, plan, digest, command)

    def silent_because(self) -> str | None:
        if self.no_comment:
            return ""
        if self.run.is_read_only and not os.environ.get("GITHUB_TOKEN", "").strip():
            return _READ_ONLY  # a secret of the repository, which such a run does not get
        if self.number is not None:
            return None
        if self.run.summary is None and self.run.outputs is None:
            raise unknown("this is no run of GitHub Actions, and no --pr is given", _TOKEN_HINT)
        return "no comment: this run belongs to no pull request"

    def discussion(self, seconds: float) -> GitHubDiscussion:
        # requests takes 0.1 s to import: `--help` does without.
        from s7spec.adapters.code_hosts.github import GitHubDiscussion

        assert self.number is not None
        if not self.run.repository:
            raise unknown("GITHUB_REPOSITORY is not set to OWNER/NAME", "such as acme/shop")
        return GitHubDiscussion(
            address_or_stop(self.run.api, "GITHUB_API_URL"),
            repository=self.run.repository,
            number=self.number,
            token=token_or_stop(os.environ, "GITHUB_TOKEN", hint=_TOKEN_HINT),
            seconds=seconds,
        )


def _summarize(path: Path, plan: Plan, digest: str, command: str | None) -> None:
    room = MOST_SUMMARY_BYTES - _size(path) - 2
    if room < MOST_BYTES:
        terminal.say("no summary: this step has written too much into it already")
        return
    text = summary_text(plan, digest=digest, command=command, room=room)
    _append(path, f"\n{text}\n" if _size(path) else text)


def _append(path: Path, text: str) -> None:
    """To a file that the CI has made for it. Raises Stop."""
    try:
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise stop(Rule.UNWRITABLE, f"cannot write {path}: {error.strerror}") from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
