"""Events of a run as JSON Lines: into a file, a pipe, standard output or a descriptor.

Every line is written by itself, at once and whole, so that whoever listens can act on it, and one
that was killed leaves no half line but the last. The last event is always a summary.
"""

from __future__ import annotations

import os
import secrets
import stat
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from s7spec import __version__
from s7spec.adapters.clock import SystemClock
from s7spec.cli import terminal
from s7spec.cli.endings import Ending, outcome_of
from s7spec.cli.exit_codes import ExitCode
from s7spec.cli.live.pulse import BEAT_SECONDS, Pulse
from s7spec.cli.live.tally import Tally, answers_text, silence_text
from s7spec.cli.outputs.output_file import DASH, DESCRIPTOR
from s7spec.cli.stop import stop
from s7spec.model.diagnostics import Diagnostic
from s7spec.model.job import JobKey
from s7spec.model.plan import Plan
from s7spec.model.receipt import RunItem, RunReport
from s7spec.model.rules import Rule
from s7spec.ports import PortError
from s7spec.report.json_events import (
    Stamp,
    event_line,
    item_fields,
    planned_fields,
    progress_fields,
    summary_fields,
    waiting_fields,
)

_STDOUT = 1
_LOCK_SECONDS = 0.5


class Events:
    """Writes events to a descriptor; None: nobody listens. It is an observer, and never raises
    because nobody takes what it says: it says so once, and goes silent."""

    def __init__(
        self, descriptor: int | None, command: str, *, beat_seconds: float = BEAT_SECONDS
    ) -> None:
        self._descriptor = descriptor
        self._command = command
        self.run_id = secrets.token_hex(8)
        self._clock = SystemClock()
        self._began = time.monotonic()
        self._number = 0
        self._lock = threading.Lock()
        self._is_over = False
        self._report: RunReport | None = None
        self.tally = Tally()
        self._pulse = Pulse(self._beat, seconds=beat_seconds)

    @property
    def take_stdout(self) -> bool:
        """Whether standard output is theirs, so that everything else must go elsewhere."""
        return self._descriptor == _STDOUT

    @contextmanager
    def open(self) -> Iterator[None]:
        """From the first event to the descriptor's end. The summary is the caller's to write."""
        if self._descriptor is None:
            yield
            return
        self._put("started", {"command": self._command, "tool_version": __version__})
        with self._pulse:
            yield

    def plan(self, plan: Plan) -> None:
        if self._descriptor is not None:
            self._put("planned", planned_fields(plan))

    def report(self, report: RunReport) -> None:
        """For the totals of the summary."""
        self._report = report

    def summary(self, ending: Ending) -> None:
        """The last event."""
        message = ending.message
        if not message and self._report is not None:
            message = self._report.message
        self._finish(ending.exit_code, message, ending.findings)

    def interrupted_at_once(self) -> None:
        """For a signal handler whose process is about to end: the summary, come what may."""
        message = "interrupted again: ended at once"
        self._finish(ExitCode.INTERRUPTED, message, (), is_urgent=True)

    # The observer

    def planned(self, jobs: int, assets: int) -> None:
        self.tally.planned(jobs, assets)
        self._put("begun", {"jobs": jobs, "assets": assets})

    def moved(self, item: RunItem, *, assets: int) -> None:
        self.tally.moved(item, assets=assets)
        self._put("item", item_fields(item, assets))

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        self._put("progress", progress_fields(key, percent, message))

    def said(self, message: str) -> None:
        self._put("said", {"message": message})

    def silent(self, error: PortError, *, seconds: float, patience: float) -> None:
        self.tally.silent(error, seconds=seconds, patience=patience)
        self._put("waiting", waiting_fields(silence_text(error, seconds), patience, None))

    def answers(self, seconds: float) -> None:
        self.tally.answers(seconds)
        self._put("said", {"message": answers_text(seconds)})

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        self.tally.waits(message, seconds=seconds, key=key)
        self._put("waiting", waiting_fields(message, seconds, key))

    def _beat(self) -> None:
        counts, waiting = self.tally.counts(), self.tally.waiting()
        numbers = {
            "jobs": counts.jobs,
            "queued": counts.queued,
            "in_flight": counts.in_flight,
            "scheduled": counts.scheduled,
            "done": counts.done,
            "failed": counts.failed,
        }
        left = None if waiting is None else waiting_fields(waiting.message, waiting.seconds, None)
        self._put("heartbeat", {**numbers, "waiting": left})

    def _finish(
        self,
        exit_code: int,
        message: str,
        findings: Sequence[Diagnostic],
        *,
        is_urgent: bool = False,
    ) -> None:
        fields = summary_fields(
            outcome_of(exit_code),
            exit_code,
            seconds=time.monotonic() - self._began,
            findings=findings,
            message=message,
            report=self._report,
        )
        self._put("summary", fields, is_last=True, is_urgent=is_urgent)

    def _put(
        self,
        event: str,
        fields: Mapping[str, object],
        *,
        is_last: bool = False,
        is_urgent: bool = False,
    ) -> None:
        if self._descriptor is None:
            return
        # A signal handler may have interrupted the very thread that holds the lock.
        has_lock = self._lock.acquire(timeout=_LOCK_SECONDS if is_urgent else -1)
        try:
            if self._is_over:
                return
            self._number += 1
            stamp = Stamp(number=self._number, at=self._clock.now(), run=self.run_id)
            self._write(f"{event_line(event, stamp, fields)}\n".encode())
            self._pulse.news()
            if is_last:
                self._is_over = True
        finally:
            if has_lock:
                self._lock.release()

    def _write(self, line: bytes) -> None:
        assert self._descriptor is not None
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
        except OSError as error:
            self._is_over = True
            terminal.say_at_once(f"events can no longer be written: {error.strerror}")


@contextmanager
def open_events(target: str | None, command: str) -> Iterator[Events]:
    """``target`` is a path, ``-`` for standard output or ``fd:N`` for a descriptor that the caller
    has opened; None: nobody listens. A file is replaced. Raises Stop when it cannot be written."""
    descriptor, is_ours = _descriptor(target)
    try:
        events = Events(descriptor, command)
        with events.open():
            yield events
    finally:
        if is_ours and descriptor is not None:
            with suppress(OSError):
                os.close(descriptor)


def _descriptor(target: str | None) -> tuple[int | None, bool]:
    """The descriptor, and whether it is ours to close."""
    if target is None:
        return None, False
    named = DESCRIPTOR.fullmatch(target)
    try:
        if target == DASH or named:
            descriptor = _STDOUT if named is None else int(named[1])
            mode = os.fstat(descriptor).st_mode
            if stat.S_ISDIR(mode):
                raise IsADirectoryError(21, "it is a folder")
            return descriptor, False
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        return os.open(target, flags, 0o666), True
    except OSError as error:
        raise stop(
            Rule.UNWRITABLE,
            f"cannot write events to {target}: {error.strerror}",
            hint="name a file in a folder that exists, - or fd:N with a descriptor that is open",
        ) from error
