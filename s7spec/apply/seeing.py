"""What a look at a job on IPS means for its attempt."""

from __future__ import annotations

from dataclasses import replace

from s7spec.apply.flight import Flight
from s7spec.apply.joblog import read_ending
from s7spec.apply.requests import Steps
from s7spec.apply.wording import ADOPTED, ZIP_IS_LATE
from s7spec.model.ips import JobPhase, JobSnapshot
from s7spec.model.ledger import Attempt, AttemptState
from s7spec.model.sight import echo_difference


def disagreement(attempt: Attempt, seen: JobSnapshot) -> str | None:
    """A job of our name that is not ours is never adopted (semantics: section 4, step 6)."""
    difference = echo_difference(attempt, seen.echo)
    if difference is None:
        return None
    return f"the job of this name on IPS is another one: {difference}; nothing was sent"


def saw(flight: Flight, seen: JobSnapshot) -> Steps:
    """Writes down what is news, and rests until the next look is due."""
    attempt = flight.known
    flight.last_seen = flight.seconds()
    more_copies = seen.copies > flight.copies
    flight.copies = max(flight.copies, seen.copies)
    if seen.phase is JobPhase.ENDED:
        yield from _ended(flight, seen)
        return
    flight.is_at_work()
    found = ADOPTED if attempt.state.is_in_doubt else attempt.message
    taken = replace(attempt, run_handle=seen.jobHandle)
    if seen.phase is JobPhase.SCHEDULED and attempt.timing is not None:
        if attempt.state is not AttemptState.SCHEDULED:
            yield from flight.record(taken, AttemptState.SCHEDULED, message=found)
        flight.is_over = True  # IPS starts it by itself: days may pass until then
        return
    if seen.phase is JobPhase.ACTIVE and attempt.state is not AttemptState.ACTIVE:
        yield from flight.record(taken, AttemptState.ACTIVE, message=found)
    elif attempt.state.is_in_doubt:
        yield from flight.record(taken, AttemptState.ACCEPTED, message=found)
    elif more_copies:
        yield from flight.record(attempt, attempt.state, message=attempt.message)
    flight.tell_progress(seen.progress, seen.progressMessage)


def _ended(flight: Flight, seen: JobSnapshot) -> Steps:
    attempt = flight.known
    assets = () if flight.job is None else flight.job.assets
    ending = read_ending(seen, attempt.sent, assets)
    if ending.awaits_zip and flight.has_zip_grace():
        # Patiently: no later run knows that this one has seen the end.
        if attempt.state is not AttemptState.ACTIVE:
            running = replace(attempt, run_handle=seen.jobHandle)
            yield from flight.record(running, AttemptState.ACTIVE, message=ZIP_IS_LATE)
        yield from flight.rest()
        return
    ended = replace(
        attempt, run_handle=seen.jobHandle, zip_urls=seen.zip_urls, outcomes=ending.outcomes
    )
    # IPS never answered our submit with a handle: it was found by its name.
    found = ADOPTED if attempt.handle is None else ""
    message = "; ".join(part for part in (found, ending.message) if part)
    yield from flight.land(ended, ending.state, message, ending.failure)
