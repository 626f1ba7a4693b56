"""``s7spec review gitlab``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s7spec.adapters.code_hosts.gitlab_run import GitLabRun, gitlab_run
from s7spec.cli.options import examples
from s7spec.cli.outputs.files import write_whole
from s7spec.cli.outputs.output_file import OutputFile
from s7spec.cli.reviewing import (
    ReviewAsked,
    address_or_stop,
    review,
    review_options,
    token_or_stop,
    unknown,
)
from s7spec.model.plan import Plan
from s7spec.plan import plan_digest
from s7spec.report.review import Source, dotenv, outputs_of

if TYPE_CHECKING:
    from s7spec.adapters.code_hosts.gitlab import GitLabDiscussion

_TOKENS = ("S7SPEC_GITLAB_TOKEN", "GITLAB_TOKEN")
_HINT = (
    "put a project access token with the scope `api` into a masked variable: CI_JOB_TOKEN may not "
    "write notes"
)


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
    type=OutputFile(instead="name a file"),
    help="Write S7SPEC_PLAN_DIGEST, _HAS_CHANGES, _JOBS and _REFUSED for `reports: dotenv`.",
)
def command(asked: ReviewAsked, number: int | None, variables: Path | None) -> int:
    """Show a saved plan in its merge request: one note for each environment, kept up to date.

    Reads what GitLab CI sets, and a token from S7SPEC_GITLAB_TOKEN or GITLAB_TOKEN. Without a
    merge request only --dotenv is written. Only notes of this token's user are ever changed.

    A pipeline of a fork has no token: that is said, and the exit code is 0.
    """
    run = gitlab_run(os.environ)
    return review(asked, _GitLab(run=run, number=number or run.number, variables=variables))


@dataclass(frozen=True, slots=True, kw_only=True)
class _GitLab:
    """A job of GitLab CI, and the merge request that is meant."""

    run: GitLabRun
    number: int | None
    variables: Path | None
    rights_hint: str = "the token needs the scope `api` and the role of a reporter, or a higher one"
    read_only: str | None = None

    @property
    def source(self) -> Source:
        return Source(commit=self.run.commit, url=self.run.url)

    @property
    def where(self) -> str:
        return f"merge request {self.number}"

    def hand_on(self, plan: Plan | None, command: str | None) -> None:
        if self.variables is None:
            return
        if plan is None:
            raise click.UsageError("--dotenv says what is in PLAN.JSON.")
        write_whole(self.variables, dotenv(outputs_of(plan, digest=plan_digest(plan))))

    def silent_because(self) -> str | None:
        if self.run.is_of_fork and not any(os.environ.get(name) for name in _TOKENS):
            return "no note: a pipeline of a fork has no token; the plan stands in its log"
        if self.number is not None:
            return None
        if self.variables is None:
            raise unknown("this job belongs to no merge request, and no --mr is given", None)
        return "no note: this job belongs to no merge request"

    def discussion(self, seconds: float) -> GitLabDiscussion:
        from s7spec.adapters.code_hosts.gitlab import GitLabDiscussion

        assert self.number is not None
        if not self.run.api:
            raise unknown("CI_API_V4_URL is not set", None)
        if not self.run.project:
            raise unknown(
                "neither CI_MERGE_REQUEST_PROJECT_ID nor CI_PROJECT_ID is set to a project",
                "its number, or GROUP/NAME such as acme/shop",
            )
        return GitLabDiscussion(
            address_or_stop(self.run.api, "CI_API_V4_URL"),
            project=self.run.project,
            number=self.number,
            token=token_or_stop(os.environ, *_TOKENS, hint=_HINT),
            seconds=seconds,
        )
