"""Keeps flights in the air, within bounds, until all have landed or nothing more may be started.

Everything but the calls to IPS happens in one thread: what several flights want written at the same
time shares one transaction, and one look at the list of all that runs serves every flight.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from itertools import count

from s7spec.apply.crew import Answer, Crew
from s7spec.apply.flight import LOOK_FAILED, NO_ACCESS, Flight
from s7spec.apply.requests import (
    Ask,
    CalledOff,
    Clearance,
    Request,
    Rest,
    Steps,
    TooLate,
    Watch,
    Write,
)
from s7spec.apply.stopping import StopSign
from s7spec.apply.tower import Tower
from s7spec.apply.watching import Lookout
from s7spec.model.ledger import AttemptState
from s7spec.ports import LedgerConflict

INTERRUPTED = (
    "interrupted: nothing more was started, what runs on IPS goes on; "
    "plan again and apply to follow it and to start the rest"
)


class Loop:
    """``halted`` says why it stopped starting jobs; ``interrupted`` that it was asked to end.

    An interrupt that comes as KeyboardInterrupt may cut a step short: what that step was about is
    not touched again, and the ledger tells how far it came.
    """

    def __init__(self, tower: Tower, crew: Crew, stop: StopSign) -> None:
        self.halted = ""
        self.interrupted = False
        self._tower = tower
        self._crew = crew
        self._stop = stop
        self._lookout = Lookout(tower)
        self._steps: dict[Flight, Steps] = {}
        self._waiting: deque[tuple[Flight, Steps]] = deque()
        self._writes: list[tuple[Flight, Write]] = []
        self._sends: deque[tuple[Flight, Ask]] = deque()
        self._looks: deque[tuple[Flight, Ask]] = deque()
        self._under_way: dict[Flight, Ask] = {}
        self._resting: list[tuple[float, int, Flight]] = []
        self._order = count()
        self._failures = 0
        self._end = 0.0

    def fly(self, flights: Iterable[tuple[Flight, Steps]]) -> None:
        """What is on its way already should come first: it counts as in flight."""
        self._waiting.extend(flights)
        is_going = True
        while is_going:
            try:
                is_going = self._turn()
            except KeyboardInterrupt:
                self._stop.ask()
            except LedgerConflict as error:
                raise LedgerConflict(f"{error}{self._sent_unwritten()}") from error

    def _sent_unwritten(self) -> str:
        """Whoever took over may have sent them, too: a run that stood still for longer than the
        quarantine between its last look at the clock and its submit cannot know."""
        names = sorted(flight.known.name for flight in self._steps if self._is_unwritten(flight))
        if not names:
            return ""
        told = ", ".join(names)  # all: there are no more of them than calls at once
        return f"; sent and not written down, so look on IPS whether it has them twice: {told}"

    def _is_unwritten(self, flight: Flight) -> bool:
        is_sending = flight in self._under_way and self._under_way[flight].sends
        is_intent = flight.attempt is not None and flight.known.state is AttemptState.INTENT
        return is_sending or (is_intent and flight.sends > 0)

    def halt(self, why: str) -> None:
        """Nothing more is started. The first reason is the one that is told."""
        self.halted = self.halted or why

    def _turn(self) -> bool:
        """Does what can be done now, or waits. False when there is nothing left to do."""
        self._tower.books.keep_lease()
        self._heed()
        self._take_off()
        if self.interrupted and self._is_drained():
            return False
        # What came in meanwhile shares the next transaction, and the crew is at work while the disk
        # is waited for.
        self._collect(0.0)
        moved = [self._wake(), self._dispatch(), self._write()]
        if self._steps and not any(moved):
            self._collect(self._idle_seconds())
        return bool(self._waiting or self._steps)

    def _heed(self) -> None:
        if self._stop.asked and not self.interrupted:
            self.interrupted = True
            self.halted = INTERRUPTED
            self._end = self._tower.watch.seconds() + self._tower.options.drain_seconds

    def _is_drained(self) -> bool:
        """Nobody waits for the answer to a submit, nothing is left to be written; or time is up."""
        sending = any(ask.sends for ask in self._under_way.values())
        if self._tower.watch.seconds() >= self._end:
            return not self._writes
        return not (sending or self._sends or self._writes)

    def _take_off(self) -> None:
        options = self._tower.options
        while self._waiting:
            flight, steps = self._waiting[0]
            if self.halted and (flight.attempt is None or self.interrupted):
                self._waiting.popleft()
                if flight.attempt is None:
                    flight.leave(f"not started: {self.halted}")
                    steps.close()
                continue
            # No more intents than can be sent soon: the quarantine counts from the intent.
            if len(self._steps) >= options.max_in_flight and not options.detach:
                return
            if len(self._sends) + len(self._writes) >= 2 * options.max_parallel:
                return
            self._waiting.popleft()
            self._steps[flight] = steps
            self._resume(flight)

    def _resume(
        self, flight: Flight, answer: object = None, error: Exception | None = None
    ) -> None:
        """Lets a flight go on to its next request."""
        steps = self._steps[flight]
        while True:
            try:
                request = steps.send(answer) if error is None else steps.throw(error)
            except StopIteration:
                self._landed(flight)
                return
            except NO_ACCESS as refused:
                flight.shut_out(refused)
                self._landed(flight)
                return
            except LOOK_FAILED as failed:
                flight.leave(f"not known how it goes on: {failed}")
                self._landed(flight)
                return
            except CalledOff as reason:
                flight.leave(f"not started: {reason}" if flight.attempt is None else str(reason))
                self._landed(flight)
                return
            if not isinstance(request, Clearance):
                self._note(flight, request)
                return
            answer, error = None, self._called_off()

    def _called_off(self) -> CalledOff | None:
        return CalledOff(self.halted) if self.halted else None

    def _note(self, flight: Flight, request: Request) -> None:
        match request:
            case Write():
                self._writes.append((flight, request))
            case Ask():
                (self._sends if request.sends else self._looks).append((flight, request))
            case Watch():
                self._lookout.add(flight, request.name)
            case Rest():
                heapq.heappush(self._resting, (request.until, next(self._order), flight))
            case Clearance():
                raise AssertionError("answered at once")

    def _landed(self, flight: Flight) -> None:
        del self._steps[flight]
        self.halt(flight.no_access)
        if not flight.failed or self.interrupted:
            return
        self._failures += 1
        most = self._tower.options.max_failures
        if most is not None and self._failures >= most:
            first = "the first" if most == 1 else f"number {most}"
            self.halt(f"{flight.item.key.short} was {first} to fail")

    def _write(self) -> bool:
        """One transaction for all; flights go on only when it is durable."""
        if not self._writes:
            return False
        writes, self._writes = self._writes, []
        written = self._tower.books.write([request.step for _, request in writes])
        for (flight, _), attempt in zip(writes, written, strict=True):
            self._resume(flight, attempt)
        return True

    def _dispatch(self) -> bool:
        """Starts calls as far as the crew has room; submits first, since their intents age."""
        moved = False
        while self._sends and (self.halted or self._crew.has_room):
            flight, ask = self._sends.popleft()
            if self.halted:
                self._resume(flight, error=self._called_off())
            else:
                self._start(flight, ask)
            moved = True
        if self.interrupted:
            return moved
        self._lookout.start(self._crew)
        while self._looks and self._crew.has_room:
            self._start(*self._looks.popleft())
            moved = True
        return moved

    def _start(self, flight: Flight, ask: Ask) -> None:
        is_late = ask.before is not None and self._tower.watch.seconds() > ask.before
        if ask.sends and (is_late or not self._tower.books.lease_is_safe):
            self._resume(flight, error=TooLate())
            return
        self._under_way[flight] = ask
        self._crew.start(ask.call, flight)

    def _wake(self) -> bool:
        """Flights whose rest is over, and those that the list of all jobs tells something."""
        if self.interrupted:
            return False
        now = self._tower.watch.seconds()
        moved = False
        while self._resting and self._resting[0][0] <= now:
            self._resume(heapq.heappop(self._resting)[2])
            moved = True
        return moved

    def _collect(self, seconds: float) -> None:
        try:
            for answer in self._crew.answers(seconds):
                self._take(answer)
        except KeyboardInterrupt:
            self._stop.ask()

    def _take(self, answer: Answer) -> None:
        if isinstance(answer.token, Flight):
            del self._under_way[answer.token]
            self._resume(answer.token, answer.value, answer.error)
        elif answer.token is self._lookout:
            for flight, jobs in self._lookout.heard(answer):
                self._resume(flight, jobs, answer.error)

    def _idle_seconds(self) -> float:
        now = self._tower.watch.seconds()
        due = now + self._tower.books.renewal_seconds
        if self.interrupted:
            return max(min(due, self._end) - now, 0.0)
        if self._resting:
            due = min(due, self._resting[0][0])
        if self._crew.has_room:
            due = min(due, self._lookout.due(due))
        return max(due - now, 0.0)
