"""One look at everything that runs in the company, for all flights that wait for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeAlias, cast

from s7spec.apply.crew import Answer, Crew
from s7spec.apply.flight import Flight
from s7spec.apply.tower import Tower
from s7spec.model.ips import ActiveJob

_SLOWER = 1.5

_Standing: TypeAlias = frozenset[tuple[str, str]]


class Lookout:
    """Looks come further apart while they tell nothing new: no job that came, went or changed its
    state. How far one has come is no such news."""

    def __init__(self, tower: Tower) -> None:
        self._tower = tower
        self._watchers: dict[Flight, str] = {}
        self._served: dict[Flight, str] = {}
        self._is_looking = False
        self._delay = tower.options.first_poll_seconds
        self._next = 0.0
        self._last: dict[str, _Standing] = {}

    def add(self, flight: Flight, name: str) -> None:
        if not self._watchers and not self._is_looking:
            self._next = max(self._next, self._tower.watch.seconds() + self._delay)
        self._watchers[flight] = name

    def due(self, otherwise: float) -> float:
        """When the next look is to be made, on the watch."""
        return self._next if self._watchers and not self._is_looking else otherwise

    def start(self, crew: Crew) -> None:
        """Looks if it is time to."""
        if self._is_looking or not self._watchers or not crew.has_room:
            return
        if self._tower.watch.seconds() < self._next:
            return
        self._is_looking = True
        self._served, self._watchers = self._watchers, {}
        crew.start(self._tower.gateway.active_jobs, self)

    def heard(self, answer: Answer) -> Iterator[tuple[Flight, tuple[ActiveJob, ...]]]:
        """Each flight that waited when the look began, with the jobs of its name."""
        self._is_looking = False
        served, self._served = self._served, {}
        jobs = _by_name(cast("tuple[ActiveJob, ...]", answer.value or ()))
        standing = {name: _standing(jobs.get(name, ())) for name in served.values()}
        if answer.error is None and any(
            self._last.get(name) != stands for name, stands in standing.items()
        ):
            self._delay = self._tower.options.first_poll_seconds
        else:
            self._delay = min(self._delay * _SLOWER, self._tower.options.last_poll_seconds)
        if answer.error is None:
            self._last = standing
        self._next = self._tower.watch.seconds() + self._delay
        for flight, name in served.items():
            yield flight, jobs.get(name, ())


def _standing(jobs: tuple[ActiveJob, ...]) -> _Standing:
    return frozenset((job.jobHandle, job.state) for job in jobs)


def _by_name(jobs: tuple[ActiveJob, ...]) -> dict[str, tuple[ActiveJob, ...]]:
    found: dict[str, list[ActiveJob]] = defaultdict(list)
    for job in jobs:
        found[job.originalName].append(job)
    return {name: tuple(named) for name, named in found.items()}
