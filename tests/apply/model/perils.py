"""Where a process may die, be stopped or be paused: between any two of its effects."""

from collections.abc import Callable, Hashable
from enum import StrEnum

from s7spec.apply import StopSign
from tests.apply.model.choices import Choices
from tests.fakes.doom import Doom, Killed


class Peril(StrEnum):
    NONE = "goes on"
    DIES = "dies"
    STOPS = "is asked to stop"
    PAUSES = "is paused"


class Perils(Doom):
    """Moments lie before and after each call through a port and each commit, as in Doom. Those
    between which nothing has changed, neither ledger nor server nor time, are one: a process that
    is gone cannot be told from one that was about to look.
    """

    def __init__(
        self,
        choices: Choices,
        perils: tuple[Peril, ...],
        *,
        standing: Callable[[], Hashable],
        stop: StopSign,
        meanwhile: Callable[[], None],
    ) -> None:
        super().__init__()
        self._choices = choices
        self._perils = perils
        self._standing = standing
        self._stop = stop
        self._meanwhile = meanwhile
        self._last: Hashable = None

    def moment(self) -> None:
        if self.is_dead:
            raise Killed
        standing = self._standing()
        if standing == self._last:
            return
        self._last = standing
        peril = self._choices.pick(self._perils)
        if peril is Peril.NONE:
            return
        # One is enough for a run.
        self._perils = (Peril.NONE,)
        match peril:
            case Peril.DIES:
                self.is_dead = True
                raise Killed
            case Peril.STOPS:
                self._stop.ask()
            case Peril.PAUSES:
                self._meanwhile()
                self._last = self._standing()
