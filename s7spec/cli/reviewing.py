"""Steps that `review github` and `review gitlab` share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from s7spec.adapters.clock import SystemClock
from s7spec.adapters.code_hosts.address import api_address
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.stop import Stop, stop
from s7spec.model.comment import Told
from s7spec.model.plan import Plan
from s7spec.model.rules import Rule
from s7spec.pipeline.reviewing import tell_reviewers
from s7spec.ports import CodeHostRefused, CodeHostUnavailable, Discussion
from s7spec.report.review import is_worth_a_comment, marker_of

P = ParamSpec("P")
R = TypeVar("R")

_WORDS = {
    Told.ADDED: "comment added to",
    Told.CHANGED: "comment brought up to date in",
    Told.SAME: "the comment says so already in",
    Told.NOT_NEEDED: "nothing to tell in",
}


def review_options(function: Callable[P, R]) -> Callable[P, R]:
    """PLAN.JSON, --always and --timeout."""
    plan = click.argument("plan_file", metavar="PLAN.JSON", type=click.Path(path_type=Path))
    always = click.option(
        "--always",
        is_flag=True,
        help="Comment also when there is nothing to do. Otherwise only a comment that is there "
        "already is brought up to date.",
    )
    timeout = click.option(
        "--timeout",
        type=click.IntRange(1, 3600),
        default=120,
        show_default=True,
        metavar="SECONDS",
        help="Time for the whole of it, with all tries and waiting.",
    )
    return plan(always(timeout(function)))


def comment_on(discussion: Discussion, plan: Plan, text: str, *, always: bool) -> Told:
    """Raises CodeHostRefused, CodeHostUnavailable."""
    return tell_reviewers(
        discussion,
        text,
        marker=marker_of(plan),
        add_when_missing=always or is_worth_a_comment(plan),
        clock=SystemClock(),
    )


def told_text(told: Told, where: str) -> str:
    return f"{_WORDS[told]} {where}"


@contextmanager
def code_host_errors_as_findings(hint_when_forbidden: str) -> Iterator[None]:
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


def append(path: Path, text: str) -> None:
    """To a file that the CI has made for it. Raises Stop."""
    try:
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise stop(Rule.UNWRITABLE, f"cannot write {path}: {error.strerror}") from error
