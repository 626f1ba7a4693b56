"""Whether IPS can be asked, of the run as a whole."""

from __future__ import annotations

from s7spec.apply.stopwatch import Stopwatch
from s7spec.ports import Observer, PortError

_A_WHILE = 10.0
"""One look that fails is nothing to tell: the next one may be answered."""


class Contact:
    """The observer hears when no look has been answered for a while, and when one is again."""

    def __init__(self, watch: Stopwatch, observer: Observer, *, patience: float) -> None:
        self._watch = watch
        self._observer = observer
        self._patience = patience
        self._since: float | None = None
        self._is_told = False

    def failed(self, error: PortError) -> None:
        """A look was not answered, or not as it should be."""
        now = self._watch.seconds()
        if self._since is None:
            self._since = now
        silence = now - self._since
        if silence >= _A_WHILE and not self._is_told:
            self._is_told = True
            left = max(self._patience - silence, 0.0)
            self._observer.silent(error, seconds=silence, patience=left)

    def answered(self) -> None:
        since, was_told = self._since, self._is_told
        self._since, self._is_told = None, False
        if was_told and since is not None:
            self._observer.answers(self._watch.seconds() - since)
