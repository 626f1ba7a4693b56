"""Live progress of an apply: jobs and assets with rates, on a terminal; silent elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from s7spec.cli import terminal
from s7spec.model.job import JobKey
from s7spec.model.receipt import RunItem
from s7spec.report.visible import visible

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class SilentProgress:
    """Hears everything, shows nothing; with ``lines`` one line on stderr for each change.

    ``begun`` turns true with the first attempt that was written down, and so may have been sent.
    """

    def __init__(self, *, lines: bool = False) -> None:
        self._lines = lines
        self.begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def planned(self, jobs: int, assets: int) -> None:
        if self._lines:
            terminal.say(f"{jobs} jobs, {assets} assets")

    def moved(self, item: RunItem, *, assets: int) -> None:
        self.begun = self.begun or item.state is not None
        if self._lines and item.state is not None:
            terminal.say(
                f"{item.key.short}: {item.state} ({assets} assets) {visible(item.message)}".rstrip()
            )

    def said(self, message: str) -> None:
        terminal.say(message)

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        if self._lines and percent is not None:
            terminal.say(f"{key.short}: {percent} % {visible(message)}".rstrip())


class LiveProgress:
    """Two bars (jobs, assets) and a line for each job at work."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        self._bars: Progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TimeElapsedColumn(),
            console=Console(file=sys.stderr, no_color=not terminal.view(sys.stderr).colour),
            transient=True,
        )
        self._jobs: TaskID | None = None
        self._assets: TaskID | None = None
        self._running: dict[JobKey, TaskID] = {}
        self._sizes: dict[JobKey, int] = {}
        self.begun = False

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def planned(self, jobs: int, assets: int) -> None:
        self._jobs = self._bars.add_task("jobs", total=jobs, rate="")
        self._assets = self._bars.add_task("assets", total=assets, rate="")

    def moved(self, item: RunItem, *, assets: int) -> None:
        self.begun = self.begun or item.state is not None
        if item.state is None or item.state.is_open:
            self._start(item.key, assets)
            return
        task = self._running.pop(item.key, None)
        if task is not None:
            self._bars.remove_task(task)
        self._advance(self._jobs, 1, "jobs/s")
        self._advance(self._assets, assets, "assets/s")

    def said(self, message: str) -> None:
        self._bars.console.print(message, markup=False, highlight=False)

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        task = self._running.get(key)
        if task is not None and percent is not None:
            done = round(self._sizes.get(key, 0) * percent / 100)
            self._bars.update(task, completed=done, rate=visible(message))

    def _start(self, key: JobKey, assets: int) -> None:
        if key not in self._running:
            self._sizes[key] = assets
            self._running[key] = self._bars.add_task(f"  {key.short}", total=assets, rate="")

    def _advance(self, task: TaskID | None, amount: int, unit: str) -> None:
        if task is None:
            return
        self._bars.advance(task, amount)
        state = next(shown for shown in self._bars.tasks if shown.id == task)
        elapsed = state.elapsed or 0.0
        rate = f"{state.completed / elapsed:.1f} {unit}" if elapsed > 0 else ""
        self._bars.update(task, rate=rate)


def progress(*, quiet: bool, verbose: bool) -> SilentProgress | LiveProgress:
    """Bars on a terminal; elsewhere nothing, or lines when more talk was asked for."""
    if sys.stderr.isatty() and not quiet and not verbose:
        return LiveProgress()
    return SilentProgress(lines=verbose)
