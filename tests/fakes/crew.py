"""A crew that makes each call as soon as it is started, in the same thread."""

from collections.abc import Callable, Iterator

from s7spec.apply.crew import Answer
from s7spec.ports import Clock, PortError


class InlineCrew:
    """Nobody works beside the loop: a run is repeatable, and time passes only when it waits."""

    def __init__(self, clock: Clock, *, size: int = 8) -> None:
        self._clock = clock
        self._size = size
        self._answers: list[Answer] = []

    @property
    def has_room(self) -> bool:
        return len(self._answers) < self._size

    def start(self, call: Callable[[], object], token: object) -> None:
        try:
            self._answers.append(Answer(token=token, value=call()))
        except PortError as error:
            self._answers.append(Answer(token=token, error=error))

    def answers(self, seconds: float) -> Iterator[Answer]:
        if not self._answers and seconds > 0:
            self._clock.sleep(seconds)
        answers, self._answers = self._answers, []
        yield from answers

    def wake(self) -> None:
        return None

    def close(self) -> None:
        return None
