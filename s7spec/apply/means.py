"""What a run is given to work with."""

from __future__ import annotations

from dataclasses import dataclass, field

from s7spec.apply.crew import Crew
from s7spec.apply.stopping import StopSign
from s7spec.ports import Clock, IpsGateway, Ledger, Observer


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """``crew`` makes the calls to IPS; a run closes it. ``stop`` is how others end the run."""

    ledger: Ledger
    gateway: IpsGateway
    clock: Clock
    observer: Observer
    crew: Crew
    stop: StopSign = field(default_factory=StopSign)
