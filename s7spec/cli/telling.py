"""A command that tells how it goes to whoever asked for it: as events, and as traces."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import click

from s7spec.adapters.telemetry import Tracing, TracingUnusable, Untraced, open_tracing
from s7spec.cli import terminal
from s7spec.cli.endings import Ending, ending_of, outcome_of
from s7spec.cli.events import Events, open_events
from s7spec.cli.live.chorus import Chorus
from s7spec.cli.live.tally import Tally
from s7spec.cli.outputs.output_file import OutputTarget
from s7spec.cli.stop import stop
from s7spec.model.plan import Plan
from s7spec.model.receipt import RunReport
from s7spec.model.rules import Rule
from s7spec.ports import Observer

R = TypeVar("R")


def events_option(function: Callable[..., R]) -> Callable[..., R]:
    """Adds --events."""
    return click.option(
        "--events",
        "events_target",
        type=OutputTarget(),
        metavar="FILE",
        help="Write what happens as JSON Lines, each at once: to a file, - for stdout (then the "
        "report goes to stderr) or fd:N.",
    )(function)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a command tells while it works; somebody listens, or nobody."""

    events: Events
    tracing: Tracing

    @property
    def tally(self) -> Tally:
        return self.events.tally

    @property
    def takes_stdout(self) -> bool:
        """Whether standard output is the events', so that everything else must go elsewhere."""
        return self.events.take_stdout

    def observer(self, shown: Observer) -> Observer:
        """All who hear of a run; ``shown`` is what people see of it."""
        return Chorus(self.events, self.tracing, shown)

    def plan(self, plan: Plan) -> None:
        self.events.plan(plan)
        self.tracing.plan(plan)

    def report(self, report: RunReport) -> None:
        self.events.report(report)

    def refuse_two_on_stdout(self, output_format: str) -> None:
        """Raises Stop when events and a document for programs both go to standard output."""
        if self.takes_stdout and output_format == "json":
            raise stop(
                Rule.USAGE,
                "--events - and --format json both want standard output",
                hint="write the events to a file, or to fd:3",
            )

    def end(self, ending: Ending) -> None:
        self.tracing.ended(outcome_of(ending.exit_code), ending.exit_code)
        try:
            self.events.summary(ending)
        except KeyboardInterrupt:  # somebody is impatient, and gets it all the same
            self.events.summary(ending)
            raise


def told(target: str | None, command: str, work: Callable[[Telling], int]) -> int:
    """Does the work of a command and returns its exit code. However it ends, a summary is the last
    event, and the span of the command knows how."""
    with open_events(target, command) as events:
        telling = Telling(events=events, tracing=_tracing())
        try:
            with telling.tracing.run(command, events.run_id):
                return _ended(telling, work)
        finally:
            trouble = telling.tracing.close()
            if trouble:
                terminal.say(f"traces: {trouble}")


def _ended(telling: Telling, work: Callable[[Telling], int]) -> int:
    try:
        code = work(telling)
    except BaseException as error:
        telling.end(ending_of(error))
        raise
    telling.end(Ending(exit_code=code))
    return code


def _tracing() -> Tracing:
    """Nothing is left undone because nobody can be told of it: that is said, and that is all."""
    try:
        return open_tracing(os.environ)
    except TracingUnusable as error:
        terminal.say(f"no traces: {error}")
        return Untraced()
