"""Ctrl-C, and a CI that cancels: once means come to an end, twice means now."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from s7spec.apply import StopSign
from s7spec.cli import terminal
from s7spec.cli.exit_codes import ExitCode

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_ONE_INTERRUPT = 0.5
"""Seconds: `timeout` and some CIs signal the process and then its group, which is one wish."""

_SOON = "interrupted: waits for submits on their way; interrupt again to end at once"
_NOW = "interrupted: ends at once; what was sent is found by its name when you plan again"


@contextmanager
def stopping_on_signals(
    last_words: Callable[[], None], *, is_quiet: bool = False
) -> Iterator[StopSign]:
    """A sign that the first SIGINT or SIGTERM of the block raises; the second ends the process,
    after ``last_words`` that must not wait for anything. With ``is_quiet`` the first is not
    answered in words.

    That is safe at any moment: an intent is in the ledger before anything is sent.
    """
    sign = StopSign()
    if threading.current_thread() is not threading.main_thread():
        yield sign
        return

    first = 0.0

    def heard(number: int, frame: FrameType | None) -> None:
        nonlocal first
        now = time.monotonic()
        if sign.asked and now - first < _ONE_INTERRUPT:
            return
        if sign.asked:
            terminal.say_at_once(_NOW)
            terminal.show_cursor()
            last_words()
            os._exit(ExitCode.INTERRUPTED)
        first = now
        if not is_quiet:
            terminal.say_at_once(_SOON)
        sign.ask()

    previous = {number: signal.signal(number, heard) for number in _SIGNALS}
    try:
        yield sign
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
