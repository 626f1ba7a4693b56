"""How a run is asked to end before it is done."""

from __future__ import annotations

from collections.abc import Callable


class StopSign:
    """``ask`` may be called from a signal handler, more than once."""

    def __init__(self) -> None:
        self.asked = False
        self._heard: Callable[[], None] = _nobody

    def ask(self) -> None:
        self.asked = True
        self._heard()

    def tell(self, heard: Callable[[], None]) -> None:
        """``heard`` is called with each request from now on."""
        self._heard = heard


def _nobody() -> None:
    return None
