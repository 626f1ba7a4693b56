"""The loop: keeps flights in the air, within bounds, until all have landed or the run is halted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from s7spec.apply.courses import Drop, Follow, Launch, Settled, is_superseded
from s7spec.apply.flight import Flight
from s7spec.apply.tower import Tower
from s7spec.apply.wording import with_wish
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.plan import Action
from s7spec.model.receipt import RunItem, RunOutcome

Step: TypeAlias = Launch | Follow | Drop | Settled


class Run:
    """Carries out courses that all fit. ``halted`` says why it stopped starting jobs."""

    def __init__(self, steps: Iterable[Step], tower: Tower) -> None:
        self.halted = ""
        self.interrupted = False
        self._steps = tuple(steps)
        self._tower = tower
        self._forgotten: set[JobKey] = set()
        self._flights = {
            step.item.key: Flight(step, tower)
            for step in self._steps
            if isinstance(step, Launch | Follow)
        }

    def carry_out(self) -> None:
        """Ends on the first KeyboardInterrupt: whatever was written down stays as it is."""
        flights = self._flights.values()
        self._tower.observer.planned(len(flights), sum(flight.assets for flight in flights))
        try:
            self._forget()
            self._fly()
        except KeyboardInterrupt:
            self.interrupted = True
            self.halted = (
                "interrupted: nothing more was started, what runs on IPS goes on; "
                "plan again and apply to follow it and to start the rest"
            )

    def items(self, latest: Mapping[JobKey, Attempt]) -> tuple[RunItem, ...]:
        """In the plan's order. ``latest`` is the ledger after the run: an interrupt can fall
        between a write and our knowing of it."""
        return tuple(self._run_item(step, latest.get(step.item.key)) for step in self._steps)

    def outcome(self, items: Iterable[RunItem]) -> RunOutcome:
        if self.interrupted:
            return RunOutcome.INTERRUPTED
        if any(item.state is not None and item.state.is_in_doubt for item in items):
            return RunOutcome.AMBIGUOUS
        settled = (step for step in self._steps if isinstance(step, Settled))
        if any(flight.fell_short for flight in self._flights.values()) or any(
            _fell_short(step) for step in settled
        ):
            return RunOutcome.INCOMPLETE
        return RunOutcome.OK

    def _forget(self) -> None:
        for step in self._steps:
            if isinstance(step, Drop):
                self._tower.books.keep_lease()
                self._tower.books.forget(step.item.key)
                self._forgotten.add(step.item.key)

    def _fly(self) -> None:
        """What is on its way already comes first: it counts as in flight."""
        flights = self._flights.values()
        flying = [flight for flight in flights if flight.attempt is not None]
        waiting = deque(flight for flight in flights if flight.attempt is None)
        while flying or waiting:
            while waiting and len(flying) < self._tower.options.max_in_flight:
                flying.append(waiting.popleft())
            if not sum(self._moves_on(flight) for flight in flying):
                self._sleep(flying)
            flying = [flight for flight in flying if not flight.is_over]

    def _moves_on(self, flight: Flight) -> bool:
        """Takes the flight's next step, if it is due."""
        self._tower.books.keep_lease()
        if self.halted and flight.attempt is None:
            flight.call_off(f"not started: {self.halted}")
            return True
        if flight.due > self._tower.watch.seconds():
            return False
        flight.step()
        if not self.halted:
            self.halted = self._reason_to_halt(flight)
        return True

    def _reason_to_halt(self, flight: Flight) -> str:
        if flight.no_access:
            return flight.no_access
        if self._tower.options.fail_fast and flight.is_over and flight.failed:
            return f"{flight.item.key.short} was the first to fail"
        return ""

    def _sleep(self, flying: Iterable[Flight]) -> None:
        due = min(flight.due for flight in flying) - self._tower.watch.seconds()
        self._tower.watch.sleep(min(max(due, 0.0), self._tower.books.renewal_seconds))

    def _run_item(self, step: Step, latest: Attempt | None) -> RunItem:
        match step:
            case Launch() | Follow():
                item = self._flights[step.item.key].run_item()
                if latest is not None and latest.name == item.attempt_name:
                    item = replace(item, state=latest.state)
                return item
            case Drop():
                done = step.item.key in self._forgotten
                return RunItem(
                    key=step.item.key,
                    action=step.item.action,
                    attempt_name="",
                    state=None,
                    message="forgotten" if done else "not forgotten yet",
                )
            case Settled():
                forgotten = step.item.action is Action.FORGET
                return RunItem(
                    key=step.item.key,
                    action=step.item.action,
                    attempt_name="" if forgotten else step.attempt.name,
                    state=None if forgotten else step.attempt.state,
                    message=_message(step),
                    zip_urls=() if forgotten else step.attempt.zip_urls,
                )


def _fell_short(step: Settled) -> bool:
    """A job to be followed that ended before this run came to it, badly or as something else."""
    if step.item.action is not Action.WAIT:
        return False
    return step.attempt.state is not AttemptState.OK or is_superseded(step.item, step.attempt)


def _message(step: Settled) -> str:
    if step.item.action is not Action.WAIT:
        return step.note
    return with_wish(step.note, step.item, step.attempt)
