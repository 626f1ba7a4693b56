"""A clock that stands still until somebody sleeps on it or moves it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


class ManualClock:
    """What our machine shows. ``true_time`` is the world's, which the server goes by.

    ``on_sleep`` is called with each sleep's seconds before time moves: to interrupt, to jump.
    """

    def __init__(self, now: datetime = NOON) -> None:
        self.true_time = now
        self.slept = 0.0
        self.on_sleep: Callable[[float], None] = lambda seconds: None
        self._wrong_by = timedelta(0)

    def now(self) -> datetime:
        return self.true_time + self._wrong_by

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.on_sleep(seconds)
        self.slept += seconds
        # A real sleep lasts at least a little: a loop that waits for nothing would never end here.
        self.move(max(seconds, 0.001))

    def move(self, seconds: float) -> None:
        """Time goes by."""
        assert seconds >= 0
        self.true_time += timedelta(seconds=seconds)

    def jump(self, seconds: float) -> None:
        """Somebody sets our clock forward, or back with a negative number."""
        self._wrong_by += timedelta(seconds=seconds)
