"""Options every command has, and the invocation they amount to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from s7spec.cli.outputs.output_file import writes
from s7spec.model.wishes import PlanWishes, Refresh

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """``project`` is where the search for s7spec.yaml starts; ``verbosity`` -1 quiet, 0, 1..."""

    project: Path
    environment: str | None
    verbosity: int

    @property
    def quiet(self) -> bool:
        return self.verbosity < 0


def common_options(function: Callable[..., R]) -> Callable[..., R]:
    """Adds --project, --env, -q and -v; passes them on as one ``invocation``.

    Before the command begins, files that it is to write are held against what it reads."""

    @click.option(
        "--project",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        default=Path(),
        help="Folder with s7spec.yaml, or below it.  [default: here]",
    )
    @click.option("--env", "environment", metavar="NAME", help="Environment of s7spec.yaml.")
    @click.option("-q", "--quiet", is_flag=True, help="No talk on stderr but errors.")
    @click.option("-v", "--verbose", count=True, help="Say more; -vv also logs the network.")
    @wraps(function)
    def wrapped(
        *, project: Path, environment: str | None, quiet: bool, verbose: int, **rest: Any
    ) -> R:
        if verbose:  # without -v Python itself says warnings, and nothing else
            from s7spec.cli.logs import log_to_stderr

            log_to_stderr(verbose)
        invocation = Invocation(
            project=project, environment=environment, verbosity=-1 if quiet else verbose
        )
        keep_inputs(project)
        return function(invocation=invocation, **rest)

    return wrapped


def keep_inputs(project: Path) -> None:
    """Raises Stop when the running command would write over what it reads, or what the project is
    made of."""
    running = click.get_current_context()
    if any(map(partial(writes, running), running.command.params)):
        from s7spec.cli.outputs.refusing import (
            refuse_inputs,  # only here: most commands write no file
        )

        refuse_inputs(running, start=project)


def format_option(*formats: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Form of what goes to stdout.",
    )


def paths_argument(function: Callable[P, R]) -> Callable[P, R]:
    return click.argument("paths", nargs=-1, type=click.Path(path_type=Path))(function)


def select_option(function: Callable[P, R]) -> Callable[P, R]:
    return click.option(
        "--select",
        multiple=True,
        metavar="TERMS",
        help="Only these jobs: zalando, 'zalando/*', label:team=shoes, path:eu, and where there is "
        "a plan changed, new, failed, reason:assets, action:retry; a,b: both; not:a: none of them. "
        "May be repeated: any of them. docs/selecting.md has them all.",
    )(function)


def since_option(function: Callable[P, R]) -> Callable[P, R]:
    return click.option(
        "--since",
        metavar="REV",
        help="Only manifests that changed since they forked from this revision of git: themselves, "
        "or a template, data or library they use.",
    )(function)


def wishes_options(function: Callable[..., R]) -> Callable[..., R]:
    """Adds --rerun and --refresh; passes them on as one ``asked``."""

    @click.option(
        "--rerun",
        multiple=True,
        metavar="PATTERN",
        help="Run these jobs once more, whatever the ledger says. May be repeated.",
    )
    @click.option(
        "--refresh",
        type=click.Choice([each.value for each in Refresh]),
        default=Refresh.AUTO.value,
        show_default=True,
        help="Ask IPS about open jobs (and all it lists, with an empty ledger); about all it "
        "lists; or nothing.",
    )
    @wraps(function)
    def wrapped(*, rerun: tuple[str, ...], refresh: str, **rest: Any) -> R:
        return function(asked=PlanWishes(refresh=Refresh(refresh), rerun=rerun), **rest)

    return wrapped


def is_given(parameter: str) -> bool:
    """Whether somebody gave this option of the running command, be it with its default."""
    source = click.get_current_context().get_parameter_source(parameter)
    return source is not None and source is not click.core.ParameterSource.DEFAULT


def examples(*lines: str) -> str:
    """The epilog of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
