"""A command that tells how it goes to whoever asked for it: events, and traces."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from s7spec.cli.endings import Ending, ending_of
from s7spec.cli.events import Events, open_events
from s7spec.cli.stop import stop
from s7spec.model.rules import Rule

R = TypeVar("R")


def events_option(function: Callable[..., R]) -> Callable[..., R]:
    """Adds --events."""
    return click.option(
        "--events",
        "events_target",
        metavar="FILE",
        help="Write what happens as JSON Lines, each at once: to a file, - for stdout (then the "
        "report goes to stderr) or fd:N.",
    )(function)


def told(target: str | None, command: str, work: Callable[[Events], int]) -> int:
    """Does the work of a command and returns its exit code. However it ends, a summary is the last
    event."""
    with open_events(target, command) as events:
        try:
            code = work(events)
        except BaseException as error:
            _sum_up(events, ending_of(error))
            raise
        _sum_up(events, Ending(exit_code=code))
        return code


def refuse_two_on_stdout(events: Events, output_format: str) -> None:
    """Raises Stop when events and a document for programs both go to standard output."""
    if events.take_stdout and output_format == "json":
        raise stop(
            Rule.USAGE,
            "--events - and --format json both want standard output",
            hint="write the events to a file, or to fd:3",
        )


def _sum_up(events: Events, ending: Ending) -> None:
    try:
        events.summary(ending)
    except KeyboardInterrupt:  # somebody is impatient, and gets it all the same
        events.summary(ending)
        raise
