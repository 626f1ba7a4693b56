"""`review github` and `review gitlab`: one frame, two hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click

from s7spec.adapters.clock import SystemClock
from s7spec.adapters.code_hosts.address import api_address
from s7spec.adapters.git import root_of
from s7spec.cli import terminal
from s7spec.cli.apply_command import ApplyCommand
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.options import keep_inputs
from s7spec.cli.planning import read_plan_file
from s7spec.cli.stop import Stop, stop
from s7spec.load import find_project
from s7spec.model.comment import Told
from s7spec.model.plan import Plan
from s7spec.model.rules import Rule
from s7spec.pipeline.reviewing import tell_reviewers, warn_reviewers
from s7spec.plan import plan_digest
from s7spec.ports import CodeHostForbids, CodeHostRefused, CodeHostUnavailable, Discussion
from s7spec.report.review import (
    Source,
    comment_text,
    is_about,
    is_worth_a_comment,
    marker_of,
    outdated_text,
)

R = TypeVar("R")

_WORDS = {
    Told.ADDED: "comment added to",
    Told.CHANGED: "comment brought up to date in",
    Told.SAME: "the comment says so already in",
    Told.NOT_NEEDED: "nothing to tell in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAsked:
    """Either ``plan_file`` or ``failed``, the environment of which no plan came about.

    ``project`` is where the plan's project lies, for the command that applies it, and to tell its
    comment from those of other projects in the repository.
    """

    plan_file: Path | None
    failed: str | None
    project: Path
    always: bool
    seconds: float
    quiet: bool


class ReviewHost(Protocol):
    """What the hosts differ in. ``where`` names the pull request; ``rights_hint`` is what to do
    when its token may not comment, ``read_only`` what to say when it never may, if that is so."""

    @property
    def source(self) -> Source: ...
    @property
    def where(self) -> str: ...
    @property
    def rights_hint(self) -> str: ...
    @property
    def read_only(self) -> str | None: ...

    def hand_on(self, plan: Plan | None, command: str | None) -> None:
        """What later steps take, and the summary of this one: first, for what comes then may
        fail."""

    def silent_because(self) -> str | None:
        """Why nothing is to be commented on, empty where that was asked for; None when there is.
        Raises Stop where nobody could have meant that."""

    def discussion(self, seconds: float) -> AbstractContextManager[Discussion]:
        """Raises Stop when it is not given which, or by whom."""


def review_options(function: Callable[..., R]) -> Callable[..., R]:
    """PLAN.JSON or --failed, --project, --always, --timeout and -q as one ``asked``; -v. A saved
    plan knows its environment."""

    @click.argument(
        "plan_file", metavar="PLAN.JSON", type=click.Path(path_type=Path), required=False
    )
    @click.option(
        "--failed",
        metavar="ENVIRONMENT",
        help="Instead of PLAN.JSON: no plan came about. Says so above an older one.",
    )
    @click.option(
        "--project",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        default=Path(),
        help="As `plan` was given it: the comment is that project's, and the command that applies "
        "the plan names it.  [default: here]",
    )
    @click.option(
        "--always",
        is_flag=True,
        help="Comment also when there is nothing to do. Otherwise only a comment that is there "
        "already is brought up to date.",
    )
    @click.option(
        "--timeout",
        "seconds",
        type=click.IntRange(1, 3600),
        default=120,
        show_default=True,
        metavar="SECONDS",
        help="Time for the whole of it, with all tries and waiting.",
    )
    @click.option("-q", "--quiet", is_flag=True, help="No talk on stderr but errors.")
    @click.option("-v", "--verbose", count=True, help="Say more; -vv also logs the network.")
    @wraps(function)
    def wrapped(
        *,
        plan_file: Path | None,
        failed: str | None,
        project: Path,
        always: bool,
        seconds: int,
        quiet: bool,
        verbose: int,
        **rest: Any,
    ) -> R:
        if (plan_file is None) is (failed is None):
            raise click.UsageError("Give either PLAN.JSON or --failed ENVIRONMENT.")
        if verbose:
            from s7spec.cli.logs import log_to_stderr

            log_to_stderr(verbose)
        keep_inputs(project)
        asked = ReviewAsked(
            plan_file=plan_file,
            failed=failed,
            project=project,
            always=always,
            seconds=seconds,
            quiet=quiet,
        )
        return function(asked=asked, **rest)

    return wrapped


def review(asked: ReviewAsked, host: ReviewHost) -> int:
    """Hands the plan on, and tells those who review it. Raises Stop."""
    plan = command = None
    if asked.plan_file is not None:
        plan = read_plan_file(asked.plan_file)
        exactly = ApplyCommand(plan=plan, file=asked.plan_file, project=asked.project)
        command = exactly.at_root()
    host.hand_on(plan, command)
    told = host.silent_because()
    if told is None:
        told = _told(asked, host, plan, command)
    if told and not asked.quiet:
        terminal.say(told)
    return ExitCode.OK


def _told(asked: ReviewAsked, host: ReviewHost, plan: Plan | None, command: str | None) -> str:
    """What became of it."""
    with (
        _code_host_errors_as_findings(host.rights_hint),
        host.discussion(asked.seconds) as discussion,
    ):
        try:
            if plan is None:
                return _warn_on(discussion, asked, host)
            return _comment_on(discussion, plan, command, host, asked)
        except CodeHostForbids:
            if host.read_only is None:
                raise
            return host.read_only


def _comment_on(
    discussion: Discussion, plan: Plan, command: str | None, host: ReviewHost, asked: ReviewAsked
) -> str:
    place = place_of(asked.project)
    told = tell_reviewers(
        discussion,
        comment_text(
            plan, digest=plan_digest(plan), command=command, source=host.source, place=place
        ),
        marker=marker_of(plan, place),
        add_when_missing=asked.always or is_worth_a_comment(plan),
        clock=SystemClock(),
    )
    return f"{_WORDS[told]} {host.where}"


def _warn_on(discussion: Discussion, asked: ReviewAsked, host: ReviewHost) -> str:
    environment, place = asked.failed or "", place_of(asked.project)
    found = warn_reviewers(
        discussion,
        is_meant=lambda text: is_about(text, environment, place),
        warned=lambda text: outdated_text(text, host.source),
    )
    if not found:
        return f"no comment in {host.where} that could be outdated"
    comments = "comment" if found == 1 else f"{found} comments"
    return f"{comments} marked as outdated in {host.where}"


def place_of(project: Path) -> str:
    """The folder of the project in its repository, empty for the root: several projects of one
    repository have comments of their own. Without a checkout it is as it was given."""
    file = find_project(project.resolve())
    folder = project.resolve() if file is None else file.parent
    root = root_of(folder)
    if root is not None:
        return "" if folder == root else folder.relative_to(root).as_posix()
    is_within = not project.is_absolute() and ".." not in project.parts
    return project.as_posix() if is_within and project.parts else ""


@contextmanager
def _code_host_errors_as_findings(hint_when_forbidden: str) -> Iterator[None]:
    try:
        yield
    except CodeHostRefused as error:
        hint = error.remedy or (hint_when_forbidden if error.status == 403 else None)
        raise stop(Rule.CODE_HOST_REFUSED, str(error), hint=hint) from error
    except CodeHostUnavailable as error:
        raise stop(
            Rule.CODE_HOST_UNAVAILABLE,
            str(error),
            hint=error.remedy or "run this step again",
            exit_code=ExitCode.ERROR,
        ) from error


def address_or_stop(text: str, variable: str) -> str:
    try:
        return api_address(text, variable=variable)
    except ValueError as error:
        raise unknown(str(error), None) from error


def token_or_stop(environ: Mapping[str, str], *variables: str, hint: str) -> str:
    for name in variables:
        token = environ.get(name, "").strip()
        if not token:
            continue
        if not token.isascii() or not token.isprintable() or " " in token:
            raise unknown(f"{name} holds something that is no token", hint)
        return token
    raise unknown(f"no token: set {' or '.join(variables)}", hint)


def unknown(summary: str, hint: str | None) -> Stop:
    return stop(Rule.CODE_HOST_UNKNOWN, summary, hint=hint)
