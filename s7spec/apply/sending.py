"""From the intent to the answer of a submit. The only place that sends."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from functools import partial
from typing import Any

from s7spec.apply.flight import NO_ACCESS, Flight
from s7spec.apply.requests import Ask, CalledOff, Clearance, Request, Steps, TooLate
from s7spec.apply.seeing import disagreement, look, saw
from s7spec.apply.wording import ADOPTED, AGAIN
from s7spec.model.ips import JobSnapshot
from s7spec.model.job import ResolvedJob
from s7spec.model.ledger import Attempt, AttemptState, FailureClass
from s7spec.model.submission import Submission
from s7spec.ports import PortError, SubmitInvalid, SubmitRefused

_FRESH = 10
"""An intent is too old to be sent on after this part of the quarantine: what is left of that must
cover the submit."""
_FRESH_SECONDS = 1.0
"""With a quarantine of next to nothing an intent is sent on all the same."""


def launch(flight: Flight) -> Steps:
    """A new attempt, or the adoption of one that IPS has already."""
    assert flight.job is not None
    yield Clearance()
    seen = yield from _there_already(flight)
    if seen is not None:
        yield from _take_over(flight, seen)
        return
    if flight.is_listed:
        flight.leave("not started: IPS lists a job of this name, but shows nothing of it")
        return
    yield Clearance()
    # The quarantine counts from here: the clock is read after the look, not before.
    yield from flight.intend(_first_intent(flight), flight.prior)
    yield from send(flight)


def _there_already(flight: Flight) -> Generator[Request, Any, JobSnapshot | None]:
    """What IPS has of the name that is to be sent: the ledger was lost, or is an old copy that a CI
    restored; or IPS refused it once, by mistake perhaps. The name follows from the content, so IPS
    can tell (semantics: section 4, observe before send).

    Who has an attempt of another job in the ledger may have lost that of this one all the same, so
    every name is asked for: one call, since only logs older than the listing are left to ask."""
    gateway, name = flight.tower.gateway, flight.item.attempt_name
    if flight.asks_log and not flight.in_doubt:
        logged = yield from flight.ask(gateway.logged, name)
        flight.in_doubt = flight.is_listed = logged is not None
    if not flight.in_doubt:
        return None
    return (yield from look(flight, name, flight.item.timing))


def adopt(flight: Flight) -> Steps:
    """What the plan found on IPS goes into the ledger; if it is gone by now, nothing is sent."""
    seen = yield from look(flight, flight.item.attempt_name, flight.item.timing)
    if seen is None:
        flight.leave("IPS does not show it any more: plan again")
    else:
        yield from _take_over(flight, seen)


def _take_over(flight: Flight, seen: JobSnapshot) -> Steps:
    # With its handle from the first: one that vanishes now was taken once, and is held.
    found = replace(_first_intent(flight), run_handle=seen.jobHandle, message=ADOPTED)
    difference = disagreement(found, seen)
    if difference is not None:
        flight.leave(f"{difference}; nothing was sent")
        return
    flight.was_found = True
    yield from flight.intend(found, flight.prior)
    yield from saw(flight, seen)


def send_again(flight: Flight, job: ResolvedJob) -> Steps:
    """The same name again, so that a late first one is still recognised. ``job`` has the same
    data; what it says beyond that (emailSetting) may be newer."""
    yield Clearance()
    attempt = flight.known
    now = flight.tower.watch.wall()
    again = replace(
        attempt,
        state=AttemptState.INTENT,
        export_job=job.export_job,
        fingerprint=replace(attempt.fingerprint, meta=job.export_job.fingerprint.meta),
        intended_at=now,
        updated_at=now,
        message=AGAIN,
    )
    yield from flight.intend(again, attempt.prior)
    yield from send(flight)


def send(flight: Flight) -> Steps:
    """Only ever called with an intent that was just written."""
    while True:
        attempt = flight.known
        before = _sent_before(flight)
        try:
            handle = yield Ask(call=partial(_submit, flight, attempt), sends=True, before=before)
        except TooLate:
            now = flight.tower.watch.wall()
            renewed = replace(attempt, intended_at=now, updated_at=now)
            yield from flight.intend(renewed, attempt.prior)
        except CalledOff as reason:
            yield from _not_taken(flight, attempt, f"not sent: {reason}", FailureClass.NOT_SENT)
            flight.note = f"not sent: {reason}"
            return
        except SubmitRefused as error:
            kind = FailureClass.NOT_SENT
            if isinstance(error, SubmitInvalid):
                kind = FailureClass.INVALID
            yield from _not_taken(flight, attempt, str(error), kind)
            return
        except NO_ACCESS as error:
            message = f"IPS refused access: {error}"
            yield from _not_taken(flight, attempt, message, FailureClass.NO_ACCESS)
            flight.no_access = str(error)
            return
        except PortError as error:
            # SubmitAmbiguous; and whatever else goes wrong while sending is no better known.
            flight.sends += 1
            yield from flight.record(attempt, AttemptState.UNKNOWN, message=str(error))
            return
        else:
            flight.sends += 1
            taken = replace(attempt, handle=str(handle))
            yield from flight.record(taken, AttemptState.ACCEPTED, message="")
            flight.last_seen = flight.seconds()
            flight.hurry()
            return


def _sent_before(flight: Flight) -> float:
    quarantine = flight.tower.options.quarantine_seconds
    return flight.doubt_until - quarantine + max(quarantine / _FRESH, _FRESH_SECONDS)


def _not_taken(flight: Flight, attempt: Attempt, message: str, kind: FailureClass) -> Steps:
    yield from flight.land(attempt, AttemptState.REFUSED, message, kind)


def _submit(flight: Flight, attempt: Attempt) -> str:
    """Runs beside the loop: touches nothing but the gateway."""
    assert flight.job is not None
    submission = Submission.of(
        flight.job,
        attempt.name,
        description=flight.tower.options.description,
        only=attempt.only,
        timing=attempt.timing,
    )
    return flight.tower.gateway.submit(submission)


def _first_intent(flight: Flight) -> Attempt:
    item = flight.item
    job, fingerprint = item.export_job, item.sent_fingerprint
    assert job is not None
    assert fingerprint is not None
    now = flight.tower.watch.wall()
    return Attempt(
        name=item.attempt_name,
        key=item.key,
        generation=item.generation,
        fingerprint=fingerprint,
        export_job=job,
        state=AttemptState.INTENT,
        intended_at=now,
        updated_at=now,
        only=item.only,
        timing=item.timing,
        rerun=item.rerun,
        tries=item.tries,
    )
