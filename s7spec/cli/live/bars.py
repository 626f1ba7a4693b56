"""Bars on a terminal: jobs and assets with rates, a line for each job at work, and what is waited
for, with the seconds that are left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column
from rich.text import Text

from s7spec.cli import terminal
from s7spec.cli.live.tally import Tally, answers_text, silence_text
from s7spec.model.job import JobKey
from s7spec.model.receipt import RunItem
from s7spec.ports import PortError
from s7spec.report.visible import visible

_MOST_LINES = 10
"""Jobs with a line of their own: more would push everything else off the screen."""


class LiveBars:
    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._console = Console(file=sys.stderr, no_color=not terminal.talk_view().colour)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._jobs: TaskID | None = None
        self._assets: TaskID | None = None
        self._running: dict[JobKey, TaskID] = {}
        self._sizes: dict[JobKey, int] = {}
        self._ended: set[JobKey] = set()
        self._total = [0, 0]

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
        """Also again: then there are so many more."""
        self._total = [self._total[0] + jobs, self._total[1] + assets]
        if self._jobs is None or self._assets is None:
            self._jobs = self._bars.add_task("jobs", total=jobs, rate=self._standing)
            self._assets = self._bars.add_task("assets", total=assets, rate="")
        self._bars.update(self._jobs, total=self._total[0])
        self._bars.update(self._assets, total=self._total[1])

    def moved(self, item: RunItem, *, assets: int) -> None:
        key = item.key
        if item.state is None or item.state.is_open:
            self._start(key, assets)
            return
        task = self._running.pop(key, None)
        if task is not None:
            self._bars.remove_task(task)
        if key not in self._ended:  # what replaces an older attempt moves on from its end
            self._ended.add(key)
            self._advance(self._jobs, 1)
            self._advance(self._assets, assets)

    def said(self, message: str) -> None:
        self._console.print(visible(message), markup=False, highlight=False)

    def silent(self, error: PortError, *, seconds: float, patience: float) -> None:
        self.said(silence_text(error, seconds))

    def answers(self, seconds: float) -> None:
        self.said(answers_text(seconds))

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        if key is None:
            self.said(message)

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        task = self._running.get(key)
        if task is not None and percent is not None:
            done = round(self._sizes.get(key, 0) * percent / 100)
            self._bars.update(task, completed=done, rate=visible(message))

    def _start(self, key: JobKey, assets: int) -> None:
        if key in self._running or len(self._running) >= _MOST_LINES:
            return
        self._sizes[key] = assets
        self._running[key] = self._bars.add_task(f"  {visible(key.short)}", total=assets, rate="")

    def _advance(self, task: TaskID | None, amount: int) -> None:
        if task is not None:
            self._bars.advance(task, amount)

    def _standing(self) -> str:
        waiting = self._tally.waiting()
        text = self._tally.counts().text()
        if waiting is not None and waiting.is_silence:
            text = f"{waiting.message}; {text}"
        elif waiting is not None:
            text = f"{text}; waits up to {waiting.seconds} s" if text else waiting.message
        return visible(text)


class _Rate(ProgressColumn):
    """What the task's ``rate`` says, asked anew with each look if it can be asked; behind assets
    how many there are in a second."""

    def __init__(self) -> None:
        super().__init__(table_column=Column(overflow="ellipsis", no_wrap=True))

    def render(self, task: Task) -> Text:
        rate: str | Callable[[], str] = task.fields.get("rate", "")
        if callable(rate):
            return Text(rate())
        if task.description == "assets" and task.elapsed:
            return Text(f"{task.completed / task.elapsed:.1f} assets/s")
        return Text(rate)
