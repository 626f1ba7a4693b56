"""Crews without threads: a run is repeatable, and time passes only when the loop waits."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from s7spec.apply.crew import Answer
from s7spec.ports import Clock, PortError


class InlineCrew:
    """Makes each call as soon as it is started. An answer comes ``seconds_for`` the token after
    that: at once, unless told otherwise; never more than ``size`` calls are open."""

    def __init__(
        self,
        clock: Clock,
        *,
        size: int = 8,
        seconds_for: Callable[[object], float] = lambda token: 0.0,
    ) -> None:
        self._clock = clock
        self._size = size
        self._seconds_for = seconds_for
        self._open: list[tuple[datetime, Answer]] = []
        self._is_woken = False
        self.is_closed = False

    @property
    def has_room(self) -> bool:
        return len(self._open) < self._size

    def start(self, call: Callable[[], object], token: object) -> None:
        assert self.has_room, "more calls at once than allowed"
        assert not self.is_closed
        try:
            answer = Answer(token=token, value=call())
        except PortError as error:
            answer = Answer(token=token, error=error)
        due = self._clock.now() + timedelta(seconds=self._seconds_for(token))
        self._open.append((due, answer))

    def answers(self, seconds: float) -> Iterator[Answer]:
        if not self._ready() and seconds > 0 and not self._is_woken:
            left = min((due - self._clock.now() for due, _ in self._open), default=None)
            wait = seconds if left is None else min(seconds, left.total_seconds())
            self._clock.sleep(max(wait, 0.0))
        self._is_woken = False
        ready = self._ready()
        self._open = [each for each in self._open if each not in ready]
        yield from (answer for _, answer in ready)

    def wake(self) -> None:
        self._is_woken = True

    def close(self) -> None:
        self.is_closed = True

    def _ready(self) -> list[tuple[datetime, Answer]]:
        now = self._clock.now()
        return [each for each in self._open if each[0] <= now]
