"""How an apply goes, on stderr: bars on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from s7spec.cli import terminal
from s7spec.cli.live.pulse import BEAT_SECONDS, Pulse
from s7spec.cli.live.tally import Tally, answers_text, silence_text
from s7spec.model.job import JobKey
from s7spec.model.receipt import RunItem
from s7spec.ports import PortError
from s7spec.report.visible import visible

if TYPE_CHECKING:
    from s7spec.cli.live.bars import LiveBars

_MOST_WAITS = 5
"""Jobs whose wait is told of one by one; a broken connection can leave many in doubt."""


class Lines:
    """One line for each change with ``all_of_them``; without only what the run says by itself. In
    either case a sign of life when nothing was told for half a minute. Nothing at all when
    ``is_quiet``: how it ended is told in the end."""

    def __init__(
        self,
        tally: Tally,
        *,
        all_of_them: bool,
        is_quiet: bool = False,
        beat_seconds: float = BEAT_SECONDS,
    ) -> None:
        self._tally = tally
        self._all = all_of_them
        self._is_quiet = is_quiet
        self._waits = 0
        self._pulse = Pulse(self._beat, seconds=beat_seconds)

    def __enter__(self) -> Self:
        if not self._is_quiet:
            self._pulse.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pulse.__exit__(kind, error, trace)

    def planned(self, jobs: int, assets: int) -> None:
        if self._all:
            self._say(f"{jobs} jobs, {assets} assets")

    def moved(self, item: RunItem, *, assets: int) -> None:
        if self._all and item.state is not None:
            text = f"{item.key.short}: {item.state} ({assets} assets) {item.message}"
            self._say(text.rstrip())

    def said(self, message: str) -> None:
        self._say(message)

    def silent(self, error: PortError, *, seconds: float, patience: float) -> None:
        self._say(silence_text(error, seconds))

    def answers(self, seconds: float) -> None:
        self._say(answers_text(seconds))

    def waits(self, message: str, *, seconds: float, key: JobKey | None = None) -> None:
        if key is not None and not self._all:
            self._waits += 1
            if self._waits > _MOST_WAITS:
                return
        self._say(message)

    def progressed(self, key: JobKey, percent: int | None, message: str) -> None:
        if self._all and percent is not None:
            self._say(f"{key.short}: {percent} % {message}".rstrip())

    def _say(self, text: str) -> None:
        if self._is_quiet:
            return
        self._pulse.news()
        terminal.say(visible(text))

    def _beat(self) -> None:
        terminal.say(visible(sign_of_life(self._tally)))


def sign_of_life(tally: Tally) -> str:
    """One line: how many jobs stand where, and what is waited for."""
    counts = tally.counts().text()
    waiting = tally.waiting()
    parts = [f"still at it: {counts}" if counts else "still at it"]
    if waiting is not None:
        parts.append(f"{waiting.message}, {waiting.seconds} s left")
    return "; ".join(parts)


@contextmanager
def signs_of_life(what: str, *, quiet: bool) -> Iterator[None]:
    """While something goes on that tells nothing by itself: a line each half minute, where nobody
    sits at a terminal."""
    if quiet or sys.stderr is None or sys.stderr.isatty():
        yield
        return
    with Pulse(lambda: terminal.say(f"still at it: {what}")):
        yield


def progress(tally: Tally, *, quiet: bool, verbose: bool) -> Lines | LiveBars:
    """Bars on a terminal; elsewhere lines. ``tally`` hears of everything first."""
    if sys.stderr is not None and sys.stderr.isatty() and not quiet and not verbose:
        from s7spec.cli.live.bars import LiveBars

        return LiveBars(tally)
    return Lines(tally, all_of_them=verbose, is_quiet=quiet)
