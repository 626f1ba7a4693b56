"""Carries out courses that all fit: words in the ledger first, then the flights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TypeAlias

from s7spec.apply.cold import ColdStart
from s7spec.apply.crew import Crew
from s7spec.apply.fitting import Follow, Launch, Note, Settled
from s7spec.apply.flight import Flight
from s7spec.apply.following import follow
from s7spec.apply.loop import Loop
from s7spec.apply.replacing import cancel, reschedule, supersede
from s7spec.apply.requests import Steps
from s7spec.apply.sending import adopt, launch
from s7spec.apply.stopping import StopSign
from s7spec.apply.tower import Tower
from s7spec.model.job import JobKey
from s7spec.model.ledger import Attempt, Prior
from s7spec.model.plan import Action
from s7spec.model.receipt import RunItem, RunOutcome
from s7spec.model.sight import Listing
from s7spec.ports import LedgerWriter

Step: TypeAlias = Launch | Follow | Note | Settled

_NOTES_AT_ONCE = 200


class Run:
    """``halted`` says why it stopped starting jobs; empty when it did not. ``listing`` is what IPS
    listed before anything was sent, None when nothing was to be sent."""

    def __init__(self, steps: Iterable[Step], tower: Tower, crew: Crew, stop: StopSign) -> None:
        self._steps = tuple(steps)
        self._tower = tower
        self._crew = crew
        self._stop = stop
        self._loop = Loop(tower, crew, stop)
        self._noted: set[JobKey] = set()
        self.listing: Listing | None = None
        self._flights = {
            step.item.key: _flight(step, tower)
            for step in self._steps
            if isinstance(step, Launch | Follow)
        }

    @property
    def halted(self) -> str:
        return self._loop.halted

    def carry_out(self, attempts: Mapping[str, Attempt], *, is_cold: bool) -> None:
        """``attempts`` are those whose notes need them, by name. A KeyboardInterrupt ends the run
        like the stop sign does."""
        flights = tuple(self._flights.values())
        self._tower.observer.planned(len(flights), sum(flight.assets for flight in flights))
        try:
            self._note(attempts)
            cold = ColdStart(self._tower, self._crew, self._stop)
            self.listing = cold.look(flights, is_cold=is_cold)
        except KeyboardInterrupt:
            self._stop.ask()
        for flight in flights:
            self._loop.halt(flight.no_access)
        old = [flight for flight in flights if flight.attempt is not None]
        new = [flight for flight in flights if flight.attempt is None]
        going = (flight for flight in (*old, *new) if not flight.is_over)
        self._loop.fly((flight, _course(flight)) for flight in going)
        for flight in flights:
            if flight.attempt is None and not flight.is_over:
                flight.leave(f"not started: {self.halted}")

    def items(self, latest: Mapping[JobKey, Attempt]) -> tuple[RunItem, ...]:
        """In the plan's order. ``latest`` is the ledger after the run: an interrupt can fall
        between a write and our knowing of it."""
        return tuple(self._run_item(step, latest.get(step.item.key)) for step in self._steps)

    def outcome(self, items: Iterable[RunItem]) -> RunOutcome:
        if self._loop.interrupted:
            return RunOutcome.INTERRUPTED
        if any(item.state is not None and item.state.is_in_doubt for item in items):
            return RunOutcome.AMBIGUOUS
        settled = (step for step in self._steps if isinstance(step, Settled))
        if any(flight.fell_short for flight in self._flights.values()) or any(
            step.fell_short for step in settled
        ):
            return RunOutcome.INCOMPLETE
        return RunOutcome.OK

    @property
    def open_keys(self) -> tuple[JobKey, ...]:
        """The jobs whose last state this run may not know."""
        notes = (step for step in self._steps if isinstance(step, Note))
        unsure = (note.item.key for note in notes if note.item.key not in self._noted)
        return (*self._flights, *unsure)

    def _note(self, attempts: Mapping[str, Attempt]) -> None:
        notes = (step for step in self._steps if isinstance(step, Note))
        while batch := tuple(islice(notes, _NOTES_AT_ONCE)):
            if self._stop.asked:
                return
            self._tower.books.keep_lease()
            at = self._tower.watch.wall()
            self._tower.books.write(_step(note, attempts, at) for note in batch)
            self._noted.update(note.item.key for note in batch)

    def _run_item(self, step: Step, latest: Attempt | None) -> RunItem:
        match step:
            case Launch() | Follow():
                item = self._flights[step.item.key].run_item()
                if latest is not None and latest.name == item.attempt_name:
                    item = replace(item, state=latest.state)
                return item
            case Note():
                is_done = step.item.key in self._noted or _is_written(step.prior, latest)
                return _note_item(step, is_done=is_done)
            case Settled():
                return _settled_item(step)


def _flight(step: Launch | Follow, tower: Tower) -> Flight:
    if isinstance(step, Launch):
        return Flight(step.item, tower, attempt=None, prior=step.prior, job=step.job)
    attempt = step.attempt
    return Flight(
        step.item,
        tower,
        attempt=attempt,
        prior=attempt.prior,
        job=step.job,
        replaces=step.replaces,
    )


def _course(flight: Flight) -> Steps:
    match flight.item.action:
        case Action.SUPERSEDE if flight.replaces:
            yield from supersede(flight)
        case Action.RESCHEDULE if flight.replaces:
            yield from reschedule(flight)
        case Action.CANCEL:
            yield from cancel(flight)
        case Action.ADOPT | Action.CONFLICT if flight.attempt is None:
            yield from adopt(flight)
            yield from follow(flight)
        case _ if flight.attempt is None:
            yield from launch(flight)
            yield from follow(flight)
        case _:
            yield from follow(flight)


def _step(
    note: Note, attempts: Mapping[str, Attempt], at: datetime
) -> Callable[[LedgerWriter], Attempt | None]:
    item, prior = note.item, note.prior
    if item.action is Action.FORGET:
        message = "; ".join(reason.detail for reason in item.reasons)
        return lambda writer: writer.forget(item.key, prior=prior, at=at, message=message)
    assert item.export_job is not None
    amended = replace(
        attempts[prior.attempt_name],
        export_job=item.export_job,
        rerun=item.rerun,
        updated_at=at,
        message="; ".join(reason.detail for reason in item.reasons),
    )
    return lambda writer: writer.amend(amended, spec_digest=item.spec_digest_bytes)


def _is_written(prior: Prior, latest: Attempt | None) -> bool:
    """An interrupt fell between a write and our knowing of it."""
    return latest is not None and (latest.name, latest.version - 1) == (
        prior.attempt_name,
        prior.version,
    )


def _note_item(step: Note, *, is_done: bool) -> RunItem:
    if step.item.action is Action.FORGET:
        words = ("forgotten", "not forgotten yet")
    else:
        words = ("brought up to date in the ledger", "not brought up to date yet")
    return RunItem(
        key=step.item.key,
        action=step.item.action,
        attempt_name="",
        state=None,
        message=words[0] if is_done else words[1],
    )


def _settled_item(step: Settled) -> RunItem:
    is_about_none = step.item.action is Action.FORGET or step.head is None
    return RunItem(
        key=step.item.key,
        action=step.item.action,
        attempt_name="" if is_about_none or step.head is None else step.head.attempt_name,
        state=None if is_about_none or step.head is None else step.head.state,
        message=step.note,
        zip_urls=step.zip_urls,
    )
