"""Chaos has bounds of its own: its tests start many processes, on machines that may be busy."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

HANGS_AFTER_SECONDS = 600


@pytest.fixture(autouse=True)
def no_hanging() -> Iterator[None]:
    """As everywhere, only later."""

    def hangs(number: int, frame: object) -> None:
        raise AssertionError(f"the test still runs after {HANGS_AFTER_SECONDS} s")

    previous = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(HANGS_AFTER_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, previous)
