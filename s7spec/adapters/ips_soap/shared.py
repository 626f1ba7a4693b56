"""What many threads need and one of them gets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """A value that is made once, by whoever asks first. When that fails, all who waited for it fail
    alike: one after the other they would try for as long again. Whoever asks later tries anew."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._future: Future[T] | None = None

    def get(self) -> T:
        """Raises what making it raises."""
        with self._lock:
            future = self._future
            if future is None:
                future = self._future = Future()
                is_first = True
            else:
                is_first = False
        if is_first:
            self._fill(future)
        return future.result()

    def _fill(self, future: Future[T]) -> None:
        try:
            future.set_result(self._make())
        except BaseException as error:  # noqa: BLE001 - handed on, also to those who wait
            with self._lock:
                self._future = None
            future.set_exception(error)
